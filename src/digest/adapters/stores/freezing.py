"""Freezes the readers of an issue: one row each, at a place that never changes, in the edition that serves them best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, literal, or_, select, update

from digest.adapters.stores import tables
from digest.adapters.stores.column_types import Instant
from digest.adapters.stores.database import insert_plain
from digest.adapters.stores.people_key import OUR_DIGITS, OUR_ID_LENGTH, PeopleKey, can_be_read_back
from digest.models.delivery import DueAt

_PAGE = 5_000  # read at once, so that memory does not grow with the list
_AT_ONCE = 500  # readers asked for in one query: databases limit the number of values
_MOST_KINDS = 50
"""Pairs of locale and time zone that one statement tells apart."""
_LOOK_BACK = timedelta(days=45)
"""Issues that can have been due in the same month."""
_Reader = Row[str, str, str, str, str]
"""(id, locale, audience, time zone, frequency)."""
_readers = tables.subscribers.c
_rows = tables.deliveries.c
_COLUMNS = (
    "newsletter_id",
    "issue_id",
    "subscriber_id",
    "locale",
    "audience",
    "state",
    "token",
    "run_id",
    "reply",
    "due_at",
)
_GOT_IT = ("planned", "claimed", "handing", "sent", "uncertain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """What is frozen: which issue, in which editions, due when."""

    newsletter_id: str
    issue_id: str
    locales: Sequence[str]
    due_at: DueAt
    now: datetime
    chosen: dict[str, str] = field(default_factory=dict)
    """The edition of each locale met so far."""


def freeze_rows(connection: Connection, key: PeopleKey, freeze: Freeze) -> None:
    """Plan a mail to every active reader who is not suppressed, and write down how many they are.

    Who wants one issue a month and has one of this month is passed over.
    """
    passed_over = 0
    total = _freeze_at_once(connection, freeze)
    if total is None:
        total = 0
        for page in _pages(connection, freeze.newsletter_id):
            served = _served_this_month(connection, freeze, page)
            rows = [_row(freeze, key, reader) for reader in page if reader[0] not in served]
            insert_plain(connection, tables.deliveries, _COLUMNS, rows)
            total += len(rows)
            passed_over += len(served)
    frozen = update(tables.sendings).where(
        tables.sendings.c.newsletter_id == freeze.newsletter_id, tables.sendings.c.issue_id == freeze.issue_id
    )
    connection.execute(frozen.values(total=total, passed_over=passed_over))


def _freeze_at_once(connection: Connection, freeze: Freeze) -> int | None:
    """Let the database copy the readers, and return how many; None where some of them need a look of their own."""
    of_list = _readers.newsletter_id == freeze.newsletter_id
    our_id = and_(
        func.length(_readers.subscriber_id) == OUR_ID_LENGTH, func.ltrim(_readers.subscriber_id, OUR_DIGITS) == ""
    )
    alone = or_(_readers.frequency == "monthly", ~our_id)
    kinds = select(_readers.locale, _readers.timezone, alone).where(of_list).distinct().limit(_MOST_KINDS + 1)
    found = connection.execute(kinds).all()
    if not 0 < len(found) <= _MOST_KINDS or any(needs_a_look for *_, needs_a_look in found):
        return None
    editions = {locale: _edition(freeze.chosen, locale, freeze.locales) for locale, _, _ in found}
    moments = {zone: freeze.due_at(zone) for _, zone, _ in found}
    values = {
        "newsletter_id": literal(freeze.newsletter_id),
        "issue_id": literal(freeze.issue_id),
        "subscriber_id": _readers.subscriber_id,
        "locale": case(editions, value=_readers.locale),
        "audience": _readers.audience,
        "state": literal("planned"),
        "run_id": literal(""),
        "reply": literal(""),
        "due_at": case({zone: literal(at, Instant()) for zone, at in moments.items()}, value=_readers.timezone),
    }
    chosen = select(*values.values()).where(*_frozen(freeze.newsletter_id)).order_by(_readers.subscriber_id)
    connection.execute(insert(tables.deliveries).from_select(list(values), chosen))
    # Counted, because drivers do not agree on the row count of an INSERT.
    planned = select(func.count()).where(_rows.newsletter_id == freeze.newsletter_id, _rows.issue_id == freeze.issue_id)
    return connection.scalar(planned)


def _frozen(newsletter_id: str) -> tuple[ColumnElement[bool], ...]:
    """Who gets an issue."""
    out = tables.suppressions.c
    left = select(out.reason).where(out.newsletter_id == newsletter_id, out.address_key == _readers.address_key)
    return _readers.newsletter_id == newsletter_id, _readers.status == "active", ~left.exists()


def _row(freeze: Freeze, key: PeopleKey, reader: _Reader) -> tuple[object, ...]:
    """Return the values of `_COLUMNS`."""
    subscriber_id, locale, audience, timezone, _ = reader
    newsletter_id, issue_id = freeze.newsletter_id, freeze.issue_id
    worked_out = can_be_read_back(subscriber_id)
    token = None if worked_out else key.delivery_token(newsletter_id, issue_id, subscriber_id)
    edition = _edition(freeze.chosen, locale, freeze.locales)
    return newsletter_id, issue_id, subscriber_id, edition, audience, "planned", token, "", "", freeze.due_at(timezone)


def _pages(connection: Connection, newsletter_id: str) -> Iterator[Sequence[_Reader]]:
    query = (
        select(_readers.subscriber_id, _readers.locale, _readers.audience, _readers.timezone, _readers.frequency)
        .where(*_frozen(newsletter_id))
        .order_by(_readers.subscriber_id)
        .limit(_PAGE)
    )
    page = connection.execute(query).all()
    while page:
        yield page
        page = connection.execute(query.where(_readers.subscriber_id > page[-1].subscriber_id)).all()


def _served_this_month(connection: Connection, freeze: Freeze, page: Sequence[_Reader]) -> set[str]:
    """Who of a page wants one issue a month and already has one of the month in which this one would come."""
    monthly = {reader.subscriber_id: reader.timezone for reader in page if reader.frequency == "monthly"}
    if not monthly:
        return set()
    sendings = tables.sendings.c
    earlier = select(sendings.issue_id, sendings.frozen_at).where(
        sendings.newsletter_id == freeze.newsletter_id,
        sendings.issue_id != freeze.issue_id,
        sendings.frozen_at > freeze.now - _LOOK_BACK,
    )
    recent = {issue_id: frozen_at for issue_id, frozen_at in connection.execute(earlier)}  # noqa: C416 - typed rows
    served: set[str] = set()
    names = sorted(monthly)
    for start in range(0, len(names), _AT_ONCE):
        query = select(_rows.subscriber_id, _rows.due_at, _rows.handed_at, _rows.issue_id).where(
            _rows.newsletter_id == freeze.newsletter_id,
            _rows.issue_id.in_(list(recent)),
            _rows.subscriber_id.in_(names[start : start + _AT_ONCE]),
            _rows.state.in_(_GOT_IT),
        )
        for name, due_at, handed_at, issue_id in connection.execute(query):
            zone = monthly[name]
            if _month(due_at or handed_at or recent[issue_id], zone) == _month(freeze.due_at(zone) or freeze.now, zone):
                served.add(name)
    return served


def _month(moment: datetime, timezone: str) -> tuple[int, int]:
    try:
        local = moment.astimezone(ZoneInfo(timezone)) if timezone else moment
    except (ZoneInfoNotFoundError, ValueError, OSError):
        local = moment
    return local.year, local.month


def _edition(chosen: dict[str, str], locale: str, locales: Sequence[str]) -> str:
    if locale not in chosen:
        # A reader whose locale has no edition still gets the issue, in the nearest one there is.
        from digest.i18n import choose_locale

        chosen[locale] = locale if locale in locales else choose_locale(locale, tuple(locales))
    return chosen[locale]
