"""Connections for httpcore by asyncio's own streams, with the backend's own errors.

httpcore's usual backend runs on anyio, whose part in a small answer takes longer than asyncio's. Only connecting is timed
here: the whole request has its time from the caller.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Iterable, Iterator

import httpcore


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects by asyncio."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect. Raises httpcore's ConnectError and ConnectTimeout."""
        del local_address, socket_options
        with _said_as(httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                return _Stream(*await asyncio.open_connection(host, port))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  as above
        del timeout
        with _said_as(httpcore.ReadError):
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  as above
        del timeout
        if not buffer:
            # The end of a request without a body.
            return
        with _said_as(httpcore.WriteError):
            self._writer.write(buffer)
            await self._writer.drain()

    async def aclose(self) -> None:
        # Not `close`: nobody waits for the other side to say goodbye.
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  as above
    ) -> httpcore.AsyncNetworkStream:
        try:
            with _said_as(httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            await self.aclose()
            raise
        return self

    def get_extra_info(self, info: str) -> object:
        return self._writer.get_extra_info(info)


@contextlib.contextmanager
def _said_as(error: type[httpcore.NetworkError]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as cause:
        raise httpcore.ConnectTimeout from cause
    except OSError as cause:
        raise error(str(cause)) from cause
