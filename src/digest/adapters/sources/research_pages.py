"""One page of each research source: how it is asked, and where the next page is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from digest.adapters.sources import crossref_work, europepmc_work, openalex_work, pubmed_work, scielo_work
from digest.adapters.sources import json_fields as fields
from digest.adapters.sources.research_http import ResearchClient, Unusable
from digest.models.source import Source
from digest.models.work import Work

_PAGE = 50
_SCIELO_PAGE = 10
"""Each article is a request of its own."""

_LONGEST_CURSOR = 2_000
_CHANGED = "the answer has another shape than documented; nothing was read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one page is asked for."""

    source: Source
    since: date
    until: date
    cursor: str
    """Empty for the first page."""
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page brings."""

    works: tuple[Work, ...] = ()
    next_cursor: str = ""
    """Empty on the last page."""
    problems: tuple[str, ...] = ()


Answer = Page | Unusable


def crossref(client: ResearchClient, asked: Asked, now: datetime) -> Answer:
    """Ask `/works`, by journals and words, for what was indexed since a day."""
    filters = [f"from-index-date:{asked.since}", *(f"issn:{issn}" for issn in asked.source.issns)]
    parameters = {"filter": ",".join(filters), "rows": str(_PAGE), "cursor": asked.cursor or "*"}
    if asked.source.query:
        parameters["query.bibliographic"] = asked.source.query
    if "@" in asked.contact:
        parameters["mailto"] = asked.contact
    answer = client.get_json(f"{asked.source.url.rstrip('/')}/works", parameters)
    if isinstance(answer, Unusable):
        return answer
    listed = fields.at(answer, "message", "items")
    if not isinstance(listed, list):
        return Unusable(reason=_CHANGED)
    more = fields.text(answer, "message", "next-cursor")
    return Page(works=crossref_work.works_of(answer, now), next_cursor=_next(more, asked, len(listed) >= _PAGE))


def europepmc(client: ResearchClient, asked: Asked, now: datetime) -> Answer:
    """Ask the search for what was first indexed in a span of days."""
    parts = [f"(FIRST_IDATE:[{asked.since} TO {asked.until}])"]
    if asked.source.query:
        parts.append(f"({asked.source.query})")
    if asked.source.issns:
        parts.append("(" + " OR ".join(f'ISSN:"{issn}"' for issn in asked.source.issns) + ")")
    parameters = {
        "query": " AND ".join(parts),
        "resultType": "core",
        "format": "json",
        "pageSize": str(_PAGE),
        "cursorMark": asked.cursor or "*",
    }
    answer = client.get_json(f"{asked.source.url.rstrip('/')}/search", parameters)
    if isinstance(answer, Unusable):
        return answer
    if not isinstance(fields.at(answer, "resultList"), dict):
        return Unusable(reason=_CHANGED)
    works = europepmc_work.works_of(answer, now)
    more = fields.text(answer, "nextCursorMark")
    return Page(works=works, next_cursor=_next(more, asked, more != asked.cursor and bool(works)))


def openalex(client: ResearchClient, asked: Asked, now: datetime) -> Answer:
    """Ask `/works`; it needs a key."""
    filters = [f"from_publication_date:{asked.since}"]
    if asked.source.issns:
        filters.append("primary_location.source.issn:" + "|".join(asked.source.issns))
    parameters = {"filter": ",".join(filters), "per-page": str(_PAGE), "cursor": asked.cursor or "*"}
    if asked.source.query:
        parameters["search"] = asked.source.query
    if asked.source.api_key:
        parameters["api_key"] = asked.source.api_key
    answer = client.get_json(f"{asked.source.url.rstrip('/')}/works", parameters)
    if isinstance(answer, Unusable):
        return answer
    if not isinstance(fields.at(answer, "results"), list):
        return Unusable(reason=_CHANGED)
    works = openalex_work.works_of(answer, now)
    return Page(works=works, next_cursor=_next(fields.text(answer, "meta", "next_cursor"), asked, bool(works)))


def pubmed(client: ResearchClient, asked: Asked, now: datetime) -> Answer:
    """Ask esearch for what entered in a span of days, then efetch for the records, if there are any."""
    base = asked.source.url.rstrip("/")
    polite = {"tool": "digest"} | ({"email": asked.contact} if "@" in asked.contact else {})
    polite |= {"api_key": asked.source.api_key} if asked.source.api_key else {}
    terms = [f"({asked.source.query})"] if asked.source.query else []
    if asked.source.issns:
        terms.append("(" + " OR ".join(f"{issn}[is]" for issn in asked.source.issns) + ")")
    start = int(asked.cursor) if asked.cursor.isdigit() else 0
    search = {
        "db": "pubmed",
        "term": " AND ".join(terms),
        "datetype": "edat",
        "mindate": f"{asked.since:%Y/%m/%d}",
        "maxdate": f"{asked.until:%Y/%m/%d}",
        "retmode": "json",
        "retmax": str(_PAGE),
        "retstart": str(start),
    }
    found = client.get_json(f"{base}/esearch.fcgi", search | polite)
    if isinstance(found, Unusable):
        return found
    if not isinstance(fields.at(found, "esearchresult", "idlist"), list):
        error = fields.text(found, "esearchresult", "ERROR") or fields.text(found, "error")
        return Unusable(reason=f"PubMed did not understand the query: {error[:200]}" if error else _CHANGED)
    pmids = [pmid for pmid in fields.texts(found, "esearchresult", "idlist") if pmid.isdigit()]
    if not pmids:
        return Page()
    fetch = {"db": "pubmed", "id": ",".join(pmids), "retmode": "xml"} | polite
    answer = client.get(f"{base}/efetch.fcgi", fetch, accept="application/xml")
    if isinstance(answer, Unusable):
        return answer
    works, problem = pubmed_work.works_of(answer.body, now)
    if problem and not works:
        return Unusable(reason=problem.rstrip(".").lower())
    total = fields.text(found, "esearchresult", "count")
    more = total.isdigit() and start + len(pmids) < int(total[:9])
    return Page(
        works=works, next_cursor=str(start + len(pmids)) if more else "", problems=(problem,) if problem else ()
    )


def scielo(client: ResearchClient, asked: Asked, now: datetime) -> Answer:
    """Ask for the identifiers of each journal since a day, then for some of the articles."""
    base = asked.source.url.rstrip("/")
    journal, skip = _journal_and_offset(asked)
    if journal >= len(asked.source.issns):
        return Page()
    parameters = {
        "collection": asked.source.collection or "scl",
        "issn": asked.source.issns[journal],
        "from": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        "limit": str(_SCIELO_PAGE),
        "offset": str(skip),
    }
    listed = client.get_json(f"{base}/article/identifiers/", parameters)
    if isinstance(listed, Unusable):
        return listed
    if not isinstance(fields.at(listed, "objects"), list):
        return Unusable(reason=_CHANGED)
    codes = [code for one in fields.items(listed, "objects") if (code := fields.text(one, "code"))][:_SCIELO_PAGE]
    works: list[Work] = []
    for code in codes:
        answer = client.get_json(f"{base}/article/", {"collection": parameters["collection"], "code": code})
        if isinstance(answer, Unusable):
            return answer
        if work := scielo_work.work_of(answer, now):
            works.append(work)
    following = (journal, skip + len(codes)) if len(codes) == _SCIELO_PAGE else (journal + 1, 0)
    over = following[0] >= len(asked.source.issns)
    return Page(works=tuple(works), next_cursor="" if over else f"{following[0]}.{following[1]}")


def _journal_and_offset(asked: Asked) -> tuple[int, int]:
    journal, _, offset = asked.cursor.partition(".")
    return (int(journal), int(offset)) if journal.isdigit() and offset.isdigit() else (0, 0)


def _next(cursor: str, asked: Asked, more: bool) -> str:  # noqa: FBT001 - whether there is more is the question
    """A cursor that does not move, or is no cursor, ends the reading."""
    return cursor if more and cursor and cursor != asked.cursor and len(cursor) <= _LONGEST_CURSOR else ""


ASK: dict[str, Callable[[ResearchClient, Asked, datetime], Answer]] = {
    "crossref": crossref,
    "europepmc": europepmc,
    "openalex": openalex,
    "pubmed": pubmed,
    "scielo": scielo,
}
