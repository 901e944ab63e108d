"""A year of an unreliable scheduler: every issue leaves once, in its hours, or the author is told; never neither, never both."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from digest import alarms, slots
from digest.models.alarm import Alarm
from digest.models.delivery import DeliveryCounts
from digest.models.newsletter import Schedule
from digest.models.report import RunReceipt

TOO_OLD = timedelta(hours=36)
TICK = timedelta(hours=2)
READERS = 4
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Every = Literal["week", "2 weeks", "month"]


@dataclass
class Year:
    """An author, her readers and their ledger; `run` decides with the program's own rules alone."""

    schedule: Schedule
    issues: dict[str, datetime | None]
    """Which issue was approved when; None for never."""
    sent: dict[str, list[datetime]] = field(default_factory=dict)
    told: list[Alarm] = field(default_factory=list)
    receipts: list[RunReceipt] = field(default_factory=list)
    now: datetime = NEVER

    def run(self, now: datetime) -> None:
        self.now = now
        calendar = slots.Calendar(schedule=self.schedule, issue_ids=sorted(self.issues), approved=self.approved)
        for name in slots.due(calendar, now=now, too_old=TOO_OLD):
            if name not in self.sent:  # the ledger sends a second time to nobody; its own tests prove that
                self.sent[name] = [now]
        missed = slots.missed(calendar, now=now, too_old=TOO_OLD, counts=self.counts)
        for alarm in alarms.alarms(self.receipts, missed, now=now):
            if alarm not in self.told:
                self.told.append(alarm)
        receipt = RunReceipt(
            run_id=f"{len(self.receipts)}", newsletter_id="bonds", started=now, finished=now, outcome="done", reason=""
        )
        self.receipts = [*self.receipts[-3:], receipt]

    def approved(self, name: str) -> bool:
        approved_at = self.issues[name]
        return approved_at is not None and approved_at <= self.now

    def counts(self, name: str) -> DeliveryCounts:
        return DeliveryCounts(sent=READERS) if name in self.sent else DeliveryCounts()


def slot_days(schedule: Schedule, year: int) -> list[date]:
    moment, found = datetime(year, 1, 1, tzinfo=UTC), list[date]()
    while moment.year == year:
        day = schedule.next_day(moment)
        found.append(day)
        moment = schedule.slot(day) + schedule.window
    return found


def unreliable(chance: random.Random, start: datetime, days: int) -> list[datetime]:
    """Runs meant for every two hours at an odd minute: late by up to twelve hours, doubled, dropped, out of order."""
    moments: list[datetime] = []
    moment, quiet_until = start + timedelta(minutes=17), start
    while moment < start + timedelta(days=days):
        if chance.random() < 0.004:  # nothing for one to four days
            quiet_until = moment + timedelta(hours=chance.uniform(24, 96))
        fate = chance.random()
        if moment >= quiet_until and fate > 0.15:
            late = timedelta(hours=chance.choice((0, 0, 0, 0.1, 1, 3, 12)) * chance.random())
            moments.append(moment + late)
            if fate > 0.9:
                moments.append(moment + late + timedelta(seconds=chance.choice((0, 1, 600))))
        moment += TICK
    # In the order in which they really start: some overtake others.
    return sorted(moments)


@pytest.mark.parametrize("every", [pytest.param("week", marks=pytest.mark.no_cover), "month"])
@pytest.mark.parametrize(
    ("zone", "year", "changes"), [("Europe/Luxembourg", 2026, 2), ("America/Sao_Paulo", 2018, 2)], ids=str
)
@pytest.mark.parametrize("seed", range(2))
def test_each_issue_leaves_once_in_its_hours_or_the_author_is_told(
    zone: str, year: int, changes: int, every: Every, seed: int
) -> None:
    schedule = Schedule(every=every, day="sunday", time=time(0, 30), timezone=zone, window=timedelta(hours=12))
    chance = random.Random(f"{zone} {every} {seed}")
    days = slot_days(schedule, year)
    issues: dict[str, datetime | None] = {}
    for day in days:
        early = timedelta(hours=chance.choice((48, 5, 1, -3, -20, -47)))
        issues[day.isoformat()] = schedule.slot(day) - early if chance.random() < 0.9 else None
    # An issue has its folder three days before it is due, as `prepare` makes it.
    begun = {name: schedule.slot(date.fromisoformat(name)) - timedelta(days=3) for name in issues}
    made = Year(schedule=schedule, issues={})
    moments = unreliable(chance, datetime(year, 1, 1, tzinfo=UTC), 372)
    for now in moments:
        made.issues = {name: at for name, at in issues.items() if begun[name] <= now}
        made.run(now)
    missed = [alarm.name for alarm in made.told if alarm.kind == "missed"]
    silent = [alarm.name for alarm in made.told if alarm.kind == "silent"]
    for name, approved_at in issues.items():
        opens, closes = schedule.slot(date.fromisoformat(name)), schedule.ends(date.fromisoformat(name)) + TOO_OLD
        chances = [now for now in moments if opens <= now <= closes and approved_at is not None and approved_at <= now]
        assert (name in made.sent) == bool(chances), name
        if chances:
            assert made.sent[name] == [chances[0]], name
        over = schedule.slot(date.fromisoformat(name)) + schedule.window
        after = [now for now in moments if over <= now <= over + TOO_OLD]
        # Where no run came to tell of an issue that stayed, it is the silence that is told.
        assert name in made.sent or name in missed or not after, name
    assert len(set(missed)) == len(missed)
    gaps = sum(later - earlier > timedelta(hours=26) for earlier, later in pairwise(moments))
    assert len(silent) == gaps
    assert len(made.sent) > len(days) / 2
    offsets = {datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in range(1, 13)}
    assert len(offsets) == changes


@pytest.mark.parametrize(
    ("zone", "year", "spring", "autumn"),
    [
        ("Europe/Luxembourg", 2026, date(2026, 3, 29), date(2026, 10, 25)),
        ("America/Sao_Paulo", 2018, date(2018, 11, 4), date(2018, 2, 18)),
    ],
)
def test_a_slot_in_the_hour_that_is_skipped_or_comes_twice_is_one_moment(
    zone: str, year: int, spring: date, autumn: date
) -> None:
    for clock in (time(0, 30), time(2, 30)):
        schedule = Schedule(every="week", day="sunday", time=clock, timezone=zone, window=timedelta(hours=12))
        days = slot_days(schedule, year)
        assert {spring, autumn} <= set(days)
        moments = [schedule.slot(day) for day in days]
        assert moments == sorted(set(moments))
        gaps = {later - earlier for earlier, later in pairwise(moments)}
        assert gaps <= {timedelta(days=7) + timedelta(hours=hours) for hours in (-1, 0, 1)}
