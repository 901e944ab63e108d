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
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from digest.errors import DeliveryError, SettingsError
from digest.models.delivery import Accepted, HandOver, Refused, TryLater, Unknown
from digest.text.smtp_replies import scrubbed

Security = Literal["none", "starttls", "tls"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ENVELOPE = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+")
_LINE_DOT = re.compile(rb"^\.", re.MULTILINE)
_FORMS = "smtps://user:password@host:465 or smtp+starttls://user:password@host:587"

# Reply codes (RFC 5321 section 4.2): the first digit says how it went.
_TAKEN, _FOR_NOW, _FOR_GOOD = 2, 4, 5
_GO_AHEAD, _HANGING_UP = 354, 421
_STAYS = re.compile(r"4(?!21)\d\d ")

_OURSELVES = "[127.0.0.1]"
"""What EHLO says: the name of the author's machine is nobody's business, and `Received` would show it to readers."""

_LOST = (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError)
"""What smtplib raises where the connection or the protocol breaks (`TimeoutError` and `ssl.SSLError` are OSError)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed over; user and password never show in `repr`."""

    host: str
    port: int
    security: Security
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def parse_server(url: str) -> Server:
    """Read `smtps://`, `smtp+starttls://` or `smtp://`. Raises SettingsError, which never repeats the URL."""
    try:
        parts = urlsplit(url)
        security, port = _SCHEMES[parts.scheme]
        server = Server(
            host=parts.hostname or "",
            port=parts.port or port,
            security=security,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
    except (ValueError, KeyError):
        server = None
    if server is None or not server.host:
        message = f"The address of the mail server can not be read. Write it as {_FORMS}."
        raise SettingsError(message)
    if server.user and server.security == "none" and server.host not in _LOOPBACK:
        message = f"smtp:// would send the password to {server.host} in the clear. Use {_FORMS}."
        raise SettingsError(message)
    return server


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
        outcome = self._offer(sender, recipient)
        if in_use and self._connection is None:
            # Servers hang up after so many messages or minutes: nothing was handed over, so try once anew.
            outcome = self._offer(sender, recipient)
        return outcome or self._after(self._body(message, before_body))

    def _offer(self, sender: str, recipient: str) -> HandOver | None:
        """Give the envelope; None once the server waits for the body."""
        try:
            if self._connection is None:
                self._connection = self._connected()
            outcome = _envelope(self._connection, sender, recipient)
        except DeliveryError as error:
            outcome = TryLater(reply=str(error))
        except _LOST as error:
            outcome = TryLater(reply=_lost_words(error))
        return outcome and self._after(outcome)

    def _body(self, message: bytes, before_body: Callable[[], None]) -> HandOver:
        stuffed = _LINE_DOT.sub(b"..", message)
        try:
            before_body()
            return self._transmitted(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
        except BaseException:
            # An interrupt, or a ledger that can not write: no QUIT may become part of the body.
            self._drop()
            raise

    def _transmitted(self, stuffed: bytes) -> HandOver:
        """Until the final dot is out the server has to forget the message (RFC 5321 section 4.1.1.4)."""
        connection = self._connection
        if connection is None:
            return TryLater(reply="the connection is closed")
        try:
            connection.send(stuffed)
        except _LOST as error:
            return TryLater(reply=_lost_words(error))
        try:
            _be_patient(connection, self._dot_timeout)
            connection.send(b".\r\n")
            code, words = connection.getreply()
            _be_patient(connection, self._timeout)
        except _LOST as error:
            return Unknown(reply=_lost_words(error))
        return _verdict(code, _reply(code, words))

    def _connected(self) -> smtplib.SMTP:
        try:
            connection = self._greeted()
        except ssl.SSLError as error:
            raise self._unusable(f"does not speak TLS as expected ({error.reason})", "Check host and port.") from None
        except smtplib.SMTPNotSupportedError:
            raise self._unusable("does not offer what the address asks for", f"Use {_FORMS}.") from None
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
            if connection.sock is not None:
                # Body and dot are two writes; without this the dot waits for a delayed acknowledgement.
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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


def _be_patient(connection: smtplib.SMTP, seconds: float) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)


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
