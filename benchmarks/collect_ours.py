"""One process that collects from N local feeds twice, into a real database: started by bench_collect.py, which see."""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.models.source import FeedCache, Source, SourceAnswer


def source(number: int, port: int) -> "Source":
    from digest.models.source import Source

    # Every feed has a loopback address of its own, as every blog has a host.
    host = f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"
    return Source(
        key=f"source-{number}",
        newsletter_id="bonds",
        kind="feed",
        url=f"http://{host}:{port}/{number}.xml",
        section="research",
        language="en",
        limit=3,
        minimum_interval_minutes=30,
    )


def shares(sources: "list[Source]", database: str) -> dict[str, float]:
    """Return the processor time of fetching, of parsing and of deciding and storing, each done alone."""
    from digest.adapters.http import HttpClient, HttpRequest
    from digest.adapters.sources.feeds import parse_unguarded
    from digest.adapters.stores.database import open_database
    from digest.adapters.stores.state import StateStore
    from digest.models.source import Fetched, Read
    from digest.stages.collect import collect

    few = sources[:50]
    started = time.process_time()
    client = HttpClient(user_agent="digest/bench", allow_private_addresses=True)
    answers = [answer for _, answer in client.fetch_many([HttpRequest(url=one.url, key=one.key) for one in few])]
    fetched = time.process_time()
    feeds = [parse_unguarded(one.body, one.url, one.content_type) for one in answers if isinstance(one, Fetched)]
    parsed = time.process_time()

    class Kept:
        def read_all(self, asked: "Sequence[tuple[Source, FeedCache]]") -> "Iterator[tuple[Source, SourceAnswer]]":
            for (source, _), feed in zip(asked, feeds, strict=True):
                yield source, Read(feed=feed, body_sha256="0")

    store = StateStore(open_database(database, "state"))
    opened = time.process_time()
    collect(few, store, Kept(), now=datetime.now(UTC), force=True)
    stored = time.process_time()
    parts = {"fetch": fetched - started, "parse": parsed - fetched, "store": stored - opened}
    return {f"share_{name}": part / sum(parts.values()) for name, part in parts.items()}


def main(port: int, feeds: int, database: str) -> None:
    # Here and not above: the parsers' processes import this file too, and need none of it.
    from digest.adapters.http import HttpClient
    from digest.adapters.sources.reader import SiteReader
    from digest.adapters.stores.database import open_database
    from digest.adapters.stores.state import StateStore
    from digest.stages.collect import collect

    store = StateStore(open_database(database, "state"))
    sources = [source(number, port) for number in range(feeds)]
    seconds = []
    for _ in range(2):
        reader = SiteReader(HttpClient(user_agent="digest/bench", allow_private_addresses=True))
        started = time.perf_counter()
        report = collect(sources, store, reader, now=datetime.now(UTC), force=True)
        seconds.append(time.perf_counter() - started)
        assert report.problems == (), report.problems[:3]
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures = {
        **shares(sources, f"{database}-shares"),
        "first": seconds[0],
        "unchanged": seconds[1],
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
        "largest_mb": max(one.ru_maxrss for one in used) / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
