"""Which issues are due, and which slot passed without its mail. Pure: runs may be late, doubled, dropped or out of order.

What is due follows from windows in local time and from what was sent already, never from when a run was meant to start.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.models.delivery import DeliveryCounts
from digest.models.newsletter import Schedule
from digest.models.report import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What there is to send, and when."""

    schedule: Schedule
    issue_ids: Sequence[str]
    """All that have a folder, oldest first."""
    approved: Callable[[str], bool]
    """Asked of as few issues as possible, for it reads and renders one."""


def due(calendar: Calendar, *, now: datetime, too_old: timedelta) -> list[str]:
    """Approved issues whose slot has come and is not long past, oldest first."""
    schedule = calendar.schedule
    found = []
    for name in calendar.issue_ids:
        day = date.fromisoformat(name)
        if schedule.slot(day) <= now <= schedule.ends(day) + too_old and calendar.approved(name):
            found.append(name)
    return found


def missed(
    calendar: Calendar, *, now: datetime, too_old: timedelta, counts: Callable[[str], DeliveryCounts]
) -> Problem | None:
    """Say that the last slot passed without its mail. `counts` asks the ledger what became of an issue."""
    return _unapproved(calendar, now=now, too_old=too_old) or _unsent(calendar, now=now, too_old=too_old, counts=counts)


def _unsent(
    calendar: Calendar, *, now: datetime, too_old: timedelta, counts: Callable[[str], DeliveryCounts]
) -> Problem | None:
    """The newest issue whose slot is over was approved, and is too old now to leave by itself: no run came in time."""
    schedule = calendar.schedule
    days = [date.fromisoformat(name) for name in calendar.issue_ids]
    day = max((day for day in days if schedule.slot(day) <= now), default=None)
    if day is None or now <= schedule.ends(day) + too_old or not calendar.approved(day.isoformat()):
        return None
    name = day.isoformat()
    found = counts(name)
    if found.total and not (found.still_to_send or found.later):
        return None
    left = f"{found.still_to_send + found.later} readers did not get it" if found.total else "nothing was sent"
    return Problem(
        where=f"issue {name}",
        what=f"its slot passed and {left}, because no run came in time",
        mend=(
            "Look at the schedule that starts the runs. If the issue should still leave: "
            f"`digest approve {name}`, `digest send {name}`."
        ),
    )


def _unapproved(calendar: Calendar, *, now: datetime, too_old: timedelta) -> Problem | None:
    """The issue made for the last slot was not approved in time."""
    schedule = calendar.schedule
    day = schedule.last_day(now)
    name = day.isoformat()
    if now > schedule.slot(day) + schedule.window + too_old or name not in calendar.issue_ids:
        return None
    if calendar.approved(name):
        return None
    return Problem(
        where=f"issue {name}",
        what="its slot passed and nothing was sent, because it was not approved",
        mend=f"If it should still leave: `digest review {name}`, `digest approve {name}`, `digest send {name}`.",
    )
