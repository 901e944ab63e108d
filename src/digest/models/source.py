"""What is asked of a source, what is remembered of it, and the five ways an answer can end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SourceKind = Literal["feed"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The server said 304, or sent the same bytes again."""

    max_age_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The server said 410."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The server refuses for now (401, 403, 429, 503) or the address is not allowed."""

    reason: str
    retry_after_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No usable answer."""

    reason: str


FetchResult = Fetched | Unchanged | Gone | Blocked | Failed
