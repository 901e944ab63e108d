"""A newsletter as its author set it up, and the moments at which its issues are due."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from digest.models.look import Look

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_GAP_DAYS = 40
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

    def slot(self, day: date) -> datetime:
        """The moment, in UTC, at which an issue due on a local day may leave."""
        return datetime.combine(day, self.time, tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)

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
