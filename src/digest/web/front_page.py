"""The first page of the desk, and what is made ready while she looks at it."""

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from digest.desk.front import up_to_date
from digest.errors import DigestError
from digest.web.asking import Ask
from digest.web.sitting import Sitting

if TYPE_CHECKING:
    from starlette.responses import Response

ISSUES_SHOWN = 12


def issues_page(sitting: Sitting, ask: Ask) -> "Response":
    """Every issue: where it stands, when it leaves, who gets it."""
    values = front_values(sitting, everything=bool(ask.query.get("all")))
    return sitting.page("author/issues.html", ask, status=HTTPStatus.OK, **values)


def front_values(sitting: Sitting, *, everything: bool) -> dict[str, object]:
    """What the list of issues shows: the newest, or all."""
    room = sitting.room
    names = sorted(room.front.issue_ids(), reverse=True)
    shown = names if everything else names[:ISSUES_SHOWN]
    front = up_to_date(room.front, shown, look=sitting.desk, count=room.readers)
    days = {name: date.fromisoformat(name) for name in shown}
    return {
        "rows": front.rows,
        "days": days,
        "slots": {name: room.newsletter.schedule.slot(day) for name, day in days.items()},
        "more": len(names) - len(shown),
        "readers": front.readers,
    }


def make_ready(sitting: Sitting) -> None:
    """Open what the next page needs: the newest issue. Where that fails its own page says why."""
    try:
        for name in sorted(sitting.room.front.issue_ids())[-1:]:
            sitting.desk(name)
    except DigestError:
        return
