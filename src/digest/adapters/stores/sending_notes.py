"""What became of the mails of a chunk, noted in a small file beside a SQLite database until its rows say so.

A line of it is written in a mapped page, which costs a hundredth of a commit. Like a commit it outlives its process, and
the machine with `full_sync`. The file is there while a run sends, and after a run that died: then the next one brings it
into the rows. Room for the lines is made before they are needed, so a full disk is met while a run can still say so; on a
file system that copies on write (Btrfs, ZFS) it may end the run as a kill does.
"""

import mmap
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from digest.adapters.stores.places import private_file
from digest.errors import StateConflictError, StorageError

Note = tuple[str, str, str, str, int, str]
"""(newsletter, issue, reader, state, when its body was about to leave in ms since 1970 or 0, reply)."""
_LINE = "%s\t%s\t%s\t%s\t%d\t%s\n"
_OWN, _TAKEN = " ", b"x"
"""The first byte: of a run that goes on, and of one that another has taken over from."""
_ROOM = 1 << 16
"""Bytes made at a time: more than a chunk's notes take, unless a server has very much to say."""


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
        self._bytes: mmap.mmap | None = None
        self._start = self._end = 0
        self._barrier = Lock()

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
            self._file = os.open(self._path, os.O_RDWR)
            self._append(f"{_OWN}{run_id}\n".encode())
        except OSError as error:
            raise self._failure(error) from None
        self._start = self._end
        self._older.unlink(missing_ok=True)

    def add(self, notes: Iterable[Note]) -> None:
        """Note what happened in one turn, all or nothing. Raises StorageError, StateConflictError.

        No value may hold a control character.
        """
        self._append("".join([_LINE % note for note in notes]).encode())
        if not self._is_own():
            message = "Another run has taken over the sending. Run again."
            raise StateConflictError(message)

    def clear(self) -> None:
        """Forget the notes, which the rows have by now."""
        if self._bytes is not None:
            self._bytes[self._start : self._end] = bytes(self._end - self._start)
            self._end = self._start

    def end(self) -> None:
        """Take the file away: the run has ended, and the rows know all."""
        if self._is_own():
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the file as it is."""
        if self._bytes is not None:
            self._bytes.close()
            self._bytes = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _is_own(self) -> bool:
        # A lock is a memory barrier: what was written before is seen by others before this byte is read.
        with self._barrier:
            return self._bytes is not None and self._bytes[0] == ord(_OWN)

    def _append(self, lines: bytes) -> None:
        begin, end = self._end, self._end + len(lines)
        room = self._bytes
        if room is None or end > len(room):
            room = self._with_room_for(end)
        # Half of it says nothing: `_parsed` reads up to the first byte that is not written.
        room[begin:end] = lines
        self._end = end
        if self._full_sync:
            page = begin - begin % mmap.PAGESIZE
            try:
                room.flush(page, end - page)
            except OSError as error:
                raise self._failure(error) from None

    def _with_room_for(self, end: int) -> mmap.mmap:
        """Map more of the file. Raises StorageError."""
        have = len(self._bytes) if self._bytes is not None else 0
        more = -(-end // _ROOM) * _ROOM - have
        try:
            # Written, not only made longer: so the disk has the room.
            written = os.pwrite(self._file, bytes(more), have)
            if written < more:
                message = f"The disk is full: {self._path} could not be written. Make room and run again."
                raise StorageError(message)
            room = mmap.mmap(self._file, have + more)
        except (OSError, ValueError) as error:
            raise self._failure(error) from None
        if self._bytes is not None:
            self._bytes.close()
        self._bytes = room
        return room

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
    data = data.partition(b"\0")[0]
    try:
        first, *lines = data[: data.rfind(b"\n") + 1].decode("utf-8").split("\n")[:-1]
        return Left(run_id=first[1:], notes=[_read(line) for line in lines])
    except ValueError:
        return Left()


def _read(line: str) -> Note:
    """Raises ValueError where it is none."""
    newsletter, issue, reader, state, handed_at, reply = line.split("\t")
    return newsletter, issue, reader, state, int(handed_at), reply
