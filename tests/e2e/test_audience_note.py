"""A note for readers in Brazil: typed in issue.toml, translated in the PO file, approved, and sent to them alone."""

import email
import email.message
import email.policy
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from author_folder import author_at_work

NOTE = '[[notes]]\naudience = "brazil"\nlanguage = "en"\ntext = "On 3 December we meet online."\n\n'


def test_a_note_reaches_its_audience_and_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC))
    with author_at_work(tmp_path) as author:
        author.digest("subscribers", "import", str(author.folder / "subscribers.csv"))
        author.digest("prepare")
        words = author.issue_folder() / "issue.toml"
        words.write_text(words.read_text("utf-8").replace("\n[[stories]]", f"\n{NOTE}[[stories]]", 1), "utf-8")
        author.digest("prepare", "--issue", author.issue)
        author.fill_in()
        author.digest("prepare", "--issue", author.issue)
        assert author.digest("approve", author.issue) == 0
        assert author.digest("send", author.issue, "--dry-run", "--out", str(tmp_path / "mail")) == 0
        approval = tomllib.loads((author.issue_folder() / "approval.toml").read_text("utf-8"))
        rendered = sorted(path.name for path in (author.issue_folder() / "rendered").glob("*.html"))
        segments = (author.issue_folder() / "pt_BR.po").read_text("utf-8")
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (tmp_path / "mail").glob("*.eml")
    ]
    with_note = [str(mail["To"]) for mail in mails if "um recado de" in text(mail)]

    assert rendered == ["en.brazil.html", "en.html", "pt_BR.brazil.html", "pt_BR.html"]
    assert sorted(approval["fingerprints"]) == ["en", "en.brazil", "pt_BR", "pt_BR.brazil"]
    assert 'msgctxt "note.brazil/words/1"\nmsgid "On 3 December we meet online."' in segments
    assert (len(mails), with_note) == (4, ["juliana@example.org"])


def text(mail: email.message.EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()).casefold() if part else ""
