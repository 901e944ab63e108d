"""Fixtures of more than one folder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it says nothing of types

from author_folder import Author, author_at_work
from browser import chromium
from imap_server import NO_DOVECOT, ImapServer, Mailbox, imap_program, running_imap

__all__ = ["chromium"]

_users = count(1)
MEASURED = "measured "
"""Properties of a test with this beginning are printed at the end: `record_property("measured a save", "0.2 s")`."""

# No test times the clock: on a busy machine an example takes as long as it takes.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if settings.get_current_profile_name() == "default":
    settings.load_profile("any-machine")


_TOGETHER = (
    ("e2e/test_demo.py",),
    (
        "e2e/test_ci_says_nothing.py",
        "e2e/test_send_kills.py",
        "e2e/test_two_runners.py",
        "e2e/test_workflow_crash.py",
        "e2e/test_workflows.py",
    ),
    ("adapters/test_pseudo_layout.py", "e2e/test_third_locale.py", "tests/test_locales.py"),
    ("e2e/test_run_again.py",),
    ("gates/test_looks.py",),
    ("gates/test_peers.py",),
    ("web/test_desk_browser.py",),
    ("web/test_desk_story.py",),
)
"""Files whose tests share something dear: one worker runs all of a group, the largest group first."""


class FilesTogether(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """Hands single tests to the workers, and these groups of files whole.

    xdist's own `loadgroup` writes the group to an attribute that pytest 9 does not read any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((group[0] for group in _TOGETHER if file.endswith(group)), nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave property tests unmeasured.

    They go a hundred times where other tests went once, and Python 3.11 takes twice as long while it is measured.
    """
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesTogether:
    """Give the scheduler of `make test`."""
    return FilesTogether(config, log)


@pytest.fixture(scope="session")
def imap_server() -> Iterator[ImapServer]:
    """Give one Dovecot for all tests of this process."""
    if imap_program() is None:
        pytest.skip(NO_DOVECOT)
    with running_imap() as server:
        yield server


@pytest.fixture(scope="session")
def prepared_author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """Give a folder to copy: an issue due on 26 November that is ready to be approved, and four readers."""
    with author_at_work(tmp_path_factory.mktemp("prepared")) as author:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC))
            assert author.digest("subscribers", "import", str(author.folder / "subscribers.csv")) == 0
            assert author.digest("prepare") == 0
            author.fill_in()
            assert author.digest("prepare") == 0
        yield author


@pytest.fixture
def imap_mailbox(imap_server: ImapServer) -> Mailbox:
    """Give a mailbox that nobody has used."""
    return imap_server.mailbox(f"reader{next(_users)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured: figures to be read, never a reason to fail."""
    passed = terminalreporter.getreports("passed")
    told = [
        f"{name.removeprefix(MEASURED)}: {said}"
        for one in passed
        for name, said in one.user_properties
        if name.startswith(MEASURED)
    ]
    if told:
        terminalreporter.section("measured")
    for line in sorted(told):
        terminalreporter.write_line(line)
