"""DKIM signatures (RFC 6376): RSA-SHA256 (RFC 8301), relaxed/relaxed, made for many mails that differ in little.

What all readers' mails share is made canonical and hashed once; per mail there remain a few lines and the signature.
Pure: the key itself stays behind `Signer.sign`.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from digest.models.sending import Signer

_BLANKS = re.compile(rb"[ \t]{2,}|\t")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n)")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
OVERSIGNED: Final = ("from", "to", "subject", "date", "reply-to", "list-unsubscribe", "list-unsubscribe-post")
"""Named once more than they occur, so that nobody can add a second one unnoticed (section 5.4.2)."""
_LINE = 72


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A DKIM-Signature that lacks its value."""

    signed: bytes
    """What its signature is made of."""
    tags: bytes
    """All of the field up to `b=`."""

    def header(self, signature: bytes) -> bytes:
        """Return the field with its line end."""
        value = base64.b64encode(signature)
        lines = [value[start : start + _LINE] for start in range(0, len(value), _LINE)]
        return b"".join((b"DKIM-Signature: ", self.tags, b"\r\n ", b"\r\n ".join(lines), b"\r\n"))


class Seal:
    """Signs the mails of one edition."""

    def __init__(self, signer: Signer, head: bytes, body: tuple[bytes, bytes, bytes]) -> None:
        """Take the headers that all mails share and the body around the two places of the reader's token.

        Each piece of the body begins where a line of text goes on with something that is no blank.
        """
        self._signer = signer
        shared = fields(head)
        self._shared_names = tuple(shared)
        self._shared = b"".join(shared.values())
        first, second, third = (_relaxed(piece) for piece in body)
        self._before = hashlib.sha256(first)
        self._between = second
        self._after = third.rstrip(b"\r\n") + b"\r\n"
        self._forms: dict[tuple[str, ...], tuple[bytes, bytes]] = {}

    def header(self, own: bytes, token: bytes, at: int) -> bytes:
        """Return the DKIM-Signature of one mail with its line end; `own` are its own headers, `at` is Unix time."""
        unsigned = self.unsigned(own, token, at)
        return unsigned.header(self._signer.sign(unsigned.signed))

    def unsigned(self, own: bytes, token: bytes, at: int) -> "Unsigned":
        """Return the same before it is signed."""
        body = self._before.copy()
        body.update(b"".join((token, self._between, token, self._after)))
        body_hash = base64.b64encode(body.digest())
        named = fields(own)
        names = tuple(named)
        folded, canonical = self._forms.get(names) or self._formed(names)
        signed = b"".join((*named.values(), self._shared, canonical % (at, body_hash)))
        return Unsigned(signed=signed, tags=folded % (at, body_hash))

    def signatures(self, messages: Sequence[bytes]) -> Iterator[bytes]:
        """Sign what `unsigned` gave of many mails, in their order."""
        return self._signer.signatures(messages)

    def _formed(self, own: tuple[str, ...]) -> tuple[bytes, bytes]:
        """Return the value up to `b=`, folded, and the canonical field; both with places for time and body hash."""
        folded = self._unsigned([*own, *self._shared_names, *OVERSIGNED])
        self._forms[own] = folded, b"dkim-signature:" + _unfolded(folded)
        return self._forms[own]

    def _unsigned(self, names: list[str]) -> bytes:
        signer = self._signer
        domain, selector = (name.replace("%", "%%") for name in (signer.domain, signer.selector))
        lines = [f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};", f"s={selector}; t=%d;", "bh=%b;"]
        current = "h="
        for number, name in enumerate(names):
            piece = name + (":" if number < len(names) - 1 else ";")
            if len(current) + len(piece) > _LINE:
                lines.append(current)
                current = ""
            current += piece
        return "\r\n ".join([*lines, current, "b="]).encode("ascii")


def fields(block: bytes) -> dict[str, bytes]:
    """Return {lower-case name: canonical field with its line end} of a header block where no name comes twice."""
    found: dict[str, bytes] = {}
    for line in _FOLD.sub(b"", block).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            lower = name.strip().lower()
            found[lower.decode("ascii")] = b"%b:%b\r\n" % (lower, _BLANKS.sub(b" ", value.strip()))
    return found


def relaxed_body(body: bytes) -> bytes:
    """Return the canonical body (section 3.4.4)."""
    text = _relaxed(body)
    stripped = text.rstrip(b"\r\n")
    return stripped + b"\r\n" if stripped else b""


def _relaxed(piece: bytes) -> bytes:
    return _BLANKS.sub(b" ", _BLANKS_AT_END.sub(b"", piece))


def _unfolded(value: bytes) -> bytes:
    return _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip()
