"""What a reader agreed to (GDPR article 7(1) and LGPD article 8 paragraph 2 ask the sender for the proof)."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.models.delivery import Subscriber

PREFERENCES = ("name", "locale", "audience", "timezone", "frequency")
"""What a reader may choose, as `Subscriber` names it."""

How = Literal["import", "author", "confirmed"]
"""`import`: as another tool's list says; `author`: she recorded it; `confirmed`: the reader answered a mail of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One act of consent. What a person wrote or was asked never shows in `repr`."""

    how: How
    wording: str = field(default="", repr=False)
    """The exact sentence the person agreed to, empty where nobody knows it any more."""
    language: str = ""
    """BCP 47 tag of the wording."""
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    evidence: str = field(default="", repr=False)
    """What proves it, such as the Message-ID of the answer and who authenticated it (RFC 8601)."""

    @property
    def wording_sha256(self) -> str:
        """Tell wordings apart without showing them; empty where there is none."""
        return hashlib.sha256(self.wording.encode()).hexdigest() if self.wording else ""

    @property
    def proves_something(self) -> bool:
        """Whether there is a wording or a moment at all."""
        return bool(self.wording or self.confirmed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Somebody to put on the list."""

    subscriber: Subscriber
    consent: Consent | None = None
    said: frozenset[str] = frozenset(PREFERENCES)
    """The preferences that were said; of a reader who is known the others stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Somebody whom another tool's list says never to write to."""

    address: str = field(repr=False)
    complained: bool = False
    """Marked a mail as spam: is not even asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is held about one reader, for her to see (GDPR article 15) and for another tool to take over (article 20)."""

    address: str = field(repr=False)
    name: str = field(repr=False)
    locale: str
    audience: str
    timezone: str
    frequency: str
    status: Literal["active", "unsubscribed"]
    since: datetime
    consents: tuple[Consent, ...]
    """Oldest first."""
