"""The rows of the ledger as values, and the query that finds the next ones to send.

Rows are read by place, not by name: there may be a million.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from digest.adapters.stores import tables
from digest.adapters.stores.column_types import Instant, as_moment
from digest.adapters.stores.driver import Driver, Prepared
from digest.adapters.stores.people_key import PeopleKey
from digest.models.delivery import Delivery, DeliveryState, Subscriber
from digest.text.verdicts import LONGEST_PAUSE

Place = tuple[str, str, str]
"""(newsletter, issue, run)."""
LedgerRow = Sequence[Any]

_rows = tables.deliveries.c
_INSTANT: Final = Instant()
_OF_MAIL = (
    "subscriber_id",
    "locale",
    "audience",
    "token",
    "reply",
    "handed_at",
    "retries",
)
_OF_READER = ("address", "locale", "audience", "timezone", "name", "frequency")
MAIL: Final = tuple(_rows[name] for name in _OF_MAIL)
_READER = tuple(tables.subscribers.c[name] for name in _OF_READER)
READER_ID: Final = 0
MAY_GET_MAIL: Final = len(MAIL) + len(_READER)
"""Places in a row of `_NEXT`: by place, for there are many rows."""


def next_planned(driver: Driver, place: Place, reached: str, size: int, now: datetime) -> Sequence[LedgerRow]:
    """Return up to `size` rows that are planned and due, from reader `reached` on; not what this run had before."""
    newsletter_id, issue_id, run_id = place
    moments = (_INSTANT.process_bind_param(each, driver.dialect) for each in (now, now + LONGEST_PAUSE))
    return _NEXT.rows(
        driver,
        {
            "newsletter": newsletter_id,
            "issue": issue_id,
            "run": run_id,
            "reached": reached,
            "size": size,
            **dict(zip(("now", "too_late"), moments, strict=True)),
        },
    )


def delivery_of(key: PeopleKey, issue: tuple[str, str], row: LedgerRow, state: DeliveryState) -> Delivery:
    """Read what `MAIL` selects of a (newsletter, issue)."""
    newsletter_id, issue_id = issue
    subscriber_id, locale, audience, token, reply, handed_at, retries = row[: len(MAIL)]
    return Delivery(
        issue_id=issue_id,
        newsletter_id=newsletter_id,
        subscriber_id=subscriber_id,
        locale=locale,
        state=state,
        token=token or key.delivery_token(newsletter_id, issue_id, subscriber_id),
        reply=reply,
        audience=audience,
        handed_at=as_moment(handed_at) if handed_at else None,
        retries=retries,
    )


def subscriber_of(newsletter_id: str, row: LedgerRow) -> Subscriber:
    """Read the reader of a row of `next_planned`."""
    address, locale, audience, timezone, name, frequency = row[len(MAIL) : MAY_GET_MAIL]
    return Subscriber(
        subscriber_id=row[READER_ID],
        newsletter_id=newsletter_id,
        address=address,
        locale=locale,
        audience=audience,
        timezone=timezone,
        name=name,
        frequency=frequency,
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a planned row may leave."""
    return _is_due(now, now + LONGEST_PAUSE)


def _is_due(now: object, too_late: object) -> ColumnElement[bool]:
    # A moment beyond all pauses was set by a clock that was wrong: without this its reader would wait for that clock.
    wrong = and_(_rows.retries > 0, _rows.due_at > too_late)
    return or_(_rows.due_at.is_(None), _rows.due_at <= now, wrong)


def _next() -> Select[tuple[Any, ...]]:
    """The next rows that are planned, with their readers and whether these left."""
    readers, out = tables.subscribers, tables.suppressions
    reader = and_(_rows.newsletter_id == readers.c.newsletter_id, _rows.subscriber_id == readers.c.subscriber_id)
    left = and_(out.c.newsletter_id == readers.c.newsletter_id, out.c.address_key == readers.c.address_key)
    stays = and_(readers.c.status == "active", out.c.reason.is_(None))
    return (
        select(*MAIL, *_READER, stays)
        .select_from(tables.deliveries.join(readers, reader).outerjoin(out, left))
        .where(_rows.newsletter_id == bindparam("newsletter"), _rows.issue_id == bindparam("issue"))
        .where(_rows.subscriber_id >= bindparam("reached"), _rows.state == "planned", _rows.run_id != bindparam("run"))
        .where(_is_due(bindparam("now"), bindparam("too_late")))
        .order_by(_rows.subscriber_id)
        .limit(bindparam("size"))
    )


# Built once, for building it costs more than running it.
_NEXT = Prepared(_next())
