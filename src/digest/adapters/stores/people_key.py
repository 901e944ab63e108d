"""The random key of a `people` database, and what is derived from it: address keys and opaque tokens.

Without the key nobody can tell from a suppression list who left, nor make another reader's link.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from digest.adapters.stores import tables
from digest.adapters.stores.database import insert_new, transaction
from digest.adapters.stores.places import place_of
from digest.errors import StorageError
from digest.text.addresses import MailAddress

_NAME = "token key"
_BYTES = 32
_TOKEN_BYTES = 20  # 160 bits: 32 characters of base32, short enough for a local part


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleKey:
    """Derives, with HMAC-SHA256 (RFC 2104); each use has a label, so that no value of one serves for another."""

    value: bytes = field(repr=False)

    def address_key(self, address: MailAddress) -> str:
        """Return what stands for a mailbox where its address must not be, in hex."""
        return self._digest("address", address.compared).hex()

    def delivery_token(self, newsletter_id: str, issue_id: str, subscriber_id: str) -> str:
        """Return the token of one mail: the same whenever it is asked for."""
        return _readable(self._digest("delivery", newsletter_id, issue_id, subscriber_id))

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        """Return the token of one reader's own link."""
        return _readable(self._digest("reader", newsletter_id, subscriber_id))

    def _digest(self, label: str, *parts: str) -> bytes:
        # Lengths first: ("ab", "c") and ("a", "bc") must differ.
        message = b"".join(b"%d:%b" % (len(part.encode()), part.encode()) for part in (label, *parts))
        return hmac.digest(self.value, message, "sha256")


def read_people_key(engine: Engine) -> PeopleKey:
    """Return the key of a database, made at the first use. Raises StorageError if it was lost."""
    query = select(tables.secrets.c.value).where(tables.secrets.c.name == _NAME)
    with transaction(engine, read_only=True) as connection:
        value = connection.scalar(query)
    if value is None:
        with transaction(engine) as connection:
            in_use = connection.scalar(select(tables.subscribers.c.token).limit(1)) is not None
            if not in_use:
                insert_new(connection, tables.secrets, {"name": _NAME, "value": secrets.token_bytes(_BYTES)})
            value = connection.scalar(query)
    if value is None or len(value) != _BYTES:
        # A new key would make every reader who left unknown, and so mail them again.
        message = f"The key in {place_of(engine)} is lost. Put back a copy of the database that has it."
        raise StorageError(message)
    return PeopleKey(value=value)


def new_token() -> str:
    """Return a random token of the same form as those that are derived."""
    return _readable(secrets.token_bytes(_TOKEN_BYTES))


def _readable(digest: bytes) -> str:
    return base64.b32encode(digest[:_TOKEN_BYTES]).decode("ascii").lower()
