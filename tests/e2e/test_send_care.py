"""`digest send` with care: test copies, mails whose fate is unknown, a slot that passed."""

import json
import sqlite3
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from author_folder import Author
from digest import mailroom
from digest.adapters.http_api import ApiClient
from digest.adapters.mailers.resend import ResendMailer
from digest.adapters.stores.database import open_database
from digest.adapters.stores.inbox import SqlInboxStore
from digest.bootstrap import workshop
from digest.bootstrap_people import check_mailbox
from digest.config import load_config
from digest.errors import DeliveryError
from digest.models.delivery import DeliveryCounts
from digest.models.inbox import MailboxPosition
from resend_server import KEY, Service
from resend_server import running as resend
from smtp_server import HANG_UP, Post, running

HER = "ana@example.org"


@pytest.fixture
def rendered(prepared_author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """An issue that is ready to be approved, due on 26 November at seven in the morning UTC, and four readers."""
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC))
    return prepared_author.copied(tmp_path)


def test_a_test_copy_is_marked_and_counts_nowhere(
    rendered: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        # Before the approval she alone may get one.
        assert rendered.digest("send", rendered.issue, "--test", "friend@example.net") == 3
        assert post.messages == []
        assert rendered.digest("send", rendered.issue, "--test", HER) == 0
        assert post.recipients == [HER, HER]
        assert any(b"Subject: [Test" in mail or b"=5BTest" in mail or b"W1Rlc3" in mail for mail in post.messages)
        assert rendered.digest("approve", rendered.issue) == 0
        assert rendered.digest("send", rendered.issue, "--test", "friend@example.net") == 0
        assert rendered.digest("send", rendered.issue) == 0
    assert "4 of 4 sent" in capsys.readouterr().out
    assert len(post.messages) == 8


def test_a_mail_whose_fate_is_unknown_is_shown_and_decided_by_a_person(
    rendered: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rendered.digest("approve", rendered.issue) == 0
    lose = Post(answer=lambda phase, number, _: HANG_UP if phase == "DOT" and number in {1, 2} else "")
    with running(lose) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert rendered.digest("send", rendered.issue) == 4
        capsys.readouterr()
        assert rendered.digest("send", rendered.issue, "--resolve", "show") == 4
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == "0 decided, 2 uncertain."
        assert rendered.digest("status", "--json") == 0
        newest = json.loads(capsys.readouterr().out)[-1]
        assert (newest["state"], newest["came_back"]) == ("approved", 0)
        assert newest["deliveries"] == {"planned": 0, "sent": 2, "failed": 0, "suppressed": 0, "uncertain": 2}
        assert rendered.digest("status") == 0
        assert "approved; 2 of 4 sent, 2 uncertain" in capsys.readouterr().out
        assert "@" not in "".join(lines)
        assert "the connection was lost" in lines[0]
        assert rendered.digest("send", rendered.issue, "--resolve", "sent", "--token", lines[0][:6]) == 4
        assert rendered.digest("send", rendered.issue, "--resolve", "again") == 0
        capsys.readouterr()
        assert rendered.digest("send", rendered.issue) == 0
        assert "4 of 4 sent" in capsys.readouterr().out
        assert rendered.digest("send", rendered.issue, "--resolve", "search") == 2
    assert set(post.copies.values()) == {1}
    assert len(post.messages) == 3


def with_service(rendered: Author, monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    """Approve the issue for an account at a service, and let all its answers be lost."""
    settings = rendered.folder / "digest.toml"
    lines = f'resend_key = "env:DIGEST_RESEND_KEY"\nresend_url = "{service.url}"\n'
    settings.write_text(settings.read_text("utf-8").replace("[sender]\n", f"[sender]\n{lines}"), "utf-8")
    monkeypatch.setenv("DIGEST_RESEND_KEY", KEY)
    assert rendered.digest("prepare") == 0
    assert rendered.digest("approve", rendered.issue) == 0
    service.fault = lambda number: "lose"
    config = load_config(rendered.folder)
    client = ApiClient(user_agent="digest/test", allow_private_addresses=True)
    impatient = ResendMailer(KEY, client, url=service.url, connections=2, again_after=())
    with workshop(config, config.newsletter(None)) as shop:
        assert mailroom.deliver(config, shop, rendered.issue, impatient)[1] == DeliveryCounts(uncertain=4)
    service.fault = lambda number: ""


def test_a_service_with_keys_is_asked_again_by_the_next_run_and_nobody_gets_it_twice(
    rendered: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with resend() as service:
        with_service(rendered, monkeypatch, service)
        assert rendered.digest("send", rendered.issue) == 0
    assert "4 of 4 sent" in capsys.readouterr().out
    assert len(service.copies) == 4
    assert set(service.copies.values()) == {1}


@pytest.mark.parametrize("by", ["the next run", "a person who asks"])
def test_when_the_keys_are_forgotten_the_service_is_asked_what_it_sent(
    rendered: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    with resend() as service:
        with_service(rendered, monkeypatch, service)
        # Two days ago: no key is known any more, so handing over again would make a second mail.
        service.keys.clear()
        service.created_at = "2999-01-01T00:00:00+00:00"
        with closing(sqlite3.connect(rendered.folder / ".digest" / "people.db")) as people, people:
            people.execute("UPDATE deliveries SET handed_at = handed_at - 2 * 86400000 WHERE state = 'uncertain'")
        if by == "a person who asks":
            capsys.readouterr()
            assert rendered.digest("send", rendered.issue, "--resolve", "search") == 0
            assert "4 decided, 0 uncertain." in capsys.readouterr().out
        assert rendered.digest("send", rendered.issue) == 0
    assert "4 of 4 sent" in capsys.readouterr().out
    assert len(service.copies) == 4
    assert set(service.copies.values()) == {1}


def test_nothing_is_sent_while_the_mailbox_was_not_read_for_a_day(
    rendered: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rendered.digest("approve", rendered.issue) == 0
    settings = rendered.folder / "digest.toml"
    mailbox = '\n[inbox]\nimap = "imap://letters:secret@127.0.0.1:1"\n'
    settings.write_text(settings.read_text("utf-8") + mailbox, encoding="utf-8")
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert rendered.digest("send", rendered.issue) == 4
    said = capsys.readouterr().err
    assert "somebody may have asked to leave" in said
    assert "secret" not in said
    assert post.messages == []


def test_a_look_into_the_mailbox_counts_for_a_day_and_not_where_a_clock_was_wrong(rendered: Author) -> None:
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    settings = rendered.folder / "digest.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[inbox]\nimap = "imap://u:p@127.0.0.1:1"\n', encoding="utf-8")
    config = load_config(rendered.folder, {})
    engine = open_database(config.people_url, "people")
    for hours, fresh in ((1, True), (23, True), (-0.5, True), (25, False), (-48, False)):
        polled = now - timedelta(hours=hours)
        SqlInboxStore(engine).move_on("bonds", MailboxPosition(uid_validity=1, last_uid=1, polled_at=polled))
        with nullcontext() if fresh else pytest.raises(DeliveryError, match="mailbox could not be read"):
            check_mailbox(config, "bonds", now=now)
    engine.dispose()


def test_a_slot_that_passed_without_an_approval_is_an_alarm(
    rendered: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 26, 20, tzinfo=UTC))
    capsys.readouterr()
    assert rendered.digest("run") == 8
    assert "its slot passed and nothing was sent, because it was not approved" in capsys.readouterr().out
    # Approved late, but then no run comes for days: that is an alarm too, and it stays one until she decides.
    assert rendered.digest("approve", rendered.issue) == 0
    for day in (29, 30):
        monkeypatch.setattr("digest.cli.common.now", lambda day=day: datetime(2026, 11, day, 8, tzinfo=UTC))
        capsys.readouterr()
        assert rendered.digest("run") == 8
        assert "its slot passed and nothing was sent, because no run came in time" in capsys.readouterr().out
