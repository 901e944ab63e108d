"""What a database says when it fails, as one of our errors.

SQLAlchemy's own text is never passed on: a database may quote the row it refused (PostgreSQL's `DETAIL`), and
a row of `people` holds an address.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from digest.errors import DigestError, StateConflictError, StorageError

_FULL = "The disk is full: {place} could not be written. Nothing half-written was kept; make room and run again."
_BUSY = "{place} is being written by another program. Wait until it has finished and run again."
_BROKEN = (
    "{place} is damaged or is no database of this program. "
    "Put back a copy that works, or move the file away to begin anew."
)
_NO_ACCESS = "{place} can not be opened or written. Check that the folder is there and that you may write in it."
_NO_SERVER = "{place} does not answer or refuses the login. Check its address, its password and that it runs."
_OTHER = "{place} refused a request ({code}). Nothing was changed; this is a bug worth reporting."

# Primary result codes, https://www.sqlite.org/rescode.html
_SQLITE = {5: _BUSY, 6: _BUSY, 8: _NO_ACCESS, 10: _NO_ACCESS, 11: _BROKEN, 13: _FULL, 14: _NO_ACCESS, 26: _BROKEN}
# SQLSTATE, or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "53100": _FULL,
    "08": _NO_SERVER,
    "28": _NO_SERVER,
    "3D": _NO_SERVER,
    "40": _BUSY,
    "55": _BUSY,
    "57": _NO_SERVER,
    "XX": _BROKEN,
}


@contextmanager
def storage_errors(place: str) -> Iterator[None]:
    """Turn whatever the database raises inside into StorageError or StateConflictError that names `place`."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        # `from None`: the cause may quote a row.
        raise _translated(error, place) from None


def _translated(error: DBAPIError | sqlite3.Error, place: str) -> DigestError:
    original = error.orig if isinstance(error, DBAPIError) else error
    sentence, code = _sentence(original)
    kind = StateConflictError if sentence is _BUSY else StorageError
    return kind(sentence.format(place=place[:1].upper() + place[1:] if sentence is not _FULL else place, code=code))


def _sentence(original: BaseException | None) -> tuple[str, str]:
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", 0)
        return _SQLITE.get(code & 0xFF, _OTHER), f"SQLite {code}"
    sqlstate = getattr(original, "sqlstate", None)
    if sqlstate is None:  # the connection failed before there was a server to answer
        return _NO_SERVER, "no answer"
    return _POSTGRESQL.get(sqlstate, _POSTGRESQL.get(sqlstate[:2], _OTHER)), f"SQLSTATE {sqlstate}"
