"""Stage 1: ask the sources that are due; store what is new or edited, with the validators that brought it.

The decisions are pure: `digest.works.visits` says who is asked and when again, `digest.works.intake` what an entry is.
One broken source stops nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from digest.models.article import Article, ArticleText, Block, Sighting
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.models.lines import Lines
from digest.models.report import Problem, StageReport
from digest.models.source import Blocked, Failed, FeedCache, Gone, Read, Source, SourceAnswer, Unchanged
from digest.ports import SourceMemory, SourceReader
from digest.text.headings import heading_of
from digest.text.language import UNKNOWN, identify, same_language
from digest.works import visits
from digest.works.identity import keys_of, name_key, public_url
from digest.works.intake import Collected, decide
from digest.works.shelf import keys_wanted, title_of

_MEND_WAIT = "Nothing to do: it is asked again later."
_MEND_FORBIDDEN = "Give the source another address in digest.toml: nothing is read from where this one leads."
_MEND_ADDRESS = "Open the address in a browser and mend it in digest.toml."
_MEND_LIST = "Nothing was taken over. Look at the site; if it has a feed, name that in digest.toml."
_MEND_GONE = "Take the source out of digest.toml, or give its new address."


_MOST_NEW_LISTED = 30
"""From one visit to the next: a page whose links all change was rebuilt, and brings no news."""

_SURE = 0.6
_LONG_ENOUGH = 200
"""Characters: a shorter text does not outweigh the language that the feed declares."""

_LOOKED_AT = 300
"""Characters that are enough to tell a language."""

_LONGEST_HEADING = 120
"""Characters: what is longer is no heading, and is not looked at as one."""


_TOGETHER = 25
"""Sources whose news is stored in one transaction: one for each took a tenth of the time of a run."""

_MOST_UNSAVED = 500
"""Articles that wait for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What all visits of one run share."""

    memory: SourceMemory
    behind: Mapping[str, Sequence[Article]]
    """By newsletter, the articles of sources that the settings no longer name: they may belong to one that moved."""
    now: datetime
    adopted: set[str] = field(default_factory=set)
    """The ids of those that this run has found a source for."""
    _caches: list[FeedCache] = field(default_factory=list)
    _articles: list[Article] = field(default_factory=list)
    _unsaved: dict[str, dict[str, Sighting]] = field(default_factory=dict)
    """By newsletter, where articles are found that are not stored yet."""

    def keep(self, cache: FeedCache, articles: Sequence[Article]) -> None:
        """Take what a visit brought, to be stored with that of others: articles never without their validators, nor these without those."""
        self._caches.append(cache)
        self._articles.extend(articles)
        for article in articles:
            sighting = Sighting(article_id=article.article_id, source_key=article.source_key)
            keys = (name_key(article.article_id), *keys_of(article.text.url, article.doi))
            self._unsaved.setdefault(article.newsletter_id, {}).update(dict.fromkeys(keys, sighting))
        if len(self._caches) >= _TOGETHER or len(self._articles) >= _MOST_UNSAVED:
            self.save()

    def save(self) -> None:
        """Store what was kept. Raises StorageError."""
        if not self._caches:
            return
        caches, articles = tuple(self._caches), tuple(self._articles)
        for kept in (self._caches, self._articles, self._unsaved):
            kept.clear()
        self.memory.save_collected(caches, articles)

    def sightings(self, newsletter_id: str, keys: Collection[str]) -> Mapping[str, Sighting]:
        """Return which article has each of these keys, stored or not."""
        unsaved = self._unsaved.get(newsletter_id, {})
        return {**self.memory.sightings(newsletter_id, keys), **{key: unsaved[key] for key in keys if key in unsaved}}


def collect(
    sources: Sequence[Source], memory: SourceMemory, reader: SourceReader, *, now: datetime, force: bool = False
) -> StageReport:
    """Ask what is due and store what it brings. Raises StorageError."""
    caches = memory.feed_caches([source.key for source in sources])
    ready, waiting = visits.due(sources, caches, now, force=force)
    gone = [source for source in sources if not force and visits.is_gone(caches[source.key])]
    made, skipped, problems = Lines(), Lines(waiting), [_gone(source) for source in gone]
    if ready:
        behind = {name: memory.left_behind(name, caches.keys()) for name in {source.newsletter_id for source in ready}}
        this = _Round(memory=memory, behind=behind, now=now)
        try:
            for source, answer in reader.read_all([(source, caches[source.key]) for source in ready]):
                report = _take(source, caches[source.key], answer, this)
                made.add(report.made)
                skipped.add(report.skipped)
                problems += report.problems
        finally:
            this.save()
    return StageReport(stage="collect", made=made, skipped=skipped, problems=tuple(problems))


def wording(entry: ParsedEntry, parsed: ParsedFeed, source: Source) -> ArticleText:
    """Return the text of an article as its feed says it; the author's own headings are recognised."""
    parts = (part.strip() for part in entry.text.split("\n\n"))
    return ArticleText(
        url=entry.url,
        language=_language(entry, parsed, source),
        title=title_of(entry),
        categories=entry.categories,
        blocks=tuple(_block(part) for part in parts if part),
        image=entry.image,
    )


def _block(part: str) -> Block:
    is_heading = len(part) <= _LONGEST_HEADING and heading_of(part)
    return Block(kind="heading" if is_heading else "paragraph", text=part)


def _language(entry: ParsedEntry, parsed: ParsedFeed, source: Source) -> str:
    """Return what the feed declares, else what the settings say; a long text that clearly reads otherwise wins."""
    declared = entry.language or parsed.language or source.language or ""
    if declared and len(entry.text) < _LONG_ENOUGH:
        return declared
    found, confidence = identify(f"{entry.title}. {entry.text[:_LOOKED_AT]}")
    if found != UNKNOWN and confidence >= _SURE and not same_language(found, declared):
        return found
    return declared or found


