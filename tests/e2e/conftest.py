"""The author's repository in the states that most tests of the workflows start from, made once a worker and copied."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from author_folder import author_at_work
from forge_server import forge
from job_processes import Machines, warm_process
from workflow_runner import Desk, copied, put_on_the_site

TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)


@contextmanager
def on_tuesday() -> Iterator[None]:
    """The clock of the commands that run in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("digest.cli.common.now", lambda: TUESDAY)
        yield


@pytest.fixture(scope="session")
def desk_on_the_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Nothing has run yet."""
    place = tmp_path_factory.mktemp("on-the-site")
    with author_at_work(place) as author, forge(place) as site:
        with on_tuesday():
            desk = put_on_the_site(author, site, place)
        yield desk


@pytest.fixture(scope="session")
def desk_that_asked(desk_on_the_site: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The first request is open."""
    with copied(desk_on_the_site, tmp_path_factory.mktemp("asked")) as desk:
        with on_tuesday():
            assert desk.job("prepare") == 0
        yield desk


@pytest.fixture(scope="session")
def desk_that_approved(desk_that_asked: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """She has merged, and the approval is there."""
    with copied(desk_that_asked, tmp_path_factory.mktemp("approved")) as desk:
        desk.site.merge(1, by="ana")
        with on_tuesday():
            assert desk.job("approve") == 0
        yield desk


@pytest.fixture(scope="session")
def warm() -> "Iterator[subprocess.Popen[str]]":
    """The process that jobs are forked from."""
    with warm_process() as server:
        yield server


@pytest.fixture
def machines(warm: "subprocess.Popen[str]") -> Callable[[Desk], Machines]:
    """What gives a desk machines whose jobs are processes of their own."""
    return partial(Machines, server=warm)


@pytest.fixture
def untouched_desk(desk_on_the_site: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A copy in which nothing has run yet."""
    with copied(desk_on_the_site, tmp_path) as desk:
        yield desk


@pytest.fixture
def asked_desk(desk_that_asked: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A copy in which the first request is open."""
    with copied(desk_that_asked, tmp_path) as desk:
        yield desk


@pytest.fixture
def approved_desk(desk_that_approved: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A copy in which the issue is approved."""
    with copied(desk_that_approved, tmp_path) as desk:
        yield desk
