"""A newsletter as its author set it up, and the moments at which its issues are due."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.models.look import Look

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_GAP_DAYS = 40
_DAYS_AHEAD = 3
_WIDEST_SPREAD = timedelta(hours=25)
"""Within a day every clock shows every time once; within 25 hours also where one of them is changed."""
_FIRST_MONDAY = date(1970, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an issue is due, in the author's local time."""

    every: Literal["week", "2 weeks", "month", "post"]
    day: Weekday
    time: time
    timezone: str
    """IANA name."""
    window: timedelta
    reader_time: bool = False
    """Whether readers who have a time zone get the issue at that time of their own day."""

    def slot(self, day: date) -> datetime:
        """The moment, in UTC, at which an issue due on a local day may leave."""
        return datetime.combine(day, self.time, tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)

    def reader_slot(self, day: date, timezone: str) -> datetime:
        """The first moment from the slot on at which the reader's clock shows the time; for most the slot itself.

        A time that the clock skips in spring is the moment it jumps to; one that comes twice in autumn is the first.
        """
        slot = self.slot(day)
        if not self.reader_time or not timezone:
            return slot
        try:
            zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return slot
        local_day = slot.astimezone(zone).date()
        moments = (
            datetime.combine(local_day + timedelta(days=number), self.time, tzinfo=zone).astimezone(UTC)
            for number in range(_DAYS_AHEAD)
        )
        return next(moment for moment in moments if moment >= slot)

    def ends(self, day: date) -> datetime:
        """When the last reader's window is over."""
        spread = _WIDEST_SPREAD if self.reader_time else timedelta()
        return self.slot(day) + spread + self.window

    def last_day(self, now: datetime) -> date:
        """The local day of the newest slot whose window is over."""
        day = now.astimezone(ZoneInfo(self.timezone)).date()
        for _ in range(_LONGEST_GAP_DAYS):
            if self._falls_on(day) and self.slot(day) + self.window <= now:
                return day
            day -= timedelta(days=1)
        return day

    def next_day(self, now: datetime) -> date:
        """The local day of the first slot whose window is not over yet: runs may be late, doubled or absent."""
        day = now.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)
        for _ in range(_LONGEST_GAP_DAYS):
            if self._falls_on(day) and self.slot(day) + self.window > now:
                return day
            day += timedelta(days=1)
        return day

    def _falls_on(self, day: date) -> bool:
        if self.every == "post":
            return True
        if day.weekday() != _WEEKDAYS.index(self.day):
            return False
        if self.every == "month":
            return day.day <= len(_WEEKDAYS)
        weeks = (day - _FIRST_MONDAY).days // 7
        return self.every == "week" or weeks % 2 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """Who answers for the newsletter, as its footer says."""

    name: str
    address: str
    notice_url: str
    country: str = ""
    """ISO 3166 code of the country whose rules the footer is checked against; empty checks what all of them ask."""
    professions: tuple[tuple[str, str], ...] = ()
    """(locale, title of a regulated profession), e.g. `("pt_BR", "Psicóloga")`."""
    register: str = ""
    """Register or authority of the profession and the number there."""
    crp: str = ""
    """Registration with a Brazilian council of psychology: `CRP 06/123456`."""

    def profession_in(self, locale: str) -> str:
        """Title in a locale, else the first one given, else empty."""
        return dict(self.professions).get(locale, self.professions[0][1] if self.professions else "")

    def identity(self, locale: str) -> str:
        """Name, profession, CRP and register on one line."""
        return ", ".join(part for part in (self.name, self.profession_in(locale), self.crp, self.register) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """One newsletter: its names, languages, schedule and sender."""

    newsletter_id: str
    titles: tuple[tuple[str, str], ...]
    """(locale, title)."""
    author: str
    site: str
    locales: tuple[str, ...]
    """CLDR identifiers, e.g. `pt_BR`, in the author's order."""
    audiences: tuple[str, ...]
    schedule: Schedule
    approvers: tuple[str, ...]
    legal: Legal
    sender: str
    """RFC 5322 mailbox: `Name <local@domain>`."""
    reply_to: str = ""
    bounces: str = ""
    """Address whose plus-addressed variants reach a mailbox: `name+TOKEN@...` tells which mail bounced."""
    unsubscribe_url: str = ""
    """`https://.../` that takes the token of a reader by GET and POST (RFC 8058), or empty."""
    look: Look = field(default_factory=Look)
    archive: str = ""
    """Address of each edition on the web with the places `{issue}` and `{locale}`, or empty."""
    topics: tuple[str, ...] = ()
    """What the author writes about, in her own words; for choosing studies."""
    muted: tuple[str, ...] = ()
    """Words whose studies she does not want to be offered."""
    non_commercial: bool = False
    """Whether she declares that the newsletter earns nothing: some licences ask for that."""

    def title(self, locale: str) -> str:
        """Title in a locale, else the first one given."""
        return dict(self.titles).get(locale, self.titles[0][1])
