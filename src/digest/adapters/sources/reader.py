"""The reader of sources over HTTP: asks side by side, reads what changed."""

import hashlib
from collections.abc import Iterable, Sequence

from digest.adapters.http import FEED_BYTES, HttpClient, HttpRequest
from digest.adapters.sources.feeds import ACCEPT, parse
from digest.models.source import FeedCache, Fetched, FetchResult, Read, Source, SourceAnswer, Unchanged


class FeedReader:
    """`SourceReader` over HTTP."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def read_all(self, asked: Sequence[tuple[Source, FeedCache]]) -> Iterable[tuple[Source, SourceAnswer]]:
        """Ask all sources side by side, and read what they answer."""
        waiting = {source.key: (source, cache) for source, cache in asked}
        requests = [
            HttpRequest(
                url=source.url,
                key=source.key,
                etag=cache.etag,
                last_modified=cache.last_modified,
                max_bytes=FEED_BYTES,
                accept=ACCEPT,
            )
            for source, cache in asked
        ]
        for request, result in self._client.fetch_many(requests):
            source, cache = waiting[request.key]
            yield source, _answer(result, cache)


def _answer(result: FetchResult, cache: FeedCache) -> SourceAnswer:
    if not isinstance(result, Fetched):
        return result
    digest = hashlib.sha256(result.body).hexdigest()
    if digest == cache.body_sha256:
        return Unchanged(
            max_age_seconds=result.max_age_seconds,
            moved_to=result.moved_to,
            same_bytes=True,
            etag=result.etag,
            last_modified=result.last_modified,
        )
    return Read(
        feed=parse(result.body, url=result.url, content_type=result.content_type),
        body_sha256=digest,
        etag=result.etag,
        last_modified=result.last_modified,
        max_age_seconds=result.max_age_seconds,
        moved_to=result.moved_to,
    )
