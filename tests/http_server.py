"""A real HTTP server on loopback that answers as badly as a test asks for."""

import gzip
import socket
import socketserver
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

DRIP_SECONDS = 0.02


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass
class Exchange:
    """What a route may do with the open connection."""

    asked: Asked
    connection: socket.socket
    closing: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, body: bytes = b"", *, status: str = "200 OK", headers: Mapping[str, str] | None = None) -> None:
        lines = [f"HTTP/1.1 {status}"]
        lines += [f"{name}: {value}" for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items()]
        self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body)


Route = Callable[[Exchange], None]


@dataclass
class FaultServer:
    """Routes by path; what was asked is in `asked`."""

    routes: dict[str, Route]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle(self, connection: socket.socket) -> None:
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            asked = _read_request(connection)
            self.asked.append(asked)
            route = self.routes.get(asked.path.split("?")[0], not_found)
            route(Exchange(asked=asked, connection=connection, closing=self.closing))
        except OSError:
            # The client left, which is what most of these tests are about.
            return
        finally:
            with self._lock:
                self._open -= 1


@contextmanager
def serving(routes: dict[str, Route], *, host: str = "127.0.0.1", port: int = 0) -> Iterator[FaultServer]:
    """Serve; every loopback address (`127.0.1.1`) is a host of its own where the host is `0.0.0.0`."""
    server = FaultServer(routes=routes)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            server.handle(self.request)

    with _Listener((host, port), Handler) as listener:
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            listener.shutdown()
            thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def _read_request(connection: socket.socket) -> Asked:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        if not part:
            raise ConnectionAbortedError
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")) and (part := connection.recv(65_536)):
        body += part
    method, path, _ = first.split(" ", 2)
    return Asked(path=path, headers=headers, method=method, body=body)


def not_found(exchange: Exchange) -> None:
    exchange.answer(b"no", status="404 Not Found")


def page(body: bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> Route:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.answer(body, headers={"Content-Type": content_type, **named})


def status(line: str, **headers: str) -> Route:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.answer(b"body", status=line, headers=named)


def redirect(target: str, line: str = "302 Found") -> Route:
    return status(line, Location=target)


def conditional(body: bytes, *, etag: str, last_modified: str) -> Route:
    def route(exchange: Exchange) -> None:
        headers = {"ETag": etag, "Last-Modified": last_modified, "Cache-Control": "max-age=600"}
        if exchange.asked.headers.get("if-none-match") == etag:
            exchange.answer(status="304 Not Modified", headers=headers)
        else:
            exchange.answer(body, headers=headers)

    return route


def silent(exchange: Exchange) -> None:
    exchange.closing.wait(30)


def slow_drip(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not exchange.closing.wait(DRIP_SECONDS):
        exchange.send(b"x")


def endless(exchange: Exchange) -> None:
    """200 MB, if anybody takes them."""
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
    for _ in range(2_000):
        exchange.send(bytes(100_000))


def cut_off(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss")


def no_http(exchange: Exchange) -> None:
    exchange.send(b"220 mail.example.org ESMTP\r\n")


def gzip_bomb(exchange: Exchange) -> None:
    """About 100 KB that unpack to 100 MB."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(pack.compress(bytes(1_000_000)) for _ in range(100)) + pack.flush()
    exchange.answer(packed, headers={"Content-Encoding": "gzip"})


def gzipped(body: bytes, *, keep: int | None = None) -> Route:
    return lambda exchange: exchange.answer(gzip.compress(body)[:keep], headers={"Content-Encoding": "gzip"})
