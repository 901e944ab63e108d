"""An article as it is found in a feed and completed from its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from digest.models.resolution import Evidence
from digest.models.work import Work

Heading = Literal["studies", "implications", "limitations"]
"""The author's three headings; `digest.text.headings` finds them in both languages."""

HEADINGS: tuple[Heading, ...] = ("studies", "implications", "limitations")

Rights = Literal["own", "cc0", "cc-by", "third-party"]
"""`own` and the two open licences may be quoted; `third-party` is input, never output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One heading, paragraph or list item of a text, without markup."""

    kind: Literal["heading", "paragraph", "item"]
    text: str
    studies: tuple[str, ...] = ()
    """Names of the studies that its links lead to: `doi:10.5555/1`, `pmid:1`, `pmcid:PMC1`."""


PictureState = Literal["fine", "unknown", "gone", "too_large"]
"""`unknown`: the site does not want it to be asked for. `gone`: nothing is there, or something that is no picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What was found at the address of a picture."""

    state: PictureState
    width: int = 0
    height: int = 0
    """Pixels of the picture itself; 0 where nobody knows."""
    size: int = 0
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture with its description and credit."""

    url: str
    alt: str
    credit: str
    seen: Picture | None = None
    """None: not looked at yet."""

    @property
    def is_gone(self) -> bool:
        """Whether somebody looked and there was nothing to show."""
        return self.seen is not None and self.seen.state == "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same article in another language (`link rel="alternate" hreflang`)."""

    language: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMark:
    """What tells whether a page is still the one that was read."""

    etag: str | None = None
    last_modified: str | None = None
    text_sha256: str = ""
    characters: int = 0
    """Of its text."""
    seen_at: datetime | None = None


CitationStatus = Literal["unchecked", "confirmed", "ask", "not_found"]
"""`unchecked`: nobody could be asked yet. `ask`: the author decides, at the desk or in `issue.toml`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A record that a citation may mean."""

    doi: str
    title: str
    authors: str
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A study that a text names, as the text names it."""

    text: str
    """The author's words, e.g. `Dr. A. Example and her colleagues: Title (2010)`."""
    authors: str
    title: str
    year: int | None
    doi: str | None = None
    study_id: str = ""
    """`pmid:1` or `pmcid:PMC1`, where the text gives that and no DOI."""
    journal: str = ""
    status: CitationStatus = "unchecked"
    proposals: tuple[Proposal, ...] = ()
    """Where the author is asked: the likeliest first."""
    evidence: tuple[Evidence, ...] = ()
    """What was compared, and whether it agreed."""
    checked_at: datetime | None = None
    by_author: bool = False
    """Whether the author decided what it means."""
    translations: tuple[tuple[str, str], ...] = ()
    """(BCP 47 tag, how the author's own translation of the post names the same study)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationDecision:
    """What the author said that a citation means; it holds for the same words in every later issue."""

    newsletter_id: str
    key: str
    """`digest.works.citations.citation_key`."""
    doi: str | None
    """None: none of the proposals."""
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """The text of an article in one language, as one page carries it."""

    url: str
    language: str
    title: str
    categories: tuple[str, ...] = ()
    byline: str = ""
    blocks: tuple[Block, ...] = ()
    image: Image | None = None
    copyright: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of one source; `article_id` never changes once it is stored."""

    article_id: str
    newsletter_id: str
    source_key: str
    section: str
    guid: str
    authors: tuple[str, ...]
    published: datetime | None
    first_seen: datetime
    rights: Rights
    text: ArticleText
    """The article in the language it was written in."""
    teaser: str = ""
    """The feed's own words about it, plain text."""
    twin: ArticleText | None = None
    """The author's own translation (hreflang), where there is one."""
    alternates: tuple[Alternate, ...] = ()
    comments_url: str = ""
    doi: str | None = None
    journal: str = ""
    citations: tuple[Citation, ...] = ()
    content_sha256: str = ""
    """Of what the feed said; a change means the article was edited."""
    completed: bool = False
    """Whether its page was read (or needs no reading)."""
    work: Work | None = None
    """The study itself, where the source or a look-up brought its record."""
    page: PageMark | None = None
    """Its page as it was when it was looked at last; None where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """That a stored article goes by a certain key."""

    article_id: str
    source_key: str
