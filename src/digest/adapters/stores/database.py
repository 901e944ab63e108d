"""Opens a database, SQLite or PostgreSQL, and brings it up to date. The only place that tells the two apart.

SQLite runs in WAL mode with `synchronous=NORMAL`: what was committed survives a killed process; `full_sync` adds
power loss. Writers begin with `BEGIN IMMEDIATE`, so that none finds out in the middle that it may not write.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, Table, bindparam, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from digest.adapters.stores.column_types import Instant, Moment
from digest.adapters.stores.database_errors import storage_errors
from digest.adapters.stores.places import place_of, private_file
from digest.adapters.stores.schemas import REVISIONS, Schema
from digest.adapters.stores.upserts import by_place, insert_into, replacing
from digest.errors import SettingsError, StorageError

if TYPE_CHECKING:
    from datetime import datetime

_POSTGRESQL_DRIVERS = ("postgres", "postgresql", "postgresql+psycopg")


def open_database(url: str | Path, schema: Schema, *, full_sync: bool = False) -> Engine:
    """Open `state` or `people` and bring it up to date; a SQLite file that is not there is made.

    `url` is a path, `sqlite:///path` or `postgresql://...`; PostgreSQL keeps the two in schemas of their own,
    `digest_state` and `digest_people`. The caller disposes of the engine. Raises SettingsError for an address that
    can not be used, StorageError for a database that is broken, newer than this program, or out of reach.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        engine = _sqlite_engine(address, schema, full_sync=full_sync)
    else:
        engine = _postgresql_engine(address, schema)
    try:
        upgrade(engine, schema)
    except BaseException:
        engine.dispose()
        raise
    return engine


def upgrade(engine: Engine, schema: Schema) -> bool:
    """Bring a database up to date; True if there was something to do. Raises StorageError."""
    known = REVISIONS[schema]
    stored = stored_revision(engine)
    if stored == known[-1]:
        return False
    if stored is not None and stored not in known:
        message = _unknown_revision(engine, schema, stored)
        raise StorageError(message)
    # Alembic costs more time than all the rest of the opening, so only those pay who need it.
    from digest.adapters.stores.migrations.runner import migrate

    migrate(engine, schema, stored)
    return True


def stored_revision(engine: Engine) -> str | None:
    """Return the migration a database stands at, None for an empty one. Raises StorageError for somebody else's."""
    with transaction(engine, read_only=True) as connection:
        names = inspect(connection).get_table_names()
        if "alembic_version" in names:
            revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return revision
    if names:
        message = f"{_capital(place_of(engine))} belongs to another program. Name another file in the settings."
        raise StorageError(message)
    return None


@contextmanager
def transaction(engine: Engine, *, read_only: bool = False) -> Iterator[Connection]:
    """One transaction, committed at the end or undone as a whole. Raises StorageError, StateConflictError."""
    with storage_errors(place_of(engine)), engine.connect() as connection:
        if read_only:
            connection.execution_options(digest_read_only=True)
        with connection.begin():
            yield connection


_FULL_SYNC = "digest_full_sync"

WriteMany = Callable[[str, Sequence[Any]], int]
"""Runs one statement, as the driver takes it, for several rows; returns how many it changed."""


def write_many(connection: Connection) -> WriteMany:
    """Return how to run a statement for several rows inside a transaction that is open."""
    return lambda sql, rows: connection.exec_driver_sql(sql, list(rows)).rowcount


