"""Reads the body of an answer with a limit on what it unpacks to."""

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


TOO_LARGE = "the answer is larger than"
_MOST_PIECES = 20_000
"""Of an answer: each costs some time, and a megabyte sent byte by byte would keep the whole run busy."""

_PACKED = b"\x1f\x8b"
_DAMAGED = "the packed answer is damaged"
_BROKEN_OFF = "the packed answer broke off"


async def capped_body(response: "httpx.Response", limit: int) -> bytes | str:
    """Return the unpacked body, or a sentence; never holds more than `limit` bytes and one packet.

    A file that is packed itself, as many sitemaps are, is unpacked too.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        return "the answer is packed in a way that was not asked for"
    unpack = _Gunzip() if encoding.endswith("gzip") else None
    body, received, pieces = bytearray(), 0, 0
    async for chunk in response.aiter_raw():
        received, pieces = received + len(chunk), pieces + 1
        try:
            body += unpack.feed(chunk, limit + 1 - len(body)) if unpack else chunk
        except zlib.error:
            return _DAMAGED
        # What comes counts as well as what is made of it: packed nothing may go on for ever.
        if max(len(body), received) > limit:
            return _too_large(limit)
        if pieces > _MOST_PIECES:
            return "the answer comes in too many small pieces"
    if unpack and not unpack.complete:
        return _BROKEN_OFF
    return _unpacked_file(bytes(body), limit) if body.startswith(_PACKED) else bytes(body)


def _unpacked_file(body: bytes, limit: int) -> bytes | str:
    unpack = _Gunzip()
    try:
        file = unpack.feed(body, limit + 1)
    except zlib.error:
        return _DAMAGED
    if len(file) > limit:
        return _too_large(limit)
    return file if unpack.complete else _BROKEN_OFF


def _too_large(limit: int) -> str:
    return f"{TOO_LARGE} {limit / 1e6:g} MB"


class _Gunzip:
    """Unpacks gzip (RFC 1952, several members too) without ever making more than it is asked for."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self._begun = False

    def feed(self, data: bytes, most: int) -> bytes:
        """Unpack; returns at most `most` bytes. Raises zlib.error."""
        made = bytearray()
        while data and len(made) < most:
            if self._member.eof:
                self._member = zlib.decompressobj(31)
            self._begun = True
            made += self._member.decompress(data, most - len(made))
            data = self._member.unused_data or self._member.unconsumed_tail
        return bytes(made)

    @property
    def complete(self) -> bool:
        """Whether the last member ended (or nothing came at all)."""
        return self._member.eof or not self._begun
