"""Runs migrations. Imported only where a database is not up to date, for Alembic is slow to import."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from digest.adapters.stores.all_tables import METADATA
from digest.adapters.stores.database_errors import storage_errors
from digest.adapters.stores.places import database_file, place_of, private_file
from digest.adapters.stores.schemas import Schema
from digest.errors import StorageError

_FOLDER = Path(__file__).parent
_POSTGRESQL_LOCK = 4_917_226_013_884_120_391
"""Any number that nobody else uses: two programs must not migrate one database at once."""


def migrate(engine: Engine, schema: Schema, stored: str | None, *, versions: Path | None = None) -> None:
    """Bring a database from revision `stored` to the newest one, as a whole or not at all.

    A SQLite file with something in it is copied first, to `<name>.before-upgrade-of-<stored>`. Raises StorageError.
    """
    if stored is not None:
        _copy(engine, stored)
    with _connection(engine, schema) as connection:
        command.upgrade(alembic_config(connection, schema, versions=versions), "head")


def alembic_config(connection: Connection, schema: Schema, *, versions: Path | None = None) -> Config:
    """Return Alembic's settings for a connection; `versions` is the folder of the migrations."""
    config = Config(attributes={"connection": connection, "metadata": METADATA[schema]})
    # A percent sign in a path would be read as the beginning of a variable.
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions or _FOLDER / schema).replace("%", "%%"))
    return config


@contextmanager
def _connection(engine: Engine, schema: Schema) -> Iterator[Connection]:
    with storage_errors(place_of(engine)), engine.connect() as connection:
        prepare = _on_sqlite(connection) if engine.dialect.name == "sqlite" else _on_postgresql(connection, schema)
        with prepare:
            yield connection


@contextmanager
def _on_sqlite(connection: Connection) -> Iterator[None]:
    # Rebuilding a parent table with foreign keys on would delete its children in silence (ON DELETE CASCADE);
    # the pragma is without effect inside a transaction, hence the driver.
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                message = "The upgrade of the database would lose rows, so nothing was changed. Please report this bug."
                raise StorageError(message)
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _on_postgresql(connection: Connection, schema: Schema) -> Iterator[None]:
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS digest_{schema}"))
        yield


def _copy(engine: Engine, stored: str) -> None:
    original = database_file(engine)
    if original is None:
        return
    copy = original.with_name(f"{original.name}.before-upgrade-of-{stored}")
    private_file(copy)
    with storage_errors(place_of(engine)), engine.connect() as connection:
        target = sqlite3.connect(copy)
        try:
            driver: Any = connection.connection.dbapi_connection
            driver.backup(target)
        finally:
            target.close()
