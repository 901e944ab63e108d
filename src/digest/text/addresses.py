"""Email addresses: what is stored, and what two spellings of one mailbox have in common."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from digest.errors import SettingsError

# RFC 5321 section 4.1.2 (Dot-string; quoted local parts are refused) and 4.5.3.1 (lengths in octets).
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE | re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_MAX_LOCAL = 64
_MAX_ADDRESS = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAddress:
    """A checked address; neither spelling shows in `repr`."""

    sent_to: str = field(repr=False)
    """Local part as it was given, domain in lower-case A-labels (RFC 5890)."""
    compared: str = field(repr=False)
    """The same for every spelling of this mailbox."""


def read_address(written: str) -> MailAddress:
    """Check and normalise an address. Raises SettingsError; its message never repeats the address."""
    local, at, domain = written.strip().rpartition("@")
    if not at or "@" in local:
        _refuse("it needs exactly one @")
    if len(local) > _MAX_LOCAL or not _LOCAL.fullmatch(local):
        _refuse("the part before the @ is empty, too long or has a character that mail servers refuse")
    host = _domain(domain)
    address = f"{local}@{host}"
    if len(address) > _MAX_ADDRESS:
        _refuse(f"it is longer than {_MAX_ADDRESS} characters")
    # RFC 5321 leaves the case of the local part to the receiver; none is known where it parts two people.
    return MailAddress(sent_to=address, compared=address.casefold())


def _domain(written: str) -> str:
    host = written.lower() if written.isascii() else _a_labels(written)
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        _refuse("the part after the @ is no domain name")
    if len(labels) == 1 and host != "localhost":
        _refuse("the part after the @ has no dot")
    return host


def _a_labels(written: str) -> str:
    # Few lists hold such a domain; its tables are large.
    import idna

    try:
        return idna.encode(written, uts46=True).decode("ascii")
    except idna.IDNAError:
        _refuse("the part after the @ is no domain name")


def _refuse(why: str) -> NoReturn:
    message = f"An email address can not be used: {why}. Mend it and run again."
    # `from None`: what idna says repeats the domain.
    raise SettingsError(message) from None
