"""A post that its author edits after its issue was made: by the commands alone, its sentences ask to be looked at again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from author_folder import Author, author_at_work


def states(author: Author) -> dict[str, bool]:
    """Each sentence to be translated, and whether it asks to be looked at."""
    with (author.issue_folder() / "pt_BR.po").open("rb") as file:
        return {str(one.id): one.fuzzy or not one.string for one in read_po(file, locale="pt_BR") if one.id}


def look_through(author: Author) -> None:
    """Fill in what is open and take every sentence as it stands, as a translator does in an editor."""
    author.fill_in()
    path = author.issue_folder() / "pt_BR.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="pt_BR")
    for message in catalogue:
        message.flags.discard("fuzzy")
    with path.open("wb") as file:
        write_po(file, catalogue, width=0)


def edited(author: Author, old: str, new: str) -> None:
    for path in (*(author.site / "posts").glob("*.html"), author.site / "feed.xml"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_an_edited_post_opens_its_own_sentences_again_and_stays_one_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC))
    with author_at_work(tmp_path) as author:
        assert author.digest("prepare") == 0
        look_through(author)
        assert author.digest("prepare") == 0
        before, issue = states(author), (author.issue_folder() / "issue.toml").read_text(encoding="utf-8")
        assert not any(before.values())
        first = next(one for one in before if len(one.split()) > 12 and one.endswith("."))
        last = first.rstrip(".").split()[-1]
        changed = first.replace(last, f"{last} at sea")
        edited(author, first, changed)
        monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 25, 7, tzinfo=UTC))
        capsys.readouterr()

        assert author.digest("prepare", "--force") == 0

        said, after = capsys.readouterr().out, states(author)
        stories = (author.issue_folder() / "issue.toml").read_text(encoding="utf-8").count("[[stories]]")
        assert "edited" in said
        assert ": new: " not in said
        assert [one for one, is_open in after.items() if is_open] == [changed]
        assert stories == issue.count("[[stories]]")
