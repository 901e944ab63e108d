"""Who gets an issue, and what became of each mail (DESIGN, "Claim before sending").

    planned -> claimed -> handing -> sent | failed | uncertain
       ^          |          |
       +----------+----------+   the server did not take it
                  +-> failed | suppressed

A run that holds the sending lock knows that all earlier runs are dead: what they had claimed is planned again,
what they were handing over is uncertain. A run whose lock was lost can not write any more: its rows carry its id.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from digest.adapters.stores import tables
from digest.adapters.stores.database import driver_transaction, insert_new, transaction, write_many
from digest.adapters.stores.freezing import BATCH, Freeze, freeze_rows
from digest.adapters.stores.marking import write_changes, write_claims, write_decision
from digest.adapters.stores.people import READER, read_subscriber
from digest.adapters.stores.people_key import PeopleKey, read_people_key
from digest.adapters.stores.sending_lock import sending_lock
from digest.errors import NotApprovedError, StateConflictError
from digest.models.delivery import Change, Delivery, DeliveryCounts, DeliveryState, DueAt, Subscriber, at_once

_rows = tables.deliveries.c
_runs = tables.runs.c
# Labelled, for a reader has columns of the same names.
_UNUSED = ("run_id", "changed_at", "due_at")
_MAIL = tuple(column.label(f"mail_{column.name}") for column in _rows if column.name not in _UNUSED)

_Place = tuple[str, str, str]
"""(newsletter, issue, run)."""


class SqlLedger:
    """Ledger on a database opened as `people`."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_run_id: Callable[[], str] = lambda: uuid.uuid4().hex[:16],
    ) -> None:
        """Take an engine of `open_database(..., "people")`."""
        self._engine = engine
        self._clock = clock
        self._new_run_id = new_run_id
        self._sending: dict[str, str] = {}
        self._reached: dict[_Place, int] = {}

    @cached_property
    def _key(self) -> PeopleKey:
        return read_people_key(self._engine)

    @contextmanager
    def sending(self, newsletter_id: str) -> Iterator[str]:
        """Hold the one sending lock and yield a run id; rows of dead runs fall back. Raises StateConflictError."""
        with sending_lock(self._engine, newsletter_id):
            run_id = self._new_run_id()
            with transaction(self._engine) as connection:
                _end_dead_runs(connection, newsletter_id, self._clock())
                row = {"newsletter_id": newsletter_id, "run_id": run_id, "started": self._clock()}
                connection.execute(tables.runs.insert().values(**row))
            self._sending[newsletter_id] = run_id
            try:
                yield run_id
            finally:
                del self._sending[newsletter_id]
                issue_ids = [place[1] for place in self._reached if place[2] == run_id]
                with transaction(self._engine) as connection:
                    _end_run(connection, newsletter_id, run_id, issue_ids, self._clock())

    def freeze(
        self, newsletter_id: str, issue_id: str, fingerprint: str, locales: Sequence[str], due_at: DueAt = at_once
    ) -> DeliveryCounts:
        """Freeze the active readers once and return the counts. Raises NotApprovedError for other bytes than before."""
        if not locales:
            message = f"Issue {issue_id} has no edition to send. Render and approve it first."
            raise NotApprovedError(message)
        row = {"newsletter_id": newsletter_id, "issue_id": issue_id, "fingerprint": fingerprint, "total": 0}
        key, now = self._key, self._clock()
        freeze = Freeze(newsletter_id=newsletter_id, issue_id=issue_id, locales=locales, due_at=due_at, now=now)
        with transaction(self._engine) as connection:
            if insert_new(connection, tables.sendings, {**row, "frozen_at": now}):
                freeze_rows(connection, key, freeze)
            elif _frozen_fingerprint(connection, newsletter_id, issue_id) != fingerprint:
                message = f"Issue {issue_id} began to be sent with other words. Put those back, or make a new issue."
                raise NotApprovedError(message)
            return _counts(connection, newsletter_id, issue_id, now)

    def claim(
        self, newsletter_id: str, issue_id: str, run_id: str, size: int
    ) -> tuple[tuple[Delivery, Subscriber], ...]:
        """Take up to `size` (at most 50) planned rows; who left meanwhile becomes `suppressed` and is not returned.

        Empty only when nothing is left for this run. What it marked `planned` itself is left to the next run: the
        server has just said "later".
        """
        place = (newsletter_id, issue_id, run_id)
        # Before the rows: should the answer to COMMIT be lost, the end of the run still knows where to look.
        reached = self._reached.setdefault(place, 0)
        with transaction(self._engine) as connection:
            _check_alive(connection, newsletter_id, run_id)
            rows = _claim(connection, place, reached, min(size, BATCH), self._clock())
        if rows:
            self._reached[place] = rows[-1]["mail_batch_no"]
        return tuple((_delivery(row, "claimed"), read_subscriber(row)) for row in rows)

    def record(self, changes: Sequence[Change]) -> None:
        """Durably write the states of several rows, all or none; addresses are taken out of the replies.

        Only the run that claimed a row may, and only along the arrows above. Raises StateConflictError.
        """
        if changes:
            with driver_transaction(self._engine) as write:
                write_changes(write, self._engine.dialect, changes, self._sending, self._clock())

    def mark(self, delivery: Delivery, state: DeliveryState, reply: str = "") -> None:
        """Durably write one row's state, as `record`."""
        self.record([Change(delivery=delivery, state=state, reply=reply)])

    def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
        """How many rows are in each state."""
        with transaction(self._engine, read_only=True) as connection:
            return _counts(connection, newsletter_id, issue_id, self._clock())

    def uncertain(self, newsletter_id: str, issue_id: str) -> tuple[Delivery, ...]:
        """Return the mails that the server may or may not have, for a person to decide."""
        query = select(*_MAIL).where(_of_issue(newsletter_id, issue_id), _rows.state == "uncertain")
        with transaction(self._engine, read_only=True) as connection:
            found = connection.execute(query.order_by(_rows.subscriber_id)).mappings().all()
        return tuple(_delivery(row, "uncertain") for row in found)

    def resolve(self, delivery: Delivery, state: Literal["sent", "planned"]) -> None:
        """Write what a person or the provider found out about an uncertain mail. Raises StateConflictError."""
        with transaction(self._engine) as connection:
            write_decision(connection, delivery, state, self._clock())

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        """Return the token of a reader's own link."""
        return self._key.reader_token(newsletter_id, subscriber_id)


