"""The lock that lets one run send at a time. It ends with its process, however that ends."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from digest.adapters.stores.database_errors import storage_errors
from digest.adapters.stores.places import database_file, place_of, private_file
from digest.errors import StateConflictError, StorageError


@contextmanager
def sending_lock(engine: Engine, newsletter_id: str) -> Iterator[None]:
    """Hold the lock, or raise StateConflictError at once.

    A SQLite file has one lock for all its newsletters; on PostgreSQL each newsletter has its own, so that
    many machines can send different newsletters side by side.
    """
    original = database_file(engine)
    holding = (
        _server_lock(engine, newsletter_id)
        if original is None
        else _file_lock(original.with_name(f"{original.name}.lock"))
    )
    with holding:
        yield


def advisory_key(newsletter_id: str) -> int:
    """Return the signed 64-bit number that stands for a newsletter's lock on PostgreSQL."""
    digest = hashlib.sha256(f"digest sending {newsletter_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    # flock, not lockf: a second store in the same process must be kept out, too. Only POSIX has it.
    import fcntl

    private_file(path)
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError as error:
        message = f"{path} can not be opened: {error.strerror}. Check that you may write it."
        raise StorageError(message) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _held() from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _server_lock(engine: Engine, newsletter_id: str) -> Iterator[None]:
    with storage_errors(place_of(engine)):
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Out of the pool: closing it then ends the session, and with it the lock.
        connection.detach()
    try:
        with storage_errors(place_of(engine)):
            key = {"key": advisory_key(newsletter_id)}
            taken = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key)
        if not taken:
            raise _held()
        yield
    finally:
        # By word, for the server takes a moment to notice a closed connection. Where it is broken, that is the end of
        # the session and so of the lock.
        with suppress(DBAPIError):
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
        connection.close()


def _held() -> StateConflictError:
    return StateConflictError("Another run is sending right now. Wait until it has finished, then run again.")
