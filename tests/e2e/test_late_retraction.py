"""A notice about a study comes after its issue was sent: whichever look sees it first, the next issue tells it once."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

import http_server as local
from author_folder import Author, author_at_work
from smtp_server import Post, running

DOI = "10.5555/ties.1"
TITLE = "Social Relationships and Mortality Risk: A Meta-analytic Review"
RECORD: dict[str, Any] = {
    "DOI": DOI, "type": "journal-article", "title": [TITLE], "issued": {"date-parts": [[2010, 7]]}, "language": "en",
    "author": [{"given": "Julianne", "family": "Holt-Lunstad"}], "container-title": ["A Journal"],
}  # fmt: skip
LIMITS = {"X-Rate-Limit-Limit": "50", "X-Rate-Limit-Interval": "1s"}
RETRACTION = {"type": "retraction", "DOI": "10.5555/ties.retraction", "updated": {"date-parts": [[2026, 12, 1]]}}


class Index(dict[str, local.Route]):
    """Both indexes: one knows a single study, the other none."""

    def __init__(self) -> None:
        self.notices: list[object] = []

    def get(self, key: str, default: Any = None) -> Any:
        return self.answer

    def answer(self, exchange: local.Exchange) -> None:
        path = unquote(urlsplit(exchange.asked.path).path)
        record = RECORD | {"updated-by": self.notices}
        if path == f"/works/{DOI}":
            said: object = {"message": record}
        elif path == "/works":
            said = {"message": {"items": [record]}}
        else:
            said = {"resultList": {"result": []}}
        if path.startswith("/works/") and path != f"/works/{DOI}":
            local.status("404 Not Found")(exchange)
            return
        exchange.answer(json.dumps(said).encode(), headers={"Content-Type": "application/json", **LIMITS})


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Author, Index, datetime]]:
    """Her folder after an issue that names the study was sent, the index, and when that was."""
    index, clock = Index(), [datetime.now(UTC)]
    monkeypatch.setattr("digest.cli.common.now", lambda: clock[0])
    with local.serving(index) as server, author_at_work(tmp_path) as author, running(Post()) as post:
        settings = author.folder / "digest.toml"
        urls = f'look_up = true\ncrossref = "{server.url("")}"\neuropepmc = "{server.url("")}"'
        settings.write_text(settings.read_text("utf-8").replace("look_up = false", urls), encoding="utf-8")
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert author.digest("subscribers", "import", str(author.folder / "subscribers.csv")) == 0
        assert author.digest("prepare") == 0
        author.fill_in()
        assert author.digest("prepare") == 0
        assert author.digest("approve", author.issue) == 0
        clock[0] = datetime.fromisoformat(f"{author.issue}T09:00:00+00:00")
        assert author.digest("run") == 0
        assert len(post.messages) == 4
        monkeypatch.setattr("digest.cli.common.now", lambda: clock[0] + timedelta(days=8))
        yield author, index, clock[0]


def test_a_late_retraction_becomes_an_item_of_the_next_issue_once(
    sent: tuple[Author, Index, datetime], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    author, index, when = sent
    first = author.issue
    capsys.readouterr()
    index.notices = [RETRACTION]
    assert author.digest("run", "--force") in {0, 8}
    assert "retraction after it was sent" in capsys.readouterr().out
    assert author.issue > first

    issue = tomllib.loads((author.issue_folder() / "issue.toml").read_text("utf-8"))
    [item] = [story for story in issue["stories"] if story["section"] == "corrections"]
    assert (item["doi"], item["title"]) == (DOI, TITLE)
    rendered = author.issue_folder() / "rendered"
    assert "Retracted: do not rely on this study" in (rendered / "en.html").read_text("utf-8")
    assert "Retratado: não se apoie neste estudo" in (rendered / "pt_BR.html").read_text("utf-8")

    # The day after it is no news any more.
    monkeypatch.setattr("digest.cli.common.now", lambda: when + timedelta(days=9))
    assert author.digest("run", "--force") in {0, 8}
    assert "after it was sent" not in capsys.readouterr().out
    again = tomllib.loads((author.issue_folder() / "issue.toml").read_text("utf-8"))
    assert [story["section"] for story in again["stories"]].count("corrections") == 1


@pytest.mark.no_cover
def test_a_correction_that_the_approval_of_another_issue_sees_first_is_told_once(
    sent: tuple[Author, Index, datetime], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    author, index, when = sent
    monkeypatch.setattr("digest.cli.common.now", lambda: when + timedelta(days=1))
    feed = author.site / "feed.xml"
    item = feed.read_text("utf-8").partition("<item>")[2].partition("</item>")[0]
    again = item.replace("close-ties-and-long-lives", "close-ties-again")
    again = re.sub("<title>.*?</title>", "<title>Close ties, once more</title>", again)
    feed.write_text(feed.read_text("utf-8").replace("<item>", f"<item>{again}</item><item>", 1), encoding="utf-8")
    page = author.site / "posts" / "close-ties-and-long-lives.html"
    (page.parent / "close-ties-again.html").write_text(
        re.sub('<link rel="(?:canonical|alternate)"[^>]*>', "", page.read_text("utf-8")), encoding="utf-8"
    )
    assert author.digest("run", "--force") == 0
    second = author.issue
    author.fill_in()
    assert author.digest("prepare") == 0

    index.notices = [RETRACTION | {"type": "correction"}]
    assert author.digest("approve", second) == 0
    capsys.readouterr()
    for told in (1, 0):
        assert author.digest("run", "--force") in {0, 8}
        assert capsys.readouterr().out.count("correction after it was sent") == told
    assert author.issue > second
    issue = tomllib.loads((author.issue_folder() / "issue.toml").read_text("utf-8"))
    assert [story["section"] for story in issue["stories"]].count("corrections") == 1
