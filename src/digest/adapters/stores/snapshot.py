"""A whole SQLite database as bytes, and back: consistent also while others write, the write-ahead log included.

By the standard library alone, for this is on the way of every scheduled run.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from digest.adapters.stores.places import private_file
from digest.errors import StorageError
from digest.models.vault import SnapshotName

_TELLING: dict[SnapshotName, tuple[str, ...]] = {
    "state": ("articles", "works", "run_receipts"),
    "people": ("subscribers", "consents", "deliveries", "suppressions"),
}
_MODES = slice(18, 20)
_COUNTERS = (slice(24, 28), slice(40, 44), slice(92, 100))
"""Places in the header of a SQLite file (https://www.sqlite.org/fileformat2.html, 1.3): its journal mode; how often it
was written, and by which version of SQLite."""


def read_snapshot(path: Path, name: SnapshotName) -> bytes | None:
    """Return the database as it is now, None where there is no file. Raises StorageError where it is damaged."""
    if not path.exists() or not path.stat().st_size:
        return None
    with (
        _told(f"The database {path.name}"),
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        source.backup(copy)
        data = bytearray(copy.serialize())
    # A copy has no write-ahead log beside it.
    data[_MODES] = b"\1\1"
    check_snapshot(bytes(data), name)
    return bytes(data)


def check_snapshot(data: bytes, name: SnapshotName) -> None:
    """Raise StorageError unless this is a whole database of that name which this version of the program knows."""
    with _told(f"The snapshot of '{name}'"), closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        healthy = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if healthy else None
    revision = str(found[0]) if found else ""
    if not revision.startswith(f"{name}_"):
        message = f"This is not the database '{name}'. Check which key and which file belong to it."
        raise StorageError(message)
    if revision not in _known_revisions(name):
        message = (
            f"The snapshot of '{name}' was written by a newer version of this program. Install that, then run again."
        )
        raise StorageError(message)


def write_snapshot(path: Path, data: bytes, name: SnapshotName) -> None:
    """Make the database what the snapshot says, whole or not at all. Raises StorageError."""
    check_snapshot(data, name)
    private_file(path)
    with _told(f"The database {path.name}"), closing(sqlite3.connect(":memory:")) as source:
        source.deserialize(data)
        with closing(sqlite3.connect(path)) as target:
            # What is replaced is overwritten, not only unlinked.
            target.execute("PRAGMA secure_delete=ON")
            source.backup(target)


def row_counts(data: bytes, name: SnapshotName) -> tuple[tuple[str, int], ...]:
    """Return how many rows the tables have by which one knows a database again."""
    counts = []
    with _told(f"The snapshot of '{name}'"), closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        for table in _TELLING[name]:
            counts.append((table.replace("_", " "), connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]))  # noqa: S608, PERF401 - fixed names
    return tuple(counts)


def fingerprint(data: bytes) -> str:
    """Return a hash that differs when what is stored differs, and not because the file was opened."""
    plain = bytearray(data)
    plain[_MODES] = b"\1\1"
    for place in _COUNTERS:
        plain[place] = bytes(place.stop - place.start)
    return hashlib.sha256(plain).hexdigest()


def _known_revisions(name: SnapshotName) -> set[str]:
    folder = Path(__file__).parent / "migrations" / name
    return {"_".join(file.stem.split("_")[:2]) for file in folder.glob(f"{name}_*.py")}


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError):
        # `from None`: the cause may quote a row.
        message = f"{what} is damaged or can not be read or written. Check the disk, or put back a copy that works."
        raise StorageError(message) from None
