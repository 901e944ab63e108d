"""No address and no secret in anything that the steps of the workflows leave: log, summary, outputs, requests, git, receipts."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest

from digest.adapters.vaults.sealing import new_identity
from forge_server import TOKEN
from imap_server import PASSWORD, Mailbox
from mails_back import letter, report
from smtp_server import HANG_UP, Post, running
from workflow_runner import Desk

BRANCH = "issue/2026-11-26"
FOLDER = "issues/2026-11-26"
THURSDAY = datetime(2026, 11, 26, 7, 17, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 12, 17, tzinfo=UTC)
MONTH = datetime(2026, 12, 20, 6, 17, tzinfo=UTC)
HERS = {"ana@example.org", "letters@example.org", "noreply@digest.invalid"}
"""What the settings in git say themselves, and the author of the program's commits."""
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
OTHERS = {
    "OPENAI_API_KEY": "sk-hunter2-openai",
    "ANTHROPIC_API_KEY": "sk-hunter2-anthropic",
    "DEEPL_API_KEY": "hunter2-deepl",
    "DIGEST_DKIM_KEY": "-----BEGIN PRIVATE KEY-----\nhunter2-dkim\n-----END PRIVATE KEY-----\n",
    "DIGEST_HEARTBEAT_URL": "http://127.0.0.1:1/hunter2-heartbeat",
    "DIGEST_CANARY_IMAP_URL": "imap://hunter2-canary:hunter2-canary@127.0.0.1:1/INBOX",
    "DIGEST_SENT_IMAP_URL": "imap://hunter2-sent:hunter2-sent@127.0.0.1:1/Sent",
}


def unkind(phase: str, number: int, recipient: str) -> str:
    """Name the reader in every answer, and give none at all to the third mail."""
    if phase == "RCPT" and recipient.startswith("claire"):
        return f"550 5.1.1 <{recipient}> is unknown here"
    if phase == "RCPT" and recipient.startswith("david"):
        return f"451 4.7.1 <{recipient}> greylisted"
    return HANG_UP if phase == "DOT" and number == 2 else ""


@pytest.fixture
def desk(approved_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name, value in OTHERS.items():
        monkeypatch.setenv(name, value)
    return approved_desk


def test_no_address_and_no_secret_is_in_anything_that_the_steps_leave(
    desk: Desk, imap_mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    codes = list(all_that_happens(desk, imap_mailbox, monkeypatch))
    # The steps did fail in many ways, or there would be little to scan.
    assert {0, 2, 4, 7, 8} <= set(codes)
    said = capfd.readouterr()
    site, place = desk.site, desk.place
    left = {
        "log": said.out + said.err,
        "summary": (place / "summary.md").read_text("utf-8"),
        "outputs": (place / "output.txt").read_text("utf-8"),
        "requests": json.dumps(site.pulls, ensure_ascii=False),
        "issues": json.dumps(site.issues, ensure_ascii=False),
        "receipts": receipts(desk),
    }
    assert all(left.values())
    assert len(left["summary"].split("##")) > len(codes) / 2
    for branch in site.git("for-each-ref", "--format=%(refname:short)").split():
        for path in site.git("ls-tree", "-r", "--name-only", branch).splitlines():
            if not branch.startswith("vault/") and path != "subscribers.csv":
                left[f"{branch}:{path}"] = site.git("show", f"{branch}:{path}")
    forbidden = {word for value in secrets(desk) for word in re.findall(r"[\w-]{6,}", value)} - {"BEGIN", "PRIVATE"}
    forbidden |= {"hunter2", PASSWORD, TOKEN}
    forbidden -= {"127", "example"}
    for where, text in left.items():
        assert set(ADDRESS.findall(text)) - HERS == set(), where
        assert [word for word in forbidden if word in text] == [], where


def all_that_happens(desk: Desk, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Run every step, in good order and in many kinds of trouble, and yield the exit codes."""
    clock = [THURSDAY]
    monkeypatch.setattr("digest.cli.common.now", lambda: clock[0])
    good = dict(desk.secrets)

    @contextmanager
    def without(**changes: str) -> Iterator[None]:
        desk.secrets = good | changes
        yield
        desk.secrets = dict(good)

    with running(Post(answer=unkind)) as post:
        good |= {
            "DIGEST_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
            "DIGEST_IMAP_URL": mailbox.url(),
        }
        with without(DIGEST_IMAP_URL=mailbox.url(password="hunter2-wrong")):
            yield desk.job("tend")
        with without(DIGEST_PEOPLE_KEY=""):
            yield desk.job("tend")
            yield desk.job("send")
        with without(DIGEST_STATE_KEY=new_identity()[0]):
            yield desk.job("prepare")
        with without(DIGEST_SMTP_URL="smtp://hunter2-user:hunter2-password@127.0.0.1:1"):
            mailbox.deliver(report("5.1.1", said="smtp; 550 <marcelo@example.net> no", to="juliana@example.org"))
            mailbox.deliver(letter("cancelar", "claire@example.org wants to leave, marcelo@example.net too"))
            yield desk.job("tend")
            yield desk.job("send")
        with without():
            yield desk.job("send")
            yield desk.job("send", "--issue", "2026-11-19")
            yield desk.job("tend")
            refusing(
                desk, "echo 'https://hunter2-pusher:hunter2@example.org/x.git refused david@example.net' >&2; exit 1"
            )
            mailbox.deliver(letter("another", "hello from reader@example.net", number=2))
            yield desk.job("tend")
            yield desk.job("prepare")
            refusing(desk, "exit 0")
            clock[0] = FRIDAY
            yield desk.job("prepare")
            clock[0] = MONTH
            yield desk.job("prepare")
            yield desk.job("send", "--alarms", desk.outputs()["alarms"])
            yield desk.job("approve")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("forge_server.TOKEN", "another-token")
                yield desk.job("prepare")
            yield desk.job("review", ref="main")
            yield from broken_edit(desk)


def broken_edit(desk: Desk) -> Iterator[int]:
    """An edit that breaks a file of the newest issue."""
    newest = desk.site.pulls[-1]["head"]["ref"]
    path = f"issues/{newest.removeprefix('issue/')}/issue.toml"
    desk.edit(newest, path, lambda text: f"{text}\n[[stories")
    yield desk.job("review", ref=newest)


def refusing(desk: Desk, line: str) -> None:
    """Let the remote refuse every push with words that nobody may repeat."""
    hook = desk.site.remote / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\n{line}\n", "ascii")
    hook.chmod(0o755)


def secrets(desk: Desk) -> list[str]:
    keys = [line for name in ("STATE", "PEOPLE") for line in desk.secrets[f"DIGEST_{name}_KEY"].splitlines()[2:]]
    return [*keys, *(value for value in OTHERS.values() if "http" not in value and "imap" not in value)]


def receipts(desk: Desk) -> str:
    """All of them, as whoever opens the snapshot of the state finds them."""
    assert desk.author.digest("state", "pull", "state", "--discard") == 0
    with closing(sqlite3.connect(desk.author.folder / ".digest" / "state.db")) as state:
        return "\n".join(state.iterdump())
