"""Who may speak to the desk: this machine's browser that was let in with the token, from the desk's own pages.

Against DNS rebinding the host is compared (Starlette's TrustedHostMiddleware does that before anything here runs);
against requests forged by other sites stand the SameSite cookie and `Sec-Fetch-Site` or `Origin` (Fetch standard).
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

COOKIE = "digest_desk"
HOSTS = ("127.0.0.1", "localhost")
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_OPEN_PATHS = ("/enter", "/static/")
_SAFE_METHODS = frozenset({"GET", "HEAD"})

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Stands before every page; what it refuses gets the page that `refuse` makes."""

    def __init__(self, app: App, *, token: str, refuse: App) -> None:
        """Take the application behind it, the token that lets in, and what answers 403."""
        self._app = app
        self._token = token
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or refuse it; either way the answer carries the headers that confine it."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        allowed = is_allowed(scope["method"], scope["path"], headers, self._token)
        await (self._app if allowed else self._refuse)(scope, receive, _with_headers(send))


def is_allowed(method: str, path: str, headers: MutableMapping[str, str], token: str) -> bool:
    """Whether a request may be answered; header names are in small letters."""
    if method not in _SAFE_METHODS and not _same_origin(headers):
        return False
    return path.startswith(_OPEN_PATHS) or is_token(_cookie(headers.get("cookie", "")), token)


def is_token(given: str, token: str) -> bool:
    """Compare in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _same_origin(headers: MutableMapping[str, str]) -> bool:
    """One of the two has to say so: a request that says nothing about where it comes from is refused."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    return site in {None, "same-origin"} and origin in {None, f"http://{headers.get('host', '')}"}


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _with_headers(send: Send) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = list(message["headers"])
            message["headers"] = [*given, *_missing(name for name, _ in given)]
        await send(message)

    return guarded


def _missing(given: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    named = set(given)
    wanted = {
        b"content-security-policy": PAGE_POLICY.encode(),
        b"x-content-type-options": b"nosniff",
        # Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
        b"referrer-policy": b"same-origin",
        b"cross-origin-opener-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
        b"cache-control": b"no-store",
        b"x-robots-tag": b"noindex, nofollow",
    }
    return [(name, value) for name, value in wanted.items() if name not in named]
