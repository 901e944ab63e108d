import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, select, text

from digest.adapters.stores import tables
from digest.adapters.stores.all_tables import METADATA
from digest.adapters.stores.database import open_database, stored_revision, transaction, upgrade
from digest.adapters.stores.inbox import SqlInboxStore
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.migrations.runner import alembic_config, migrate
from digest.adapters.stores.people import PeopleStore
from digest.adapters.stores.schemas import REVISIONS, Schema
from digest.adapters.stores.snapshot import read_snapshot, write_snapshot
from digest.adapters.stores.state import StateStore
from digest.adapters.stores.unfinished import doubted, with_results
from digest.errors import StorageError
from digest.models.delivery import DeliveryCounts
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


THEN = "2026-11-26T12:00:00.250000+00:00"
OLD_PEOPLE = """
INSERT INTO subscribers (newsletter_id, subscriber_id, address, address_key, token, locale, audience, timezone, name,
    status, created_at, frequency)
    VALUES ('bonds', 'r1', 'r1@example.org', 'k1', 'own1', 'en', '', '', '', 'active', 'THEN', 'every'),
           ('bonds', 'r2', 'r2@example.org', 'k2', 'own2', 'en', '', '', '', 'active', 'THEN', 'every');
INSERT INTO secrets VALUES ('token key', KEY);
INSERT INTO sendings (newsletter_id, issue_id, fingerprint, frozen_at, total)
    VALUES ('bonds', '2026-11-26', 'ff', 'THEN', 2);
INSERT INTO deliveries (newsletter_id, issue_id, subscriber_id, batch_no, locale, state, token, run_id, reply, changed_at,
    audience, due_at, handed_at, retries)
    VALUES ('bonds', '2026-11-26', 'r1', 0, 'en', 'uncertain', 'mail1', '0123456789abcdef', 'lost', 'THEN', 'expat', NULL,
            'THEN', 1),
           ('bonds', '2026-11-26', 'r2', 0, 'en', 'sent', 'mail2', '0123456789abcdef', '250 ok', 'THEN', '', 'THEN', NULL,
            0);
INSERT INTO bounces VALUES ('bonds', 'r2', '2026-11-26', '4.2.2', 'soft', 'THEN')
"""


def older_people(address: str) -> None:
    """Make a list as the version before left it."""
    engine = open_database(address, "people")
    on_server = engine.dialect.name == "postgresql"
    key = "'\\x" + "00" * 32 + "'" if on_server else "zeroblob(32)"
    if on_server:
        with transaction(engine) as connection:
            connection.execute(text("DROP SCHEMA digest_people CASCADE"))
            connection.execute(text("CREATE SCHEMA digest_people"))
    else:
        engine.dispose()
        Path(address).unlink()
        engine = create_engine(f"sqlite:///{address}")
    with engine.connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection, "people"), "people_0005")
        for statement in OLD_PEOPLE.replace("THEN", THEN).replace("KEY", key).split(";"):
            connection.execute(text(statement))
    engine.dispose()


def test_an_older_ledger_is_carried_over_row_by_row(address: str) -> None:
    older_people(address)

    engine = open_database(address, "people")

    ledger, then = SqlLedger(engine), datetime.fromisoformat(THEN)
    (row,) = ledger.uncertain("bonds", "2026-11-26")
    assert (row.token, row.reply, row.audience, row.retries) == ("mail1", "lost", "expat", 1)
    assert row.handed_at == then
    assert ledger.counts("bonds", "2026-11-26") == DeliveryCounts(sent=1, uncertain=1)
    rows = tables.deliveries.c
    with transaction(engine, read_only=True) as connection:
        moments = connection.execute(select(rows.due_at, rows.handed_at).where(rows.state == "sent")).one()
    assert tuple(moments) == (then, then)
    assert SqlInboxStore(engine).came_back("bonds") == {"2026-11-26": 1}
    assert PeopleStore(engine).unsubscribe_token("bonds", "mail2", now=then)
    assert [one.subscriber_id for one in PeopleStore(engine).active("bonds")] == ["r1"]
    engine.dispose()


@pytest.mark.parametrize("upgraded", ["here", "there"])
def test_results_go_into_a_snapshot_of_a_machine_that_is_upgraded_sooner_or_later(
    tmp_path: Path, upgraded: str
) -> None:
    path, then = tmp_path / "people.db", datetime.fromisoformat(THEN)
    older_people(str(path))
    snapshots = [told(path, "claimed"), told(path, "sent")]
    open_database(path, "people").dispose()
    snapshots += [told(path, "sent"), told(path, "claimed")]
    theirs, ours = (snapshots[0], snapshots[2]) if upgraded == "here" else (snapshots[3], snapshots[1])

    merged = with_results(doubted(theirs, now=then), ours, "0123456789abcdef")

    path.unlink()
    write_snapshot(path, merged, "people")
    engine = open_database(path, "people")
    rows = tables.deliveries.c
    with transaction(engine, read_only=True) as connection:
        found = connection.execute(select(rows.state, rows.handed_at, rows.due_at).order_by(rows.subscriber_id)).all()
    assert [tuple(row) for row in found] == [("uncertain", then, None), ("sent", then, then)]
    engine.dispose()


def told(path: Path, state: str) -> bytes:
    """Return the list with another state of one mail."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE deliveries SET handed_at = due_at, state = ? WHERE subscriber_id = 'r2'", (state,))
    snapshot = read_snapshot(path, "people")
    assert snapshot is not None
    return snapshot