def _take(source: Source, cache: FeedCache, answer: SourceAnswer, this: _Round) -> StageReport:
    """Do what one answer asks for."""
    match answer:
        case Read():
            return _read(source, cache, answer, this)
        case Unchanged():
            return _unchanged(source, cache, answer, this)
        case Gone(reason=reason):
            cache = visits.after_gone(cache, this.now)
            this.keep(cache, ())
            problem = _gone(source) if visits.is_gone(cache) else _problem(source, reason, _MEND_GONE)
            return StageReport(stage="collect", problems=(problem,))
        case Blocked(reason=reason, retry_after_seconds=asked, forbidden=forbidden):
            return _failed(source, cache, this, reason, _MEND_FORBIDDEN if forbidden else _MEND_WAIT, asked)
        case Failed(reason=reason):
            return _failed(source, cache, this, reason, _MEND_ADDRESS)


def _unchanged(source: Source, cache: FeedCache, answer: Unchanged, this: _Round) -> StageReport:
    if answer.same_bytes:
        cache = replace(cache, etag=answer.etag, last_modified=answer.last_modified)
    cache = visits.after_redirect(cache, answer.moved_to, this.now)
    cache = visits.after_good(cache, source, asked_pause=answer.max_age_seconds, changed=False, now=this.now)
    this.keep(cache, ())
    what = "the same bytes as last time" if answer.same_bytes else "nothing changed"
    line = f"{public_url(source.url)}: {what}"
    return StageReport(stage="collect", skipped=(line,), problems=_moved(source, cache, this.now))


def _read(source: Source, cache: FeedCache, answer: Read, this: _Round) -> StageReport:
    """Store what a body brings."""
    parsed = answer.feed
    if not parsed.entries and parsed.problems != (EMPTY_FEED,):
        reason = " ".join(parsed.problems) or "The feed has no entries."
        return _failed(source, cache, this, reason, _MEND_ADDRESS)
    mine = (
        *this.memory.articles_of(source.newsletter_id, source.key),
        *(article for article in this.behind[source.newsletter_id] if article.article_id not in this.adopted),
    )
    elsewhere = this.sightings(source.newsletter_id, keys_wanted(parsed.entries))
    found = decide(parsed, source, mine, elsewhere, wording, this.now)
    if cache.body_sha256 and answer.found_url and len(found.new) > _MOST_NEW_LISTED:
        return _failed(source, cache, this, f"its list of posts suddenly has {len(found.new)} new ones", _MEND_LIST)
    # A feed that could only be read in part is asked again whole: no validators, no 304.
    whole = not parsed.problems
    cache = replace(
        cache,
        etag=answer.etag if whole else None,
        last_modified=answer.last_modified if whole else None,
        body_sha256=answer.body_sha256,
        found_url=answer.found_url,
        pause_seconds=parsed.pause_seconds,
        quiet=parsed.quiet,
    )
    cache = visits.after_redirect(cache, answer.moved_to, this.now)
    changed = bool(found.new or found.updated)
    cache = visits.after_good(cache, source, asked_pause=answer.max_age_seconds, changed=changed, now=this.now)
    this.keep(cache, found.stored)
    this.adopted.update(article.article_id for article in (*found.updated, *found.moved))
    report = _brought(source, answer, found)
    return replace(report, problems=(*report.problems, *_moved(source, cache, this.now)))


def _brought(source: Source, answer: Read, found: Collected) -> StageReport:
    where, parsed = public_url(source.url), answer.feed
    counts = (
        f"{where}: {len(found.new)} new, {len(found.updated)} edited, {len(found.unchanged)} unchanged, "
        f"{len(found.skipped)} skipped"
    )
    if answer.found_url:
        counts += f"; read from {public_url(answer.found_url)} ({parsed.kind})"
    made = (
        *(f"{where}: new: “{article.text.title}” ({article.article_id})" for article in found.new),
        *(f"{where}: edited: “{article.text.title}” ({article.article_id})" for article in found.updated),
        *(f"{where}: moved: “{article.text.title}” ({article.article_id})" for article in found.moved),
    )
    problems = [what for what in parsed.problems if what != EMPTY_FEED]
    return StageReport(
        stage="collect",
        made=made,
        skipped=(counts, *(f"{where}: {line}" for line in (*found.unchanged, *found.skipped))),
        problems=tuple(_problem(source, what, "Tell the owner of the feed.") for what in problems),
    )


def _failed(
    source: Source, cache: FeedCache, this: _Round, reason: str, mend: str, asked_pause: int | None = None
) -> StageReport:
    """Remember a failure and say it."""
    this.keep(visits.after_failure(cache, reason, asked_pause=asked_pause, now=this.now), ())
    return StageReport(stage="collect", problems=(_problem(source, reason, mend),))


def _gone(source: Source) -> Problem:
    return _problem(
        source, "the site said twice, a day apart, that it is gone for good; it is not asked any more", _MEND_GONE
    )


def _moved(source: Source, cache: FeedCache, now: datetime) -> tuple[Problem, ...]:
    if not visits.has_moved(cache, now):
        return ()
    mend = f"Put {_without_user(cache.moved_to)} into digest.toml as its url; what is known of its articles follows."
    return (_problem(source, "the site says that this address has moved for good", mend),)


def _without_user(url: str) -> str:
    """Return an address as it can be copied, unless it holds something that is nobody else's business."""
    return url if "@" not in url and "?" not in url else f"the new address at {public_url(url)}"


def _problem(source: Source, reason: str, mend: str) -> Problem:
    return Problem(where=public_url(source.url), what=f"{reason[:1].upper()}{reason[1:].rstrip('.')}.", mend=mend)
