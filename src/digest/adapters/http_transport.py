"""The part of the HTTP client that needs httpx: connections of httpcore that check every address they lead to.

The check sits where the connection is made (after the name is resolved, at every redirect), so neither a name that
resolves to two addresses in turn nor a redirect gets around it. httpx has no public way to set a network backend, so
requests go to httpcore from here; `tests/adapters/test_http.py` fails if the guard stops working.
"""

import asyncio
import contextlib
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Generic, TypeVar

import httpcore
import httpx

from digest.adapters.http_network import AsyncioBackend
from digest.adapters.http_turns import Onward, Request, Turns
from digest.models.source import Fetched

_CONNECT_SECONDS = 10.0
_NAME_THREADS = 32
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
"""All that is routed on the internet (IANA); NAT64 64:ff9b::/96, mapped and local addresses are outside."""

FAILURES: tuple[type[Exception], ...] = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
    ValueError,
)

NO_ANSWER_IN_TIME: tuple[type[Exception], ...] = (httpx.TimeoutException, httpcore.TimeoutException)

NOT_CONNECTED: tuple[type[Exception], ...] = (httpx.ConnectError, httpcore.ConnectError)
"""No connection was made, so nothing was asked either."""


Result = TypeVar("Result")


class AddressRefusedError(Exception):
    """A name leads into a private network; the message says so without naming it."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet (IANA special-purpose registries)."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved
    inner = ip.sixtofour
    return ip in _PUBLIC_V6 and ip.is_global and (inner is None or is_public(str(inner)))


def sentence(error: Exception) -> str:
    """Say what went wrong, without the address."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "its certificate can not be trusted"
        if isinstance(cause, socket.gaierror):
            return "there is no site of this name"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout | ConnectionError):
        return "the site can not be reached"
    if isinstance(error, httpcore.RemoteProtocolError | httpcore.ReadError):
        return "the answer broke off or is no HTTP"
    if isinstance(error, ValueError | httpx.InvalidURL | httpx.UnsupportedProtocol | httpcore.LocalProtocolError):
        return "this is not a usable web address"
    return "the connection failed"


@cache
def _ssl_context() -> ssl.SSLContext:
    # Reading the list of authorities takes some 70 ms, and it is the same for every pool.
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a name once and connects only to what was checked."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that answers. Raises AddressRefusedError if one is private."""
        addresses = await self._addresses(host, port)
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
        if not addresses or not all(is_public(address) for address in addresses):
            message = "the name leads to an address that is not on the public internet"
            raise AddressRefusedError(message)
        return addresses


class Client:
    """Sends each request over a connection of its own, without proxies, cookies and redirects.

    A source is asked once a run, so that there is nothing to keep; httpx's client and httpcore's pools cost twice what the
    rest of a request does.
    """

    def __init__(self, *, guarded: bool, backend: httpcore.AsyncNetworkBackend | None = None) -> None:
        network = backend or AsyncioBackend()
        self._backend = GuardedBackend(network) if guarded else network

    @contextlib.asynccontextmanager
    async def stream(
        self, method: str, url: str, *, headers: Sequence[tuple[bytes, bytes]], content: bytes = b""
    ) -> AsyncIterator[httpx.Response]:
        """Send a request and give the answer, whose body is still to come. Raises one of FAILURES, AddressRefusedError."""
        target = httpx.URL(url)
        where = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
        length = [(b"Content-Length", str(len(content)).encode())] if content or method not in {"GET", "HEAD"} else []
        request = httpcore.Request(
            method,
            where,
            headers=[(b"Host", target.netloc), *headers, *length, (b"Connection", b"close")],
            content=content or None,
        )
        connection = httpcore.AsyncHTTP11Connection(where.origin, await self._connected(where.origin))
        try:
            answer = await connection.handle_async_request(request)
            yield httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))
        finally:
            await connection.aclose()

    async def _connected(self, origin: httpcore.Origin) -> httpcore.AsyncNetworkStream:
        # The total time is limited by the caller; here only what it can not see: a connection that never opens.
        host = origin.host.decode("ascii")
        stream = await self._backend.connect_tcp(host, origin.port, _CONNECT_SECONDS)
        if origin.scheme != b"https":
            return stream
        return await stream.start_tls(_ssl_context(), host, _CONNECT_SECONDS)


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part


class Batch(Generic[Request, Result]):
    """One `fetch_many`: a loop in a thread, and a queue of results."""

    def __init__(
        self,
        fetch: Callable[[Client, Request], Awaitable[Result | Onward[Request]]],
        requests: Sequence[Request],
        *,
        guarded: bool,
        concurrency: int,
        per_host: int,
        seconds_left: Callable[[str], float] = lambda _host: 0.0,
    ) -> None:
        self._fetch = fetch
        self._requests = requests
        self._guarded = guarded
        self._slots = asyncio.Semaphore(concurrency)
        self._per_host = per_host
        self._seconds_left = seconds_left
        self._results: queue.SimpleQueue[tuple[Request, Result] | BaseException | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Fetch everything; the last thing on the queue is None, or the exception that is a bug."""
        end: BaseException | None = None
        try:
            asyncio.run(self._fetch_all())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001  it is raised again in the thread of the caller
            end = error
        self._results.put(end)

    def results(self) -> Iterator[tuple[Request, Result]]:
        """Yield what arrives; taking the next result frees the place of a body before it."""
        while (item := self._results.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
            if isinstance(item[1], Fetched):
                self._call(self._slots.release)

    def stop(self) -> None:
        """End early: the caller wants no more."""
        self._stopped.set()
        if self._main is not None:
            self._call(self._main.cancel)

    def _call(self, function: Callable[[], object]) -> None:
        if self._loop is not None:
            # The loop may have ended a moment ago, and then there is nothing left to do.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(function)

    async def _fetch_all(self) -> None:
        self._main, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        if self._stopped.is_set():
            return
        self._loop.set_default_executor(ThreadPoolExecutor(_NAME_THREADS, thread_name_prefix="digest-dns"))
        turns = Turns(self._requests, per_host=self._per_host, seconds_left=self._seconds_left)
        client = Client(guarded=self._guarded)
        async with asyncio.TaskGroup() as group:
            # The place first: who has one asks at once, so that what `seconds_left` said still holds.
            await self._slots.acquire()
            while request := await turns.next():
                group.create_task(self._fetch_in_turn(client, request, turns))
                await self._slots.acquire()

    async def _fetch_in_turn(self, client: Client, request: Request, turns: Turns[Request]) -> None:
        result = await self._fetch(client, request)
        turns.done(request)
        if not isinstance(result, Fetched):
            # To wake this loop from another thread costs as much as a small answer.
            self._slots.release()
        if isinstance(result, Onward):
            turns.add(result.request)
            return
        self._results.put((request, result))
