"""The same store three times: in memory, on SQLite, on a real PostgreSQL server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.adapters.stores.schemas import REVISIONS
from digest.adapters.stores.state import StateStore
from fakes_stores import FakeLedger, FakePeople, FakePeopleStore, FakeStateStore, People
from postgres import NO_SERVER, emptied, programs, running_server

ON_SERVER = pytest.param("postgresql", marks=pytest.mark.server)
KINDS = ["fake", "sqlite", ON_SERVER]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the URL of a PostgreSQL database."""
    if programs() is None:
        pytest.skip(NO_SERVER)
    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with both databases, made once: migrations are slower than a copy."""
    folder = tmp_path_factory.mktemp("blank")
    for schema in REVISIONS:
        open_database(folder / f"{schema}.db", schema).dispose()
    return folder


@pytest.fixture(params=["sqlite", ON_SERVER])
def url(request: pytest.FixtureRequest, tmp_path: Path, blank: Path) -> str:
    """Give the address of a `people` database without rows."""
    if request.param == "sqlite":
        return str(shutil.copy(blank / "people.db", tmp_path))
    address: str = request.getfixturevalue("server")
    emptied(address, "people").dispose()
    return address


@pytest.fixture(params=KINDS)
def state(request: pytest.FixtureRequest, tmp_path: Path, blank: Path) -> Iterator[StateStore | FakeStateStore]:
    """Give an empty state store."""
    if request.param == "fake":
        yield FakeStateStore()
        return
    if request.param == "sqlite":
        engine = open_database(shutil.copy(blank / "state.db", tmp_path), "state")
    else:
        engine = emptied(request.getfixturevalue("server"), "state")
    yield StateStore(engine)
    engine.dispose()


@pytest.fixture(params=KINDS)
def people(request: pytest.FixtureRequest, tmp_path: Path, blank: Path) -> Iterator[People]:
    """Give an empty list of readers and its ledger."""
    if request.param == "fake":
        data = FakePeople()
        yield People(store=FakePeopleStore(data), ledger=FakeLedger(data), other=FakeLedger(data))
        return
    if request.param == "sqlite":
        url = str(shutil.copy(blank / "people.db", tmp_path))
    else:
        url = request.getfixturevalue("server")
    engine, second = emptied(url, "people"), open_database(url, "people")
    yield People(store=PeopleStore(engine), ledger=SqlLedger(engine), other=SqlLedger(second))
    engine.dispose()
    second.dispose()
