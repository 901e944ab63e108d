"""A feed and a page as they were read, before anything is decided about them."""

from dataclasses import dataclass
from datetime import datetime

from digest.models.article import Alternate, ArticleText, Image, PageMark
from digest.models.work import Work

Origins = tuple[tuple[str, str], ...]
"""(field, where it came from) in the words of the format, e.g. `("published", "dc:date")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that an entry names: sound, film, picture."""

    url: str
    type: str
    """Media type as declared, or empty."""
    size: int | None
    """Bytes as declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One entry of a feed."""

    guid: str
    """Empty where the feed gives none."""
    url: str
    title: str
    authors: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    language: str | None
    text: str
    """Plain text, paragraphs parted by a blank line."""
    html: str
    """Sanitised, absolute links."""
    categories: tuple[str, ...] = ()
    comments_url: str = ""
    doi: str | None = None
    journal: str = ""
    work: Work | None = None
    """The record of the study, from a research source."""
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    origins: Origins = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed; with nothing in `entries` the problems say why."""

    kind: str = ""
    """What it was read as, e.g. `rss20`, `atom10`, `json11`, `sitemap`."""
    title: str = ""
    language: str | None = None
    link: str = ""
    pause_seconds: int = 0
    """How long the feed itself asks readers to wait (RSS `ttl`, `sy:updatePeriod`)."""
    quiet: str = ""
    """Hours (0 to 23) and days (`monday`), UTC, on which it asks not to be read (RSS `skipHours`, `skipDays`), with blanks between."""
    entries: tuple[ParsedEntry, ...] = ()
    older_url: str = ""
    """Where the entries before these are, if what made the list pages it and says so."""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPage:
    """A page; with no blocks in its text the problems say why."""

    text: ArticleText
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    alternates: tuple[Alternate, ...] = ()
    html: str = ""
    """Article body, sanitised, absolute links."""
    doi: str | None = None
    updated: datetime | None = None
    mark: PageMark | None = None
    """Where it was fetched: what tells later whether it changed."""
    origins: Origins = ()
    problems: tuple[str, ...] = ()
