"""`digest run` again and again: it says the same with little work, and never overlooks what changed meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from author_folder import Author, author_at_work

SAME = "nothing changed since"


@pytest.fixture
def resting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Author]:
    """A folder whose next run has nothing to do: the issue was made, and made again without a difference."""
    ticks = count()
    monkeypatch.setattr(
        "digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC) + timedelta(seconds=next(ticks))
    )
    with author_at_work(tmp_path) as author:
        assert author.digest("run") == 0
        assert author.digest("run") == 0
        assert SAME not in capsys.readouterr().out
        yield author


def test_a_run_with_nothing_due_says_what_the_last_one_said(
    resting: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert resting.digest("run") == 0
        said = capsys.readouterr().out
        assert SAME in said
        assert "waits for you" in said
    files = {path: path.read_bytes() for path in resting.issue_folder().rglob("*.*") if path.is_file()}
    assert resting.digest("prepare") == 0
    assert all(path.read_bytes() == content for path, content in files.items())


def test_an_edit_of_hers_is_never_overlooked(resting: Author, capsys: pytest.CaptureFixture[str]) -> None:
    resting.say_on_a_study("She found this study kind to its readers.")
    assert resting.digest("run") == 0
    assert SAME not in capsys.readouterr().out
    assert "kind to its readers" in (resting.issue_folder() / "rendered" / "en.html").read_text("utf-8")


def test_an_article_that_another_command_collected_is_never_overlooked(
    resting: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = resting.site / "pubmed.xml"
    item = "<item><title>A later study</title><guid>pubmed:1</guid><link>https://example.org/1</link></item></channel>"
    feed.write_text(feed.read_text("utf-8").replace("</channel>", item), encoding="utf-8")
    assert resting.digest("collect", "--force") == 0
    assert "1 new" in capsys.readouterr().out
    assert resting.digest("run") == 0
    assert SAME not in capsys.readouterr().out


def test_the_next_day_looks_anew(
    resting: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 25, 6, tzinfo=UTC))
    assert resting.digest("run") == 0
    assert SAME not in capsys.readouterr().out
