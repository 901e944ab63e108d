"""One writer at a time for an author's folder; the lock ends with the process, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.adapters.stores.atomic import failure_sentence
from digest.errors import StateConflictError, StorageError


@contextmanager
def folder_lock(path: Path) -> Iterator[None]:
    """Hold `path` locked. Raises StateConflictError where another process does, StorageError where it can not be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("wb")
    except OSError as error:
        raise StorageError(failure_sentence(path, error)) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = "Another digest command is changing this folder. Wait until it has ended, then run again."
            raise StateConflictError(message) from None
        yield
