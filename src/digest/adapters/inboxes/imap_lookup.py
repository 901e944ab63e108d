"""Finds one mail in a mailbox by its Message-ID (IMAP4rev1, RFC 3501), without marking or moving anything."""

import imaplib
import re
from email.parser import BytesHeaderParser
from typing import Final

from digest.adapters.inboxes.imap import check_address, opened, told

_LARGEST: Final = 50_000_000
_SAFE_ID = re.compile(r"<[A-Za-z0-9._@+-]{1,250}>")


class ImapLookup:
    """One folder of one account; each look-up is a connection of its own, for they are minutes apart."""

    def __init__(self, url: str) -> None:
        """Nothing is connected before `find`. Raises SettingsError, which never repeats the address."""
        check_address(url)
        self._url = url

    def find(self, message_id: str) -> bytes | None:
        """Return the mail with this Message-ID (with its brackets), or None. Raises DeliveryError, ValueError."""
        if not _SAFE_ID.fullmatch(message_id):
            message = "a Message-ID of our own can stand in an IMAP search"
            raise ValueError(message)
        with opened(self._url) as (mailbox, _), told():
            return _found(mailbox, message_id)


def _found(mailbox: imaplib.IMAP4, message_id: str) -> bytes | None:
    status, answer = mailbox.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
    numbers = answer[0].split() if status == "OK" and answer and isinstance(answer[0], bytes) else []
    for number in reversed(numbers):
        _, parts = mailbox.uid("FETCH", number.decode("ascii"), f"(BODY.PEEK[]<0.{_LARGEST}>)")
        for part in parts:
            # A search by header finds parts of words as well.
            if isinstance(part, tuple) and _id_of(part[1]) == message_id:
                return bytes(part[1])
    return None


def _id_of(mail: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(mail).get("Message-ID", "")).strip()