def _of_issue(newsletter_id: str, issue_id: str) -> ColumnElement[bool]:
    return and_(_rows.newsletter_id == newsletter_id, _rows.issue_id == issue_id)


def _end_dead_runs(connection: Connection, newsletter_id: str, now: datetime) -> None:
    # The runs first: `claim` holds its run's row, so that it can not take rows behind the updates that follow.
    alive = and_(_runs.newsletter_id == newsletter_id, _runs.finished.is_(None))
    if connection.execute(update(tables.runs).where(alive).values(finished=now)).rowcount:
        _let_go(connection, _rows.newsletter_id == newsletter_id, now)


def _end_run(connection: Connection, newsletter_id: str, run_id: str, issue_ids: Sequence[str], now: datetime) -> None:
    own = and_(_runs.newsletter_id == newsletter_id, _runs.run_id == run_id)
    connection.execute(update(tables.runs).where(own).values(finished=now))
    for issue_id in issue_ids:
        _let_go(connection, and_(_of_issue(newsletter_id, issue_id), _rows.run_id == run_id), now)


def _let_go(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    # Claimed before handing: a row that moves on in between is then seen by the second.
    for before, after in (("claimed", {"state": "planned", "run_id": ""}), ("handing", {"state": "uncertain"})):
        fallen = update(tables.deliveries).where(which, _rows.state == before)
        connection.execute(fallen.values(**after, changed_at=now))


def _check_alive(connection: Connection, newsletter_id: str, run_id: str) -> None:
    if connection.scalar(_ALIVE, {"newsletter": newsletter_id, "run": run_id}) is None:
        message = "This run does not hold the sending lock any more. Run again."
        raise StateConflictError(message)


def _claim(connection: Connection, place: _Place, reached: int, size: int, now: datetime) -> Sequence[RowMapping]:
    # Again where a whole batch has left: an empty answer means that nothing is left to send.
    while rows := _next_planned(connection, place, reached, size, now):
        staying = [row for row in rows if _may_get_mail(row)]
        ids = {row["mail_subscriber_id"] for row in staying}
        leaving = [name for row in rows if (name := row["mail_subscriber_id"]) not in ids]
        write, dialect = write_many(connection), connection.dialect
        write_claims(write, dialect, place, leaving, "suppressed", now)
        write_claims(write, dialect, place, [row["mail_subscriber_id"] for row in staying], "claimed", now)
        if staying:
            return staying
    return ()


def _next_planned(
    connection: Connection, place: _Place, reached: int, size: int, now: datetime
) -> Sequence[RowMapping]:
    values: dict[str, object] = dict(zip(("newsletter", "issue", "run"), place, strict=True))
    return connection.execute(_NEXT, {**values, "reached": reached, "size": size, "now": now}).mappings().all()


def _may_get_mail(row: RowMapping) -> bool:
    return row["status"] == "active" and row["suppressed"] is None


def _delivery(row: RowMapping, state: DeliveryState) -> Delivery:
    return Delivery(
        issue_id=row["mail_issue_id"],
        newsletter_id=row["mail_newsletter_id"],
        subscriber_id=row["mail_subscriber_id"],
        locale=row["mail_locale"],
        state=state,
        token=row["mail_token"],
        reply=row["mail_reply"],
        audience=row["mail_audience"],
        handed_at=row["mail_handed_at"],
        retries=row["mail_retries"],
    )


def _frozen_fingerprint(connection: Connection, newsletter_id: str, issue_id: str) -> str | None:
    rows = tables.sendings.c
    query = select(rows.fingerprint).where(rows.newsletter_id == newsletter_id, rows.issue_id == issue_id)
    return connection.scalar(query)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(_rows.due_at.is_(None), _rows.due_at <= now)


def _next() -> Select[tuple[Any, ...]]:
    """The next rows that are planned, with their readers and whether these left."""
    readers, out = tables.subscribers, tables.suppressions
    reader = and_(_rows.newsletter_id == readers.c.newsletter_id, _rows.subscriber_id == readers.c.subscriber_id)
    left = and_(out.c.newsletter_id == readers.c.newsletter_id, out.c.address_key == readers.c.address_key)
    return (
        select(*_MAIL, *READER, out.c.reason.label("suppressed"))
        .select_from(tables.deliveries.join(readers, reader).outerjoin(out, left))
        .where(_rows.newsletter_id == bindparam("newsletter"), _rows.issue_id == bindparam("issue"))
        .where(_rows.batch_no >= bindparam("reached"), _rows.state == "planned", _rows.run_id != bindparam("run"))
        .where(or_(_rows.due_at.is_(None), _rows.due_at <= bindparam("now")))
        .order_by(_rows.batch_no, _rows.subscriber_id)
        .limit(bindparam("size"))
    )


# Built once, for building them costs more than running them.
_NEXT = _next()
_ALIVE = (
    select(_runs.run_id)
    .where(_runs.newsletter_id == bindparam("newsletter"), _runs.run_id == bindparam("run"), _runs.finished.is_(None))
    .with_for_update()
)


def _counts(connection: Connection, newsletter_id: str, issue_id: str, now: datetime) -> DeliveryCounts:
    waits = and_(_rows.state == "planned", ~_is_due(now))
    state = case((and_(waits, _rows.retries > 0), "retrying"), (waits, "later"), else_=_rows.state)
    query = select(state, func.count()).where(_of_issue(newsletter_id, issue_id)).group_by(state)
    numbers: dict[str, int] = {name: number for name, number in connection.execute(query)}  # noqa: C416 - typed rows
    sums = tables.sendings.c
    frozen = select(sums.total, sums.passed_over).where(sums.newsletter_id == newsletter_id, sums.issue_id == issue_id)
    total, passed_over = connection.execute(frozen).first() or (0, 0)
    return DeliveryCounts(**numbers, frozen=total, passed_over=passed_over)
