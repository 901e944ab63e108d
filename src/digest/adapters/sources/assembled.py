"""The research sources put together over one HTTP client, so that one pace holds for everything asked of a host."""

from datetime import UTC, datetime
from typing import Any

from digest.adapters.http import HttpClient
from digest.adapters.sources.reader import SiteReader
from digest.adapters.sources.research import ResearchReader, SourceRouter
from digest.adapters.sources.research_http import ResearchClient
from digest.adapters.sources.work_finder import CROSSREF, EUROPE_PMC, ResearchFinder
from digest.models.inspect import citation_json
from digest.models.resolution import CouldNotCheck, NotFound
from digest.works.citations import citations_in
from digest.works.read_citations import paragraphs


def sources_and_finder(
    http: HttpClient, *, contact: str, crossref: str, europepmc: str
) -> tuple[SourceRouter, ResearchFinder]:
    """Return what reads every kind of source, and what looks studies up; a `contact` with an @ is told to the servers."""
    client = ResearchClient(http.fetch)
    research = ResearchReader(client, now=_now, contact=contact)
    mailto = contact if "@" in contact else ""
    finder = ResearchFinder(client, now=_now, mailto=mailto, crossref=crossref, europepmc=europepmc)
    return SourceRouter(SiteReader(http), research), finder


def asked_citations(
    http: HttpClient, text: str, *, crossref: str = CROSSREF, europepmc: str = EUROPE_PMC
) -> list[dict[str, Any]]:
    """Return the cited studies of a text, each looked up, as `digest inspect citations` prints them."""
    _, finder = sources_and_finder(http, contact="", crossref=crossref, europepmc=europepmc)
    told = []
    for citation in citations_in(paragraphs(text)):
        found = finder.find(citation)
        if isinstance(found, CouldNotCheck):
            told.append(citation_json(citation, NotFound()) | {"status": "unchecked", "reasons": [found.reason]})
        else:
            told.append(citation_json(citation, found))
    return told


def _now() -> datetime:
    return datetime.now(UTC)
