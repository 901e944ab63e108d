"""Collect: what is due, what is new, what changed. One broken source never stops the rest."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.models.article import Article, ArticleText
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.report import Problem, StageReport
from digest.models.source import Blocked, Failed, FeedCache, Fetched, FetchResult, Gone, Source, Unchanged
from digest.ports import ArticleStore, SourceReader
from digest.works.citations import citation_of_record
from digest.works.identity import url_key

FIRST_BACK_OFF = timedelta(minutes=30)
LONGEST_BACK_OFF = timedelta(days=1)
LONGEST_SILENCE = timedelta(days=7)
TITLE_WORDS = 12
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one feed brought."""

    articles: tuple[Article, ...]
    """New and edited ones."""
    made: tuple[str, ...]
    skipped: tuple[str, ...]


def due(sources: Sequence[Source], caches: Mapping[str, FeedCache], now: datetime) -> tuple[Source, ...]:
    """The sources that may be asked now."""
    return tuple(source for source in sources if (caches[source.key].next_at or now) <= now)


def decide(parsed: ParsedFeed, source: Source, known: Sequence[Article], now: datetime) -> Collected:
    """Tell new, edited and unchanged entries apart, by guid, else link, else content."""
    by_guid = {article.guid: article for article in known if article.source_key == source.key and article.guid}
    by_url = {url_key(article.text.url): article for article in known if article.text.url}
    taken = {article.article_id for article in known}
    articles: dict[str, Article] = {}
    made, skipped = [], []
    for entry in parsed.entries:
        old = by_guid.get(entry.guid) or by_url.get(url_key(entry.url) or " ")
        content = _content_hash(entry)
        if old is None:
            article = _article(entry, source, parsed, content, taken, now)
            taken.add(article.article_id)
            by_guid[entry.guid or " "] = article
            by_url[url_key(entry.url) or "  "] = article
            articles[article.article_id] = article
            made.append(f"new: {article.article_id}: {article.text.title!r}")
        elif old.content_sha256 == content or old.article_id in articles:
            skipped.append(f"{old.article_id}: unchanged")
        else:
            articles[old.article_id] = replace(
                _article(entry, source, parsed, content, taken, now),
                article_id=old.article_id,
                guid=old.guid or entry.guid,
                first_seen=old.first_seen,
            )
            made.append(f"edited: {old.article_id}: {entry.title!r}")
    return Collected(articles=tuple(articles.values()), made=tuple(made), skipped=tuple(skipped))


def _article(
    entry: ParsedEntry, source: Source, parsed: ParsedFeed, content: str, taken: set[str], now: datetime
) -> Article:
    title = entry.title or " ".join(entry.text.split()[:TITLE_WORDS]) or entry.url or "?"
    own = source.is_own
    citation = citation_of_record(
        title=title,
        authors=entry.authors,
        journal=entry.journal,
        doi=entry.doi,
        guid=entry.guid,
        record=entry.text,
        published=entry.published.year if entry.published else None,
    )
    return Article(
        article_id=_article_id(entry, title, taken),
        newsletter_id=source.newsletter_id,
        source_key=source.key,
        section=source.section,
        guid=entry.guid,
        authors=entry.authors,
        published=entry.published,
        first_seen=now,
        rights="own" if own else "third-party",
        text=ArticleText(
            url=entry.url,
            language=entry.language or parsed.language or source.language or "und",
            title=title,
            categories=entry.categories,
        ),
        teaser=entry.text,
        comments_url=entry.comments_url,
        doi=entry.doi,
        journal=entry.journal,
        citations=() if own else (citation,),
        content_sha256=content,
        completed=not own,
    )


def _article_id(entry: ParsedEntry, title: str, taken: set[str]) -> str:
    if _SLUG.fullmatch(entry.guid) and entry.guid not in taken:
        return entry.guid
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "article"
    identity = entry.guid or url_key(entry.url) or title + entry.text
    name = f"{slug}-{hashlib.sha256(identity.encode('utf-8', 'replace')).hexdigest()[:6]}"
    while name in taken:
        name += "x"
    return name


