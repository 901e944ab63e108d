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
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from digest.adapters.mailers.smtp import SmtpMailer
from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.models.delivery import DeliveryCounts
from digest.sending_ports import SendingTools
from digest.stages.send import send
from fakes_send import EDITIONS, ISSUE, NOW, approval, newsletter, readers
from smtp_server import Phase, Post, running

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
        self.child = 0
        """Process id; 0 while there is none."""
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
        if self.child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """A process that gives birth to senders: to import everything anew for each would take longer than to send."""

    process: subprocess.Popen[str]

    def start(self) -> int:
        """Start a sender and return its process id."""
        return self._answer("start")

    def ended(self) -> int:
        """Wait for its end and return its exit code, or minus the signal that killed it."""
        return self._answer("wait")

    def _answer(self, word: str) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nest(database: Path, port: int) -> Iterator[Nest]:
    here = Path(__file__).parents[1]
    path = os.pathsep.join([str(here), str(here.parent / "src")])
    command = [sys.executable, "-W", "error", __file__, str(database), str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": path}, stdin=pipe, stdout=pipe, text=True
    ) as process:
        yield Nest(process=process)
        process.communicate(timeout=60)


def breed(database: str, port: int) -> None:
    """What the nest does."""
    sender = 0
    for word in sys.stdin:
        if word.strip() == "wait":
            sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(sender, 0)[1])}\n")
        else:
            sender = os.fork()
            if sender == 0:
                die_after_sending(database, port)
            sys.stdout.write(f"{sender}\n")
        sys.stdout.flush()


def die_after_sending(database: str, port: int) -> NoReturn:
    code = 1
    try:
        deliver(database, port)
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


@pytest.mark.no_cover
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
        with nest(database, post.port) as senders:
            for round_number in range(wanted):
                killer.aim((total - len(post.messages)) // (wanted - round_number))
                killer.child = senders.start()
                code = senders.ended()
                killer.child = 0
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
    breed(sys.argv[1], int(sys.argv[2]))
