"""What became of the mails of a chunk, noted in a small file beside a SQLite database until its rows say so.

One line a turn costs a thirtieth of a commit. Like a commit it outlives its process, and the machine with `full_sync`.
The file is there while a run sends, and after a run that died: then the next one brings it into the rows.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digest.adapters.stores.places import private_file
from digest.errors import StateConflictError, StorageError

Note = tuple[str, str, str, str, str, int | None]
"""(newsletter, issue, reader, state, reply, when its body was about to leave in ms since 1970)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a dead run left behind."""

    run_id: str = ""
    """Empty where the file is gone or damaged: then nobody knows which of the claimed mails had begun."""
    notes: Sequence[Note] = ()


class SendingNotes:
    """The notes of the run that holds the sending lock."""

    def __init__(self, database: Path, *, full_sync: bool) -> None:
        """Nothing is opened yet."""
        self._path = notes_file(database)
        self._older = self._path.with_name(f"{self._path.name}.old")
        self._full_sync = full_sync
        self._file = -1
        self._inode = 0
        self._start = self._end = 0

    def take_over(self) -> Left:
        """Return what a dead run left, and keep it until `begin`. Raises StorageError."""
        try:
            with suppress(FileNotFoundError):
                # First out of the way of a run that lost its lock and does not know: it looks whether its file is there.
                self._path.replace(self._older)
            return _parsed(self._older.read_bytes())
        except FileNotFoundError:
            return Left()
        except OSError as error:
            message = f"{self._older} can not be read: {error.strerror}. Check that you may read it, then run again."
            raise StorageError(message) from None

    def begin(self, run_id: str) -> None:
        """Forget what was taken over, and say whose notes follow. Raises StorageError."""
        private_file(self._path)
        try:
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            self._inode = os.fstat(self._file).st_ino
        except OSError as error:
            raise self._failure(error) from None
        self._append(json.dumps(run_id))
        self._start = self._end
        self._older.unlink(missing_ok=True)

    def add(self, notes: Sequence[Note]) -> None:
        """Note what happened in one turn, all or nothing. Raises StorageError, StateConflictError."""
        self._append(json.dumps(notes))
        if not self._is_own():
            message = "Another run has taken over the sending. Run again."
            raise StateConflictError(message)

    def clear(self) -> None:
        """Forget the notes, which the rows have by now. Raises StorageError."""
        if self._end == self._start:
            return
        try:
            os.ftruncate(self._file, self._start)
        except OSError as error:
            raise self._failure(error) from None
        self._end = self._start

    def end(self) -> None:
        """Take the file away: the run has ended, and the rows know all."""
        if self._file >= 0 and self._is_own():
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the file as it is."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _is_own(self) -> bool:
        try:
            return os.stat(self._path).st_ino == self._inode  # noqa: PTH116  for each mail: a third of the time
        except OSError:
            return False

    def _append(self, words: str) -> None:
        line = words.encode("ascii") + b"\n"
        try:
            written = os.write(self._file, line)
            if written < len(line):
                # A full disk. Half a line must not become the beginning of the next.
                os.ftruncate(self._file, self._end)
                message = f"The disk is full: {self._path} could not be written. Make room and run again."
                raise StorageError(message)
            if self._full_sync:
                os.fdatasync(self._file)
        except OSError as error:
            raise self._failure(error) from None
        self._end += written

    def _failure(self, error: OSError) -> StorageError:
        return StorageError(f"{self._path} can not be written: {error.strerror}. Check the disk and run again.")


def notes_file(database: Path) -> Path:
    """Return where the notes of a database lie: there only while a run sends, and after one that died."""
    return database.with_name(f"{database.name}.sending")


def _parsed(data: bytes) -> Left:
    # What stands behind the last line break was cut off by the death of its run, before any body could follow it.
    lines = data.split(b"\n")[:-1]
    try:
        first, *turns = (json.loads(line) for line in lines)
        notes = [_checked(note) for turn in turns for note in turn]
    except (ValueError, TypeError):
        return Left()
    return Left(run_id=first, notes=notes) if isinstance(first, str) else Left()


def _checked(note: object) -> Note:
    match note:
        case [str(newsletter), str(issue), str(reader), str(state), str(reply), int() | None as handed_at]:
            return newsletter, issue, reader, state, reply, handed_at
        case _:
            raise TypeError
