"""`digest run` again and again: it says the same with little work, and never overlooks what changed meanwhile."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from author_folder import Author, author_at_work

SAME = "nothing changed since"
RESTED = "nothing is due before"


@contextmanager
def seconds_from(first: int) -> Iterator["count[int]"]:
    """A clock that goes on by a second whenever it is asked, so many seconds after six in the morning."""
    ticks = count(first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC) + timedelta(seconds=next(ticks))
        )
        yield ticks


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Author, int]]:
    """A folder to copy in which the issue was made once, and its clock; the site is to be left as it is."""
    with author_at_work(tmp_path_factory.mktemp("first-run")) as author:
        with seconds_from(0) as ticks:
            assert author.digest("run") == 0
        yield author, next(ticks)


@pytest.fixture
def resting(first_run: tuple[Author, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Author]:
    """A folder whose next run has nothing to do: the issue was made, and made again without a difference."""
    author, second = first_run
    copy = author.copied(tmp_path)
    with seconds_from(second):
        assert copy.digest("run") == 0
        assert SAME not in capsys.readouterr().out
        yield copy


@pytest.mark.no_cover
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


@pytest.mark.no_cover
def test_an_edit_of_hers_is_never_overlooked(resting: Author, capsys: pytest.CaptureFixture[str]) -> None:
    resting.say_on_a_study("She found this study kind to its readers.")
    assert resting.digest("run") == 0
    assert SAME not in capsys.readouterr().out
    assert "kind to its readers" in (resting.issue_folder() / "rendered" / "en.html").read_text("utf-8")


def test_an_article_that_another_command_collected_is_never_overlooked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = "<item><title>A later study</title><guid>pubmed:1</guid><link>https://example.org/1</link></item></channel>"
    with author_at_work(tmp_path) as author, seconds_from(0):
        assert author.digest("run") == 0
        assert author.digest("run") == 0
        assert SAME not in capsys.readouterr().out
        feed = author.site / "pubmed.xml"
        feed.write_text(feed.read_text("utf-8").replace("</channel>", item), encoding="utf-8")
        assert author.digest("collect", "--force") == 0
        assert "1 new" in capsys.readouterr().out
        assert author.digest("run") == 0
        assert SAME not in capsys.readouterr().out


@pytest.mark.no_cover
def test_the_next_day_looks_anew(
    resting: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 25, 6, tzinfo=UTC))
    assert resting.digest("run") == 0
    assert SAME not in capsys.readouterr().out


@pytest.fixture
def rested(resting: Author, capsys: pytest.CaptureFixture[str]) -> Author:
    """A folder whose last run relied on what the one before it had found."""
    assert resting.digest("run") == 0
    assert RESTED not in capsys.readouterr().out
    assert resting.digest("run") == 0
    said = capsys.readouterr().out
    assert RESTED in said
    assert "not due until" in said
    assert "waits for you" in said
    return resting


IN_A_PROCESS = """
import sys
from datetime import UTC, datetime
from digest.cli import common, main

common.now = lambda: datetime(2026, 11, 24, 6, 1, tzinfo=UTC)
main.main(sys.argv[1:])
print(*sys.modules, sep=chr(10))
"""


@pytest.mark.no_cover
def test_a_run_that_rests_opens_nothing_and_leaves_a_receipt_all_the_same(
    rested: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rested.digest("receipt", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert first["stages"][-1]["stage"] == "rest"
    command = [sys.executable, "-c", IN_A_PROCESS, "--folder", str(rested.folder), "run"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert RESTED in said
    assert not {"sqlalchemy", "httpx", "feedparser", "jinja2"} & set(said.splitlines())
    assert rested.digest("receipt", "--json") == 0
    second = json.loads(capsys.readouterr().out)
    assert second["run"] > first["run"]
    assert [stage["stage"] for stage in second["stages"]].count("rest") == 1


def test_whatever_is_touched_wakes_a_resting_run(rested: Author, capsys: pytest.CaptureFixture[str]) -> None:
    for touch in ("glossary.csv", "digest.toml", "templates/email/note.txt"):
        path = rested.folder / touch
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
        assert rested.digest("run") == 0
        assert RESTED not in capsys.readouterr().out
    for _ in range(3):
        rested.digest("run")
    assert RESTED in capsys.readouterr().out
    assert rested.digest("collect") == 0
    (note,) = (rested.folder / ".digest").glob("rest-*.json")
    note.write_text("{not a note")
    capsys.readouterr()
    assert rested.digest("run") == 0
    assert rested.digest("run", "--force") == 0
    assert RESTED not in capsys.readouterr().out


@pytest.mark.no_cover
def test_a_run_that_is_asked_to_look_looks(rested: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert rested.digest("run", "--force") == 0
    assert RESTED not in capsys.readouterr().out


@pytest.mark.no_cover
def test_time_wakes_a_resting_run(
    rested: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for moment in (datetime(2026, 11, 24, 6, 31, tzinfo=UTC), datetime(2026, 11, 24, 5, tzinfo=UTC)):
        monkeypatch.setattr("digest.cli.common.now", lambda moment=moment: moment)
        assert rested.digest("run") == 0
        assert RESTED not in capsys.readouterr().out
