"""Unstructured text in a mail header: RFC 2047 encoded-words and folding (RFC 5322 section 2.2.3).

An encoded-word has 75 characters at most and a line that holds one 76; the standard library emits 77.
"""

import base64
import re
from collections.abc import Callable

LINE = 76
WORD = 75
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""What RFC 2047 section 5 (3) allows in a phrase, so the same words serve Subject and display names."""
_SINGLE_SPACED = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


def header(name: str, text: str) -> str:
    """Return `Name: value` for any text, folded, without the final CRLF."""
    plain = _SINGLE_SPACED.fullmatch(text) is not None and "=?" not in text
    pieces = text.split(" ") if plain else words(text, first=LINE - len(name) - 2)
    folded = fold(f"{name}:", pieces)
    if all(len(line) <= LINE for line in folded.split("\r\n")):
        return folded
    return fold(f"{name}:", words(text, first=LINE - len(name) - 2))


def words(text: str, *, first: int = WORD) -> list[str]:
    """Encoded-words whose contents, put together, are the text; `first` is the room for the first of them."""
    encode = _q if len(_q(text)) <= len(_b(text)) else _b
    found: list[str] = []
    start = 0
    while start < len(text):
        room = min(WORD, first) if not found else WORD
        end = _fitting(text, start, room, encode)
        found.append(encode(text[start:end]))
        start = end
    return found


def fold(start: str, pieces: list[str]) -> str:
    """Put pieces behind a header name, breaking the line before a piece that would make it too long."""
    lines = [start]
    for number, piece in enumerate(pieces):
        # The first piece stays beside the name: a first line without words confuses some readers.
        if number == 0 or len(lines[-1]) + 1 + len(piece) <= LINE:
            lines[-1] += f" {piece}"
        else:
            lines.append(f" {piece}")
    return "\r\n".join(lines)


def _fitting(text: str, start: int, room: int, encode: Callable[[str], str]) -> int:
    """End of the longest run of whole characters that fits; at least one, so that it always goes on."""
    low, high = start + 1, min(len(text), start + room)
    while low < high:
        middle = (low + high + 1) // 2
        if len(encode(text[start:middle])) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def _q(text: str) -> str:
    encoded = "".join(chr(byte) if byte in _SAFE else f"={byte:02X}" for byte in text.encode("utf-8"))
    return f"=?utf-8?q?{encoded.replace('=20', '_')}?="


def _b(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8')).decode('ascii')}?="
