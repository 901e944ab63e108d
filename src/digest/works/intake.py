"""What one feed brought: new, edited and known articles told apart. Pure.

A date more than a day ahead of now is a journal's issue date or a wrong clock, and becomes the moment the article was
first seen; a missing date stays missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.models.article import Article, ArticleText, Sighting
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.source import Source
from digest.works.identity import url_key
from digest.works.shelf import Shelf, content_sha256, names_of, title_of

_AHEAD = timedelta(days=1)

Wording = Callable[[ParsedEntry, ParsedFeed, Source], ArticleText]
"""Makes the text of an article of what a feed says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one feed brought; the texts are one line an entry."""

    new: tuple[Article, ...] = ()
    updated: tuple[Article, ...] = ()
    moved: tuple[Article, ...] = ()
    """Unchanged, with another guid, address or source than before."""
    unchanged: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def stored(self) -> tuple[Article, ...]:
        """What is to be stored."""
        return (*self.new, *self.updated, *self.moved)


def decide(
    parsed: ParsedFeed,
    source: Source,
    mine: Sequence[Article],
    elsewhere: Mapping[str, Sighting],
    wording: Wording,
    now: datetime,
) -> Collected:
    """Tell new, edited and known entries apart; for `mine` and `elsewhere` see `Shelf`.

    Identity is per source: guid, else address, else title and text. An entry that another source brought already
    (same address, or same DOI of somebody else's work) is skipped.
    """
    shelf = Shelf(source, mine, elsewhere, parsed.entries)
    new, updated, moved = dict[str, Article](), dict[str, Article](), dict[str, Article]()
    unchanged, skipped = list[str](), list[str]()
    for entry in parsed.entries:
        label = title_of(entry)
        if not label:
            skipped.append("an entry was skipped: it has no title, no link and no text")
            continue
        if other := shelf.elsewhere(entry):
            skipped.append(f"“{label}” was skipped: another source brought it as {other}")
            continue
        old = shelf.find(entry)
        if old is None:
            article = _new_article(entry, wording(entry, parsed, source), source, shelf, now)
            new[article.article_id] = article
            shelf.add(article, entry)
        elif old.article_id in new or old.article_id in updated or old.article_id in moved:
            skipped.append(f"“{label}” was skipped: the feed has it twice")
        elif old.content_sha256 == content_sha256(entry):
            unchanged.append(f"“{label}” is unchanged ({old.article_id})")
            if (here := _found_again(old, entry, source, shelf)) != old:
                moved[old.article_id] = here
        else:
            updated[old.article_id] = _edited(
                old, _new_article(entry, wording(entry, parsed, source), source, shelf, now), source
            )
    return Collected(
        new=tuple(new.values()),
        updated=tuple(updated.values()),
        moved=tuple(moved.values()),
        unchanged=tuple(unchanged),
        skipped=tuple(skipped),
    )


def _new_article(entry: ParsedEntry, text: ArticleText, source: Source, shelf: Shelf, now: datetime) -> Article:
    guid, published = shelf.guid(entry), entry.published
    return Article(
        article_id=shelf.name(names_of(entry, guid, shelf.url_key(entry))),
        newsletter_id=source.newsletter_id,
        source_key=source.key,
        section=source.section,
        guid=guid,
        authors=entry.authors,
        published=now if published and published > now + _AHEAD else published,
        first_seen=now,
        rights="own" if source.is_own else "third-party",
        text=text,
        teaser=entry.text,
        comments_url=entry.comments_url,
        doi=entry.doi,
        journal=entry.journal,
        content_sha256=content_sha256(entry),
        work=entry.work,
    )


def _edited(old: Article, fresh: Article, source: Source) -> Article:
    """Take what the feed says now; what was read from the page stays until the page is read again."""
    longer = old.completed and sum(len(block.text) for block in old.text.blocks) > len(fresh.teaser)
    text = replace(
        old.text,
        url=fresh.text.url or old.text.url,
        title=fresh.text.title,
        categories=fresh.text.categories or old.text.categories,
        blocks=old.text.blocks if longer else fresh.text.blocks,
        image=old.text.image or fresh.text.image,
    )
    return replace(
        old,
        source_key=source.key,
        section=source.section,
        guid=fresh.guid or old.guid,
        authors=fresh.authors or old.authors,
        published=old.published or fresh.published,
        text=text,
        teaser=fresh.teaser,
        comments_url=fresh.comments_url or old.comments_url,
        doi=fresh.doi or old.doi,
        work=fresh.work or old.work,
        journal=fresh.journal or old.journal,
        content_sha256=fresh.content_sha256,
        completed=False,
    )


def _found_again(old: Article, entry: ParsedEntry, source: Source, shelf: Shelf) -> Article:
    """Return a known article with the keys it goes by now; an address that only differs in spelling stays as it was."""
    key = shelf.url_key(entry)
    url = entry.url if key and key != url_key(old.text.url) else old.text.url
    guid = shelf.guid(entry) or old.guid
    return replace(old, source_key=source.key, section=source.section, guid=guid, text=replace(old.text, url=url))
