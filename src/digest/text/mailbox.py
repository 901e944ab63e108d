"""Mailboxes as a header and an envelope carry them: ASCII, one line, one address."""

import re
from dataclasses import dataclass
from functools import lru_cache

from digest.text import encoded_word

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
_ADDRESS = re.compile(f"{_LOCAL}@{_DOMAIN}")
_LONGEST = 254  # RFC 5321 section 4.5.3.1.3: a path of 256 with its brackets
_LABEL = 63
_MAILBOX = re.compile(r"\s*(?:(?P<name>[^<>]*)<(?P<in_angle>[^<>]+)>|(?P<bare>[^<>\s]+))\s*")
_ATOM_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTED = re.compile(r'"(.*)"', re.DOTALL)
_PRINTABLE = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A display name (any text, possibly none) and an ASCII address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the `@`, lower case."""
        return self.address.rpartition("@")[2].lower()

    def header(self, name: str) -> str:
        """Return the header line, folded, without the final CRLF (RFC 5322 section 3.4, RFC 2047 section 5)."""
        if not self.name:
            return f"{name}: {self.address}"
        return encoded_word.fold(f"{name}:", [*_phrase(self.name, room=74 - len(name)), f"<{self.address}>"])


@lru_cache(maxsize=8)
def ascii_address(address: str) -> str | None:
    """Return the address with its domain as A-labels, or None where it can not travel without SMTPUTF8 (RFC 6531).

    Whatever could break out of a header or an SMTP command (line breaks, brackets, spaces) is None too.
    """
    local, _, domain = address.strip().rpartition("@")
    if domain.isascii():
        # What the codec would check, without its cost.
        plain = f"{local}@{domain}" if all(0 < len(label) <= _LABEL for label in domain.split(".")) else ""
    else:
        try:
            plain = f"{local}@{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            return None
    return plain if len(plain) <= _LONGEST and _ADDRESS.fullmatch(plain) else None


def parse_mailbox(text: str) -> Mailbox | None:
    """Read `Name <local@domain>` or a bare address; None where it is neither."""
    found = _MAILBOX.fullmatch(text)
    if found is None:
        return None
    address = ascii_address(found["in_angle"] or found["bare"])
    if address is None:
        return None
    return Mailbox(name=_unquoted((found["name"] or "").strip()), address=address)


def _unquoted(name: str) -> str:
    quoted = _QUOTED.fullmatch(name)
    return " ".join((re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else name).split())


def _phrase(name: str, *, room: int) -> list[str]:
    if "=?" in name or not _PRINTABLE.fullmatch(name):
        return encoded_word.words(name, first=room)
    escaped = re.sub(r'([\\"])', r"\\\1", name)
    pieces = name.split(" ") if _ATOM_PHRASE.fullmatch(name) else [f'"{escaped}"']
    return pieces if max(map(len, pieces)) <= room else encoded_word.words(name, first=room)
