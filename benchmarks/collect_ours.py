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
    from digest.models.source import Source


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
        "first": seconds[0],
        "unchanged": seconds[1],
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
        "largest_mb": max(one.ru_maxrss for one in used) / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
