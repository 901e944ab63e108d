"""Serves the example site on loopback, with validators, as a blog host would."""

import hashlib
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOKEN = b"@BASE@"
TEXT_SUFFIXES = {".html", ".xml", ".txt"}
CONTENT_TYPES = {".xml": "application/rss+xml; charset=utf-8", ".html": "text/html; charset=utf-8"}


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET for the files of one folder; puts the site's own address where the token stands."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, folder: Path) -> None:
        self.folder = folder
        super().__init__(*arguments)  # type: ignore[arg-type]  # the server passes request, address and itself

    def do_GET(self) -> None:
        """Send one file, or 304, or 404."""
        path = (self.folder / self.path.partition("?")[0].lstrip("/")).resolve()
        if path.is_dir():
            path /= "index.html"
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            self._answer(HTTPStatus.NOT_FOUND, b"not found\n", "text/plain", "")
            return
        body = path.read_bytes()
        if path.suffix in TEXT_SUFFIXES:
            body = body.replace(TOKEN, f"http://{self.headers['Host']}".encode())
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(HTTPStatus.NOT_MODIFIED, b"", "", etag)
            return
        kind = CONTENT_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._answer(HTTPStatus.OK, body, kind, etag)

    def _answer(self, status: HTTPStatus, body: bytes, kind: str, etag: str) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the demo's output readable."""


@contextmanager
def serving(folder: Path, port: int) -> Iterator[int]:
    """Serve a folder on 127.0.0.1 and yield the port; 0 lets the system choose. Raises OSError if it is taken."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(SiteHandler, folder=folder))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
