"""Collect from 50 local feeds: the first run, and the next one, when nothing changed."""

import json
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import http_server as local  # noqa: E402 - found on the path set above
from digest.adapters.http import HttpClient  # noqa: E402 - found on the path set above
from digest.adapters.sources.reader import FeedReader  # noqa: E402 - found on the path set above
from digest.models.article import Article  # noqa: E402 - found on the path set above
from digest.models.source import FeedCache, Source  # noqa: E402 - found on the path set above
from digest.stages.collect import collect  # noqa: E402 - found on the path set above

FEEDS, ENTRIES = 50, 30
ANY = "0.0.0.0"  # noqa: S104 - every feed has a loopback address of its own, as every blog has a host
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@dataclass
class Memory:
    """The least of a store: what is measured is the network, the parser and the decision."""

    caches: dict[str, FeedCache] = field(default_factory=dict)
    known: list[Article] = field(default_factory=list)

    def feed_caches(self, source_keys: Collection[str]) -> Mapping[str, FeedCache]:
        return {key: self.caches.get(key, FeedCache(source_key=key)) for key in source_keys}

    def save_collected(self, cache: FeedCache, articles: Sequence[Article]) -> None:
        self.caches[cache.source_key] = cache
        self.known += articles

    def save_article(self, article: Article) -> None:
        self.known.append(article)

    def articles(self, newsletter_id: str) -> tuple[Article, ...]:
        return tuple(article for article in self.known if article.newsletter_id == newsletter_id)


def feed(number: int) -> bytes:
    words = "A sentence of the post that says a little and goes on for a while. " * 20
    items = "".join(
        f"<item><title>Post {item} of {number}</title><link>https://blog{number}.example.org/{item}</link>"
        f"<guid>b{number}-{item}</guid><pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{words}&lt;/p&gt;</description></item>"
        for item in range(ENTRIES)
    )
    return f'<rss version="2.0"><channel><title>Blog {number}</title>{items}</channel></rss>'.encode()


def measure() -> dict[str, float]:
    last_modified = "Thu, 19 Nov 2026 08:00:00 GMT"
    routes = {
        f"/{number}": local.conditional(feed(number), etag=f'"{number}"', last_modified=last_modified)
        for number in range(FEEDS)
    }
    with local.serving(routes, host=ANY) as server:
        sources = [
            Source(
                key=f"source-{number}",
                newsletter_id="bonds",
                kind="feed",
                url=server.url(f"/{number}", host=f"127.0.1.{number + 1}"),
                section="posts",
                language="en",
                limit=3,
                minimum_interval_minutes=30,
            )
            for number in range(FEEDS)
        ]
        memory = Memory()
        reader = FeedReader(HttpClient(user_agent="digest/bench", allow_private_addresses=True))
        seconds = []
        for _ in range(2):
            started = time.perf_counter()
            report = collect(sources, memory, reader, now=NOW, force=True)
            seconds.append(round(time.perf_counter() - started, 3))
            assert report.problems == ()
        assert len(memory.known) == FEEDS * ENTRIES
        return {"first_run_seconds": seconds[0], "unchanged_run_seconds": seconds[1]}


if __name__ == "__main__":
    print(json.dumps({"name": "collect from 50 feeds of 30 entries", **measure()}))
