"""The same store three times: in memory, on SQLite, on a real PostgreSQL server."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes_stores import FakeLedger, FakePeople, FakePeopleStore, FakeStateStore
from postgres import NO_SERVER, programs, running_server
from sqlalchemy import Engine, MetaData, text

from digest.adapters.stores.database import open_database, transaction
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.adapters.stores.state import StateStore
from digest.adapters.stores.tables import METADATA, Schema

ON_SERVER = pytest.param("postgresql", marks=pytest.mark.server)
KINDS = ["fake", "sqlite", ON_SERVER]
DATABASES = ["sqlite", ON_SERVER]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The list and two ledgers on the same people; the second is another program's."""

    store: PeopleStore | FakePeopleStore
    ledger: SqlLedger | FakeLedger
    other: SqlLedger | FakeLedger


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the URL of a PostgreSQL database."""
    if programs() is None:
        pytest.skip(NO_SERVER)
    with running_server() as url:
        yield url


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database, empty or not there; asked for with the kind of database as parameter."""
    if request.param == "sqlite":
        return str(tmp_path / "digest.db")
    address: str = request.getfixturevalue("server")
    return address


def opened(url: str, schema: Schema) -> Engine:
    """Open a database without rows."""
    engine = open_database(url, schema)
    if engine.dialect.name == "postgresql":
        _empty(engine, METADATA[schema])
    return engine


@pytest.fixture(params=KINDS)
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StateStore | FakeStateStore]:
    """Give an empty state store."""
    if request.param == "fake":
        yield FakeStateStore()
        return
    url = tmp_path / "state.db" if request.param == "sqlite" else request.getfixturevalue("server")
    engine = opened(url, "state")
    yield StateStore(engine)
    engine.dispose()


@pytest.fixture(params=KINDS)
def people(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[People]:
    """Give an empty list of readers and its ledger."""
    if request.param == "fake":
        data = FakePeople()
        yield People(store=FakePeopleStore(data), ledger=FakeLedger(data), other=FakeLedger(data))
        return
    url = tmp_path / "people.db" if request.param == "sqlite" else request.getfixturevalue("server")
    engine, second = opened(url, "people"), open_database(url, "people")
    yield People(store=PeopleStore(engine), ledger=SqlLedger(engine), other=SqlLedger(second))
    engine.dispose()
    second.dispose()


def _empty(engine: Engine, metadata: MetaData) -> None:
    with transaction(engine) as connection:
        connection.execute(text("TRUNCATE " + ", ".join(table.name for table in metadata.sorted_tables)))
