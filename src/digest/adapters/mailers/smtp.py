"""Mails to an SMTP server (RFC 5321), with the exact phase in which something went wrong.

`smtplib.SMTP.sendmail` can not say whether an error came before or after the final dot, and only that decides
whether the message may be sent again. So the commands are given one by one.
"""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from digest.adapters.mailers.smtp_url import FORMS, parse_server
from digest.errors import DeliveryError
from digest.models.delivery import Accepted, HandOver, Refused, TryLater, Unknown
from digest.text.smtp_replies import scrubbed

_ENVELOPE = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+")
_LINE_DOT = re.compile(rb"^\.", re.MULTILINE)

# Reply codes (RFC 5321 section 4.2): the first digit says how it went.
_TAKEN, _FOR_NOW, _FOR_GOOD = 2, 4, 5
_GO_AHEAD, _HANGING_UP = 354, 421
_STAYS = re.compile(r"4(?!21)\d\d ")

_OURSELVES = "[127.0.0.1]"
"""What EHLO says: the name of the author's machine is nobody's business, and `Received` would show it to readers."""

_LOST = (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError)
"""What smtplib raises where the connection or the protocol breaks (`TimeoutError` and `ssl.SSLError` are OSError)."""


class SmtpMailer:
    """One connection for many messages; a lost one is opened again for the next message."""

    def __init__(
        self,
        url: str,
        *,
        tls: ssl.SSLContext | None = None,
        timeout_seconds: float = 120.0,
        dot_timeout_seconds: float = 600.0,
    ) -> None:
        """Nothing is connected before `open`. Raises SettingsError.

        RFC 5321 section 4.5.3.2.6 asks for ten minutes after the final dot: giving up earlier makes duplicates.
        """
        self._server = parse_server(url)
        self._tls = tls
        self._timeout = timeout_seconds
        self._dot_timeout = dot_timeout_seconds
        self._connection: smtplib.SMTP | None = None

    def __repr__(self) -> str:
        """Host and port only."""
        return f"SmtpMailer({self._server.host}:{self._server.port})"

    @contextmanager
    def open(self) -> Iterator[None]:
        """Connect, encrypt and sign in. Raises DeliveryError that says what to do."""
        self._connection = self._connected()
        try:
            yield
        finally:
            self._leave()

    def hand_over(self, message: bytes, *, sender: str, recipient: str, before_body: Callable[[], None]) -> HandOver:
        """Hand one message over, inside `open`. `message` has CRLF; dots are stuffed here. Never raises for a reply.

        What `before_body` raises goes through: the connection is dropped and the server forgets the message.
        """
        if not (_ENVELOPE.fullmatch(sender) and _ENVELOPE.fullmatch(recipient)):
            return Refused(reply="550 5.1.3 the address can not be used over plain SMTP")
        in_use = self._connection is not None
        offered = self._offer(sender, recipient)
        if in_use and self._connection is None and isinstance(offered, TryLater):
            # Servers hang up after so many messages or minutes: nothing was handed over, so try once anew.
            offered = self._offer(sender, recipient)
        return self._after(self._body(offered, message, before_body)) if isinstance(offered, smtplib.SMTP) else offered

    def _offer(self, sender: str, recipient: str) -> HandOver | smtplib.SMTP:
        """Give the envelope; the connection itself once the server waits for the body."""
        try:
            connection = self._connection = self._connection or self._connected()
            refusal = _envelope(connection, sender, recipient)
        except DeliveryError as error:
            return self._after(TryLater(reply=str(error)))
        except _LOST as error:
            return self._after(TryLater(reply=_lost_words(error)))
        return connection if refusal is None else self._after(refusal)

    def _body(self, connection: smtplib.SMTP, message: bytes, before_body: Callable[[], None]) -> HandOver:
        stuffed = _LINE_DOT.sub(b"..", message)
        try:
            before_body()
            return self._transmitted(connection, stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
        except BaseException:
            # An interrupt, or a ledger that can not write: no QUIT may become part of the body.
            self._drop()
            raise

    def _transmitted(self, connection: smtplib.SMTP, stuffed: bytes) -> HandOver:
        """Until the final dot is out the server has to forget the message (RFC 5321 section 4.1.1.4)."""
        try:
            connection.send(stuffed)
        except _LOST as error:
            return TryLater(reply=_lost_words(error))
        try:
            _socket(connection).settimeout(self._dot_timeout)
            connection.send(b".\r\n")
            code, words = connection.getreply()
            _socket(connection).settimeout(self._timeout)
        except _LOST as error:
            return Unknown(reply=_lost_words(error))
        return _verdict(code, _reply(code, words))

    def _connected(self) -> smtplib.SMTP:
        try:
            connection = self._greeted()
        except ssl.SSLError as error:
            raise self._unusable(f"does not speak TLS as expected ({error.reason})", "Check host and port.") from None
        except smtplib.SMTPNotSupportedError:
            raise self._unusable("does not offer what the address asks for", f"Use {FORMS}.") from None
        except smtplib.SMTPResponseException as error:
            words = _reply(error.smtp_code, error.smtp_error)
            raise self._unusable(f"refuses: {words}", "Ask the provider of the server.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise self._unusable(f"can not be used: {_detail(error)}", "Check host, port and network.") from None
        try:
            if self._server.user:
                connection.login(self._server.user, self._server.password)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            connection.close()
            raise self._not_signed_in(error) from None
        return connection

    def _greeted(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context() if self._tls is None and server.security != "none" else self._tls
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=_OURSELVES, timeout=self._timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, local_hostname=_OURSELVES, timeout=self._timeout)
        try:
            connection.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                connection.starttls(context=context)
                connection.ehlo()
            # Body and dot are two writes; without this the dot waits for a delayed acknowledgement.
            _socket(connection).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            connection.close()
            raise
        return connection

    def _unusable(self, what: str, mend: str) -> DeliveryError:
        return DeliveryError(f"The mail server {self._server.host}:{self._server.port} {what}. {mend}")

    def _not_signed_in(self, error: Exception) -> DeliveryError:
        if isinstance(error, smtplib.SMTPAuthenticationError):
            words = _reply(error.smtp_code, error.smtp_error)
            return self._unusable(f"refuses user and password: {words}", "Check them, or make a new app password.")
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return self._unusable("offers no way to sign in", "Check the port, or leave user and password out.")
        # UnicodeError carries the password in its text, so none of its words are kept.
        return self._unusable("could not be signed in to", "Check user and password; both have to be ASCII.")

    def _after(self, outcome: HandOver) -> HandOver:
        """Leave the connection ready for the next message, or drop it: after 421 the server hangs up (RFC 5321 3.8)."""
        if isinstance(outcome, Accepted) or self._connection is None:
            return outcome
        if isinstance(outcome, Unknown) or (isinstance(outcome, TryLater) and not _STAYS.match(outcome.reply)):
            self._drop()
            return outcome
        try:
            self._connection.rset()
        except _LOST:
            self._drop()
        return outcome

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _leave(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(*_LOST):
                self._connection.quit()
        self._drop()


def _envelope(connection: smtplib.SMTP, sender: str, recipient: str) -> HandOver | None:
    """MAIL, RCPT and DATA; None once the server waits for the body."""
    code, words = connection.docmd("MAIL", f"FROM:<{sender}>")
    if code // 100 != _TAKEN:
        no = _no(code, _reply(code, words))
        # In words, for a code alone would read as if this one reader's mailbox were meant.
        return Refused(reply=f"the sender is refused: {no.reply}") if isinstance(no, Refused) else no
    code, words = connection.docmd("RCPT", f"TO:<{recipient}>")
    if code // 100 != _TAKEN:
        return _no(code, _reply(code, words))
    code, words = connection.docmd("DATA")
    return None if code == _GO_AHEAD else _no(code, _reply(code, words))


def _socket(connection: smtplib.SMTP) -> socket.socket:
    if connection.sock is None:
        raise smtplib.SMTPServerDisconnected("Server not connected")
    return connection.sock


def _no(code: int, reply: str) -> HandOver:
    return Refused(reply=reply) if code // 100 == _FOR_GOOD else TryLater(reply=reply)


def _verdict(code: int, reply: str) -> HandOver:
    """Say what the answer to the final dot means.

    421 says that the connection ends, not what became of the message, so like any odd answer it leaves it open.
    """
    if code // 100 == _TAKEN:
        return Accepted(reply=reply)
    if code == _HANGING_UP or code // 100 not in {_FOR_NOW, _FOR_GOOD}:
        return Unknown(reply=reply)
    return _no(code, reply)


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return scrubbed(f"{code} {text}")


def _detail(error: Exception) -> str:
    """Give the system's own words; never what a library put an address or a password into."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return scrubbed(str(error))
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__


def _lost_words(error: Exception) -> str:
    return f"the connection was lost: {_detail(error)}"
