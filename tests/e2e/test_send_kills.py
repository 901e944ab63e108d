"""The job that sends is killed (SIGKILL) around its pushes: never a second mail, and nobody is left out unseen."""

import os
import signal
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imap_server import Mailbox
from job_processes import Machines, Phase
from smtp_server import Post, running
from workflow_runner import Desk

FOLDER = "issues/2026-11-26"
PEOPLE = "refs/heads/vault/people"
THURSDAY = datetime(2026, 11, 26, 7, 17, tzinfo=UTC)
READERS = 4


@pytest.fixture
def post() -> Iterator[Post]:
    with running(Post()) as post:
        yield post


@pytest.fixture
def runners(approved_desk: Desk, machines: Callable[[Desk], Machines], imap_mailbox: Mailbox, post: Post) -> Machines:
    approved_desk.secrets |= {"DIGEST_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "DIGEST_IMAP_URL": imap_mailbox.url()}
    found = machines(approved_desk)
    assert found.job("tend", THURSDAY) == 0
    return found


def killed(runners: Machines, phase: Phase, push: int) -> Path:
    """Kill a job at one of its pushes of the list and return its machine."""
    machine = runners.desk.clone()
    with runners.killed(phase, PEOPLE, push):
        assert runners.job("send", THURSDAY, folder=machine) < 0
    return machine


MOMENTS = (
    # The claim never reached the vault.
    pytest.param("pre-receive", 1, 0, 0, marks=pytest.mark.long),
    # It did, and no mail has left.
    ("post-receive", 1, 0, READERS),
    # All mails have left, and the vault never learns it.
    ("pre-receive", 2, READERS, READERS),
    # It does, and only the note on the issue is missing.
    pytest.param("post-receive", 2, READERS, 0, marks=pytest.mark.long),
)
"""When it dies; how many mails have left by then; how many are uncertain where that machine is lost."""


@pytest.mark.parametrize(("phase", "push", "left", "uncertain"), MOMENTS)
def test_a_machine_that_is_lost_never_leads_to_a_second_mail(
    runners: Machines, post: Post, phase: Phase, push: int, left: int, uncertain: int
) -> None:
    killed(runners, phase, push)
    assert len(post.messages) == left
    assert runners.job("send", THURSDAY) == (4 if uncertain else 0)
    assert runners.job("send", THURSDAY) == 0
    assert set(post.copies.values()) <= {1}
    assert len(post.messages) == (left if uncertain else READERS)
    sums = tomllib.loads(runners.desk.site.file("main", f"{FOLDER}/sent.toml"))
    assert (sums["sent"], sums["uncertain"]) == (READERS - uncertain, uncertain)


@pytest.mark.long
@pytest.mark.parametrize(("phase", "push", "left"), [("post-receive", 1, 0), ("pre-receive", 2, READERS)])
def test_the_last_step_of_the_killed_job_saves_what_its_machine_knows(
    runners: Machines, post: Post, phase: Phase, push: int, left: int
) -> None:
    machine = killed(runners, phase, push)
    assert len(post.messages) == left
    assert runners.job("send", THURSDAY, "state", "push", "people", folder=machine) == 0
    assert runners.job("send", THURSDAY) == 0
    assert list(post.copies.values()) == [1] * READERS
    sums = tomllib.loads(runners.desk.site.file("main", f"{FOLDER}/sent.toml"))
    assert (sums["sent"], sums["uncertain"]) == (READERS, 0)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_job_that_is_cancelled_ends_its_message_and_saves_what_it_knows(
    runners: Machines, post: Post, asked: signal.Signals
) -> None:
    def cancel_at_the_second(phase: str, number: int, _recipient: str) -> str:
        if phase == "DOT" and number == 2:
            os.kill(int((runners.remote / "whom").read_text("ascii")), asked)
        return ""

    post.answer = cancel_at_the_second
    assert runners.job("send", THURSDAY) >= 0
    known = len(post.messages)
    assert known < READERS
    # Another machine: nothing that left is in doubt, and the others get theirs.
    assert runners.job("send", THURSDAY) == 0
    assert list(post.copies.values()) == [1] * READERS
    sums = tomllib.loads(runners.desk.site.file("main", f"{FOLDER}/sent.toml"))
    assert (sums["sent"], sums["uncertain"], sums["waiting"]) == (READERS, 0, 0)
