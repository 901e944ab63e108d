"""What a snapshot says of mails whose run ended on another machine, and what the machine itself knows better.

Both take and give whole databases as bytes, so that nothing half-done is ever written.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from digest.errors import StorageError

_LOST = "the run that had this mail ended on another machine before it could say what became of it"
_DOUBT = """
UPDATE deliveries SET state = 'uncertain', reply = CASE reply WHEN '' THEN ? ELSE reply END
WHERE state IN ('claimed', 'handing')
"""
_END_RUNS = "UPDATE runs SET finished = ? WHERE finished IS NULL"
_KNOWN = """
SELECT state, run_id, reply, handed_at, due_at, retries, newsletter_id, issue_id, subscriber_id FROM deliveries
WHERE state NOT IN ('claimed', 'handing') AND (run_id = ? OR run_id = '')
"""
_TELL = """
UPDATE deliveries SET state = ?, run_id = ?, reply = ?, handed_at = ?, due_at = ?, retries = ?
WHERE newsletter_id = ? AND issue_id = ? AND subscriber_id = ? AND run_id = ? AND state IN ('claimed', 'uncertain')
"""

_MOMENTS = "SELECT type FROM pragma_table_info('deliveries') WHERE name = 'handed_at'"
"""Text before the revision people_0006."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def doubted(people: bytes, *, now: datetime) -> bytes:
    """Return the database with every unfinished mail uncertain: whoever had it may have sent it.

    Only its own journal could say that a mail never began, and that stayed on the machine where the run ended.
    """
    moment = now.astimezone(UTC).isoformat(timespec="microseconds")

    def doubt(connection: sqlite3.Connection) -> None:
        if connection.execute(_DOUBT, (_LOST,)).rowcount:
            connection.execute(_END_RUNS, (moment,))

    return _changed(people, doubt)


def with_results(theirs: bytes, ours: bytes, run_id: str) -> bytes:
    """Return their database with what our run found out about the mails it had claimed in it."""
    with _loaded(ours) as connection:
        known = connection.execute(_KNOWN, (run_id,)).fetchall()

    def tell(connection: sqlite3.Connection) -> None:
        as_text = connection.execute(_MOMENTS).fetchone() == ("TEXT",)
        for state, run, reply, handed_at, due_at, *rest in known:
            moments = (_as_there(moment, as_text=as_text) for moment in (handed_at, due_at))
            connection.execute(_TELL, (state, run, reply, *moments, *rest, run_id))

    return _changed(theirs, tell)


def _as_there(moment: int | str | None, *, as_text: bool) -> int | str | None:
    """Return a moment as the other database stores it, whichever of the two was upgraded first."""
    if moment is None or isinstance(moment, str) == as_text:
        return moment
    if isinstance(moment, str):
        return (datetime.fromisoformat(moment) - _EPOCH) // _MILLISECOND
    return (_EPOCH + moment * _MILLISECOND).isoformat(timespec="microseconds")


def is_unfinished(people: bytes) -> bool:
    """Whether a run ended, or goes on, in the midst of its mails."""
    with _loaded(people) as connection:
        query = "SELECT 1 FROM deliveries WHERE state IN ('claimed', 'handing') LIMIT 1"
        return connection.execute(query).fetchone() is not None


def _changed(data: bytes, change: Callable[[sqlite3.Connection], None]) -> bytes:
    with _loaded(data) as connection:
        with connection:
            change(connection)
        return connection.serialize() if connection.total_changes else data


@contextmanager
def _loaded(data: bytes) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(data)
            yield connection
    except sqlite3.Error:
        # `from None`: the cause may quote a row.
        message = "The list of readers can not be read: it was written by another version of this program. Upgrade it."
        raise StorageError(message) from None