def insert_plain(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Store many new rows, given by place, whose texts are our own: only moments are turned into what is stored."""
    if not rows:
        return
    for place, name in enumerate(columns):
        kind = table.c[name].type
        if isinstance(kind, Moment | Instant):
            given = {row[place] for row in rows}
            known = {one: kind.process_bind_param(cast("datetime | None", one), connection.dialect) for one in given}
            rows = [(*row[:place], known[row[place]], *row[place + 1 :]) for row in rows]
    compiled = table.insert().compile(dialect=by_place(connection.dialect), column_keys=list(columns))
    pick = itemgetter(*(columns.index(name) for name in compiled.positiontup or ()))
    write_many(connection)(str(compiled), [pick(row) for row in rows])


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Store rows; a row with the same primary key is replaced."""
    if not rows:
        return
    connection.execute(replacing(connection.dialect.name, table), rows)


def insert_new(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Store a row unless its key is taken; True if it was stored."""
    return connection.execute(_adding(connection.dialect.name, table, tuple(row)), row).first() is not None


@cache
def _adding(dialect: str, table: Table, names: tuple[str, ...]) -> Any:  # noqa: ANN401  the class depends on the dialect
    statement = insert_into(dialect, table).on_conflict_do_nothing().values({name: bindparam(name) for name in names})
    # RETURNING, because drivers do not agree on the row count of an INSERT.
    return statement.returning(*table.primary_key)


def syncs_fully(engine: Engine) -> bool:
    """Whether a SQLite database was opened with `full_sync`."""
    return bool(engine.get_execution_options().get(_FULL_SYNC))


def forget_for_good(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, where wiped bytes would lie until the next checkpoint. Raises StorageError."""
    if engine.dialect.name != "sqlite":
        return
    with storage_errors(place_of(engine)), engine.connect() as connection:
        # Through the driver: a checkpoint can not run inside the transaction that SQLAlchemy would begin.
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _address(url: str | Path) -> URL:
    if isinstance(url, Path) or "://" not in url:
        return URL.create("sqlite", database=str(url))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    # The address itself is not repeated: it may hold a password.
    if address is None or address.drivername not in ("sqlite", *_POSTGRESQL_DRIVERS):
        message = "The address of a database is not understood. Write a path, sqlite:///path or postgresql://..."
        raise SettingsError(message)
    if address.drivername == "sqlite":
        return address
    return address.set(drivername="postgresql+psycopg")


def _sqlite_engine(address: URL, schema: Schema, *, full_sync: bool) -> Engine:
    if address.database in (None, "", ":memory:"):
        message = "A database in memory would forget everything at the end of the run. Write a path."
        raise SettingsError(message)
    private_file(Path(address.database or ""))
    # isolation_level None: the driver begins nothing by itself, so that BEGIN IMMEDIATE below is the only beginning.
    engine = create_engine(
        address,
        connect_args={"isolation_level": None, "timeout": 5},
        execution_options={_FULL_SYNC: full_sync},
        hide_parameters=True,
    )
    pragmas = [
        "busy_timeout=5000",
        "journal_mode=WAL",
        f"synchronous={'FULL' if full_sync else 'NORMAL'}",
        "foreign_keys=ON",
        # What was erased is overwritten, not only unlinked.
        f"secure_delete={'ON' if schema == 'people' else 'OFF'}",
    ]

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("digest_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _postgresql_engine(address: URL, schema: Schema) -> Engine:
    try:
        engine = create_engine(address, connect_args={"connect_timeout": 10}, hide_parameters=True, pool_pre_ping=True)
    except ImportError:
        message = (
            "PostgreSQL needs the driver psycopg, which is not installed. Install digest with the extra 'postgres'."
        )
        raise SettingsError(message) from None

    def choose_schema(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - psycopg's own type
        # Outside any transaction, or the first rollback would undo it.
        connection.autocommit = True
        connection.execute(f"SET search_path TO digest_{schema}")
        connection.autocommit = False

    # First of all listeners: SQLAlchemy asks for the current schema in its own.
    event.listen(engine, "connect", choose_schema, insert=True)
    return engine


def _unknown_revision(engine: Engine, schema: Schema, stored: str) -> str:
    place = _capital(place_of(engine))
    if stored.startswith(f"{schema}_"):
        return f"{place} was written by a newer version of this program. Install that version, then run again."
    return f"{place} is not the database '{schema}'. Check the settings: each of the two needs one of its own."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
