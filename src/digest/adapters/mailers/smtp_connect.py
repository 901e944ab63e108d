"""Connecting to a mail server: greeting, TLS, signing in (RFC 5321, 3207, 8314, 4954).

`smtplib` does this part well. What follows, the messages, it can not do: it neither pipelines nor says whether an error
came before or after the final dot. So the socket is taken over once the server is ready.
"""

import smtplib
import socket
import ssl
from dataclasses import dataclass

from digest.adapters.mailers.smtp_url import FORMS, Server
from digest.errors import DeliveryError
from digest.text.smtp_replies import scrubbed

_OURSELVES = "[127.0.0.1]"
"""What EHLO says: the name of the author's machine is nobody's business, and `Received` would show it to readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A server that waits for the first message, and what it offered."""

    sock: socket.socket
    pipelining: bool
    largest: int
    """Bytes of the largest message it takes (RFC 1870), 0 where it does not say."""


def connect(server: Server, *, tls: ssl.SSLContext | None, timeout: float) -> Connected:
    """Connect, encrypt and sign in. Raises DeliveryError that says what to do."""
    try:
        connection = _greeted(server, tls, timeout)
    except ssl.SSLError as error:
        raise _unusable(server, f"does not speak TLS as expected ({error.reason})", "Check host and port.") from None
    except smtplib.SMTPNotSupportedError:
        raise _unusable(server, "does not offer what the address asks for", f"Use {FORMS}.") from None
    except smtplib.SMTPResponseException as error:
        words = reply_words(error.smtp_code, error.smtp_error)
        raise _unusable(server, f"refuses: {words}", "Ask the provider of the server.") from None
    except (OSError, smtplib.SMTPException) as error:
        raise _unusable(server, f"can not be used: {detail(error)}", "Check host, port and network.") from None
    try:
        if server.user:
            connection.login(server.user, server.password)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        connection.close()
        raise _not_signed_in(server, error) from None
    return _taken_over(connection)


def reply_words(code: int, words: bytes | str) -> str:
    """Return a reply as one line without addresses."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return scrubbed(f"{code} {text}")


def detail(error: Exception) -> str:
    """Give the system's own words; never what a library put an address or a password into."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return scrubbed(str(error))
    return error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__


def _greeted(server: Server, tls: ssl.SSLContext | None, timeout: float) -> smtplib.SMTP:
    context = ssl.create_default_context() if tls is None and server.security != "none" else tls
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=_OURSELVES, timeout=timeout, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname=_OURSELVES, timeout=timeout)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            connection.starttls(context=context)
            connection.ehlo()
    except BaseException:
        connection.close()
        raise
    return connection


def _taken_over(connection: smtplib.SMTP) -> Connected:
    sock = connection.sock
    if sock is None:
        message = "The mail server hung up right after it had been greeted. Run again later."
        raise DeliveryError(message)
    # Body and dot may be two writes; without this the dot waits for a delayed acknowledgement.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(0.0)
    size = connection.esmtp_features.get("size", "")
    largest = int(size) if size.isascii() and size.isdecimal() else 0
    return Connected(sock=sock, pipelining=connection.has_extn("pipelining"), largest=largest)


def _unusable(server: Server, what: str, mend: str) -> DeliveryError:
    return DeliveryError(f"The mail server {server.host}:{server.port} {what}. {mend}")


def _not_signed_in(server: Server, error: Exception) -> DeliveryError:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        words = reply_words(error.smtp_code, error.smtp_error)
        return _unusable(server, f"refuses user and password: {words}", "Check them, or make a new app password.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _unusable(server, "offers no way to sign in", "Check the port, or leave user and password out.")
    # UnicodeError carries the password in its text, so none of its words are kept.
    return _unusable(server, "could not be signed in to", "Check user and password; both have to be ASCII.")
