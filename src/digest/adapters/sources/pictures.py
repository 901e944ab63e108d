"""What an image file says of itself: its form and its size in pixels, from its first bytes.

PNG (RFC 2083), GIF89a, JPEG (ITU T.81 annex B) and WebP (RFC 9649): the forms that mail programs show, and the one that
most of the web has instead. Bytes from anywhere: what does not fit is no picture.
"""

import struct
from typing import Literal

PICTURE_BYTES = 5_000_000
"""Larger ones are not read to their end: no reader of a mail wants them."""

Form = Literal["png", "gif", "jpeg", "webp"]

_PNG = b"\x89PNG\r\n\x1a\n"
_MARK = 0xFF
_MARKERS_WITH_SIZE = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_MARKERS_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def read_picture(data: bytes) -> tuple[Form, int, int] | None:
    """Return form, width and height, or None for what is no such picture. Any bytes may be given."""
    try:
        found = _read(data)
    except struct.error:
        return None
    return found if found and min(found[1:]) > 0 else None


def _read(data: bytes) -> tuple[Form, int, int] | None:
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        return "png", *struct.unpack_from(">II", data, 16)
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif", *struct.unpack_from("<HH", data, 6)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _jpeg(data: bytes) -> tuple[Form, int, int] | None:
    """Go from segment to segment up to the one that gives the size."""
    at = 2
    while at + 4 <= len(data) and data[at] == _MARK:
        marker = data[at + 1]
        if marker in _MARKERS_WITH_SIZE:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return "jpeg", width, height
        if marker == _MARK:  # filling
            at += 1
        elif marker in _MARKERS_ALONE:
            at += 2
        else:
            at += 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])
    return None


def _webp(data: bytes) -> tuple[Form, int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        wide, high = (int.from_bytes(data[start : start + 3], "little") + 1 for start in (24, 27))
        return ("webp", wide, high) if len(data) >= 30 else None  # noqa: PLR2004 - the end of the two numbers
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return "webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return "webp", width & 0x3FFF, height & 0x3FFF
    return None
