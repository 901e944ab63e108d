"""What readers suggest by mail reaches the author's articles, whichever command reads the mailbox, once and nothing else of it."""

from pathlib import Path

import pytest

from author_folder import author_at_work
from digest import bootstrap
from digest.config import load_config
from digest.works.suggested import SUGGESTED
from forge_server import forge
from imap_server import Mailbox
from mails_back import letter
from workflow_runner import put_on_the_site

SUGGESTION = letter(
    "Article suggestion",
    "This one kept me company: https://doi.org/10.5555/SLEEP.1\nhttps://doi.org/10.5555/reader@example.net",
)


def suggested(folder: Path) -> list[str | None]:
    with bootstrap.state_store(load_config(folder)) as store:
        return [article.doi for article in store.articles_of("bonds", SUGGESTED)]


@pytest.mark.server
def test_tend_keeps_what_a_reader_suggests_once(
    tmp_path: Path, imap_mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGEST_IMAP_URL", imap_mailbox.url())
    with author_at_work(tmp_path) as author:
        settings = author.folder / "digest.toml"
        settings.write_text(settings.read_text("utf-8") + '\n[inbox]\nimap = "env:DIGEST_IMAP_URL"\n', encoding="utf-8")
        imap_mailbox.deliver(SUGGESTION)
        for told in (1, 0):
            assert author.digest("tend") == 0
            assert capsys.readouterr().out.count("a reader suggested it") == told
        assert suggested(author.folder) == ["10.5555/sleep.1"]


@pytest.mark.server
def test_in_workflows_the_names_of_studies_go_from_the_mailbox_to_the_next_issue_and_nothing_else(
    tmp_path: Path, imap_mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    with author_at_work(tmp_path) as author, forge(tmp_path) as site:
        desk = put_on_the_site(author, site, tmp_path)
        desk.secrets["DIGEST_IMAP_URL"] = imap_mailbox.url()
        imap_mailbox.deliver(SUGGESTION)
        for told in (1, 0):
            assert desk.job("tend") == 0
            assert capsys.readouterr().out.count("studies that readers suggest are in suggestions.txt") == told
        [line] = [line for line in site.file("main", "suggestions.txt").splitlines() if not line.startswith("#")]
        assert line == "doi:10.5555/sleep.1"
        assert "reader@example.net" not in site.git("log", "-p", "--all", "--format=%B")
        # Somebody edits the file by hand; what names no study is left out.
        desk.edit("main", "suggestions.txt", lambda text: f"{text}nonsense\npmid:9000001\n")
        for told in (2, 0):
            assert desk.job("prepare") == 0
            assert capsys.readouterr().out.count("a reader suggested it") == told
