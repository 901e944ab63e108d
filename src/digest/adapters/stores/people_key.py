"""The random key of a `people` database, and what is derived from it: address keys and opaque tokens.

Without the key nobody can tell from a suppression list who left, nor make another reader's link.
"""

import base64
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Engine, select

from digest.adapters.stores import tables
from digest.adapters.stores.database import insert_new, transaction
from digest.adapters.stores.places import place_of
from digest.errors import StorageError
from digest.text.addresses import MailAddress

_NAME = "token key"
_BYTES = 32
_TOKEN_BYTES = 20  # 160 bits: 32 characters of base32, short enough for a local part
_PROOF_BYTES = 8  # of those; nobody can send the 2**64 mails that finding one by trying takes
_MARK_BYTES = 4
OUR_DIGITS, OUR_ID_LENGTH = "0123456789abcdef", 16
_OUR_ID = re.compile(f"[{OUR_DIGITS}]{{{OUR_ID_LENGTH}}}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_SHIFTS = range(8 * _TOKEN_BYTES - 10, -1, -10)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleKey:
    """Derives, with HMAC-SHA256 (RFC 2104); each use has a label, so that no value of one serves for another."""

    value: bytes = field(repr=False)
    _begun: hmac.HMAC = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Begin the HMAC once: going on from a copy takes two thirds of the time."""
        object.__setattr__(self, "_begun", hmac.new(self.value, digestmod="sha256"))

    def address_key(self, address: MailAddress) -> str:
        """Return what stands for a mailbox where its address must not be, in hex."""
        return self._digest("address", address.compared).hex()

    def delivery_token(self, newsletter_id: str, issue_id: str, subscriber_id: str) -> str:
        """Return the token of one mail: the same whenever it is asked for.

        For the ids that this program makes it holds, hidden by the key, issue and reader beside its proof, so that
        `whose_mail` finds them again and a million tokens need no place in the database.
        """
        whole = _with_lengths("delivery", newsletter_id, issue_id) + _with_length(subscriber_id)
        proof = self._of(whole)
        if not can_be_read_back(subscriber_id):
            return _readable(proof)
        proof = proof[:_PROOF_BYTES]
        return _readable(proof + self._hidden(proof, issue_mark(issue_id) + bytes.fromhex(subscriber_id)))

    def whose_mail(self, token: str) -> tuple[bytes, str]:
        """Return (mark of the issue, reader's id) that a token names. Nothing is proved: compare the whole token."""
        try:
            raw = base64.b32decode(token.upper().encode("ascii", "replace"))
        except ValueError:
            raw = b""
        proof, hidden = raw[:_PROOF_BYTES], raw[_PROOF_BYTES:]
        named = self._hidden(proof, hidden)
        return named[:_MARK_BYTES], named[_MARK_BYTES:].hex()

    def _hidden(self, proof: bytes, named: bytes) -> bytes:
        """Hide or uncover what a token names: the same either way."""
        mask = self._of(b"hidden" + proof)[: len(named)]
        return (int.from_bytes(named) ^ int.from_bytes(mask)).to_bytes(len(named))

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        """Return the token of one reader's own link."""
        return _readable(self._digest("reader", newsletter_id, subscriber_id))

    def _digest(self, label: str, *parts: str) -> bytes:
        return self._of(b"".join(map(_with_length, (label, *parts))))

    def _of(self, message: bytes) -> bytes:
        code = self._begun.copy()
        code.update(message)
        return code.digest()


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


@lru_cache(maxsize=8)
def _with_lengths(*parts: str) -> bytes:
    """Join what is the same for all mails of an issue."""
    return b"".join(map(_with_length, parts))


def _with_length(part: str) -> bytes:
    """Lengths first: ("ab", "c") and ("a", "bc") must differ."""
    raw = part.encode()
    return b"%d:%b" % (len(raw), raw)


def can_be_read_back(subscriber_id: str) -> bool:
    """Whether the tokens of a reader's mails name her, so that they need not be stored."""
    return _OUR_ID.fullmatch(subscriber_id) is not None


@lru_cache(maxsize=8)
def issue_mark(issue_id: str) -> bytes:
    """Return by what a token names an issue: a hint among those of one newsletter."""
    return zlib.crc32(issue_id.encode()).to_bytes(_MARK_BYTES)


def new_token() -> str:
    """Return a random token of the same form as those that are derived."""
    return _readable(secrets.token_bytes(_TOKEN_BYTES))


def _readable(digest: bytes) -> str:
    """Write 20 bytes in base32 (RFC 4648), in lower case: by two characters at a time, for each mail needs one."""
    number = int.from_bytes(digest[:_TOKEN_BYTES])
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])
