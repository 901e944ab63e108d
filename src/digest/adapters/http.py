"""The one polite, guarded HTTP client: bounded time and size, checked addresses, conditional requests.

Importing this module is cheap; httpx is loaded by the first request.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from digest.adapters.http_body import TOO_LARGE, capped_body
from digest.adapters.http_rules import (
    LONGEST_PAUSE_SECONDS,
    Pace,
    address_refusal,
    host_key,
    max_age_seconds,
    redirect_refusal,
    retry_after_seconds,
)
from digest.models.source import Blocked, Failed, Fetched, FetchResult, Gone, Unchanged
from digest.ports import HostMemory

if TYPE_CHECKING:
    import httpx

    from digest.adapters.http_transport import Client
    from digest.adapters.http_turns import Onward

FEED_BYTES = 5_000_000
PAGE_BYTES = 2_000_000
"""Most that a body may have, unpacked."""

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_LIMITS = ("x-rate-limit-", "x-ratelimit-", "x-concurrency-limit")
_WAITING = frozenset({429, 503})
_REFUSALS = {
    401: "the site asks for a password (401)",
    403: "the site refuses this program (403)",
    429: "the site asks for fewer requests (429)",
    503: "the site is not available now (503)",
}
_CHALLENGE = "the site lets only browsers in (it answers with a challenge)"
_USUAL_PAUSE = timedelta(minutes=5)
"""After a 429 or 503 that names no time: the rest of this run."""

_GATEWAYS = frozenset({502, 504})
"""A gateway found no server behind it, which often passes in a moment."""

_MOST_SILENCES, _SILENT_SECONDS = 2, 300.0
"""A host that gave no answer in time so often is left alone so long: else its twenty feeds would take ten minutes."""

_UNUSABLE = {404: "there is nothing at this address (404)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One GET; `key` is the caller's own and comes back with the answer."""

    url: str
    key: str = ""
    etag: str | None = None
    last_modified: str | None = None
    max_bytes: int = FEED_BYTES
    accept: str = "*/*"
    follow: bool = True
    """Otherwise a redirect is a Failed that tells where it leads."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A request on its way through redirects."""

    request: HttpRequest
    url: str
    seconds: float
    """What is left of its time; what it waits for a host does not count."""
    hops: int = 0
    permanent: bool = True


