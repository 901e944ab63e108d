"""What became of the mails of a chunk, noted in a small file beside a SQLite database until its rows say so.

One line a turn costs a thirtieth of a commit. Like a commit it outlives its process, and the machine with `full_sync`.
The file is there while a run sends, and after a run that died: then the next one brings it into the rows.
"""

import mmap
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digest.adapters.stores.places import private_file
from digest.errors import StateConflictError, StorageError

Note = tuple[str, str, str, str, int, str]
"""(newsletter, issue, reader, state, when its body was about to leave in ms since 1970 or 0, reply)."""
_LINE = "%s\t%s\t%s\t%s\t%d\t%s\n"
_OWN, _TAKEN = " ", b"x"
"""The first byte: of a run that goes on, and of one that another has taken over from."""


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
        self._older = _older(self._path)
        self._full_sync = full_sync
        self._file = -1
        self._mine: mmap.mmap | None = None
        """The first byte of the file as it is now, which costs nothing to look at."""
        self._start = self._end = 0

    def take_over(self) -> Left:
        """Return what a dead run left, and keep it until `begin`. Raises StorageError."""
        try:
            with suppress(FileNotFoundError):
                self._path.replace(self._older)
            with self._older.open("r+b") as file:
                # A run that lost its lock and does not know looks at this byte after each note: either it sees it, or
                # its note is read below.
                os.pwrite(file.fileno(), _TAKEN, 0)
                return _parsed(file.read())
        except FileNotFoundError:
            return Left()
        except OSError as error:
            message = f"{self._older} can not be read: {error.strerror}. Check that you may read it, then run again."
            raise StorageError(message) from None

    def begin(self, run_id: str) -> None:
        """Forget what was taken over, and say whose notes follow. Raises StorageError."""
        private_file(self._path)
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_APPEND)
            self._append(f"{_OWN}{run_id}\n")
            self._mine = mmap.mmap(self._file, len(_TAKEN), access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise self._failure(error) from None
        self._start = self._end
        self._older.unlink(missing_ok=True)

    def add(self, notes: Sequence[Note]) -> None:
        """Note what happened in one turn, all or nothing. Raises StorageError, StateConflictError.

        No value may hold a control character.
        """
        self._append("".join([_LINE % note for note in notes]))
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
        if self._is_own():
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the file as it is."""
        if self._mine is not None:
            self._mine.close()
            self._mine = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _is_own(self) -> bool:
        return self._mine is not None and self._mine[0] != _TAKEN[0]

    def _append(self, words: str) -> None:
        line = words.encode("utf-8")
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

    def _failure(self, error: OSError | ValueError) -> StorageError:
        why = getattr(error, "strerror", None) or "it is too short"
        return StorageError(f"{self._path} can not be written: {why}. Check the disk and run again.")


def notes_file(database: Path) -> Path:
    """Return where the notes of a database lie: there only while a run sends, and after one that died."""
    return database.with_name(f"{database.name}.sending")


def has_notes(database: Path) -> bool:
    """Whether a run of this database goes on or died."""
    path = notes_file(database)
    return path.exists() or _older(path).exists()


def _older(path: Path) -> Path:
    return path.with_name(f"{path.name}.old")


def _parsed(data: bytes) -> Left:
    # What stands behind the last line break was cut off by the death of its run, before any body could follow it.
    try:
        first, *lines = data[: data.rfind(b"\n") + 1].decode("utf-8").split("\n")[:-1]
        return Left(run_id=first[1:], notes=[_read(line) for line in lines])
    except ValueError:
        return Left()


def _read(line: str) -> Note:
    """Raises ValueError where it is none."""
    newsletter, issue, reader, state, handed_at, reply = line.split("\t")
    return newsletter, issue, reader, state, int(handed_at), reply
