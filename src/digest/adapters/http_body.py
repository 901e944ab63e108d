"""Reads the body of an answer with a limit on what it unpacks to."""

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


TOO_LARGE = "the answer is larger than"


async def capped_body(response: "httpx.Response", limit: int) -> bytes | str:
    """Return the unpacked body, or a sentence; never holds more than `limit` bytes and one packet."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        return "the answer is packed in a way that was not asked for"
    unpack = _Gunzip() if encoding.endswith("gzip") else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        try:
            body += unpack.feed(chunk, limit + 1 - len(body)) if unpack else chunk
        except zlib.error:
            return "the packed answer is damaged"
        if len(body) > limit:
            return f"{TOO_LARGE} {limit / 1e6:g} MB"
    if unpack and not unpack.complete:
        return "the packed answer broke off"
    return bytes(body)


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
