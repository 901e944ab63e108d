"""When an issue is due, whatever the scheduler does."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.newsletter import Schedule

Every = Literal["week", "2 weeks", "month", "post"]


def schedule(every: Every = "week", zone: str = "Europe/Luxembourg") -> Schedule:
    """Thursdays at eight, for twelve hours."""
    return Schedule(every=every, day="thursday", time=time(8), timezone=zone, window=timedelta(hours=12))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T06:00", "2026-11-26"),
        ("2026-11-26T06:59", "2026-11-26"),
        ("2026-11-26T18:59", "2026-11-26"),
        ("2026-11-26T19:00", "2026-12-03"),
    ],
)
def test_the_next_issue_is_the_one_whose_window_is_still_open(now: str, expected: str) -> None:
    assert schedule().next_day(datetime.fromisoformat(now).replace(tzinfo=UTC)) == date.fromisoformat(expected)


def test_eight_o_clock_stays_eight_o_clock_over_the_change_of_the_clocks() -> None:
    plan = schedule()
    assert [plan.slot(date(2026, 10, day)).hour for day in (22, 29)] == [6, 7]


@given(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
    st.sampled_from(["week", "2 weeks", "month", "post"]),
    st.sampled_from(["Europe/Luxembourg", "America/Sao_Paulo", "Pacific/Auckland", "UTC"]),
)
def test_every_slot_is_found_and_none_twice(now: datetime, every: Every, zone: str) -> None:
    plan = schedule(every, zone)
    day = plan.next_day(now)
    assert plan.slot(day) + plan.window > now
    assert plan.next_day(plan.slot(day)) == day
    assert plan.next_day(plan.slot(day) + plan.window) > day
    if every != "post":
        assert plan.slot(day).astimezone(ZoneInfo(zone)).weekday() == 3
