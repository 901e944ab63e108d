"""Who gets an issue, and what became of each mail (DESIGN, "Claim before sending").

    planned -> claimed -> handing -> sent | failed | uncertain
       ^          |          |
       +----------+----------+   the server did not take it
                  +-> failed | suppressed

A run that holds the sending lock knows that all earlier runs are dead: what they had claimed is planned again,
what they were handing over is uncertain. A run whose lock was lost can not write any more: its rows carry its id.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    case,
    func,
    select,
)

from digest.adapters.stores import tables
from digest.adapters.stores.database import insert_new, syncs_fully, transaction
from digest.adapters.stores.driver import Driver, Prepared, Writer
from digest.adapters.stores.ended_runs import end_dead_runs, end_dead_runs_of_file, end_run
from digest.adapters.stores.freezing import Freeze, freeze_rows
from digest.adapters.stores.ledger_rows import (
    MAIL,
    MAY_GET_MAIL,
    READER_ID,
    LedgerRow,
    Place,
    delivery_of,
    is_due,
    next_planned,
    subscriber_of,
)
from digest.adapters.stores.marking import is_special, write_changes, write_claimed_range, write_claims, write_decision
from digest.adapters.stores.people_key import PeopleKey, new_token, read_people_key
from digest.adapters.stores.places import database_file
from digest.adapters.stores.sending_book import SendingBook
from digest.adapters.stores.sending_lock import sending_lock
from digest.adapters.stores.sending_notes import SendingNotes
from digest.errors import NotApprovedError, StateConflictError
from digest.models.delivery import Change, Delivery, DeliveryCounts, DeliveryState, DueAt, Subscriber, at_once

_rows = tables.deliveries.c
_runs = tables.runs.c
CHUNK: Final = 50
"""Rows claimed at most in one go."""
_RUN_ID = 6
"""Characters, for it stands in every row; a run that draws what an earlier one drew does not begin."""


class SqlLedger:
    """Ledger on a database opened as `people`."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_run_id: Callable[[], str] = lambda: new_token()[:_RUN_ID],
    ) -> None:
        """Take an engine of `open_database(..., "people")`."""
        self._engine = engine
        self._clock = clock
        self._new_run_id = new_run_id
        self._sending: dict[str, str] = {}
        self._reached: dict[Place, str] = {}
        self._writer = Writer(engine)
        self._file = database_file(engine)
        self._book: SendingBook | None = None

    @cached_property
    def _key(self) -> PeopleKey:
        return read_people_key(self._engine)

    @contextmanager
    def sending(self, newsletter_id: str) -> Iterator[str]:
        """Hold the one sending lock and yield a run id; rows of dead runs fall back. Raises StateConflictError."""
        with sending_lock(self._engine, newsletter_id), self._notes() as notes:
            run_id = self._new_run_id()
            with transaction(self._engine) as connection:
                if notes is None:
                    end_dead_runs(connection, newsletter_id, self._clock())
                else:
                    end_dead_runs_of_file(connection, notes.take_over(), self._clock())
                row = {"newsletter_id": newsletter_id, "run_id": run_id, "started": self._clock()}
                connection.execute(tables.runs.insert().values(**row))
            if notes is not None:
                notes.begin(run_id)
                self._book = SendingBook(notes, run_id)
            self._sending[newsletter_id] = run_id
            try:
                yield run_id
            finally:
                try:
                    with suppress(StateConflictError):
                        # Of a run that lost its lock: the next one has its notes.
                        self._catch_up()
                finally:
                    self._book = None
                    self._writer.close()
                    del self._sending[newsletter_id]
                issue_ids = [place[1] for place in self._reached if place[2] == run_id]
                with transaction(self._engine) as connection:
                    end_run(connection, newsletter_id, run_id, issue_ids, self._clock())
                if notes is not None:
                    notes.end()

    @contextmanager
    def _notes(self) -> Iterator[SendingNotes | None]:
        """Give the notes beside a SQLite file; a server has none, for there another machine may take over."""
        if self._file is None:
            yield None
            return
        with closing(SendingNotes(self._file, full_sync=syncs_fully(self._engine))) as notes:
            yield notes

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
        key = self._key
        # Before the rows: should the answer to COMMIT be lost, the end of the run still knows where to look.
        reached = self._reached.setdefault(place, "")
        with self._writer.transaction() as driver:
            _check_alive(driver, newsletter_id, run_id)
            rows = _claim(driver, place, reached, min(size, CHUNK), self._clock())
            if self._book:
                self._book.write(driver.write)
        if rows:
            self._reached[place] = rows[-1][READER_ID]
        issue = newsletter_id, issue_id
        claimed = tuple([(delivery_of(key, issue, row, "claimed"), subscriber_of(newsletter_id, row)) for row in rows])
        if self._book:
            self._book.written()
            self._book.take([delivery for delivery, _ in claimed])
        return claimed

    def record(self, changes: Sequence[Change]) -> None:
        """Durably write the states of several rows, all or none; addresses are taken out of the replies.

        Only the run that claimed a row may, and only along the arrows above. Raises StateConflictError.
        """
        book = self._book
        if not changes:
            return
        if book is None or any([is_special(change) for change in changes]):  # noqa: C419  twice as fast for two
            if book:
                book.check(changes)
            with self._writer.transaction() as driver:
                if book:
                    book.write(driver.write)
                write_changes(driver.write, driver.dialect, changes, self._sending, self._clock())
            if book:
                book.written(changes)
        else:
            book.note(changes, self._clock())
            if book.is_due:
                self._catch_up()

    def _catch_up(self) -> None:
        """Bring the rows to what is noted."""
        if self._book:
            with self._writer.transaction() as driver:
                self._book.write(driver.write)
            self._book.written()

    def mark(self, delivery: Delivery, state: DeliveryState, reply: str = "") -> None:
        """Durably write one row's state, as `record`."""
        self.record([Change(delivery=delivery, state=state, reply=reply)])

    def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
        """How many rows are in each state."""
        self._catch_up()
        with transaction(self._engine, read_only=True) as connection:
            return _counts(connection, newsletter_id, issue_id, self._clock())

    def uncertain(self, newsletter_id: str, issue_id: str) -> tuple[Delivery, ...]:
        """Return the mails that the server may or may not have, for a person to decide."""
        self._catch_up()
        query = select(*MAIL).where(_of_issue(newsletter_id, issue_id), _rows.state == "uncertain")
        with transaction(self._engine, read_only=True) as connection:
            found = connection.execute(query.order_by(_rows.subscriber_id)).all()
        return tuple(delivery_of(self._key, (newsletter_id, issue_id), row, "uncertain") for row in found)

    def resolve(self, delivery: Delivery, state: Literal["sent", "planned"]) -> None:
        """Write what a person or the provider found out about an uncertain mail. Raises StateConflictError."""
        self._catch_up()
        with transaction(self._engine) as connection:
            write_decision(connection, delivery, state)

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        """Return the token of a reader's own link."""
        return self._key.reader_token(newsletter_id, subscriber_id)


