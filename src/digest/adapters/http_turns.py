"""Whose turn it is: many requests, few places, and hosts that want time between two of them."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from digest.adapters.http_rules import host_key


class Addressed(Protocol):
    """What is asked for."""

    @property
    def url(self) -> str:
        """Its web address."""
        ...


Request = TypeVar("Request", bound=Addressed)


class Turns(Generic[Request]):
    """Gives out requests one by one, at most `per_host` at a time for a host and none before its time.

    A host that has to wait is a number in a heap, no task, so that neither a host of ten thousand feeds nor ten thousand
    hosts of one cost more than the requests themselves, and nobody else waits for them. `seconds_left` says how
    long a host still has to be left alone.
    """

    def __init__(self, requests: Iterable[Request], *, per_host: int, seconds_left: Callable[[str], float]) -> None:
        self._seconds_left = seconds_left
        self._queues: dict[str, list[Request]] = {}
        for request in requests:
            self._queues.setdefault(host_key(request.url), []).append(request)
        for queue in self._queues.values():
            # Taken from the end, which is quick.
            queue.reverse()
        self._ready = deque(host for host, queue in self._queues.items() for _ in range(min(per_host, len(queue))))
        self._later: list[tuple[float, str]] = []
        self._news = asyncio.Event()

    async def next(self) -> Request | None:
        """Return the next request as soon as its host may be asked, or None when all were given out."""
        while self._queues:
            # Not "if host": the name of an unusable address is empty.
            if (host := self._host_now()) is not None:
                return self._taken(host)
            self._news.clear()
            wait = max(0.0, self._later[0][0] - _now()) if self._later else None
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                continue
        return None

    def done(self, request: Request) -> None:
        """Tell that a request has its answer: the next one to its host may follow."""
        if (host := host_key(request.url)) in self._queues:
            self._ready.append(host)
            self._news.set()

    def _host_now(self) -> str | None:
        """Return a host that may be asked now, if there is one."""
        while self._later and self._later[0][0] <= _now():
            self._ready.appendleft(heapq.heappop(self._later)[1])
        while self._ready:
            host = self._ready.popleft()
            if host not in self._queues:
                continue
            if (left := self._seconds_left(host)) <= 0:
                return host
            heapq.heappush(self._later, (_now() + left, host))
        return None

    def _taken(self, host: str) -> Request:
        queue = self._queues[host]
        request = queue.pop()
        if not queue:
            del self._queues[host]
        return request


def _now() -> float:
    return asyncio.get_running_loop().time()
