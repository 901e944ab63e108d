"""Statements past SQLAlchemy's handling of values, for the few that every mail needs: it costs more than the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, PoolProxiedConnection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql import ClauseElement

from digest.adapters.stores.database import WriteMany, transaction, write_many
from digest.adapters.stores.database_errors import storage_errors
from digest.adapters.stores.places import place_of
from digest.adapters.stores.upserts import by_place

Row = Sequence[Any]
"""Values by place, as the driver gives them."""


@dataclass(frozen=True, slots=True)
class Driver:
    """An open transaction. Values go in and come out as the database stores them."""

    dialect: Dialect
    write: WriteMany
    read: Callable[[str, Row], Sequence[Row]]


class Prepared:
    """A statement whose text is made once for each kind of database."""

    def __init__(self, statement: ClauseElement) -> None:
        """Nothing is compiled yet."""
        self._statement = statement
        self._compiled: dict[str, tuple[str, Callable[[Mapping[str, object]], Row]]] = {}

    def rows(self, driver: Driver, values: Mapping[str, object]) -> Sequence[Row]:
        """Return what it selects; `values` gives what it does not bring itself."""
        sql, pick = self._compiled.get(driver.dialect.name) or self._made(driver.dialect)
        return driver.read(sql, pick(values))

    def _made(self, dialect: Dialect) -> tuple[str, Callable[[Mapping[str, object]], Row]]:
        compiled: Any = self._statement.compile(dialect=by_place(dialect))
        pick, fixed = itemgetter(*compiled.positiontup), dict(compiled.params)
        made = str(compiled), lambda values: pick({**fixed, **values})
        self._compiled[dialect.name] = made
        return made


class Writer:
    """Keeps a connection of its own to a SQLite file until `close`."""

    def __init__(self, engine: Engine) -> None:
        """Nothing is opened yet."""
        self._engine = engine
        self._kept: PoolProxiedConnection | None = None

    @contextmanager
    def transaction(self) -> Iterator[Driver]:
        """As `database.transaction`."""
        if self._engine.dialect.name != "sqlite":
            with transaction(self._engine) as connection:
                yield driver_of(connection)
            return
        with storage_errors(place_of(self._engine)):
            self._kept = self._kept or self._engine.raw_connection()
            try:
                cursor = self._kept.cursor()
                cursor.execute("BEGIN IMMEDIATE")
                yield _driver(self._engine.dialect, cursor)
                cursor.execute("COMMIT")
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Give the connection back; what was begun on it is undone."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def driver_of(connection: Connection) -> Driver:
    """Return what works inside a transaction that is open."""
    return Driver(
        connection.dialect,
        write_many(connection),
        lambda sql, values: connection.exec_driver_sql(sql, tuple(values)).all(),
    )


def _driver(dialect: Dialect, cursor: DBAPICursor) -> Driver:
    def write(sql: str, rows: Sequence[Any]) -> int:
        cursor.executemany(sql, rows)
        return cursor.rowcount

    def read(sql: str, values: Row) -> Sequence[Row]:
        cursor.execute(sql, values)
        return cursor.fetchall()

    return Driver(dialect, write, read)
