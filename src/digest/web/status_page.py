"""Pictures of the newsletter: what went out, who reads it, how its sources do. Every picture stands in a table too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from digest.models.delivery import DeliveryCounts
from digest.models.engine_use import EngineCost
from digest.web.asking import Ask
from digest.web.front_page import ISSUES_SHOWN
from digest.web.sitting import Sitting

if TYPE_CHECKING:
    from starlette.responses import Response

WIDTH = 600
"""Of a picture, in its own units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a picture: parts one after the other."""

    label: str
    parts: tuple[tuple[str, int, float, float], ...]
    """(kind, number, start, width), the last two in units of `WIDTH`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source did at the last visits."""

    url: str
    errors: int
    """Failures in a row."""
    last_status: str
    next_at: datetime | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What one issue took."""

    calls: int
    sent: int
    """Characters."""
    received: int
    engines: tuple[str, ...]
    price: float
    """Of the engines whose price is known, in the currency of the settings."""
    unpriced: bool
    """Whether an engine that asks for money has no price in the settings."""


def status_page(sitting: Sitting, ask: Ask) -> "Response":
    """The last issues, the list, the sources."""
    return sitting.page("author/status.html", ask, status=HTTPStatus.OK, **status_values(sitting))


def status_values(sitting: Sitting) -> dict[str, object]:
    """What the status page shows."""
    names = sorted(sitting.room.front.issue_ids(), reverse=True)[:ISSUES_SHOWN]
    counted = [(name, sitting.room.deliveries(name)) for name in names]
    readers = sitting.readers()
    came_back, costs = sitting.room.came_back(), sitting.room.costs()
    spent = [(name, spending(costs.get(name, ()))) for name in names]
    return {
        "sent": bars([(name, delivery_parts(counts)) for name, counts in counted if counts.total]),
        "listed": bars([(f"{locale} {audience}".strip(), (("sent", number),)) for locale, audience, number in readers]),
        "readers": readers,
        "counted": counted,
        "came_back": came_back,
        "returned": bars(
            [
                (name, (("failed", counts.failed), ("back", came_back.get(name, 0))))
                for name, counts in counted
                if counts.failed or came_back.get(name)
            ]
        ),
        "spent": spent,
        "asked": bars([(name, (("sent", one.sent), ("received", one.received))) for name, one in spent if one.calls]),
        "sources": _health(sitting),
    }


def spending(costs: Sequence[EngineCost]) -> Spending:
    """Add up what engines were asked for an issue."""
    paid = [one for one in costs if one.paid]
    return Spending(
        calls=sum(one.use.calls for one in costs),
        sent=sum(one.use.sent for one in costs),
        received=sum(one.use.received for one in costs),
        engines=tuple(dict.fromkeys(one.use.engine for one in costs)),
        price=sum(one.price for one in paid),
        unpriced=any(not one.price for one in paid),
    )


def delivery_parts(counts: DeliveryCounts) -> tuple[tuple[str, int], ...]:
    """Return (kind, number) in the order in which they are drawn; what is under way counts as waiting."""
    waiting = counts.planned + counts.claimed + counts.handing
    return (
        ("sent", counts.sent),
        ("failed", counts.failed),
        ("uncertain", counts.uncertain),
        ("suppressed", counts.suppressed),
        ("waiting", waiting),
    )


def bars(rows: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> tuple[Bar, ...]:
    """Return the bars of one picture, the longest as wide as the picture."""
    most = max((sum(number for _, number in parts) for _, parts in rows), default=0) or 1
    return tuple(Bar(label=label, parts=tuple(_placed(parts, WIDTH / most))) for label, parts in rows)


def _placed(parts: Sequence[tuple[str, int]], unit: float) -> list[tuple[str, int, float, float]]:
    placed, start = [], 0.0
    for kind, number in parts:
        if number:
            placed.append((kind, number, round(start, 2), round(number * unit, 2)))
        start += number * unit
    return placed


def _health(sitting: Sitting) -> tuple[SourceHealth, ...]:
    shop = sitting.room.shop
    remembered = shop.memory.feed_caches([source.key for source in shop.sources])
    return tuple(
        SourceHealth(
            url=source.url or source.query,
            errors=cache.errors,
            last_status=cache.last_status,
            next_at=cache.next_at,
            changed_at=cache.changed_at,
        )
        for source in shop.sources
        if (cache := remembered.get(source.key))
    )
