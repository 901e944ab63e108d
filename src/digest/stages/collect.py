"""Stage 1: ask the sources that are due; tell new, edited and known articles apart. One broken source stops nothing.

`due` and `decide` are pure. A date more than a day ahead of now is a journal's issue date or a wrong clock, and becomes
the moment the article was first seen; a missing date stays missing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.models.article import Article, ArticleText, Block
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.models.report import Problem, StageReport
from digest.models.source import Blocked, FeedCache, Fetched, FetchResult, Gone, Source, Unchanged
from digest.ports import ArticleStore, SourceReader
from digest.text.headings import heading_of
from digest.text.language import UNKNOWN, identify, same_language
from digest.works.identity import article_name, content_identity, public_url
from digest.works.shelf import Shelf, content_sha256, title_of

_FIRST_PAUSE = timedelta(minutes=30)
_LONGEST_PAUSE = timedelta(days=1)
_LONGEST_SILENCE = timedelta(days=8)
"""A later `next_at` comes from a wrong clock and is not believed."""

_AHEAD = timedelta(days=1)
_SURE = 0.6
_LONG_ENOUGH = 200
"""Characters: a shorter text does not outweigh the language that the feed declares."""

_LOOKED_AT = 1_000
"""Characters that are enough to tell a language."""

_MEND_WAIT = "Nothing to do: it is asked again later."
_MEND_ADDRESS = "Open the address in a browser and mend it in digest.toml."
_MEND_GONE = "Take the source out of digest.toml, or give its new address."


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one feed brought; the texts are one line an entry."""

    new: tuple[Article, ...] = ()
    updated: tuple[Article, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def due(
    sources: Sequence[Source], caches: Mapping[str, FeedCache], now: datetime, *, force: bool = False
) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Return the sources to be asked now, and a line for each other one."""
    ready, waiting = list[Source](), list[str]()
    for source in sources:
        next_at = caches[source.key].next_at
        if force or next_at is None or not now < next_at < now + _LONGEST_SILENCE:
            ready.append(source)
        else:
            waiting.append(f"{public_url(source.url)}: not due until {next_at:%Y-%m-%d %H:%M} UTC")
    return tuple(ready), tuple(waiting)


def decide(parsed: ParsedFeed, source: Source, known: Sequence[Article], now: datetime) -> Collected:
    """Tell new, edited and known entries apart. `known` are all articles of the newsletter.

    Identity is per source: guid, else address, else title and text. An entry that another source brought already
    (same address, or same DOI of somebody else's work) is skipped.
    """
    shelf = Shelf(source, known, parsed.entries)
    new, updated = dict[str, Article](), dict[str, Article]()
    unchanged, skipped = list[str](), list[str]()
    for entry in parsed.entries:
        label = title_of(entry)
        if not label:
            skipped.append("an entry was skipped: it has no title, no link and no text")
            continue
        if elsewhere := shelf.elsewhere(entry):
            skipped.append(f"“{label}” was skipped: another source brought it as {elsewhere}")
            continue
        old = shelf.find(entry)
        if old is None:
            article = _new_article(entry, parsed, source, shelf, now)
            new[article.article_id] = article
            shelf.add(article, entry)
        elif old.article_id in new or old.article_id in updated:
            skipped.append(f"“{label}” was skipped: the feed has it twice")
        elif old.content_sha256 == content_sha256(entry):
            unchanged.append(f"“{label}” is unchanged ({old.article_id})")
        else:
            updated[old.article_id] = _edited(old, _new_article(entry, parsed, source, shelf, now))
    return Collected(
        new=tuple(new.values()), updated=tuple(updated.values()), unchanged=tuple(unchanged), skipped=tuple(skipped)
    )


def collect(
    sources: Sequence[Source], store: ArticleStore, reader: SourceReader, *, now: datetime, force: bool = False
) -> StageReport:
    """Ask what is due and store what is new together with the validators that brought it. Raises StorageError."""
    caches = {source.key: store.feed_cache(source.key) for source in sources}
    ready, waiting = due(sources, caches, now, force=force)
    reports = [StageReport(stage="collect", skipped=waiting)]
    if ready:
        library = _Library(store)
        for source, result in reader.fetch_all([(source, caches[source.key]) for source in ready]):
            reports.append(_take(source, caches[source.key], result, library, reader, now))
    return StageReport(
        stage="collect",
        made=tuple(line for report in reports for line in report.made),
        skipped=tuple(line for report in reports for line in report.skipped),
        problems=tuple(problem for report in reports for problem in report.problems),
    )


class _Library:
    """The store, with its articles read once a run and not once a source."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._known: dict[str, dict[str, Article]] = {}

    def articles(self, newsletter_id: str) -> tuple[Article, ...]:
        """All known articles of a newsletter."""
        if newsletter_id not in self._known:
            stored = self._store.articles(newsletter_id)
            self._known[newsletter_id] = {article.article_id: article for article in stored}
        return tuple(self._known[newsletter_id].values())

    def save(self, cache: FeedCache, articles: Sequence[Article] = ()) -> None:
        """Store articles and the validators that brought them, in one transaction."""
        self._store.save_collected(cache, articles)
        for article in articles:
            self._known[article.newsletter_id][article.article_id] = article


def _new_article(entry: ParsedEntry, parsed: ParsedFeed, source: Source, shelf: Shelf, now: datetime) -> Article:
    title, guid, published = title_of(entry), shelf.guid(entry), entry.published
    key = shelf.url_key(entry)
    identity = f"{guid}\n{key}" if guid or key else content_identity(title, entry.text)
    return Article(
        article_id=article_name(guid, title, identity, shelf.names),
        newsletter_id=source.newsletter_id,
        source_key=source.key,
        section=source.section,
        guid=guid,
        authors=entry.authors,
        published=now if published and published > now + _AHEAD else published,
        first_seen=now,
        rights="own" if source.is_own else "third-party",
        text=ArticleText(
            url=entry.url,
            language=_language(entry, parsed, source),
            title=title,
            categories=entry.categories,
            blocks=feed_blocks(entry.text),
        ),
        teaser=entry.text,
        comments_url=entry.comments_url,
        doi=entry.doi,
        journal=entry.journal,
        content_sha256=content_sha256(entry),
    )


def _edited(old: Article, fresh: Article) -> Article:
    """Take what the feed says now; what was read from the page stays until the page is read again."""
    longer = old.completed and sum(len(block.text) for block in old.text.blocks) > len(fresh.teaser)
    text = replace(
        old.text,
        url=fresh.text.url or old.text.url,
        title=fresh.text.title,
        categories=fresh.text.categories or old.text.categories,
        blocks=old.text.blocks if longer else fresh.text.blocks,
    )
    return replace(
        old,
        guid=fresh.guid or old.guid,
        authors=fresh.authors or old.authors,
        published=old.published or fresh.published,
        text=text,
        teaser=fresh.teaser,
        comments_url=fresh.comments_url or old.comments_url,
        doi=fresh.doi or old.doi,
        journal=fresh.journal or old.journal,
        content_sha256=fresh.content_sha256,
        completed=False,
    )


def feed_blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs of a feed's text; the author's own headings are recognised."""
    parts = (part.strip() for part in text.split("\n\n"))
    return tuple(Block(kind="heading" if heading_of(part) else "paragraph", text=part) for part in parts if part)


def _language(entry: ParsedEntry, parsed: ParsedFeed, source: Source) -> str:
    """Return what the feed declares, else what the settings say; a long text that clearly reads otherwise wins."""
    declared = entry.language or parsed.language or source.language or ""
    if declared and len(entry.text) < _LONG_ENOUGH:
        return declared
    found, confidence = identify(f"{entry.title}. {entry.text[:_LOOKED_AT]}")
    if found != UNKNOWN and confidence >= _SURE and not same_language(found, declared):
        return found
    return declared or found


def _take(
    source: Source, cache: FeedCache, result: FetchResult, library: _Library, reader: SourceReader, now: datetime
) -> StageReport:
    """Do what one answer asks for."""
    match result:
        case Fetched():
            return _read(source, cache, result, library, reader, now)
        case Unchanged():
            library.save(_rested(cache, source, result.max_age_seconds, now, "unchanged"))
            return StageReport(stage="collect", skipped=(f"{public_url(source.url)}: nothing changed",))
        case Gone(reason=reason):
            return _failed(source, cache, library, _LONGEST_PAUSE, (reason, _MEND_GONE), now)
        case Blocked(reason=reason, retry_after_seconds=asked):
            pause = max(timedelta(seconds=asked or 0), _pause(cache))
            return _failed(source, cache, library, pause, (reason, _MEND_WAIT), now)
    return _failed(source, cache, library, _pause(cache), (result.reason, _MEND_ADDRESS), now)


def _read(
    source: Source, cache: FeedCache, result: Fetched, library: _Library, reader: SourceReader, now: datetime
) -> StageReport:
    """Read a body that is not the last one again, and store what it brings."""
    where = public_url(source.url)
    digest = hashlib.sha256(result.body).hexdigest()
    if digest == cache.body_sha256:
        known = replace(cache, etag=result.etag, last_modified=result.last_modified)
        library.save(_rested(known, source, result.max_age_seconds, now, "unchanged"))
        return StageReport(stage="collect", skipped=(f"{where}: the same bytes as last time",))
    parsed = reader.parse(result.body, url=result.url, content_type=result.content_type)
    if not parsed.entries and parsed.problems != (EMPTY_FEED,):
        reason = " ".join(parsed.problems) or "The feed has no entries."
        return _failed(source, cache, library, _pause(cache), (reason, _MEND_ADDRESS), now)
    found = decide(parsed, source, library.articles(source.newsletter_id), now)
    # A feed that could only be read in part is asked again whole: no validators, no 304.
    whole = not parsed.problems
    read = replace(
        cache,
        etag=result.etag if whole else None,
        last_modified=result.last_modified if whole else None,
        body_sha256=digest,
    )
    library.save(_rested(read, source, result.max_age_seconds, now, "read"), (*found.new, *found.updated))
    return _brought(where, parsed, found)


def _brought(where: str, parsed: ParsedFeed, found: Collected) -> StageReport:
    counts = (
        f"{where}: {len(found.new)} new, {len(found.updated)} edited, {len(found.unchanged)} unchanged, "
        f"{len(found.skipped)} skipped"
    )
    made = (
        *(f"{where}: new: “{article.text.title}” ({article.article_id})" for article in found.new),
        *(f"{where}: edited: “{article.text.title}” ({article.article_id})" for article in found.updated),
    )
    problems = [what for what in parsed.problems if what != EMPTY_FEED]
    return StageReport(
        stage="collect",
        made=made,
        skipped=(counts, *(f"{where}: {line}" for line in (*found.unchanged, *found.skipped))),
        problems=tuple(Problem(where=where, what=what, mend="Tell the owner of the feed.") for what in problems),
    )


def _failed(
    source: Source, cache: FeedCache, library: _Library, pause: timedelta, said: tuple[str, str], now: datetime
) -> StageReport:
    """Remember a failure: the pause grows with each, and the validators stay those of the last good answer."""
    reason, mend = said
    broken = replace(cache, next_at=now + pause, errors=cache.errors + 1, last_status=reason[:200])
    library.save(broken)
    return StageReport(
        stage="collect", problems=(Problem(where=public_url(source.url), what=_sentence(reason), mend=mend),)
    )


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


def _rested(cache: FeedCache, source: Source, max_age: int | None, now: datetime, status: str) -> FeedCache:
    pause = max(timedelta(minutes=source.minimum_interval_minutes), timedelta(seconds=max_age or 0))
    return replace(cache, next_at=now + min(pause, _LONGEST_SILENCE), errors=0, last_status=status)


def _pause(cache: FeedCache) -> timedelta:
    return min(_FIRST_PAUSE * (1 << min(cache.errors, 10)), _LONGEST_PAUSE)
