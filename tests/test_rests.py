"""Until when nothing is due: never a moment longer than time alone leaves everything as it is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from digest import rests
from digest.models.newsletter import Schedule
from digest.models.source import FeedCache

TOO_OLD = timedelta(hours=36)
MOMENTS = st.datetimes(min_value=datetime(2026, 3, 1), max_value=datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
SCHEDULES = st.builds(
    Schedule,
    every=st.sampled_from(["week", "2 weeks", "month", "post"]),
    day=st.just("thursday"),
    time=st.times(),
    timezone=st.sampled_from(["Europe/Luxembourg", "America/Sao_Paulo", "Pacific/Auckland", "UTC"]),
    window=st.timedeltas(min_value=timedelta(hours=1), max_value=timedelta(days=2)),
    reader_time=st.booleans(),
)


def looks_at(schedule: Schedule, issue_ids: list[str], caches: dict[str, FeedCache], now: datetime) -> object:
    """All that a run decides by the clock."""
    days = [date.fromisoformat(name) for name in issue_ids]
    last = schedule.last_day(now)
    return (
        [schedule.slot(day) <= now <= schedule.ends(day) + TOO_OLD for day in days],
        last,
        now > schedule.slot(last) + schedule.window + TOO_OLD,
        schedule.next_day(now),
        now.astimezone(ZoneInfo(schedule.timezone)).date(),
        [cache.next_at is None or now >= cache.next_at for cache in caches.values()],
    )


WIDE = Schedule(every="post", day="thursday", time=time(1), timezone="Europe/Luxembourg", window=timedelta(days=2))


@example(WIDE, datetime(2026, 3, 1, tzinfo=UTC), [], [], 0.5)
@given(
    SCHEDULES,
    MOMENTS,
    st.lists(st.integers(min_value=-20, max_value=20), max_size=4),
    st.lists(st.integers(min_value=-3, max_value=90), max_size=3),
    st.floats(min_value=0, max_value=1, exclude_max=True),
)
def test_nothing_that_the_clock_decides_changes_before_then(
    schedule: Schedule, now: datetime, days: list[int], hours: list[int], share: float
) -> None:
    issue_ids = [(now + timedelta(days=number)).date().isoformat() for number in days]
    caches = {str(number): FeedCache(source_key=str(number), next_at=now + timedelta(hours=number)) for number in hours}
    end = rests.first_moment(schedule, issue_ids, caches, now=now, too_old=TOO_OLD)
    assert end <= now + timedelta(hours=25)
    if end > now:
        then = min(now + (end - now) * share, end - timedelta(microseconds=1))
        assert looks_at(schedule, issue_ids, caches, then) == looks_at(schedule, issue_ids, caches, now)


@given(SCHEDULES, MOMENTS)
def test_a_source_that_was_never_asked_leaves_no_rest(schedule: Schedule, now: datetime) -> None:
    assert rests.first_moment(schedule, [], {"new": FeedCache(source_key="new")}, now=now, too_old=TOO_OLD) == now
