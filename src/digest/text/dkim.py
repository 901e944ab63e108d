"""DKIM signatures (RFC 6376): RSA-SHA256 (RFC 8301), relaxed/relaxed, made for many mails that differ in little.

What all readers' mails share is made canonical and hashed once; per mail there remain a few lines and the signature.
Pure: the key itself stays behind `Signer.sign`.
"""

import base64
import hashlib
import re
from typing import Final

from digest.models.sending import Signer

_BLANKS = re.compile(rb"[ \t]+")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n)")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
OVERSIGNED: Final = ("from", "to", "subject", "date", "reply-to", "list-unsubscribe", "list-unsubscribe-post")
"""Named once more than they occur, so that nobody can add a second one unnoticed (section 5.4.2)."""
_LINE = 72


class Seal:
    """Signs the mails of one edition."""

    def __init__(self, signer: Signer, head: bytes, body: tuple[bytes, bytes, bytes]) -> None:
        """Take the headers that all mails share and the body around the two places of the reader's token.

        Each piece of the body begins where a line of text goes on with something that is no blank.
        """
        self._signer = signer
        self._shared = fields(head)
        first, second, third = (_relaxed(piece) for piece in body)
        self._before = hashlib.sha256(first)
        self._between = second
        self._after = third.rstrip(b"\r\n") + b"\r\n"

    def header(self, own: bytes, token: bytes, at: int) -> bytes:
        """Return the DKIM-Signature of one mail with its line end; `own` are its own headers, `at` is Unix time."""
        body = self._before.copy()
        body.update(b"".join((token, self._between, token, self._after)))
        named = fields(own) | self._shared
        names = [*named, *OVERSIGNED]
        signature = self._unsigned(names, body.digest(), at)
        signed = b"".join((*named.values(), b"dkim-signature:", _unfolded(signature)))
        value = base64.b64encode(self._signer.sign(signed))
        lines = (value[start : start + _LINE] for start in range(0, len(value), _LINE))
        return b"".join((b"DKIM-Signature: ", signature, b"\r\n ", b"\r\n ".join(lines), b"\r\n"))

    def _unsigned(self, names: list[str], body_hash: bytes, at: int) -> bytes:
        """Return the value up to `b=`, folded."""
        lines = [f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self._signer.domain};"]
        lines += [f"s={self._signer.selector}; t={at};", f"bh={base64.b64encode(body_hash).decode('ascii')};"]
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
            found[lower.decode("ascii")] = lower + b":" + _BLANKS.sub(b" ", value).strip() + b"\r\n"
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
