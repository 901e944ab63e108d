"""A kill in every step of the workflows, when a push has reached the remote and the step does not know it yet."""

import os
import signal
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from imap_server import Mailbox
from job_processes import Machines
from smtp_server import Post, running
from workflow_runner import Desk

BRANCH = "issue/2026-11-26"
FOLDER = "issues/2026-11-26"
TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 7, 17, tzinfo=UTC)


@pytest.mark.long
def test_a_kill_in_every_step_costs_nobody_a_mail_and_sends_nobody_two(
    untouched_desk: Desk, machines: Callable[[Desk], Machines], imap_mailbox: Mailbox
) -> None:
    desk, site, runners = untouched_desk, untouched_desk.site, machines(untouched_desk)
    for ref in (f"refs/heads/{BRANCH}", "refs/heads/vault/state"):
        with runners.killed("post-receive", ref):
            assert runners.job("prepare", TUESDAY) < 0
    assert runners.job("prepare", TUESDAY) == 0
    assert [pull["state"] for pull in site.pulls] == ["open"]

    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", lambda text: text.replace("Laços próximos", "Laços bem próximos"))
    with runners.killed("post-receive", f"refs/heads/{BRANCH}"):
        assert runners.job("review", TUESDAY, "ci", "review", "--issue", "2026-11-26") < 0
    assert runners.job("review", TUESDAY, "ci", "review", "--issue", "2026-11-26") == 0
    site.merge(1, by="ana")
    with runners.killed("post-receive", "refs/heads/main"):
        assert runners.job("approve", TUESDAY) < 0
    assert runners.job("approve", TUESDAY) == 0
    assert "@ana" in site.file("main", f"{FOLDER}/approval.toml")

    def kill_at_the_third(phase: str, number: int, _recipient: str) -> str:
        if phase == "DOT" and number == 3 and not killed:
            killed.append(number)
            os.kill(int((site.remote / "whom").read_text("ascii")), signal.SIGKILL)
        return ""

    killed: list[int] = []
    with running(Post(answer=kill_at_the_third)) as post:
        desk.secrets |= {"DIGEST_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "DIGEST_IMAP_URL": imap_mailbox.url()}
        with runners.killed("post-receive", "refs/heads/vault/people"):
            assert runners.job("tend", THURSDAY) < 0
        assert runners.job("tend", THURSDAY) == 0
        # Killed while mails are handed over; the machine still runs its last step, the next one is another.
        machine = desk.clone()
        assert runners.job("send", THURSDAY, folder=machine) < 0
        assert runners.job("send", THURSDAY, "state", "push", "people", folder=machine) == 0
        # Killed when it is noted that nothing is left to send, before the step knows that the note is there.
        machine = desk.clone()
        with runners.killed("post-receive", "refs/heads/main"):
            assert runners.job("send", THURSDAY, folder=machine) < 0
        assert runners.job("send", THURSDAY, "state", "push", "people", folder=machine) == 0
        assert runners.job("send", THURSDAY) == 0
    assert set(post.copies.values()) == {1}
    sums = tomllib.loads(site.file("main", f"{FOLDER}/sent.toml"))
    assert sums["sent"] + sums["uncertain"] == 4
    assert sums["uncertain"] <= 2
    assert len(post.messages) >= sums["sent"]
