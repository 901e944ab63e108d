"""Readers, and what became of each mail to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

DeliveryState = Literal["planned", "claimed", "handing", "sent", "failed", "suppressed", "uncertain"]

Frequency = Literal["every", "monthly"]
"""Every issue, or the first one of each month in the reader's own time zone."""

FINAL_STATES: tuple[DeliveryState, ...] = ("sent", "failed", "suppressed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One reader. The address never shows in `repr`, and so in no log or traceback."""

    subscriber_id: str
    """Random, stable; what the ledger knows the reader by."""
    newsletter_id: str
    address: str = field(repr=False)
    locale: str
    audience: str = ""
    timezone: str = ""
    name: str = field(default="", repr=False)
    frequency: Frequency = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger: one issue to one reader (DESIGN, "Claim before sending")."""

    issue_id: str
    newsletter_id: str
    subscriber_id: str
    locale: str
    state: DeliveryState
    token: str
    """Opaque; left part of Message-ID and the key of the reader's own link."""
    reply: str = ""
    """The server's words, addresses taken out."""
    audience: str = ""
    handed_at: datetime | None = None
    """When its body was about to go out; None before that."""
    retries: int = 0
    """How often the reader's server has said "later"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCounts:
    """How many rows of an issue are in each state."""

    planned: int = 0
    claimed: int = 0
    handing: int = 0
    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    uncertain: int = 0
    later: int = 0
    """Planned for an hour that has not come yet in the reader's time zone; not in `planned`."""
    retrying: int = 0
    """Planned again after the reader's server said "later", for a moment that has not come yet; not in `planned`."""
    passed_over: int = 0
    """Readers who want one issue a month and had this month's: they have no row."""
    frozen: int = field(default=0, compare=False)
    """Rows there have to be: what was counted when the readers were frozen."""

    @property
    def total(self) -> int:
        """All rows: what was frozen."""
        under_way = self.planned + self.later + self.retrying + self.claimed + self.handing
        return under_way + self.sent + self.failed + self.suppressed + self.uncertain

    @property
    def still_to_send(self) -> int:
        """Readers who have not got it and are due, now or again."""
        return self.planned + self.retrying


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """How many mails to the readers of one locale and audience are in one state, as in `DeliveryCounts`."""

    locale: str
    audience: str
    state: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How many mails are in one state for one reason: a server's code, our own words, or how their readers left."""

    state: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server answered the final dot with 2xx: it owns the message."""

    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server said no for good (5xx) before it owned the message."""

    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryLater:
    """A 4xx, or the connection broke before the body went out: nothing was delivered."""

    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The answer to the final dot was lost: the server may or may not have it (RFC 1047)."""

    reply: str


HandOver = Accepted | Refused | TryLater | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message on its way; neither addresses nor words show in `repr`."""

    delivery: Delivery
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    message: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryMail:
    """The author's own copy of one edition, and how it is known when it arrives."""

    parcel: Parcel
    message_id: str
    personal_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the ledger is told about one row."""

    delivery: Delivery
    state: DeliveryState
    reply: str = ""
    pause: timedelta | None = None
    """With `planned`: the reader's server said "later", and no run tries again before this time is over."""


Journal = Callable[[Sequence[tuple[Parcel, HandOver]], Sequence[Parcel]], bool]
"""What a mailer tells before it goes on: (messages whose fate is known, messages whose bodies would leave next).

Both are durable when it returns True. False means stop: none of the bodies may leave, and no further message begins.
"""


DueAt = Callable[[str], datetime | None]
"""When a mail is due to a reader of a time zone (IANA name, or empty); None for at once."""


def at_once(timezone: str) -> None:
    """Make a mail due at once, wherever its reader is."""
    del timezone
