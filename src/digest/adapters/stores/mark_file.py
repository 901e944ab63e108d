"""The note of a folder on what it last took from the vault or put there, beside the database."""

from pathlib import Path

from digest.adapters.stores.atomic import read_if_there, write_atomic
from digest.adapters.stores.record_json import decode_record, encode_record
from digest.errors import FileFormatError
from digest.models.vault import Mark


class MarkFile:
    """One file a database."""

    def __init__(self, database: Path) -> None:
        """Take the file of the database."""
        self._path = database.with_name(f"vault-{database.stem}.json")

    def read(self) -> Mark | None:
        """Return the note; None where there is none that can be read. Raises StorageError."""
        data = read_if_there(self._path)
        try:
            return decode_record(Mark, data.decode("ascii")) if data else None
        except (FileFormatError, UnicodeDecodeError):
            return None

    def write(self, mark: Mark) -> None:
        """Replace the note. Raises StorageError."""
        write_atomic(self._path, encode_record(mark).encode("ascii"))
