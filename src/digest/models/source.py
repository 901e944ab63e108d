"""What is asked of a source, what is remembered of it, and the five ways an answer can end."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.models.feed import ParsedFeed

SourceKind = Literal["feed", "page", "pubmed", "europepmc", "crossref", "scielo", "openalex"]
"""`page` is a site of which only an address is known: its feed is looked for, else its posts are read from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that articles come from, as the settings name it."""

    key: str
    """Stable name: `source-` and the first 12 hex digits of the SHA-256 of newsletter, kind and URL."""
    newsletter_id: str
    kind: SourceKind
    url: str
    section: str
    """`posts` holds the author's own articles; any other section holds somebody else's."""
    language: str | None
    """BCP 47 tag for what the feed does not say itself."""
    limit: int
    """How many of its articles one issue may carry."""
    minimum_interval_minutes: int
    query: str = ""
    """What a research source is asked for, in its own query language."""
    issns: tuple[str, ...] = ()
    """Journals of a research source, as `1234-567X`."""
    collection: str = ""
    """SciELO's: `scl` is Brazil, `psi` is PePSIC."""
    api_key: str = field(default="", repr=False)

    @property
    def is_own(self) -> bool:
        """Whether the author wrote what this source brings."""
        return self.section == "posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCache:
    """What is remembered of a source between runs (RFC 9110 sections 8.8 and 13)."""

    source_key: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    next_at: datetime | None = None
    """Not asked again before this moment, UTC."""
    errors: int = 0
    """Failures in a row."""
    last_status: str = ""
    changed_at: datetime | None = None
    """When it last brought something new or edited, UTC."""
    gone_since: datetime | None = None
    """The first of the 410 answers in a row, UTC."""
    moved_to: str = ""
    """Where permanent redirects lead, as long as they lead there at every visit."""
    moved_since: datetime | None = None
    moved_seen: int = 0
    """Visits that were led there."""
    found_url: str = ""
    """For `kind = "page"`: the feed, sitemap or page that its articles are read from."""
    pause_seconds: int = 0
    """How long the feed itself asked readers to wait when it was read last."""
    quiet: str = ""
    """Hours and days on which it asked not to be read, as in `ParsedFeed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body to read."""

    url: str
    """After redirects."""
    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None
    max_age_seconds: int | None
    moved_to: str = ""
    """The last address of a chain of permanent redirects (301, 308) only; empty where there was none."""
    limits: tuple[tuple[str, str], ...] = ()
    """What the server says of its limits: `x-rate-limit-*` and `x-concurrency-limit`, names in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a source's answer says, read."""

    feed: ParsedFeed
    body_sha256: str
    etag: str | None = None
    last_modified: str | None = None
    max_age_seconds: int | None = None
    moved_to: str = ""
    found_url: str = ""
    """For `kind = "page"`: where the articles were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The server said 304, or sent the same bytes again."""

    max_age_seconds: int | None
    moved_to: str = ""
    same_bytes: bool = False
    """It does not tell by itself that nothing changed; then the validators it sent are here."""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The server said 410."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The server refuses for now (401, 403, 429, 503) or the address is not allowed."""

    reason: str
    retry_after_seconds: int | None
    forbidden: bool = False
    """The address leads where this program does not go; to ask again later changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No usable answer."""

    reason: str
    status: int | None = None
    """Of the answer, where there was one."""
    leads_to: str = ""
    """Where a redirect leads that was not to be followed."""
    too_large: bool = False
    """Whether the answer was more than was asked for."""


FetchResult = Fetched | Unchanged | Gone | Blocked | Failed
"""How one request ends."""

SourceAnswer = Read | Unchanged | Gone | Blocked | Failed
"""How one visit to a source ends."""
