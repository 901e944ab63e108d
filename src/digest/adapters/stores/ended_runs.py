"""What becomes of the mails of a run at its end, or after its death: planned again, or uncertain."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from digest.adapters.stores import tables
from digest.adapters.stores.sending_book import write_left
from digest.adapters.stores.sending_notes import Left

_rows = tables.deliveries.c
_runs = tables.runs.c


def end_dead_runs_of_file(connection: Connection, left: Left, now: datetime) -> None:
    """Bring what a dead run noted into its rows, and end the runs of all newsletters: a file has one lock for all."""
    write_left(connection, left.run_id, left.notes)
    dead = connection.execute(select(_runs.newsletter_id, _runs.run_id).where(_runs.finished.is_(None))).all()
    for newsletter_id, run_id in dead:
        if run_id != left.run_id:
            # Its notes are gone: any of its mails may have begun.
            unknown = and_(_rows.newsletter_id == newsletter_id, _rows.run_id == run_id, _rows.state == "claimed")
            connection.execute(update(tables.deliveries).where(unknown).values(state="uncertain"))
        end_dead_runs(connection, newsletter_id, now)


def end_dead_runs(connection: Connection, newsletter_id: str, now: datetime) -> None:
    """End the runs of a newsletter that had not ended: whoever holds the sending lock knows that they are dead."""
    # The runs first: `claim` holds its run's row, so that it can not take rows behind the updates that follow.
    alive = and_(_runs.newsletter_id == newsletter_id, _runs.finished.is_(None))
    if connection.execute(update(tables.runs).where(alive).values(finished=now)).rowcount:
        _let_go(connection, _rows.newsletter_id == newsletter_id)


def end_run(connection: Connection, newsletter_id: str, run_id: str, issue_ids: Sequence[str], now: datetime) -> None:
    """End a run whose rows are those of these issues."""
    own = and_(_runs.newsletter_id == newsletter_id, _runs.run_id == run_id)
    connection.execute(update(tables.runs).where(own).values(finished=now))
    for issue_id in issue_ids:
        _let_go(
            connection, and_(_rows.newsletter_id == newsletter_id, _rows.issue_id == issue_id, _rows.run_id == run_id)
        )


def _let_go(connection: Connection, which: ColumnElement[bool]) -> None:
    # Claimed before handing: a row that moves on in between is then seen by the second.
    for before, after in (("claimed", {"state": "planned", "run_id": ""}), ("handing", {"state": "uncertain"})):
        connection.execute(update(tables.deliveries).where(which, _rows.state == before).values(**after))