def _content_hash(entry: ParsedEntry) -> str:
    said = "\n".join((entry.title, entry.text, *entry.authors, *entry.categories))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def collect(
    sources: Sequence[Source], store: ArticleStore, reader: SourceReader, *, now: datetime, force: bool = False
) -> StageReport:
    """Ask the sources that are due and store what they bring, with the validators, in one transaction each."""
    caches = {source.key: store.feed_cache(source.key) for source in sources}
    asked = tuple(sources) if force else due(sources, caches, now)
    made: list[str] = []
    problems: list[Problem] = []
    skipped = [
        f"{source.url}: not due until {caches[source.key].next_at:%Y-%m-%d %H:%M} UTC"
        for source in sources
        if source not in asked
    ]
    for source, result in reader.fetch_all([(source, caches[source.key]) for source in asked]) if asked else ():
        one = _take(source, result, caches[source.key], store, reader, now)
        made += one.made
        skipped += one.skipped
        problems += one.problems
    return StageReport(stage="collect", made=tuple(made), skipped=tuple(skipped), problems=tuple(problems))


def _take(
    source: Source, result: FetchResult, cache: FeedCache, store: ArticleStore, reader: SourceReader, now: datetime
) -> StageReport:
    match result:
        case Fetched():
            return _read(source, result, cache, store, reader, now)
        case Unchanged():
            store.save_collected(_good(source, cache, result.max_age_seconds, now), ())
            return StageReport(stage="collect", skipped=(f"{source.url}: unchanged",))
        case Gone():
            wait, mend = LONGEST_BACK_OFF, "Take the source out of digest.toml if that is so."
        case Blocked():
            asked_for = timedelta(seconds=result.retry_after_seconds or 0)
            wait, mend = min(max(asked_for, _back_off(cache)), LONGEST_SILENCE), "It is asked again later."
        case Failed():
            wait, mend = _back_off(cache), "It is asked again later."
    store.save_collected(_bad(cache, wait, result.reason, now), ())
    return _problem(source, result.reason, mend)


def _read(
    source: Source, result: Fetched, cache: FeedCache, store: ArticleStore, reader: SourceReader, now: datetime
) -> StageReport:
    body_hash = hashlib.sha256(result.body).hexdigest()
    good = replace(
        _good(source, cache, result.max_age_seconds, now),
        etag=result.etag,
        last_modified=result.last_modified,
        body_sha256=body_hash,
    )
    if body_hash == cache.body_sha256:
        store.save_collected(good, ())
        return StageReport(stage="collect", skipped=(f"{source.url}: the same as last time",))
    parsed = reader.parse(result.body, url=result.url, content_type=result.content_type)
    if parsed.problems and not parsed.entries:
        reason = "; ".join(parsed.problems)
        store.save_collected(_bad(cache, _back_off(cache), reason, now), ())
        return _problem(source, reason, "Check the address of the feed in digest.toml.")
    found = decide(parsed, source, store.articles(source.newsletter_id), now)
    store.save_collected(good, found.articles)
    problems = tuple(Problem(where=source.url, what=what) for what in parsed.problems)
    return StageReport(stage="collect", made=found.made, skipped=found.skipped, problems=problems)


def _problem(source: Source, what: str, mend: str) -> StageReport:
    return StageReport(stage="collect", problems=(Problem(where=source.url, what=what, mend=mend),))


def _good(source: Source, cache: FeedCache, max_age: int | None, now: datetime) -> FeedCache:
    wait = max(timedelta(minutes=source.minimum_interval_minutes), timedelta(seconds=max_age or 0))
    return replace(cache, next_at=now + wait, errors=0, last_status="good")


def _bad(cache: FeedCache, wait: timedelta, reason: str, now: datetime) -> FeedCache:
    return replace(cache, next_at=now + wait, errors=cache.errors + 1, last_status=reason[:300])


def _back_off(cache: FeedCache) -> timedelta:
    return min(FIRST_BACK_OFF * 2 ** min(cache.errors, 10), LONGEST_BACK_OFF)
