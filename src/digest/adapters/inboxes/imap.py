"""A mailbox over IMAP4rev1 (RFC 3501), opened read-only: nothing is deleted, moved or marked as read."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from digest.errors import DeliveryError, SettingsError
from digest.models.inbox import MailboxPosition, RawMessage
from digest.text.incoming_mail import LARGEST_BYTES

_SECONDS = 30.0
_DEFAULT_FOLDER = "INBOX"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FAILURES = (imaplib.IMAP4.error, OSError, EOFError, ValueError)


class ImapInbox:
    """Implements `Inbox`."""

    def __init__(self, url: str) -> None:
        """Take `imaps://user:password@host:port/FOLDER`, or `imap://` for a server on this machine."""
        self._url = url

    def new_messages(self, since: MailboxPosition) -> Iterator[RawMessage]:
        """Yield the messages after the last one that was read, the beginning of large ones. Raises DeliveryError."""
        with opened(self._url) as (mailbox, uid_validity), told():
            last = since.last_uid if uid_validity == since.uid_validity else 0
            for uid in _uids_after(mailbox, last):
                _, found = mailbox.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST_BYTES}>)")
                data = next((part[1] for part in found if isinstance(part, tuple)), None)
                if isinstance(data, bytes):
                    yield RawMessage(uid_validity=uid_validity, uid=uid, data=data)


@contextmanager
def opened(url: str) -> Iterator[tuple[imaplib.IMAP4, int]]:
    """Log in and open the folder read-only; yields it with its UIDVALIDITY. Raises SettingsError, DeliveryError.

    Neither the user nor the password is in any message.
    """
    host, port, tls, user, password, folder = _address(url)
    with told():
        context = ssl.create_default_context() if tls else None
        mailbox = (
            imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=_SECONDS)
            if context
            else imaplib.IMAP4(host, port, timeout=_SECONDS)
        )
    try:
        with told():
            mailbox.login(user, password)
            answer, _ = mailbox.select(_quoted(folder), readonly=True)
            validity = mailbox.response("UIDVALIDITY")[1]
        if answer != "OK" or not validity or not isinstance(validity[0], bytes):
            message = "The mailbox of the settings has no such folder. Name another one at the end of its address."
            raise DeliveryError(message)
        yield mailbox, int(validity[0])
    finally:
        with suppress(*_FAILURES):
            mailbox.logout()


@contextmanager
def told() -> Iterator[None]:
    """Turn what imaplib raises into one sentence; its own words may repeat what was sent."""
    try:
        yield
    except ssl.SSLError:
        message = "The mailbox can not be read: its certificate is not trusted. Check the host of its address."
        raise DeliveryError(message) from None
    except imaplib.IMAP4.error:
        message = "The mailbox can not be read: the server refused. Check user, password and folder of its address."
        raise DeliveryError(message) from None
    except (OSError, EOFError):
        message = "The mailbox can not be read: its server does not answer. It is tried again by the next run."
        raise DeliveryError(message) from None


def check_address(url: str) -> None:
    """Raise SettingsError unless this is the address of a mailbox that may be asked."""
    _address(url)


def _uids_after(mailbox: imaplib.IMAP4, last: int) -> list[int]:
    _, found = mailbox.uid("SEARCH", f"UID {last + 1}:*")
    line = found[0] if found and isinstance(found[0], bytes) else b""
    # `n:*` always names the newest message, also where its number is below n (RFC 3501 section 6.4.8).
    return sorted(uid for uid in map(int, line.split()) if uid > last)


def _address(url: str) -> tuple[str, int, bool, str, str, str]:
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    local = host in ("localhost", "127.0.0.1", "::1")
    usable = parts.scheme == "imaps" or (parts.scheme == "imap" and local)
    if not usable or not host or not user or _CONTROL.search(user + password):
        message = (
            "The address of the mailbox is not understood. Write imaps://user:password@host/INBOX; without TLS "
            "(imap://) only a server on this machine is asked."
        )
        raise SettingsError(message)
    tls = parts.scheme == "imaps"
    return host, port or (993 if tls else 143), tls, user, password, unquote(parts.path.strip("/")) or _DEFAULT_FOLDER


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
