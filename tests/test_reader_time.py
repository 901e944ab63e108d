"""Local time: each reader at the chosen hour of their own day, whatever clocks do."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.models.newsletter import Schedule

THURSDAY = date(2026, 11, 26)
SCHEDULE = Schedule(
    reader_time=True,
    every="week",
    day="thursday",
    time=time(8),
    timezone="Europe/Luxembourg",
    window=timedelta(hours=12),
)
ZONES = [
    *(
        "Pacific/Kiritimati",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Australia/Lord_Howe",
        "Asia/Tokyo",
        "Asia/Kathmandu",
    ),
    *("Asia/Tehran", "Africa/Casablanca", "Europe/Luxembourg", "Europe/Lisbon", "Atlantic/Azores", "America/St_Johns"),
    *(
        "America/Sao_Paulo",
        "America/New_York",
        "America/Santiago",
        "America/Los_Angeles",
        "Pacific/Pago_Pago",
        "Etc/GMT+12",
    ),
]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("", "2026-11-26T07:00"),
        ("Europe/Luxembourg", "2026-11-26T07:00"),
        ("America/Sao_Paulo", "2026-11-26T11:00"),
        ("Europe/Lisbon", "2026-11-26T08:00"),
        ("Asia/Tokyo", "2026-11-26T23:00"),
        ("Pacific/Kiritimati", "2026-11-26T18:00"),
        ("No/Such_Zone", "2026-11-26T07:00"),
        ("../etc/passwd", "2026-11-26T07:00"),
    ],
)
def test_a_reader_gets_it_when_their_own_clock_shows_the_time(zone: str, expected: str) -> None:
    assert SCHEDULE.reader_slot(THURSDAY, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_all_get_it_at_once_where_the_author_wants_that() -> None:
    plain = replace(SCHEDULE, reader_time=False)
    assert plain.reader_slot(THURSDAY, "America/Sao_Paulo") == plain.slot(THURSDAY)
    assert plain.ends(THURSDAY) == plain.slot(THURSDAY) + timedelta(hours=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(ZONES), st.times())
def test_nobody_is_skipped_and_nobody_has_two_hours(day: date, zone: str, clock: time) -> None:
    schedule = replace(SCHEDULE, time=clock.replace(second=0, microsecond=0, tzinfo=None, fold=0))
    slot, due = schedule.slot(day), schedule.reader_slot(day, zone)
    assert slot <= due < schedule.ends(day)
    local = due.astimezone(ZoneInfo(zone))
    # A time that the clock skips in spring is the moment it jumps to.
    shift = (datetime.combine(local.date(), local.time()) - datetime.combine(local.date(), schedule.time)).seconds
    assert shift <= 3 * 3600


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),  # 02:30 does not exist: the clock shows 03:30
        (date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),  # 02:30 comes twice: the first
    ],
)
def test_the_days_on_which_clocks_change(day: date, clock: time, expected: str) -> None:
    schedule = replace(SCHEDULE, time=clock, timezone="UTC")
    due = schedule.reader_slot(day - timedelta(days=1), "Europe/Luxembourg")
    later = replace(schedule, timezone="Europe/Luxembourg").slot(day)
    assert later == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert due <= later


def test_the_last_slot_is_the_one_whose_window_is_over() -> None:
    slot = SCHEDULE.slot(THURSDAY)
    assert SCHEDULE.last_day(slot + timedelta(hours=11)) == THURSDAY - timedelta(days=7)
    assert SCHEDULE.last_day(slot + timedelta(hours=12)) == THURSDAY
    assert SCHEDULE.last_day(slot + timedelta(days=6)) == THURSDAY
