"""A sender is killed (SIGKILL) at each of its commits; the next one picks up what it left."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

import dying_sender
from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.adapters.stores.sending_lock import advisory_key
from digest.adapters.stores.sending_notes import notes_file
from digest.errors import StateConflictError
from digest.models.delivery import DeliveryCounts, Subscriber
from dying_sender import ISSUE, NEWSLETTER

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
READERS = 3


def killed_at(moment: int, url: str, bodies: Path, *counted: str) -> None:
    command = [sys.executable, dying_sender.__file__, url, str(moment), str(bodies), *counted]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def wait_for_release(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            # Blocks until the server has noticed the death of its client.
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": advisory_key(NEWSLETTER)})
            connection.execute(text("SELECT pg_advisory_unlock_all()"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Give a database with an issue frozen for three readers."""
    engine = open_database(url, "people")
    for number in range(READERS):
        reader = Subscriber(
            subscriber_id=f"r{number}", newsletter_id=NEWSLETTER, address=f"r{number}@example.org", locale="en"
        )
        PeopleStore(engine).add(reader, now=NOW)
    SqlLedger(engine).freeze(NEWSLETTER, ISSUE, "ff", ["en"])
    yield engine
    engine.dispose()


# 1 begins the run, 2 reads the key of the tokens, 3 claims two mails, 4 to 7 mark them `handing`, `sent`, `handing`,
# `sent`, 8 claims the third. On PostgreSQL each is a COMMIT, on SQLite 4 to 7 are notes.
@pytest.mark.parametrize(
    ("moment", "sent", "uncertain"), [(1, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 1), (6, 1, 0), (7, 1, 1), (8, 2, 0)]
)
def test_a_killed_sender_is_continued_without_a_second_copy(
    engine: Engine, url: str, tmp_path: Path, moment: int, sent: int, uncertain: int
) -> None:
    ledger = SqlLedger(engine)
    bodies = tmp_path / "bodies"
    killed_at(moment, url, bodies)
    wait_for_release(engine)
    planned = READERS - sent - uncertain
    with ledger.sending(NEWSLETTER) as run_id:
        assert ledger.counts(NEWSLETTER, ISSUE) == DeliveryCounts(planned=planned, sent=sent, uncertain=uncertain)
        dying_sender.send(ledger, bodies, run_id)
    assert ledger.counts(NEWSLETTER, ISSUE) == DeliveryCounts(sent=READERS - uncertain, uncertain=uncertain)
    copies = Counter(bodies.read_text().split())
    assert max(copies.values()) == 1
    assert copies.total() == READERS, "the body of the uncertain mail had gone out"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_notes_that_the_rows_have_already_change_nothing(engine: Engine, url: str, tmp_path: Path) -> None:
    bodies = tmp_path / "bodies"
    # Before the notes of the first two mails are forgotten: the third is claimed by then.
    killed_at(2, url, bodies, "clear")
    ledger = SqlLedger(engine)
    with ledger.sending(NEWSLETTER) as run_id:
        assert ledger.counts(NEWSLETTER, ISSUE) == DeliveryCounts(planned=1, sent=2)
        dying_sender.send(ledger, bodies, run_id)
    assert sorted(bodies.read_text().split()) == ["r0", "r1", "r2"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_without_its_notes_every_mail_of_a_dead_run_is_in_doubt(engine: Engine, url: str, tmp_path: Path) -> None:
    killed_at(5, url, tmp_path / "bodies")
    notes_file(Path(url)).unlink()
    ledger = SqlLedger(engine)
    with ledger.sending(NEWSLETTER):
        assert ledger.counts(NEWSLETTER, ISSUE) == DeliveryCounts(planned=1, uncertain=2)


def lose_the_lock(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        # As where the lock file was removed, or lies on a disk that is shared without locks.
        Path(f"{engine.url.database}.lock").unlink()
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"))


def test_a_run_that_lost_its_lock_can_neither_send_nor_disturb_the_next(engine: Engine) -> None:
    lost, following = SqlLedger(engine), SqlLedger(engine)
    with lost.sending(NEWSLETTER) as lost_id:
        ((mine, _), (other, _)) = lost.claim(NEWSLETTER, ISSUE, lost_id, 2)
        lost.mark(other, "handing")
        lose_the_lock(engine)
        following_run = following.sending(NEWSLETTER)
        following_id = following_run.__enter__()
        assert len(following.claim(NEWSLETTER, ISSUE, following_id, 50)) == 2
        for late in (mine, other):
            with pytest.raises(StateConflictError):
                lost.mark(late, "sent" if late is other else "handing")
        with pytest.raises(StateConflictError):
            lost.claim(NEWSLETTER, ISSUE, lost_id, 50)
    assert following.counts(NEWSLETTER, ISSUE) == DeliveryCounts(claimed=2, uncertain=1)
    following_run.__exit__(None, None, None)
