"""The promise "nobody gets it twice, nobody is left out" against `kill -9` at any moment.

A child process sends to a real server and is killed, again and again, at moments chosen by a seed: while the server
reads a command or a body, and some fractions of a millisecond later, so that the ledger is hit in every state.
`DIGEST_CRASH_KILLS` sets how often (`make crash` uses hundreds), `DIGEST_CRASH_SEED` where.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.adapters.mailers.smtp import SmtpMailer
from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.models.delivery import DeliveryCounts
from digest.sending_ports import SendingTools
from digest.stages.send import send
from fakes_send import EDITIONS, ISSUE, NOW, approval, newsletter, readers
from smtp_server import Phase, Post, running
from uncovered import uncovered

READERS = 200
CONNECTIONS = 3
MAX_READERS = 5000
PHASES: tuple[Phase, ...] = ("MAIL", "RCPT", "DATA", "DOT", "DOT")
LONGEST_DELAY_SECONDS = 0.004


def deliver(database: str, port: int) -> DeliveryCounts:
    """What the child does: one sending run."""
    engine = open_database(database, "people")
    try:
        tools = SendingTools(
            ledger=SqlLedger(engine),
            mailer=SmtpMailer(f"smtp://127.0.0.1:{port}", connections=CONNECTIONS),
            now=lambda: NOW,
            stop=lambda: False,
        )
        _, counts = send(ISSUE, newsletter(), EDITIONS, approval(), tools)
    finally:
        engine.dispose()
    return counts


class Killer:
    """Kills the child when the server has seen a phase so and so often."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.child: subprocess.Popen[bytes] | None = None
        self.phase: Phase = "MAIL"
        self.left = 0
        self.kills = 0

    def aim(self, messages: int) -> None:
        """Choose the next moment, within about so many messages from now."""
        self.phase = self.random.choice(PHASES)
        self.left = self.random.randint(1, max(1, messages))

    def answer(self, phase: Phase, number: int, recipient: str) -> str:
        """Stand in the server's way of answering; the answer itself is the usual one."""
        if phase == self.phase and self.left > 0:
            self.left -= 1
            if self.left == 0:
                self.shoot()
        return ""

    def shoot(self) -> None:
        delay = self.random.choice((0.0, self.random.random() * LONGEST_DELAY_SECONDS))
        if delay:
            threading.Timer(delay, self._kill).start()
        else:
            self._kill()

    def _kill(self) -> None:
        assert self.child is not None
        with contextlib.suppress(ProcessLookupError):
            self.child.send_signal(signal.SIGKILL)


@contextmanager
def started(database: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    here = Path(__file__).parents[1]
    path = os.pathsep.join([str(here), str(here.parent / "src")])
    command = [sys.executable, "-W", "error", __file__, str(database), str(port)]
    with subprocess.Popen(command, env=uncovered(PYTHONPATH=path)) as child:
        yield child


def test_kill_nine_at_any_moment_duplicates_nothing_and_loses_nobody(tmp_path: Path) -> None:
    wanted = int(os.environ.get("DIGEST_CRASH_KILLS", "10"))
    seed = int(os.environ.get("DIGEST_CRASH_SEED", "20261126"))
    total = min(MAX_READERS, max(READERS, 12 * wanted))
    database = tmp_path / "people.db"
    engine = open_database(database, "people")
    people = PeopleStore(engine)
    for one in readers(total):
        assert people.add(one, now=NOW) == "added"
    engine.dispose()
    killer = Killer(seed)
    post = Post(answer=killer.answer)
    with running(post):
        for round_number in range(wanted):
            killer.aim((total - len(post.messages)) // (wanted - round_number))
            with started(database, post.port) as child:
                killer.child = child
                code = child.wait(120)
            assert code in {0, -signal.SIGKILL}
            killer.kills += code == -signal.SIGKILL
        killer.left = 0
        counts = deliver(str(database), post.port)
    lost = counts.total - counts.sent - counts.uncertain
    duplicates = sum(post.copies.values()) - len(post.copies)
    sys.stdout.write(
        f"readers={total} kills={killer.kills} uncertain={counts.uncertain} duplicates={duplicates} lost={lost}\n"
    )
    assert killer.kills >= wanted // 2
    assert set(post.copies.values()) == {1}
    assert (counts.total, lost) == (total, 0)
    # One message at most on each connection is between its dot and the answer.
    assert counts.uncertain <= killer.kills * CONNECTIONS
    # Whoever is marked `sent` has it, and nobody else but the uncertain may.
    assert counts.sent <= len(post.copies) <= counts.sent + counts.uncertain


if __name__ == "__main__":
    deliver(sys.argv[1], int(sys.argv[2]))
