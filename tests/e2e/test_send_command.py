"""`digest send` and `digest run` with a real mail server: everybody once, in their language, and then nobody again."""

import email
import email.policy
from collections import Counter
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from author_folder import Author
from imap_server import Mailbox
from mails_back import letter
from smtp_server import Post, running


@pytest.fixture
def approved(prepared_author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """An approved issue, due on 26 November at seven in the morning UTC, and four readers."""
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC))
    author = prepared_author.copied(tmp_path)
    assert author.digest("approve", author.issue) == 0
    return author


def received(post: Post) -> list[EmailMessage]:
    """What the server has, parsed by the standard library."""
    return [email.message_from_bytes(message, policy=email.policy.default) for message in post.messages]


@pytest.mark.no_cover
def test_everybody_gets_it_once_and_a_second_send_sends_nothing(
    approved: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert approved.digest("send", approved.issue) == 0
        assert "4 of 4 sent" in capsys.readouterr().out
        assert approved.digest("send", approved.issue) == 0
        assert len(post.messages) == 4
    assert set(post.copies.values()) == {1}
    messages = received(post)
    assert Counter(message["Content-Language"] for message in messages) == {"pt-BR": 2, "en": 2}
    for message in messages:
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_what_is_received_is_what_was_approved_but_for_the_readers_own_link(
    approved: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert approved.digest("send", approved.issue) == 0
    files = {path.name: path.read_text("utf-8") for path in (approved.issue_folder() / "rendered").glob("*.*")}
    placeholder = "https://personal-link.invalid/unsubscribe"
    for message in received(post):
        locale = message["Content-Language"].replace("-", "_")
        plain = message.get_body(("plain",))
        assert plain is not None
        before, after = files[f"{locale}.txt"].split(placeholder)
        got = plain.get_content().replace("\r\n", "\n")
        assert got.startswith(before)
        assert got.rstrip("\n").endswith(after.rstrip("\n"))


def test_without_a_mail_server_the_answer_says_what_to_do(
    approved: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DIGEST_SMTP_URL", raising=False)
    capsys.readouterr()
    assert approved.digest("send", approved.issue) == 2
    assert "DIGEST_SMTP_URL" in capsys.readouterr().err


def test_a_server_that_is_not_there_leaves_everybody_planned_and_the_password_unsaid(
    approved: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGEST_SMTP_URL", "smtps://user:hunter2@127.0.0.1:1")
    capsys.readouterr()
    assert approved.digest("send", approved.issue) == 4
    assert "hunter2" not in "".join(capsys.readouterr())
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert approved.digest("send", approved.issue) == 0
    assert len(post.messages) == 4


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("moment", "sent", "said"),
    [
        ("2026-11-26T06:59:00+00:00", 0, "Nothing new"),
        ("2026-11-26T07:00:00+00:00", 4, "4 of 4 sent"),
        ("2026-11-27T20:00:00+00:00", 4, "4 of 4 sent"),
        ("2026-11-30T07:00:00+00:00", 0, "no run came in time"),
    ],
)
def test_a_run_sends_when_the_slot_has_come_and_not_when_it_is_long_past(
    approved: Author,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    moment: str,
    sent: int,
    said: str,
) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime.fromisoformat(moment))
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        capsys.readouterr()
        alarm = 8 if "no run" in said else 0
        assert approved.digest("run") == alarm
        assert said in capsys.readouterr().out
        assert approved.digest("run") == alarm
        # Two days after the last run she is told of the silence, too.
        assert len([message for message in post.messages if b"\r\nList-Unsubscribe: " in message]) == sent


@pytest.mark.server
def test_nothing_is_sent_while_the_mailbox_can_not_be_read_and_then_who_left_gets_nothing(
    approved: Author, imap_mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = approved.folder / "digest.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[inbox]\nimap = "env:DIGEST_IMAP_URL"\n', encoding="utf-8")
    monkeypatch.setenv("DIGEST_IMAP_URL", "imap://reader:hunter2@127.0.0.1:9/INBOX")
    assert approved.digest("prepare") == 0
    assert approved.digest("approve", approved.issue) == 0
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        capsys.readouterr()
        assert approved.digest("tend") == 4
        assert approved.digest("send", approved.issue) == 4
        said = "".join(capsys.readouterr())
        assert "somebody may have asked to leave" in said
        assert "hunter2" not in said
        assert post.messages == []
        monkeypatch.setenv("DIGEST_IMAP_URL", imap_mailbox.url())
        imap_mailbox.deliver(letter("cancelar"))
        assert approved.digest("tend") == 0
        assert "1 letters that ask to leave" in capsys.readouterr().out
        assert approved.digest("send", approved.issue) == 0
        assert len(post.messages) == 4
        # Somebody is asked whether they want it too: on the list only after their yes, with the proof.
        assert approved.digest("subscribers", "ask", "rui@example.net", "--locale", "pt") == 0
        asked = received(post)[-1]
        assert (asked["To"], asked["Content-Language"]) == ("rui@example.net", "pt-BR")
        assert approved.digest("subscribers", "ask", "rui@example.net") == 0
        assert len(post.messages) == 5
        capsys.readouterr()
        assert approved.digest("subscribers", "show", "rui@example.net") == 0
        assert "not on the list" in capsys.readouterr().out
        imap_mailbox.deliver(letter("Re:", "Sim", number=2, headers=f"In-Reply-To: {asked['Message-ID']}\n"))
        assert approved.digest("tend") == 0
        assert "1 said yes and are on the list" in capsys.readouterr().out
        assert approved.digest("subscribers", "show", "rui@example.net") == 0
        assert '"how": "confirmed"' in capsys.readouterr().out
