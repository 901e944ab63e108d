"""Bytes to text: declarations are often wrong, so bytes that are valid UTF-8 are UTF-8 whatever anybody says.

A text of some length in another encoding is almost never valid UTF-8 by chance; the other way round, single-byte
encodings fit any bytes and would turn every accent into two wrong characters without a complaint.
"""

import codecs
import re

_HEAD_BYTES = 4_096
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UNMARKED = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"))
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_SEVEN_BITS = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf_7", "iso2022_jp_2", "iso2022_jp_1"})
# Latin-1 on the web means Windows-1252 (WHATWG, Encoding), and so on.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_MOST_FAULTS = 200


def decoded(body: bytes, content_type: str) -> str:
    """Return bytes of markup as text, by byte order mark, UTF-8 if it fits, then header and declaration. Never raises."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for begin, encoding in _UNMARKED:
        if body.startswith(begin):
            return body.decode(encoding, "replace")
    names = _declared(body, content_type)
    if body.isascii():
        return _seven_bits(body, names)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(body) or _as_declared(body, names)


def _declared(body: bytes, content_type: str) -> list[str]:
    found = (_DECLARED.search(content_type.encode("ascii", "ignore")), _DECLARED.search(body[:_HEAD_BYTES]))
    return [name for match in found if match and (name := _codec(match[1].decode("ascii")))]


def _codec(name: str) -> str:
    try:
        known = codecs.lookup(name).name
        # Some codecs are no text encodings, e.g. zlib.
        "".encode(known)
    except (LookupError, ValueError, TypeError):
        return ""
    return _MEANT.get(known, known)


def _seven_bits(body: bytes, names: list[str]) -> str:
    special = next((name for name in names if name in _SEVEN_BITS), "ascii")
    return body.decode(special, "replace")


def _mostly_utf8(body: bytes) -> str:
    """Return UTF-8 with a few other bytes in it (pasted from elsewhere, or cut off at the end), or an empty text."""
    parts, begin, faults = list[str](), 0, 0
    while begin < len(body):
        try:
            parts.append(body[begin:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            faults += 1
            if faults > _MOST_FAULTS:
                return ""
            first, last = begin + error.start, begin + error.end
            parts += (body[begin:first].decode("utf-8"), _single(body[first:last]))
            begin = last
    text = "".join(parts)
    right = sum(1 for char in text[:200_000] if ord(char) >= 0x100 or "\xa0" <= char <= "\xff")  # noqa: PLR2004
    return text if right > 3 * faults or (faults == 1 and begin >= len(body)) else ""


def _as_declared(body: bytes, names: list[str]) -> str:
    for name in names:
        try:
            return body.decode(name)
        except (UnicodeDecodeError, ValueError):
            continue
    other = next((name for name in names if name not in {"utf-8", "cp1252"}), "")
    return body.decode(other, "replace") if other else _single(body)


def _single(body: bytes) -> str:
    """Return bytes as Windows-1252, which leaves five of them out."""
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in body)
