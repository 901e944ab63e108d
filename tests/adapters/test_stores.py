import os
import socket
import sqlite3
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, Select, select, text
from sqlalchemy.exc import StatementError

from digest.adapters.stores import schemas, state_tables
from digest.adapters.stores.database import open_database, stored_revision, transaction
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.migrations.runner import migrate
from digest.adapters.stores.people import PeopleStore
from digest.adapters.stores.state import StateStore
from digest.errors import SettingsError, StateConflictError, StorageError
from digest.models.article import Article, ArticleText
from digest.models.delivery import Subscriber
from digest.models.source import FeedCache

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
READER = Subscriber(subscriber_id="r1", newsletter_id="bonds", address="Hidden.One@example.org", locale="en")
ARTICLE = Article(
    article_id="a1",
    newsletter_id="bonds",
    source_key="s1",
    section="posts",
    guid="",
    authors=(),
    published=None,
    first_seen=NOW,
    rights="own",
    text=ArticleText(url="https://blog.example.org/1", language="en", title="One"),
)


@pytest.fixture
def state_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "folder" / "state.db", "state")
    yield engine
    engine.dispose()


@pytest.fixture
def people_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'folder' / 'people.db'}", "people")
    yield engine
    engine.dispose()


def pragma(engine: Engine, name: str) -> object:
    with transaction(engine, read_only=True) as connection:
        return connection.scalar(text(f"PRAGMA {name}"))


# ---- opening ----


def test_sqlite_is_set_up_to_survive_a_killed_process(state_engine: Engine) -> None:
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete")
    assert [pragma(state_engine, name) for name in names] == ["wal", 1, 5000, 1, 0]


def test_sqlite_can_be_made_to_survive_power_loss(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "people.db", "people", full_sync=True)
    assert (pragma(engine, "synchronous"), pragma(engine, "secure_delete")) == (2, 1)
    engine.dispose()


def test_only_its_owner_may_read_the_file_of_the_readers(people_engine: Engine, tmp_path: Path) -> None:
    PeopleStore(people_engine).add(READER, now=NOW)
    with SqlLedger(people_engine).sending("bonds"):
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "folder").iterdir()}
    assert set(modes) == {"people.db", "people.db-wal", "people.db-shm", "people.db.lock", "people.db.sending"}
    assert set(modes.values()) == {0o600}


def test_an_up_to_date_database_is_opened_without_alembic(state_engine: Engine) -> None:
    program = textwrap.dedent("""
        import sys
        from digest.adapters.stores.database import open_database
        from digest.adapters.stores.state import StateStore
        engine = open_database(sys.argv[1], "state")
        StateStore(engine).articles("bonds")
        engine.dispose()
        print([name for name in ("alembic", "psycopg") if name in sys.modules])
    """)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(state_engine.url.database)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    "url", ["mysql://user:sesame@localhost/x", "://user:sesame@x", "sqlite:///:memory:", "sqlite://"]
)
def test_an_address_that_can_not_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        open_database(url, "state")
    assert "sesame" not in "".join(traceback.format_exception(refused.value))


def test_a_server_out_of_reach_is_named_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"postgres://user:sesame@127.0.0.1:{port}/x"
    with pytest.raises(StorageError, match="does not answer") as refused:
        open_database(url, "people")
    assert "sesame" not in "".join(traceback.format_exception(refused.value))


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match="psycopg"):
        open_database("postgresql://127.0.0.1/x", "state")


# ---- broken, foreign, newer, full, busy ----


def write_nonsense(path: Path) -> None:
    path.write_bytes(b"no database at all " * 300)


def cut_in_the_middle(path: Path) -> None:
    open_database(path, "state").dispose()
    path.write_bytes(path.read_bytes()[:5000])


def overwrite_pages(path: Path) -> None:
    open_database(path, "state").dispose()
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * (len(data) - 100))


@pytest.mark.parametrize("damage", [write_nonsense, cut_in_the_middle, overwrite_pages, Path.mkdir])
def test_a_broken_file_is_named_with_what_to_do(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "state.db"
    assert callable(damage)
    damage(path)
    with pytest.raises(StorageError) as refused:
        open_database(path, "state")
    assert str(path) in str(refused.value)
    assert str(refused.value).count(". ") >= 1, "a second sentence says what to do"


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="can not be made"):
        open_database(tmp_path / "file" / "state.db", "state")


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (x)")
    other.close()
    with pytest.raises(StorageError, match="another program"):
        open_database(path, "state")


def test_one_file_can_not_be_both_databases(people_engine: Engine) -> None:
    with pytest.raises(StorageError, match="'state'"):
        open_database(str(people_engine.url.database), "state")


