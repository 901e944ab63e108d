import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

from digest.adapters.stores.all_tables import METADATA
from digest.adapters.stores.database import open_database, stored_revision, transaction, upgrade
from digest.adapters.stores.migrations.runner import alembic_config, migrate
from digest.adapters.stores.schemas import REVISIONS, Schema
from digest.adapters.stores.state import StateStore
from digest.errors import StorageError
from postgres import emptied

SCHEMAS: list[Schema] = ["state", "people"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "new.db") if request.param == "sqlite" else str(request.getfixturevalue("server"))


@pytest.fixture(params=SCHEMAS)
def schema(request: pytest.FixtureRequest) -> Schema:
    chosen: Schema = request.param
    return chosen


@pytest.fixture
def engine(address: str, schema: Schema) -> Iterator[Engine]:
    engine = open_database(address, schema)
    yield engine
    engine.dispose()


def test_migrations_make_what_the_tables_say(engine: Engine, schema: Schema) -> None:
    with engine.connect() as connection:
        command.check(alembic_config(connection, schema))


def test_an_up_to_date_database_has_nothing_to_upgrade(engine: Engine, schema: Schema) -> None:
    assert not upgrade(engine, schema)


def test_two_programs_that_upgrade_at_once_do_it_once(engine: Engine, schema: Schema) -> None:
    # The second has seen the old revision, waited for the first, and finds the work done.
    migrate(engine, schema, REVISIONS[schema][-1])
    assert stored_revision(engine) == REVISIONS[schema][-1]


def test_the_list_of_revisions_is_that_of_the_migration_files(engine: Engine, schema: Schema) -> None:
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection, schema))
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == REVISIONS[schema]


def test_a_newer_database_is_refused(address: str, schema: Schema) -> None:
    engine = emptied(address, schema)
    try:
        with transaction(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": f"{schema}_9999"})
        with pytest.raises(StorageError, match="newer version"):
            open_database(address, schema)
    finally:
        with transaction(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": REVISIONS[schema][-1]})
        engine.dispose()


def clauses(name: str, sql: str) -> tuple[str, list[str]]:
    """Give columns, constraints and options in any order: an upgraded table has its new columns last, on one line."""
    pieces = re.split(r"\n|, (?=[a-z_]+ (?:TEXT|INTEGER|BLOB))", sql)
    lines = [line.strip(" \t,").replace('"', "") for line in pieces]
    return name, sorted(line for line in lines if line)


def test_strict_tables_and_checks_are_those_of_the_migrations(tmp_path: Path, schema: Schema) -> None:
    migrated = open_database(tmp_path / "migrated.db", schema)
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    METADATA[schema].create_all(made)
    query = text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql IS NOT NULL ORDER BY name")
    with migrated.connect() as left, made.connect() as right:
        assert [clauses(*row) for row in left.execute(query)] == [clauses(*row) for row in right.execute(query)]
    migrated.dispose()
    made.dispose()


def test_an_older_state_keeps_its_validators_and_its_articles_are_found_by_address(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    old = create_engine(f"sqlite:///{path}")
    with old.connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection, "state"), "state_0001")
        connection.execute(
            text(
                "INSERT INTO feed_caches VALUES ('s1', '\"1\"', NULL, 'ab', '2026-11-26T12:00:00.000000+00:00', 2, 'read')"
            )
        )
        for name, body in (("a", '{"text": {"url": "https://blog.example.org/a/"}, "doi": "10.5555/a"}'), ("b", "[")):
            moment = "2026-11-26T12:00:00.000000+00:00"
            row = {"name": name, "moment": moment, "body": body}
            connection.execute(text("INSERT INTO articles VALUES ('bonds', :name, 's1', :moment, '', 1, :body)"), row)
    old.dispose()

    engine = open_database(path, "state")

    store = StateStore(engine)
    assert store.feed_caches(["s1"])["s1"].etag == '"1"'
    assert set(store.sightings("bonds", ["url:blog.example.org/a", "doi:10.5555/a", "id:b"])) == {
        "url:blog.example.org/a",
        "doi:10.5555/a",
        "id:b",
    }
    engine.dispose()