def _of_issue(newsletter_id: str, issue_id: str) -> ColumnElement[bool]:
    return and_(_rows.newsletter_id == newsletter_id, _rows.issue_id == issue_id)


def _check_alive(driver: Driver, newsletter_id: str, run_id: str) -> None:
    if not _ALIVE.rows(driver, {"newsletter": newsletter_id, "run": run_id}):
        message = "This run does not hold the sending lock any more. Run again."
        raise StateConflictError(message)


def _claim(driver: Driver, place: Place, reached: str, size: int, now: datetime) -> Sequence[LedgerRow]:
    # Again where a whole chunk has left: an empty answer means that nothing is left to send.
    while rows := next_planned(driver, place, reached, size, now):
        staying = [row for row in rows if row[MAY_GET_MAIL]]
        leaving = [row[READER_ID] for row in rows if not row[MAY_GET_MAIL]]
        names = [row[READER_ID] for row in staying]
        if driver.dialect.name == "sqlite" and not leaving:
            write_claimed_range(driver, place, names, now)
        else:
            write_claims(driver, place, leaving, "suppressed")
            write_claims(driver, place, names, "claimed")
        if staying:
            return staying
    return ()


def _frozen_fingerprint(connection: Connection, newsletter_id: str, issue_id: str) -> str | None:
    rows = tables.sendings.c
    query = select(rows.fingerprint).where(rows.newsletter_id == newsletter_id, rows.issue_id == issue_id)
    return connection.scalar(query)


# Built once, for building it costs more than running it.
_ALIVE = Prepared(
    select(_runs.run_id)
    .where(_runs.newsletter_id == bindparam("newsletter"), _runs.run_id == bindparam("run"), _runs.finished.is_(None))
    .with_for_update()
)


def _counts(connection: Connection, newsletter_id: str, issue_id: str, now: datetime) -> DeliveryCounts:
    waits = and_(_rows.state == "planned", ~is_due(now))
    state = case((and_(waits, _rows.retries > 0), "retrying"), (waits, "later"), else_=_rows.state)
    query = select(state, func.count()).where(_of_issue(newsletter_id, issue_id)).group_by(state)
    numbers: dict[str, int] = {name: number for name, number in connection.execute(query)}  # noqa: C416 - typed rows
    sums = tables.sendings.c
    frozen = select(sums.total, sums.passed_over).where(sums.newsletter_id == newsletter_id, sums.issue_id == issue_id)
    total, passed_over = connection.execute(frozen).first() or (0, 0)
    return DeliveryCounts(**numbers, frozen=total, passed_over=passed_over)