def test_a_full_disk_keeps_what_was_stored(state_engine: Engine) -> None:
    store = StateStore(state_engine)
    store.save_collected([FeedCache(source_key="s1", etag="before")], [ARTICLE])
    with state_engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    many = [replace(ARTICLE, article_id=f"b{number}", teaser="x" * 4000) for number in range(50)]
    with pytest.raises(StorageError, match="disk is full"):
        store.save_collected([FeedCache(source_key="s1", etag="after")], many)
    assert store.articles("bonds") == (ARTICLE,)
    assert store.feed_caches(["s1"])["s1"].etag == "before"


def test_a_database_that_another_program_writes_is_a_conflict(state_engine: Engine) -> None:
    other = sqlite3.connect(str(state_engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with state_engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute("PRAGMA busy_timeout=0")
    with pytest.raises(StateConflictError):
        StateStore(state_engine).save_article(ARTICLE)
    assert StateStore(state_engine).articles("bonds") == (), "readers are not kept out"
    other.close()


# ---- migrations that will come ----

HEAD = schemas.REVISIONS["people"][-1]
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "people_9998"
down_revision = "HEAD"

def upgrade() -> None:
    with op.batch_alter_table("subscribers", recreate="always", table_kwargs={"sqlite_strict": True}) as batch:
        batch.add_column(sa.Column("note", sa.Text))
""".replace("HEAD", HEAD)
LOSE = REBUILD + "    op.execute(sa.table('subscribers').delete())\n"


@pytest.fixture
def sent(people_engine: Engine) -> Engine:
    PeopleStore(people_engine).add(READER, now=NOW)
    SqlLedger(people_engine).freeze("bonds", "2026-11-26", "ff", ["en"])
    return people_engine


def next_version(folder: Path, migration: str) -> Path:
    versions = folder / "100% new"
    versions.mkdir()
    for path in (Path(schemas.__file__).parent / "migrations" / "people").glob("people_*.py"):
        (versions / path.name).write_text(path.read_text())
    (versions / "people_9999_next.py").write_text(migration)
    return versions


def test_rebuilding_a_table_keeps_the_rows_that_point_at_it_and_leaves_a_copy(sent: Engine, tmp_path: Path) -> None:
    migrate(sent, "people", HEAD, versions=next_version(tmp_path, REBUILD))
    assert stored_revision(sent) == "people_9998"
    assert SqlLedger(sent).counts("bonds", "2026-11-26").planned == 1
    assert pragma(sent, "foreign_keys") == 1
    copy = tmp_path / "folder" / f"people.db.before-upgrade-of-{HEAD}"
    assert copy.stat().st_mode & 0o777 == 0o600
    before = open_database(copy, "people")
    assert PeopleStore(before).find("bonds", READER.address) == READER
    before.dispose()


def test_a_migration_that_would_lose_rows_is_undone(sent: Engine, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nothing was changed"):
        migrate(sent, "people", HEAD, versions=next_version(tmp_path, LOSE))
    assert stored_revision(sent) == HEAD
    assert PeopleStore(sent).find("bonds", READER.address) == READER
    assert pragma(sent, "foreign_keys") == 1


# ---- rows ----


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"article_id": 1}', "[" * 100_000, '{"surprise": 1}', "null"])
def test_a_row_edited_into_nonsense_is_left_out_and_stays_stored(state_engine: Engine, body: str) -> None:
    store = StateStore(state_engine)
    store.save_collected([FeedCache(source_key="s1")], [ARTICLE, replace(ARTICLE, article_id="a2")])
    with transaction(state_engine) as connection:
        connection.execute(text("UPDATE articles SET body = :body WHERE article_id = 'a2'"), {"body": body})
    assert store.articles("bonds") == (ARTICLE,)
    assert store.broken_rows == 1
    assert count_rows(state_engine, select(state_tables.articles.c.article_id)) == 2


@pytest.mark.parametrize("moment", ["soon", "2026-11-26T12:00:00"])
def test_a_cache_edited_into_nonsense_is_asked_anew(state_engine: Engine, moment: str) -> None:
    store = StateStore(state_engine)
    store.save_collected([FeedCache(source_key="s1", etag="e", next_at=NOW)], [])
    with transaction(state_engine) as connection:
        connection.execute(text("UPDATE source_caches SET next_at = :moment"), {"moment": moment})
    assert store.feed_caches(["s1"])["s1"] == FeedCache(source_key="s1")
    assert store.broken_rows == 1


def test_a_moment_without_time_zone_is_never_stored(state_engine: Engine) -> None:
    store = StateStore(state_engine)
    naive = NOW.replace(tzinfo=None)
    with pytest.raises((StatementError, ValueError)):
        store.save_collected([FeedCache(source_key="s1", next_at=naive)], [])
    with pytest.raises((StatementError, ValueError)):
        store.save_article(replace(ARTICLE, first_seen=naive))
    assert store.articles("bonds") == ()


def count_rows(engine: Engine, query: "Select[tuple[str]]") -> int:
    with transaction(engine, read_only=True) as connection:
        return len(connection.scalars(query).all())
