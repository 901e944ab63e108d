"""The note that says until when nothing is due, beside the state it was made from.

It knows SQLite by the standard library alone: it stands for the run that opens nothing, and the library that opens
databases for all other commands takes longer to import than such a run may last.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from digest.adapters.stores.atomic import read_if_there, remove, write_atomic
from digest.adapters.stores.record_json import decode_record, encode_record
from digest.errors import FileFormatError, StorageError
from digest.models.report import RunReceipt
from digest.models.rest import Rest

_INSERT = """
INSERT INTO run_receipts (newsletter_id, run_id, started, finished, outcome, reason, body)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""


class RestFile:
    """One file a newsletter, on a state that is a SQLite file."""

    def __init__(self, path: Path, database: Path) -> None:
        """Take the file, there or not, and the state's database, up to date."""
        self._path = path
        self._database = database

    def read(self) -> Rest | None:
        """Return the note; None where there is none that can be read. Raises StorageError."""
        data = read_if_there(self._path)
        try:
            return decode_record(Rest, data.decode("ascii")) if data else None
        except (FileFormatError, UnicodeDecodeError):
            return None

    def write(self, rest: Rest) -> None:
        """Replace the note. Raises StorageError."""
        write_atomic(self._path, encode_record(rest).encode("ascii"))

    def forget(self) -> None:
        """Take the note away: this run found something to do. Raises StorageError."""
        remove(self._path)

    def save_receipt(self, receipt: RunReceipt) -> None:
        """Store the receipt of a run that relied on the note. Raises StorageError."""
        row = (
            receipt.newsletter_id,
            receipt.run_id,
            _moment(receipt.started),
            _moment(receipt.finished),
            receipt.outcome,
            receipt.reason,
            encode_record(receipt),
        )
        try:
            with closing(sqlite3.connect(self._database)) as connection, connection:
                connection.execute(_INSERT, row)
        except sqlite3.Error as error:
            message = f"{self._database.name} can not be written ({error}). Check the disk and run the command again."
            raise StorageError(message) from None


def _moment(moment: datetime) -> str:
    """Return a moment as `column_types.Moment` stores it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
