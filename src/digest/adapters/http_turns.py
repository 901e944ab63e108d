"""Whose turn it is: many requests, few places, and hosts that want time between two of them."""

import asyncio
import heapq
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from digest.adapters.http_rules import host_key


class Addressed(Protocol):
    """What is asked for."""

    @property
    def url(self) -> str:
        """Its web address."""
        ...


Request = TypeVar("Request", bound=Addressed)


@dataclass(frozen=True, slots=True)
class Onward(Generic[Request]):
    """Instead of an answer: another request, which queues at its host as any other does."""

    request: Request


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
        self._per_host = per_host
        self._ready = deque(host for host, queue in self._queues.items() for _ in range(min(per_host, len(queue))))
        self._places = Counter(self._ready)
        """By host, how many requests are open or may be given out."""
        self._open = 0
        self._later: list[tuple[float, str]] = []
        self._news = asyncio.Event()

    async def next(self) -> Request | None:
        """Return the next request as soon as its host may be asked, or None when all were given out and answered."""
        while self._queues or self._open:
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
        host = host_key(request.url)
        self._open -= 1
        if host in self._queues:
            self._ready.append(host)
        else:
            self._places[host] -= 1
        self._news.set()

    def add(self, request: Request) -> None:
        """Take one more request, e.g. one that a redirect asks for."""
        host = host_key(request.url)
        self._queues.setdefault(host, []).insert(0, request)
        if self._places[host] < self._per_host:
            self._places[host] += 1
            self._ready.append(host)
        self._news.set()

    def _host_now(self) -> str | None:
        """Return a host that may be asked now, if there is one."""
        while self._later and self._later[0][0] <= _now():
            self._ready.appendleft(heapq.heappop(self._later)[1])
        while self._ready:
            host = self._ready.popleft()
            if host not in self._queues:
                self._places[host] -= 1
                continue
            if (left := self._seconds_left(host)) <= 0:
                return host
            heapq.heappush(self._later, (_now() + left, host))
        return None

    def _taken(self, host: str) -> Request:
        queue = self._queues[host]
        request = queue.pop()
        self._open += 1
        if not queue:
            del self._queues[host]
        return request


def _now() -> float:
    return asyncio.get_running_loop().time()
