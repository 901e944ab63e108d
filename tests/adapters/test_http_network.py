"""Connections by asyncio's streams, as httpcore asks for them, over TLS and with errors of its own."""

import asyncio
import contextlib
import socket
import ssl
from pathlib import Path

import httpcore
import pytest

from certificates import certificate
from digest.adapters.http_network import AsyncioBackend
from digest.adapters.http_transport import sentence

BODY = b"The words of a post. " * 50_000


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY)
    await writer.drain()
    writer.close()


def fetched(server: ssl.SSLContext | None, client: ssl.SSLContext | None) -> bytes:
    async def fetch() -> bytes:
        async with await asyncio.start_server(_answer, "127.0.0.1", 0, ssl=server) as running:
            scheme, port = "https" if server else "http", running.sockets[0].getsockname()[1]
            asked = httpcore.Request("GET", f"{scheme}://127.0.0.1:{port}/", headers={"Host": "127.0.0.1"})
            connection = httpcore.AsyncHTTPConnection(asked.url.origin, client, network_backend=AsyncioBackend())
            try:
                answer = await connection.handle_async_request(asked)
                return b"".join([part async for part in answer.aiter_stream()])
            finally:
                await connection.aclose()

    return asyncio.run(fetch())


def test_a_large_body_comes_whole_in_the_clear_and_over_tls(tmp_path: Path) -> None:
    assert fetched(None, None) == BODY
    assert fetched(*certificate(tmp_path)) == BODY


def test_a_certificate_that_nobody_trusts_is_refused_and_named(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path)

    with pytest.raises(httpcore.ConnectError) as refused:
        fetched(server, ssl.create_default_context())
    assert sentence(refused.value) == "its certificate can not be trusted"


def test_a_closed_port_and_a_connection_that_is_reset_are_httpcores_own_errors() -> None:
    async def reset() -> None:
        def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as running:
            port = running.sockets[0].getsockname()[1]
            stream = await AsyncioBackend().connect_tcp("127.0.0.1", port, timeout=5)
            try:
                while await stream.read(1_000):
                    pass
                for _ in range(100):
                    await stream.write(BODY)
            finally:
                await stream.aclose()

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(httpcore.ConnectError):
            asyncio.run(AsyncioBackend().connect_tcp("127.0.0.1", taken.getsockname()[1]))
    with pytest.raises((httpcore.ReadError, httpcore.WriteError)):
        asyncio.run(reset())


def test_a_greeting_that_does_not_come_in_time_is_told_so_and_the_connection_closed() -> None:
    async def greet() -> None:
        left = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                await reader.read()
            writer.close()
            left.set()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as running:
            stream = await AsyncioBackend().connect_tcp("127.0.0.1", running.sockets[0].getsockname()[1])
            with pytest.raises(httpcore.ConnectTimeout):
                await stream.start_tls(ssl.create_default_context(), "127.0.0.1", timeout=0.01)
            await left.wait()

    asyncio.run(greet())


def test_waiting_is_asyncios() -> None:
    asyncio.run(AsyncioBackend().sleep(0))
