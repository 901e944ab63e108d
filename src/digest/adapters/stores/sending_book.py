"""The mails that a run has claimed in a SQLite file, and what became of them since the rows were last written.

A commit for every body that leaves would cost more than all the rest of sending. So each turn is noted
(`sending_notes`), and the rows follow by the chunk, or within a second where mails leave slowly.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from digest.adapters.stores.column_types import as_milliseconds
from digest.adapters.stores.database import WriteMany, write_many
from digest.adapters.stores.marking import LEGAL, clean_reply, conflict
from digest.adapters.stores.sending_notes import Note, SendingNotes
from digest.models.delivery import Change, Delivery, DeliveryState

_Row = tuple[str, str, str]
"""(newsletter, issue, reader)."""
_HANDED_AT: Final = 4
_MOST: Final = 100
"""More than a chunk, for `claim` writes them too."""
_LONGEST_SECONDS: Final = 1.0
_WRITE: Final = """
UPDATE deliveries SET state = ?, reply = ?, handed_at = coalesce(nullif(?, 0), handed_at)
WHERE newsletter_id = ? AND issue_id = ? AND subscriber_id = ? AND run_id = ? AND state IN ('claimed', 'handing')
"""


class SendingBook:
    """What one run knows that the rows do not know yet."""

    def __init__(self, notes: SendingNotes, run_id: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`notes` are begun."""
        self._notes = notes
        self._run_id = run_id
        self._clock = clock
        self._states: dict[_Row, DeliveryState] = {}
        self._unwritten: dict[_Row, Note] = {}
        self._written_at = clock()

    @property
    def is_due(self) -> bool:
        """Whether the rows have waited long enough."""
        return len(self._unwritten) >= _MOST or self._clock() - self._written_at > _LONGEST_SECONDS

    def take(self, claimed: Sequence[Delivery]) -> None:
        """Say which rows this run has just claimed."""
        self._states.update(dict.fromkeys(map(_row, claimed), "claimed"))

    def note(self, changes: Sequence[Change], now: datetime) -> None:
        """Note all of them durably or none. Raises StateConflictError, StorageError."""
        rows, moment, unwritten = self._checked(changes), as_milliseconds(now), self._unwritten
        notes: dict[_Row, Note] = {}
        for row, change in zip(rows, changes, strict=True):
            state, reply, earlier = change.state, change.reply, unwritten.get(row)
            handed_at = moment if state == "handing" else earlier[_HANDED_AT] if earlier else 0
            notes[row] = (*row, state, handed_at, clean_reply(reply) if reply else "")
        self._notes.add(notes.values())
        unwritten.update(notes)
        self._follow(rows, changes)

    def check(self, changes: Sequence[Change]) -> None:
        """Raise StateConflictError unless all of them may be written."""
        self._checked(changes)

    def write(self, write: WriteMany) -> None:
        """Bring the rows up to date, inside a transaction. Raises StateConflictError."""
        rows = [_values(note, self._run_id) for note in self._unwritten.values()]
        if rows and write(_WRITE, rows) != len(rows):
            raise conflict("sent")

    def written(self, others: Sequence[Change] = ()) -> None:
        """Say that the transaction of `write` was committed, and what else was in it."""
        self._unwritten.clear()
        self._written_at = self._clock()
        self._follow([_row(change.delivery) for change in others], others)
        self._notes.clear()

    def _checked(self, changes: Sequence[Change]) -> list[_Row]:
        rows = [_row(change.delivery) for change in changes]
        for row, change in zip(rows, changes, strict=True):
            if self._states.get(row) not in LEGAL.get(change.state, ()):
                raise conflict(change.state)
        return rows

    def _follow(self, rows: Sequence[_Row], changes: Sequence[Change]) -> None:
        for row, change in zip(rows, changes, strict=True):
            if change.state == "handing":
                self._states[row] = "handing"
            else:
                self._states.pop(row, None)


def write_left(connection: Connection, run_id: str, notes: Sequence[Note]) -> None:
    """Bring the notes of a dead run into the rows that are still as it left them; the last word on each row counts."""
    last = {note[:3]: note for note in notes}
    if last:
        write_many(connection)(_WRITE, [_values(note, run_id) for note in last.values()])


def _row(delivery: Delivery) -> _Row:
    return delivery.newsletter_id, delivery.issue_id, delivery.subscriber_id


def _values(note: Note, run_id: str) -> tuple[object, ...]:
    newsletter_id, issue_id, reader, state, handed_at, reply = note
    return state, reply, handed_at, newsletter_id, issue_id, reader, run_id
