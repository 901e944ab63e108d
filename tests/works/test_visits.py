"""When a source is asked again; what gone and moved mean."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digest.models.source import FeedCache
from digest.works import visits
from fakes_sources import NOW, source

CACHE = FeedCache(source_key="source-1", etag='"1"')
RESEARCH = source("source-1", section="research")
DAY = timedelta(days=1)


def test_one_410_is_a_slip_and_two_a_day_apart_are_the_end() -> None:
    once = visits.after_gone(CACHE, NOW)
    soon = visits.after_gone(once, NOW + timedelta(hours=3))
    gone = visits.after_gone(soon, NOW + DAY)

    assert [visits.is_gone(cache) for cache in (once, soon, gone)] == [False, False, True]
    assert visits.due([RESEARCH], {"source-1": gone}, NOW + 30 * DAY) == ((), ())
    assert visits.due([RESEARCH], {"source-1": gone}, NOW, force=True)[0] == (RESEARCH,)


def test_an_answer_between_two_410_begins_the_count_again() -> None:
    once = visits.after_gone(CACHE, NOW)
    well = visits.after_good(once, RESEARCH, asked_pause=None, changed=False, now=NOW + DAY)

    assert not visits.is_gone(visits.after_gone(well, NOW + 2 * DAY))


def test_a_quiet_source_is_asked_less_often_but_the_authors_own_is_not() -> None:
    def pause(days: int, *, own: bool) -> timedelta:
        cache = replace(CACHE, changed_at=NOW - days * DAY)
        asked = source() if own else RESEARCH
        next_at = visits.after_good(cache, asked, asked_pause=None, changed=False, now=NOW).next_at
        assert next_at is not None
        return next_at - NOW

    assert [pause(days, own=False) for days in (0, 1, 12, 200)] == [
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=12),
        DAY,
    ]
    assert pause(200, own=True) == timedelta(minutes=30)


def test_news_bring_a_quiet_source_back_to_its_usual_pace() -> None:
    cache = replace(CACHE, changed_at=NOW - 90 * DAY, errors=3)

    after = visits.after_good(cache, RESEARCH, asked_pause=None, changed=True, now=NOW)

    assert (after.next_at, after.changed_at, after.errors) == (NOW + timedelta(minutes=30), NOW, 0)


def test_what_a_server_asks_for_is_kept_up_to_a_day() -> None:
    for asked, kept in ((7_200, timedelta(hours=2)), (10**9, DAY)):
        assert visits.after_good(CACHE, RESEARCH, asked_pause=asked, changed=True, now=NOW).next_at == NOW + kept


def test_a_move_is_proposed_after_three_visits_over_a_week_to_one_place() -> None:
    cache = CACHE
    for day in (0, 1, 2):
        cache = visits.after_redirect(cache, "https://new.example.org/feed", NOW + day * DAY)
    assert not visits.has_moved(cache, NOW + 2 * DAY)
    cache = visits.after_redirect(cache, "https://new.example.org/feed", NOW + 7 * DAY)
    assert visits.has_moved(cache, NOW + 7 * DAY)

    elsewhere = visits.after_redirect(cache, "https://maintenance.example.org/", NOW + 8 * DAY)
    assert not visits.has_moved(elsewhere, NOW + 9 * DAY)
    assert not visits.has_moved(visits.after_redirect(cache, "", NOW + 8 * DAY), NOW + 8 * DAY)


def test_what_a_feed_asks_for_holds_when_nothing_changed_too() -> None:
    cache = replace(CACHE, pause_seconds=7_200)

    after = visits.after_good(cache, RESEARCH, asked_pause=None, changed=False, now=NOW)

    assert after.next_at == NOW + timedelta(hours=2)


def test_hours_and_days_that_a_feed_skips_are_left_out_but_for_the_authors_own() -> None:
    saturday = datetime(2026, 11, 28, 22, 40, tzinfo=UTC)
    cache = replace(CACHE, quiet="0 1 23 sunday", changed_at=saturday)

    theirs = visits.after_good(cache, RESEARCH, asked_pause=None, changed=False, now=saturday)
    own = visits.after_good(cache, source(), asked_pause=None, changed=False, now=saturday)

    assert theirs.next_at == datetime(2026, 11, 30, 2, tzinfo=UTC)
    assert own.next_at == saturday + timedelta(minutes=30)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.sets(st.integers(0, 23)))  # noqa: DTZ001
def test_the_moment_after_quiet_hours_is_never_earlier_and_never_quiet(moment: datetime, hours: set[int]) -> None:
    after = visits.after_quiet(moment, " ".join(map(str, hours)))

    assert moment <= after <= moment + DAY
    assert after.hour not in hours or len(hours) == 24
