"""INSERTs that meet rows which are there already, for SQLite and PostgreSQL, and what the drivers take of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Table


def driver_upsert(
    dialect: Dialect, table: Table, rows: Sequence[Mapping[str, object]], *, over: bool = True
) -> tuple[str, Sequence[Any]]:
    """Return an INSERT for `WriteMany`, and whole rows as the driver takes them; a row whose key is taken goes over it, or is left."""
    sql, turns = _driver_statement(dialect, table, over=over)
    return sql, [tuple([turn(row[name]) if turn else row[name] for name, turn in turns]) for row in rows]


@cache
def _driver_statement(
    dialect: Dialect, table: Table, *, over: bool
) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """Return the statement, and in the order of its values the columns, each with what turns a value into what is stored."""
    statement = replacing(dialect.name, table) if over else insert_into(dialect.name, table).on_conflict_do_nothing()
    compiled = statement.compile(dialect=by_place(dialect), column_keys=[column.name for column in table.columns])
    kinds = ((name, table.c[name].type.dialect_impl(dialect)) for name in compiled.positiontup or ())
    return str(compiled), tuple((name, kind.bind_processor(dialect)) for name, kind in kinds)


@cache
def replacing(dialect: str, table: Table) -> Any:  # noqa: ANN401  the class depends on the dialect
    """Return an INSERT that replaces rows of the same key; to make one takes as long as to run it."""
    insert = insert_into(dialect, table)
    key = [column.name for column in table.primary_key]
    fresh = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=fresh)


def insert_into(dialect: str, table: Table) -> Any:  # noqa: ANN401 - two classes with the same methods
    """Return an INSERT that can be told what to do about a key that is taken."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert(table)


@cache
def by_place(dialect: Dialect) -> Dialect:
    """Return the dialect with values given by place, not by name: what the driver takes fastest."""
    kind: Any = type(dialect)
    return dialect if dialect.positional else cast("Dialect", kind(paramstyle="format"))
