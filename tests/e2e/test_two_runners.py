"""Two runners at once: whoever pushes second is refused, reads again and does its work over, and no harm is done twice."""

import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from digest import bootstrap_asking
from digest.config import load_config
from digest.models.delivery import Subscriber
from imap_server import Mailbox
from job_processes import Held, Machines
from smtp_server import Post, running
from workflow_runner import Desk

BRANCH = "issue/2026-11-26"
FOLDER = "issues/2026-11-26"
STATE, PEOPLE = "refs/heads/vault/state", "refs/heads/vault/people"
TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 7, 17, tzinfo=UTC)
Given = Callable[[Desk], Machines]
LETTER = b"""From: ana.reader@example.org\r
To: letters@example.org\r
Subject: a letter\r
Message-ID: <a-letter@example.org>\r
\r
How are you?\r
"""


@pytest.fixture
def post() -> Iterator[Post]:
    with running(Post()) as post:
        yield post


@pytest.fixture
def two(approved_desk: Desk, machines: Given, imap_mailbox: Mailbox, post: Post) -> Machines:
    approved_desk.secrets |= {"DIGEST_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "DIGEST_IMAP_URL": imap_mailbox.url()}
    return machines(approved_desk)


@pytest.mark.parametrize("ref", [pytest.param(f"refs/heads/{BRANCH}", marks=pytest.mark.long), STATE])
def test_two_ticks_at_once_make_one_request_and_one_state(untouched_desk: Desk, machines: Given, ref: str) -> None:
    both, first = machines(untouched_desk), Held(step="prepare", now=TUESDAY)
    with both.held(first, "pre-receive", ref):
        assert both.job("prepare", TUESDAY) == 0
        state = untouched_desk.site.tip("vault/state")
    assert first.code == 0
    assert [pull["state"] for pull in untouched_desk.site.pulls] == ["open"]
    # What the second one found stands below what the first one found upon it.
    assert untouched_desk.site.tip("vault/state") != state
    tip = untouched_desk.site.tip(BRANCH)
    assert both.job("prepare", TUESDAY) == 0
    assert untouched_desk.site.tip(BRANCH) == tip
    told = untouched_desk.outputs()
    assert told["send"] == "false"
    # Told once a job, however often its work was done.
    assert (untouched_desk.place / "output.txt").read_text("utf-8").count("send=") == 3


def test_two_renderings_at_once_leave_what_she_wrote_last(asked_desk: Desk, machines: Given) -> None:
    asked_desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", lambda text: text.replace("Laços próximos", "Laços bem próximos"))
    words = ("ci", "review", "--issue", "2026-11-26")
    first = Held(step="review", now=TUESDAY, words=words)
    with machines(asked_desk).held(first, "pre-receive", f"refs/heads/{BRANCH}"):
        asked_desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", lambda text: text.replace("bem próximos", "muito próximos"))
    assert first.code == 0
    assert "Laços muito próximos" in asked_desk.site.file(BRANCH, f"{FOLDER}/pt_BR.po")
    assert "Laços muito próximos" in asked_desk.site.pulls[0]["body"]


def test_two_looks_into_the_mailbox_at_once_count_a_letter_once(two: Machines, imap_mailbox: Mailbox) -> None:
    imap_mailbox.deliver(LETTER)
    first = Held(step="tend", now=THURSDAY)
    with two.held(first, "pre-receive", PEOPLE):
        assert two.job("tend", THURSDAY) == 0
    assert first.code == 0
    assert two.job("tend", THURSDAY) == 0
    assert two.said().count("1 letters for you to read") == 1
    home = two.desk.author
    assert home.digest("state", "pull", "people") == 0
    with closing(sqlite3.connect(home.folder / ".digest" / "people.db")) as people:
        assert people.execute("SELECT count(*) FROM inbox_messages").fetchone() == (1,)


def test_two_at_once_ask_nobody_twice_whether_they_want_the_newsletter(two: Machines, post: Post) -> None:
    home = two.desk.author
    reader = Subscriber(subscriber_id="new", newsletter_id="bonds", address="new@example.net", locale="en")
    bootstrap_asking.ask(load_config(home.folder, {}), reader, evidence="a test")
    assert home.digest("state", "push", "people") == 0
    assert two.job("tend", TUESDAY) == 0
    assert two.desk.outputs()["ask"] == "true"
    first = Held(step="send", now=TUESDAY)
    with two.held(first, "pre-receive", PEOPLE):
        assert two.job("send", TUESDAY) == 0
    assert first.code == 0
    assert post.recipients == ["new@example.net"]
    assert two.job("tend", TUESDAY) == 0
    assert two.desk.outputs()["ask"] == "false"


def test_two_sending_at_once_write_to_nobody_twice_and_leave_nobody_out(two: Machines, post: Post) -> None:
    assert two.job("tend", THURSDAY) == 0
    first = Held(step="send", now=THURSDAY)
    with two.held(first, "pre-receive", PEOPLE):
        assert two.job("send", THURSDAY) == 0
    assert first.code == 0
    assert set(post.copies.values()) == {1}
    assert Counter(post.recipients).total() == 4
    assert tomllib.loads(two.desk.site.file("main", f"{FOLDER}/sent.toml")) == {
        "sent": 4,
        "failed": 0,
        "left": 0,
        "uncertain": 0,
        "waiting": 0,
    }
