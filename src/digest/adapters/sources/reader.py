"""The reader of sources over HTTP: asks side by side, reads what changed, on all cores when that is much."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace

from digest.adapters.http import FEED_BYTES, HttpClient, HttpRequest
from digest.adapters.sources.discovery import LISTS, Discovery, read_any
from digest.adapters.sources.feeds import ACCEPT, parse, parse_lean
from digest.adapters.sources.isolated import ParserFailedError
from digest.adapters.sources.parser_pool import ParserPool
from digest.adapters.sources.robots import Robots
from digest.models.feed import ParsedFeed
from digest.models.source import Failed, FeedCache, Fetched, FetchResult, Read, Source, SourceAnswer, Unchanged

_IN_PROCESS_BYTES = 1_000_000
"""Changed bodies up to this sum are read here: to begin processes for them would take longer."""

_WAITING = 8
"""Bodies a process that wait to be read; more would only fill the memory."""

_MOST_OLDER_PAGES = 4
"""Of a list that its maker pages: what a first visit knows comes as news later no more."""

_Answers = Iterator[tuple[Source, SourceAnswer]]


class SiteReader:
    """`SourceReader` over HTTP, for the kinds `feed` and `page`."""

    def __init__(self, client: HttpClient, *, processes: int | None = None) -> None:
        self._client = client
        self._processes = processes
        self._robots = Robots(client)

    def read_all(self, asked: Sequence[tuple[Source, FeedCache]]) -> Iterable[tuple[Source, SourceAnswer]]:
        """Ask all sources side by side, and read what they answer."""
        # The same pairs: new ones for ten thousand sources would be a megabyte.
        known = [pair for pair in asked if pair[0].kind == "feed" or pair[1].found_url]
        for source, answer in self._read_known(known):
            yield source, self._with_older(source, answer, asked)
        for source, cache in asked:
            if source.kind == "page" and not cache.found_url:
                yield source, self._with_older(source, self._discovered(source), asked)

    def _read_known(self, asked: Sequence[tuple[Source, FeedCache]]) -> _Answers:
        waiting = {pair[0].key: pair for pair in asked}
        requests = [_request(source, cache) for source, cache in asked]
        seen, pending = 0, deque[tuple[Source, FeedCache, Fetched, Future[ParsedFeed]]]()
        with ParserPool(self._processes) as pool:
            for request, result in self._client.fetch_many(requests):
                source, cache = waiting[request.key]
                if not isinstance(result, Fetched) or (digest := _digest(result)) == cache.body_sha256:
                    yield source, _unread(result)
                    continue
                seen += len(result.body)
                if source.kind == "page":
                    yield source, self._from_site(source, cache, result)
                elif seen <= _IN_PROCESS_BYTES:
                    feed = parse(result.body, url=result.url, content_type=result.content_type)
                    yield source, _read(result, feed, digest)
                else:
                    job = pool.submit(parse_lean, result.body, result.url, result.content_type)
                    pending.append((source, cache, replace(result, body=digest.encode()), job))
                while pending and (pending[0][-1].done() or len(pending) > _WAITING * pool.count):
                    yield _finished(*pending.popleft())
            while pending:
                yield _finished(*pending.popleft())

    def _from_site(self, source: Source, cache: FeedCache, result: Fetched) -> SourceAnswer:
        """Read what was found before, a page only if its site still allows it."""
        feed = read_any(result, prefix=source.url)
        if feed.kind in LISTS and (refusal := self._robots.refusal(result.url)):
            return Failed(reason=refusal)
        return replace(_read(result, feed, _digest(result)), found_url=cache.found_url)

    def _with_older(
        self, source: Source, answer: SourceAnswer, asked: Sequence[tuple[Source, FeedCache]]
    ) -> SourceAnswer:
        """Add, at the first visit, the entries before the newest: pages of the list, as far as robots.txt allows it."""
        if not isinstance(answer, Read) or not answer.feed.older_url:
            return answer
        if any(cache.body_sha256 for one, cache in asked if one.key == source.key):
            return answer
        feed = answer.feed
        for _ in range(_MOST_OLDER_PAGES):
            page = self._robots.fetch(HttpRequest(url=feed.older_url, accept=ACCEPT)) if feed.older_url else None
            older = read_any(page, prefix=page.url) if isinstance(page, Fetched) else ParsedFeed()
            if not older.entries:
                break
            feed = replace(feed, entries=(*feed.entries, *older.entries), older_url=older.older_url)
        return replace(answer, feed=feed)

    def _discovered(self, source: Source) -> SourceAnswer:
        found = Discovery(self._client, self._robots).find(source.url)
        if isinstance(found, tuple):
            answer, feed = found
            # Validators of the page that was asked first do not count for another address.
            return replace(_read(answer, feed, _digest(answer)), found_url=answer.url, moved_to="")
        return _unread(found)


def _request(source: Source, cache: FeedCache) -> HttpRequest:
    return HttpRequest(
        url=cache.found_url or source.url,
        key=source.key,
        etag=cache.etag,
        last_modified=cache.last_modified,
        max_bytes=FEED_BYTES,
        accept=ACCEPT,
    )


def _digest(result: Fetched) -> str:
    return hashlib.sha256(result.body).hexdigest()


def _unread(result: FetchResult) -> SourceAnswer:
    """Return an answer that brings nothing to read; the same bytes as last time are no news."""
    if not isinstance(result, Fetched):
        return result
    return Unchanged(
        max_age_seconds=result.max_age_seconds,
        moved_to=result.moved_to,
        same_bytes=True,
        etag=result.etag,
        last_modified=result.last_modified,
    )


def _read(result: Fetched, feed: ParsedFeed, digest: str) -> Read:
    return Read(
        feed=feed,
        body_sha256=digest,
        etag=result.etag,
        last_modified=result.last_modified,
        max_age_seconds=result.max_age_seconds,
        moved_to=result.moved_to,
    )


def _finished(
    source: Source, cache: FeedCache, result: Fetched, job: "Future[ParsedFeed]"
) -> tuple[Source, SourceAnswer]:
    del cache
    try:
        feed = job.result()
    except ParserFailedError as error:
        feed = ParsedFeed(problems=(f"The feed is broken: {error}.",))
    return source, _read(result, feed, result.body.decode())
