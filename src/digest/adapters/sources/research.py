"""PubMed, Europe PMC, Crossref, SciELO and OpenAlex as sources: what is new since the last visit, page by page.

What a visit leaves over stands in the validator of the source (`from`, and the place in the list), so that the next run
goes on there. When nothing is new, each source costs one request.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from digest.adapters.sources import research_pages as pages
from digest.adapters.sources.research_http import ResearchClient, Unusable
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.models.source import Blocked, Failed, FeedCache, Read, Source, SourceAnswer
from digest.models.work import Work
from digest.ports import SourceReader
from digest.works.candidates import is_study
from digest.works.merge import merged

_FIRST_LOOK = timedelta(days=60)
_OVERLAP = timedelta(days=2)
"""Indexes take in records with the date of yesterday."""

_MOST_PAGES = 3
"""A visit; the rest is read by the next ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where reading stands: from which day, and how far in the list of it."""

    since: date
    until: date
    cursor: str = ""


class ResearchReader:
    """Reads research sources; every failure is an answer, never an exception."""

    def __init__(self, client: ResearchClient, *, now: Callable[[], datetime], contact: str = "") -> None:
        self._client = client
        self._now = now
        self._contact = contact

    def read(self, source: Source, cache: FeedCache) -> SourceAnswer:
        """Return what is new since the last visit, at most three pages of it."""
        place = _place(cache.etag, self._now().date())
        ask = pages.ASK[source.kind]
        works: list[Work] = []
        problems: list[str] = []
        for _ in range(_MOST_PAGES):
            asked = pages.Asked(
                source=source, since=place.since, until=place.until, cursor=place.cursor, contact=self._contact
            )
            page = ask(self._client, asked, self._now())
            if isinstance(page, Unusable):
                if not works:
                    return _failure(page)
                break
            works += page.works
            problems += page.problems
            place = replace(place, cursor=page.next_cursor)
            if not page.next_cursor:
                break
        return _answer(source, works, problems, place)


class SourceRouter:
    """`SourceReader` for every kind of source."""

    def __init__(self, feeds: SourceReader, research: ResearchReader) -> None:
        self._feeds = feeds
        self._research = research

    def read_all(self, asked: Sequence[tuple[Source, FeedCache]]) -> Iterable[tuple[Source, SourceAnswer]]:
        """Yield one answer a source: feeds side by side, research sources one after the other."""
        feeds = [(source, cache) for source, cache in asked if source.kind not in pages.ASK]
        if feeds:
            yield from self._feeds.read_all(feeds)
        for source, cache in asked:
            if source.kind in pages.ASK:
                yield source, self._research.read(source, cache)


def _place(remembered: str | None, today: date) -> _Place:
    """Return where to go on; what can not be read is forgotten."""
    said = dict(parse_qsl(remembered or ""))
    try:
        since = date.fromisoformat(said.get("since", ""))
        until = date.fromisoformat(said.get("until", ""))
    except ValueError:
        return _Place(since=today - _FIRST_LOOK, until=today)
    if said.get("cursor") and since <= until <= today:
        return _Place(since=since, until=until, cursor=said["cursor"])
    return _Place(since=max(min(until, today) - _OVERLAP, today - _FIRST_LOOK), until=today)


def _answer(source: Source, works: Iterable[Work], problems: Sequence[str], place: _Place) -> Read:
    studies = merged(work for work in works if is_study(work))
    entries = tuple(_entry(work) for work in studies if work.titles)
    remembered = {"since": place.since.isoformat(), "until": place.until.isoformat(), "cursor": place.cursor}
    digest = hashlib.sha256("\n".join(entry.guid for entry in entries).encode()).hexdigest()
    feed = ParsedFeed(
        title=source.kind,
        language=source.language,
        entries=entries,
        problems=tuple(problems) if entries or problems else (EMPTY_FEED,),
    )
    return Read(feed=feed, body_sha256=digest, etag=urlencode(remembered))


def _entry(work: Work) -> ParsedEntry:
    title = work.titles[0]
    own = [abstract.text for abstract in work.abstracts if abstract.language == title.language]
    abstract = next(iter(own), work.abstracts[0].text if work.abstracts else "")
    names = (f"{person.given} {person.family}".strip() for person in work.authors)
    return ParsedEntry(
        guid=next(iter(_guids(work)), ""),
        url=f"https://doi.org/{work.doi}" if work.doi else _page(work),
        title=title.text,
        authors=tuple(names),
        published=_published(work),
        updated=None,
        language=title.language or None,
        text=abstract,
        html="",
        doi=work.doi,
        journal=work.journal,
        work=work,
    )


def _guids(work: Work) -> Iterator[str]:
    for kind, name in (("doi", work.doi), ("pubmed", work.pmid), ("scielo", work.scielo_pid), ("pmc", work.pmcid)):
        if name:
            yield f"{kind}:{name}"


def _page(work: Work) -> str:
    return f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}/" if work.pmid else work.free_url


def _published(work: Work) -> datetime | None:
    """The first day it could be read: journals print dates that lie in the future."""
    known = [one for one in work.dates if one.kind in {"online", "published", "print"} and one.month]
    exact = [datetime(one.year, one.month or 1, one.day or 1, tzinfo=UTC) for one in known]
    return min(exact, default=None)


def _failure(page: Unusable) -> SourceAnswer:
    if page.retry_after_seconds is not None:
        return Blocked(reason=page.reason, retry_after_seconds=page.retry_after_seconds)
    return Failed(reason=page.reason, status=page.status)
