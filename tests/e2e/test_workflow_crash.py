"""A kill in every step of the workflows, when a push has reached the remote and the step does not know it yet."""

import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from author_folder import author_at_work
from forge_server import forge
from imap_server import Mailbox
from smtp_server import Post, running
from workflow_runner import SECRETS, Desk, put_on_the_site

BRANCH = "issue/2026-11-26"
FOLDER = "issues/2026-11-26"
TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 7, 17, tzinfo=UTC)
SRC = Path(__file__).parents[2] / "src"
AT = """
import sys
from datetime import datetime
from digest.cli import common
from digest.cli.main import main
common.now = lambda: datetime.fromisoformat(sys.argv[1])
sys.exit(main(sys.argv[2:]))
"""
HOOK = """#!/bin/sh
while read -r old new ref; do
    if [ "$ref" = "$(cat kill-at 2>/dev/null)" ]; then
        rm kill-at
        kill -9 "$(cat kill-whom)"
    fi
done
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("digest.cli.common.now", lambda: TUESDAY)
    with author_at_work(tmp_path) as author, forge(tmp_path) as site:
        hook = site.remote / "hooks" / "post-receive"
        hook.write_text(HOOK, "ascii")
        hook.chmod(0o755)
        yield put_on_the_site(author, site, tmp_path)


@contextmanager
def killed_at(desk: Desk, ref: str) -> Iterator[None]:
    """Kill the next step as soon as it has pushed to a ref."""
    (desk.site.remote / "kill-at").write_text(ref, "ascii")
    yield
    assert not (desk.site.remote / "kill-at").exists()


def job(desk: Desk, step: str, now: datetime, *words: str, folder: Path | None = None) -> int:
    """Run a step in a process of its own, with the secrets of its job and no others."""
    secrets = {name: desk.secrets[name] for name in SECRETS[step] if name in desk.secrets}
    variables = {name: value for name, value in os.environ.items() if not name.startswith("DIGEST_")}
    variables |= desk.site.environment(desk.place) | secrets | {"PYTHONPATH": str(SRC)}
    commands = words or ("ci", step)
    place = folder or desk.clone()
    process = subprocess.Popen(
        [sys.executable, "-c", AT, now.isoformat(), "--folder", str(place), *commands],
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    (desk.site.remote / "kill-whom").write_text(str(process.pid), "ascii")
    return process.wait(timeout=120)


@pytest.mark.long
def test_a_kill_in_every_step_costs_nobody_a_mail_and_sends_nobody_two(desk: Desk, imap_mailbox: Mailbox) -> None:
    site = desk.site
    for ref in (f"refs/heads/{BRANCH}", "refs/heads/vault/state"):
        with killed_at(desk, ref):
            assert job(desk, "prepare", TUESDAY) < 0
    assert job(desk, "prepare", TUESDAY) == 0
    assert [pull["state"] for pull in site.pulls] == ["open"]

    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", lambda text: text.replace("Laços próximos", "Laços bem próximos"))
    with killed_at(desk, f"refs/heads/{BRANCH}"):
        assert job(desk, "review", TUESDAY, "ci", "review", "--issue", "2026-11-26") < 0
    assert job(desk, "review", TUESDAY, "ci", "review", "--issue", "2026-11-26") == 0
    site.merge(1, by="ana")
    with killed_at(desk, "refs/heads/main"):
        assert job(desk, "approve", TUESDAY) < 0
    assert job(desk, "approve", TUESDAY) == 0
    assert "@ana" in site.file("main", f"{FOLDER}/approval.toml")

    def kill_at_the_third(phase: str, number: int, _recipient: str) -> str:
        if phase == "DOT" and number == 3 and not killed:
            killed.append(number)
            os.kill(int((site.remote / "kill-whom").read_text("ascii")), signal.SIGKILL)
        return ""

    killed: list[int] = []
    with running(Post(answer=kill_at_the_third)) as post:
        desk.secrets |= {"DIGEST_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "DIGEST_IMAP_URL": imap_mailbox.url()}
        with killed_at(desk, "refs/heads/vault/people"):
            assert job(desk, "tend", THURSDAY) < 0
        assert job(desk, "tend", THURSDAY) == 0
        # Killed while mails are handed over; the machine still runs its last step, the next one is another.
        machine = desk.clone()
        assert job(desk, "send", THURSDAY, folder=machine) < 0
        assert job(desk, "send", THURSDAY, "state", "push", "people", folder=machine) == 0
        # Killed when it is noted that nothing is left to send, before the step knows that the note is there.
        machine = desk.clone()
        with killed_at(desk, "refs/heads/main"):
            assert job(desk, "send", THURSDAY, folder=machine) < 0
        assert job(desk, "send", THURSDAY, "state", "push", "people", folder=machine) == 0
        assert job(desk, "send", THURSDAY) == 0
    assert set(post.copies.values()) == {1}
    sums = tomllib.loads(site.file("main", f"{FOLDER}/sent.toml"))
    assert sums["sent"] + sums["uncertain"] == 4
    assert sums["uncertain"] <= 2
    assert len(post.messages) >= sums["sent"]