class HttpClient:
    """Fetches many addresses side by side; every failure is a result with one sentence, never an exception.

    `total_timeout` (seconds) is for one request with all its redirects, so that a slow drip ends too. With
    `allow_private_addresses` the guard of addresses and ports is off: for local demos and tests.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private_addresses: bool = False,
        total_timeout: float = 30.0,
        concurrency: int = 64,
        per_host: int = 1,
        hosts: HostMemory | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._open = allow_private_addresses
        self._total_timeout = total_timeout
        self._concurrency = concurrency
        self._per_host = per_host
        self._hosts = hosts
        self._pace = Pace()
        self._pauses: dict[str, datetime] | None = None
        self._new_pauses: dict[str, datetime] = {}
        self._silences: dict[str, list[float]] = {}

    def fetch(self, request: HttpRequest) -> FetchResult:
        """Fetch one address."""
        [(_, result)] = self.fetch_many([request])
        return result

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave more time between two requests to a host (robots.txt, Crawl-delay)."""
        self._pace.slow_down(host, seconds)

    def fetch_many(self, requests: Sequence[HttpRequest]) -> Iterator[tuple[HttpRequest, FetchResult]]:
        """Yield one result a request, in the order in which they arrive.

        The network runs in a thread of its own, so that time spent on one answer does not use up the time of others;
        not more than `concurrency` bodies wait to be taken.
        """
        from digest.adapters.http_transport import Batch

        if self._pauses is None:
            self._pauses = dict(self._hosts.host_pauses()) if self._hosts else {}
        batch: Batch[Asking, FetchResult] = Batch(
            self._fetch_one,
            [Asking(request, request.url, self._total_timeout) for request in requests],
            guarded=not self._open,
            concurrency=self._concurrency,
            per_host=self._per_host,
            seconds_left=self._seconds_left,
        )
        thread = threading.Thread(target=batch.run, name="digest-http", daemon=True)
        thread.start()
        try:
            for asking, result in batch.results():
                self._remember_pauses()
                yield asking.request, result
        finally:
            batch.stop()
            thread.join()

    async def _fetch_one(self, client: "Client", asking: Asking) -> "FetchResult | Onward[Asking]":
        import asyncio

        from digest.adapters import http_transport as transport
        from digest.adapters.http_turns import Onward

        host, clock = host_key(asking.url), asyncio.get_running_loop().time
        if refused := self._left_alone(host):
            return refused
        await asyncio.sleep(self._pace.wait(host, now=time.monotonic()))
        begun = clock()
        try:
            async with asyncio.timeout(asking.seconds):
                result, status = await self._try_twice(client, asking)
        except TimeoutError:
            self._silences.setdefault(host, []).append(time.monotonic())
            return Failed(reason=f"there was no complete answer within {self._total_timeout:g} seconds")
        except transport.AddressRefusedError as error:
            return Blocked(reason=str(error), retry_after_seconds=None, forbidden=True)
        except transport.FAILURES as error:
            if isinstance(error, transport.NO_ANSWER_IN_TIME):
                self._silences.setdefault(host, []).append(time.monotonic())
            return Failed(reason=transport.sentence(error))
        self._silences.pop(host, None)
        if isinstance(result, Asking):
            return Onward(replace(result, seconds=asking.seconds - (clock() - begun)))
        if isinstance(result, Blocked) and status in _WAITING:
            named = result.retry_after_seconds
            pause = _USUAL_PAUSE if named is None else timedelta(seconds=named)
            self._new_pauses[host] = datetime.now(UTC) + pause
        return result

    def _left_alone(self, host: str) -> Blocked | Failed | None:
        """Return why a host is not asked now, if it is not."""
        if (left := self._pause_left(host)) > timedelta(0):
            seconds = int(left.total_seconds()) + 1
            return Blocked(reason="the site asked for a pause before", retry_after_seconds=seconds)
        if self._is_silent(host):
            return Failed(reason="the site gave no answer in time before, so it is not asked again now")
        return None

    def _is_silent(self, host: str) -> bool:
        since = time.monotonic() - _SILENT_SECONDS
        return sum(moment > since for moment in self._silences.get(host, ())) >= _MOST_SILENCES

    def _seconds_left(self, host: str) -> float:
        """Return how long a host waits for its next request; one that is not to be asked at all does not."""
        return 0.0 if self._left_alone(host) else self._pace.left(host, now=time.monotonic())

    def _pause_left(self, host: str) -> timedelta:
        until = self._new_pauses.get(host) or (self._pauses or {}).get(host)
        left = until - datetime.now(UTC) if until else timedelta(0)
        # A later moment comes from a wrong clock and is not believed.
        return left if left <= timedelta(seconds=LONGEST_PAUSE_SECONDS) else timedelta(0)

    def _remember_pauses(self) -> None:
        """Store in the thread of the caller, to whom the store belongs, what the network's thread was told."""
        while self._new_pauses:
            host, until = self._new_pauses.popitem()
            if self._pauses is not None:
                self._pauses[host] = until
            if self._hosts:
                self._hosts.save_host_pause(host, until)

    async def _try_twice(self, client: "Client", asking: Asking) -> tuple[FetchResult | Asking, int]:
        """Ask, and once more, in the host's next turn, where no connection was made or a gateway had nothing."""
        import asyncio

        from digest.adapters import http_transport as transport

        try:
            result, status = await self._follow(client, asking)
            if status not in _GATEWAYS:
                return result, status
        except transport.NOT_CONNECTED:
            pass
        await asyncio.sleep(self._pace.wait(host_key(asking.url), now=time.monotonic()))
        return await self._follow(client, asking)

    async def _follow(self, client: "Client", asking: Asking) -> tuple[FetchResult | Asking, int]:
        """Ask, through the redirects of one host; one that leads to another host has to queue there."""
        request, url, permanent = asking.request, asking.url, asking.permanent
        for hop in range(asking.hops, MOST_REDIRECTS + 1):
            if refusal := address_refusal(url, private_allowed=self._open):
                return Blocked(reason=refusal, retry_after_seconds=None, forbidden=True), 0
            async with client.stream("GET", url, headers=self._headers(request)) as response:
                if response.status_code not in _REDIRECTS:
                    moved_to = url if permanent and hop else ""
                    return await _read(response, request, url, moved_to), response.status_code
                permanent = permanent and response.status_code in _PERMANENT
                target = urljoin(url, response.headers.get("location", ""))
            if refusal := redirect_refusal(url, target):
                return Blocked(reason=refusal, retry_after_seconds=None, forbidden=True), 0
            if not request.follow:
                return Failed(reason="the address redirects", leads_to=target), 0
            if host_key(target) != host_key(url):
                return replace(asking, url=target, hops=hop + 1, permanent=permanent), 0
            url = target
        return Failed(reason=f"the address redirects more than {MOST_REDIRECTS} times"), 0

    def _headers(self, request: HttpRequest) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"User-Agent", self._user_agent.encode("ascii", "ignore")),
            (b"Accept", request.accept.encode("ascii", "ignore")),
            # No br, zstd or deflate: gzip is what the capped reader below unpacks.
            (b"Accept-Encoding", b"gzip"),
        ]
        for name, value in ((b"If-None-Match", request.etag), (b"If-Modified-Since", request.last_modified)):
            if value:
                headers.append((name, value.encode("latin-1", "ignore")))
        return headers


async def _read(response: "httpx.Response", request: HttpRequest, url: str, moved_to: str) -> FetchResult:
    """Turn an answer that is no redirect into a result."""
    status, headers = response.status_code, response.headers
    max_age = max_age_seconds(headers.get("cache-control"))
    if status == HTTPStatus.NOT_MODIFIED and (request.etag or request.last_modified):
        return Unchanged(max_age_seconds=max_age, moved_to=moved_to)
    if status == HTTPStatus.GONE:
        return Gone(reason="the site says that it is gone for good (410)")
    if status in _REFUSALS:
        pause = retry_after_seconds(headers.get("retry-after"), now=datetime.now(UTC))
        challenged = "challenge" in headers.get("cf-mitigated", "")
        return Blocked(reason=_CHALLENGE if challenged else _REFUSALS[status], retry_after_seconds=pause)
    if status != HTTPStatus.OK:
        return Failed(reason=_UNUSABLE.get(status, f"the site answered {status}"), status=status)
    body = await capped_body(response, request.max_bytes)
    if isinstance(body, str):
        return Failed(reason=body, too_large=body.startswith(TOO_LARGE))
    return Fetched(
        url=url,
        body=body,
        content_type=headers.get("content-type", ""),
        etag=_raw_header(response, b"etag"),
        last_modified=_raw_header(response, b"last-modified"),
        max_age_seconds=max_age,
        moved_to=moved_to,
        limits=tuple((name, value) for name, value in headers.items() if name.startswith(_LIMITS)),
    )


def _raw_header(response: "httpx.Response", name: bytes) -> str | None:
    """Return a header byte for byte (as latin-1), since validators go back as they came."""
    return next((value.decode("latin-1") for key, value in response.headers.raw if key.lower() == name), None)
