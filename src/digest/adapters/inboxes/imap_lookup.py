"""Finds one mail in a mailbox by its Message-ID (IMAP4rev1, RFC 3501), without marking or moving anything."""

import imaplib
import re
import ssl
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from typing import Final
from urllib.parse import unquote, urlsplit

from digest.errors import DeliveryError, SettingsError

FORMS: Final = "imaps://user:password@host or imaps://user:password@host/Folder"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"imaps": 993, "imap": 143}
_LARGEST: Final = 50_000_000
_SAFE_ID = re.compile(r"<[A-Za-z0-9._@+-]{1,250}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mailbox:
    host: str
    port: int
    encrypted: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    folder: str


class ImapLookup:
    """One folder of one account; each look-up is a connection of its own, for they are minutes apart."""

    def __init__(self, url: str, *, tls: ssl.SSLContext | None = None, timeout_seconds: float = 60.0) -> None:
        """Nothing is connected before `find`. Raises SettingsError, which never repeats the address."""
        self._box = _parse(url)
        self._tls = tls
        self._timeout = timeout_seconds

    def __repr__(self) -> str:
        """Host and port only."""
        return f"ImapLookup({self._box.host}:{self._box.port})"

    def find(self, message_id: str) -> bytes | None:
        """Return the mail with this Message-ID (with its brackets), or None. Raises DeliveryError, ValueError."""
        if not _SAFE_ID.fullmatch(message_id):
            message = "a Message-ID of our own can stand in an IMAP search"
            raise ValueError(message)
        try:
            connection = self._connected()
            try:
                return _found(connection, message_id)
            finally:
                connection.shutdown()
        except (OSError, imaplib.IMAP4.error, ssl.SSLError) as error:
            raise self._unusable(error) from None

    def _connected(self) -> imaplib.IMAP4:
        box = self._box
        if box.encrypted:
            context = self._tls or ssl.create_default_context()
            connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                box.host, box.port, ssl_context=context, timeout=self._timeout
            )
        else:
            connection = imaplib.IMAP4(box.host, box.port, timeout=self._timeout)
        try:
            connection.login(box.user, box.password)
            quoted = '"' + box.folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
            status, _ = connection.select(quoted, readonly=True)
            _check(status)
        except BaseException:
            connection.shutdown()
            raise
        return connection

    def _unusable(self, error: Exception) -> DeliveryError:
        # An IMAP server repeats what it was told, and that may be the password.
        words = (
            error.strerror if isinstance(error, OSError) and error.strerror else "it refuses the login or the folder"
        )
        place = f"{self._box.host}:{self._box.port}"
        return DeliveryError(f"The mailbox at {place} can not be read: {words}. Check its address and password.")


def _check(status: str) -> None:
    if status != "OK":
        message = "no such folder"
        raise imaplib.IMAP4.error(message)


def _found(connection: imaplib.IMAP4, message_id: str) -> bytes | None:
    status, answer = connection.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
    numbers = answer[0].split() if status == "OK" and answer and isinstance(answer[0], bytes) else []
    for number in reversed(numbers):
        _, parts = connection.uid("FETCH", number.decode("ascii"), f"(BODY.PEEK[]<0.{_LARGEST}>)")
        for part in parts:
            # A search by header finds parts of words as well.
            if isinstance(part, tuple) and _id_of(part[1]) == message_id:
                return bytes(part[1])
    return None


def _id_of(mail: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(mail).get("Message-ID", "")).strip()


def _parse(url: str) -> _Mailbox:
    try:
        parts = urlsplit(url)
        box = _Mailbox(
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            encrypted=parts.scheme == "imaps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )
    except (ValueError, KeyError):
        box = None
    if box is None or not box.host or not box.user:
        raise SettingsError(f"The address of the mailbox can not be read. Write it as {FORMS}.")
    if not box.encrypted and box.host not in _LOOPBACK:
        raise SettingsError(f"imap:// would send the password to {box.host} in the clear. Use {FORMS}.")
    return box
