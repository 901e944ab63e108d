"""The research sources put together over one HTTP client, so that one pace holds for everything asked of a host."""

from datetime import UTC, datetime

from digest.adapters.http import HttpClient
from digest.adapters.sources.reader import FeedReader
from digest.adapters.sources.research import ResearchReader, SourceRouter
from digest.adapters.sources.research_http import ResearchClient
from digest.adapters.sources.work_finder import ResearchFinder


def sources_and_finder(
    http: HttpClient, *, contact: str, crossref: str, europepmc: str
) -> tuple[SourceRouter, ResearchFinder]:
    """Return what reads every kind of source, and what looks studies up; a `contact` with an @ is told to the servers."""
    client = ResearchClient(http.fetch)
    research = ResearchReader(client, now=_now, contact=contact)
    mailto = contact if "@" in contact else ""
    finder = ResearchFinder(client, now=_now, mailto=mailto, crossref=crossref, europepmc=europepmc)
    return SourceRouter(FeedReader(http), research), finder


def _now() -> datetime:
    return datetime.now(UTC)
