"""Requests of a simulated month of hourly runs: what each research source is asked, and whether its limits are kept."""

import json
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import work_records as records  # noqa: E402 - found on the path set above
from digest.adapters.http import HttpRequest  # noqa: E402 - the same
from digest.adapters.sources.research import ResearchReader  # noqa: E402 - the same
from digest.adapters.sources.research_http import ResearchClient  # noqa: E402 - the same
from digest.models.source import FeedCache, Fetched, Read, Source, SourceKind  # noqa: E402 - the same

HOURS = 24 * 30
NEW_EVERY_HOURS = 12
PER_SECOND = {
    "api.crossref.org": 5, "eutils.ncbi.nlm.nih.gov": 3, "www.ebi.ac.uk": 10, "articlemeta.scielo.org": 1,
    "api.openalex.org": 10,
}  # fmt: skip
"""What each source documents for somebody without a key; SciELO and Europe PMC ask to be gentle."""

OPENALEX_LISTS_A_DAY = 10_000
URLS: dict[SourceKind, str] = {
    "crossref": "https://api.crossref.org",
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    "europepmc": "https://www.ebi.ac.uk/europepmc/webservices/rest",
    "scielo": "https://articlemeta.scielo.org/api/v1",
    "openalex": "https://api.openalex.org",
}
START = datetime(2026, 11, 1, tzinfo=UTC)


class World:
    """The sources and the clock: something new comes twice a day."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.asked: defaultdict[str, list[float]] = defaultdict(list)

    def fetch(self, request: HttpRequest) -> Fetched:
        parts = urlsplit(request.url)
        self.asked[parts.hostname or ""].append(self.seconds)
        self.seconds += 0.05
        new = int(self.seconds // 3600) % NEW_EVERY_HOURS == 0
        body = self._body(parts.path, new=new)
        limits = (("x-rate-limit-limit", "5"), ("x-rate-limit-interval", "1s")) if "crossref" in request.url else ()
        return Fetched(
            url=request.url,
            body=body,
            content_type="",
            etag=None,
            last_modified=None,
            max_age_seconds=None,
            limits=limits,
        )

    @staticmethod
    def _body(path: str, *, new: bool) -> bytes:
        if path.endswith("efetch.fcgi"):
            return records.pubmed()
        answers = {
            "esearch.fcgi": {"esearchresult": {"idlist": ["9000001"] if new else [], "count": "1"}},
            "search": {"resultList": {"result": [records.europepmc()] if new else []}},
            "identifiers": {"objects": [{"code": "S1"}] if new else []},
            "article": records.scielo(),
        }
        name = path.rstrip("/").rpartition("/")[2]
        works = [records.crossref()] if new else []
        both = {"message": {"items": works}, "results": [records.openalex()] if new else [], "meta": {}}
        return json.dumps(answers.get(name, both)).encode()

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def main() -> None:
    """Print one JSON line."""
    world = World()
    client = ResearchClient(world.fetch, clock=lambda: world.seconds, sleep=world.sleep)
    reader = ResearchReader(client, now=lambda: START + timedelta(seconds=world.seconds))
    caches: dict[str, FeedCache] = {kind: FeedCache(source_key=kind) for kind in URLS}
    for hour in range(HOURS):
        world.seconds = hour * 3600.0
        for kind, url in URLS.items():
            source = Source(
                key=kind, newsletter_id="bonds", kind=kind, url=url, section="research", language=None, limit=3,
                minimum_interval_minutes=30, query="couples", issns=("1752-0606",), collection="scl",
            )  # fmt: skip
            answer = reader.read(source, caches[kind])
            assert isinstance(answer, Read)
            caches[kind] = FeedCache(source_key=kind, etag=answer.etag)
    fastest = {host: _most_in_a_second(times) for host, times in world.asked.items()}
    assert all(fastest[host] <= limit for host, limit in PER_SECOND.items())
    assert len(world.asked["api.openalex.org"]) / 30 <= OPENALEX_LISTS_A_DAY
    figures = {"name": "requests of a month of hourly runs", "runs": HOURS}
    figures |= {f"{host} requests": len(times) for host, times in sorted(world.asked.items())}
    figures |= {f"{host} most in a second (limit {PER_SECOND[host]})": fastest[host] for host in sorted(fastest)}
    print(json.dumps(figures))


def _most_in_a_second(times: list[float]) -> int:
    return max(sum(1 for other in times[at : at + 20] if other < time + 1.0) for at, time in enumerate(times))


if __name__ == "__main__":
    main()
