"""Whether a run can know, without opening anything, that nothing is due.

A scheduler calls far more often than there is work. A run that found nothing to do says until when that holds; the
next ones look at the clock and at the files' times, and say the same in a fraction of the time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.models.newsletter import Schedule
from digest.models.report import RunReceipt, StageReport
from digest.models.rest import Rest
from digest.models.source import FeedCache

if TYPE_CHECKING:
    from digest.pipeline import Workshop

_DAYS_AROUND = 2


def until(shop: "Workshop", *, now: datetime, too_old: timedelta) -> datetime:
    """Return the first moment at which a source, a slot or the date may give a run something to do; asks the stores."""
    caches = shop.memory.feed_caches([source.key for source in shop.sources])
    issue_ids = shop.issues.issue_ids(shop.newsletter.newsletter_id)
    return first_moment(shop.newsletter.schedule, issue_ids, caches, now=now, too_old=too_old)


def first_moment(
    schedule: Schedule, issue_ids: Sequence[str], caches: Mapping[str, FeedCache], *, now: datetime, too_old: timedelta
) -> datetime:
    """Return that moment, UTC; `now` where a source is due already."""
    moments = [*_slots(schedule, issue_ids, now, too_old), _tomorrow(schedule, now)]
    later = [moment for moment in moments if moment > now]
    return min([*later, *(cache.next_at or now for cache in caches.values())]).astimezone(UTC)


def _slots(schedule: Schedule, issue_ids: Sequence[str], now: datetime, too_old: timedelta) -> Iterator[datetime]:
    """Yield the moments at which the dispatch of an issue may change its mind: see `dispatch`.

    Windows may be longer than the days between slots, so every day of late counts, a slot or not.
    """
    today = now.astimezone(ZoneInfo(schedule.timezone)).date()
    back = (schedule.window + too_old).days + _DAYS_AROUND
    near = (today + timedelta(days=number) for number in range(-back, _DAYS_AROUND))
    for day in {*map(date.fromisoformat, issue_ids), schedule.last_day(now), schedule.next_day(now), *near}:
        slot, window = schedule.slot(day), schedule.slot(day) + schedule.window
        yield from (slot, window, window + too_old, schedule.ends(day), schedule.ends(day) + too_old)


def _tomorrow(schedule: Schedule, now: datetime) -> datetime:
    """Return the next midnight of the author: what is new grows old by days."""
    zone = ZoneInfo(schedule.timezone)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)


def holds(rest: Rest, touched: str, *, now: datetime) -> bool:
    """Whether the next run may rely on it. A clock that was set back ends it."""
    return rest.touched == touched and rest.receipt.finished <= now < rest.until


def said_again(rest: Rest, *, run_id: str, started: datetime, finished: datetime) -> RunReceipt:
    """Return the receipt of a run that relies on it."""
    line = f"nothing is due before {rest.until:%Y-%m-%d %H:%M} UTC and nothing was touched since the last run"
    stages = tuple(stage for stage in rest.receipt.stages if stage.stage != "rest")
    return replace(
        rest.receipt,
        run_id=run_id,
        started=started,
        finished=finished,
        stages=(*stages, StageReport(stage="rest", skipped=(line,))),
    )
