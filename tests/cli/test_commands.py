"""The commands as an author types them: what they do, say, and answer when something is wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from author_folder import Author, author_at_work
from digest.cli.main import COMMANDS, main


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    with author_at_work(tmp_path) as at_work:
        yield at_work


@pytest.fixture(scope="session")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """A folder to copy: an issue with nothing open."""
    with author_at_work(tmp_path_factory.mktemp("ready")) as author:
        assert author.digest("prepare") == 0
        author.fill_in()
        assert author.digest("prepare") == 0
        yield author


@pytest.fixture
def ready(made_ready: Author, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Author:
    """An issue with nothing open."""
    capsys.readouterr()
    return made_ready.copied(tmp_path)


@pytest.mark.no_cover
def test_prepare_says_what_was_found_and_waits_for_the_author(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    assert author.digest("prepare") == 0
    said = capsys.readouterr().out
    assert "chosen, because: It is your own new post." in said
    assert "waits for" in said.splitlines()[-1]


@pytest.mark.no_cover
def test_a_second_prepare_changes_no_file(ready: Author) -> None:
    before = {path: path.read_bytes() for path in ready.issue_folder().rglob("*") if path.is_file()}
    assert ready.digest("prepare") == 0
    assert {path: path.read_bytes() for path in ready.issue_folder().rglob("*") if path.is_file()} == before


@pytest.mark.no_cover
def test_an_issue_with_an_open_sentence_is_not_approved(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert author.digest("prepare") == 0
    author.say_on_a_study("Her own words, which nobody has translated yet.")
    assert author.digest("prepare") == 0
    capsys.readouterr()
    assert author.digest("approve", author.issue) == 3
    assert "stand against" in capsys.readouterr().err
    assert not (author.issue_folder() / "approval.toml").exists()


def test_an_approved_issue_is_left_as_it_is_and_nothing_new_is_made(
    ready: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    name = ready.issue
    assert ready.digest("approve", name) == 0
    assert ready.digest("prepare") == 0
    assert ready.issue == name
    assert "nothing new since the issue of" in capsys.readouterr().out


def test_approval_clears_the_drafts_it_covers(ready: Author) -> None:
    assert ready.digest("approve", ready.issue) == 0
    assert "fuzzy" not in (ready.issue_folder() / "pt_BR.po").read_text(encoding="utf-8")


@pytest.mark.parametrize("changed", ["rendered/en.html", "rendered/pt_BR.txt", "issue.toml"])
def test_a_change_after_the_approval_is_not_sent(
    ready: Author, changed: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert ready.digest("approve", ready.issue) == 0
    path = ready.issue_folder() / changed
    path.write_text(
        path.read_text(encoding="utf-8").replace("Limitations", "Limits").replace("may", "will"), encoding="utf-8"
    )
    capsys.readouterr()
    code = ready.digest("send", ready.issue, "--dry-run", "--out", str(tmp_path / "mail"))
    if changed == "rendered/pt_BR.txt" and "Limits" not in path.read_text(encoding="utf-8"):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        code = ready.digest("send", ready.issue, "--dry-run", "--out", str(tmp_path / "mail2"))
    assert code == 3
    assert "stale" in capsys.readouterr().err


def test_words_edited_after_the_preview_are_rendered_again_before_they_are_approved(
    ready: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ready.issue_folder() / "issue.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(?m)^title = "(?=\w)', 'title = "Mended: ', text), encoding="utf-8")
    assert ready.digest("approve", ready.issue) == 3
    assert "changed after the last preview" in capsys.readouterr().err


def test_nobody_else_can_approve(ready: Author, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert ready.digest("approve", ready.issue, "--by", "stranger@example.org") == 3
        assert "Only the approvers" in capsys.readouterr().err
        # What is approved already is not theirs to approve either.
        assert ready.digest("approve", ready.issue) == 0


def test_sending_needs_an_approval(ready: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.digest("send", ready.issue) == 3
    assert "is not approved" in capsys.readouterr().err


def test_a_broken_po_file_is_named_with_its_line_and_left_as_it_is(
    ready: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ready.issue_folder() / "pt_BR.po"
    broken = path.read_text(encoding="utf-8") + '\nmsgid "open\nmsgstr\n'
    path.write_text(broken, encoding="utf-8")
    assert ready.digest("prepare") == 2
    said = capsys.readouterr().err
    assert "pt_BR.po" in said
    assert re.search(r"line \d+", said)
    assert path.read_text(encoding="utf-8") == broken


def test_an_issue_file_that_is_nonsense_is_named_and_left_as_it_is(
    ready: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ready.issue_folder() / "issue.toml"
    path.write_text("stories = 3\n[[[", encoding="utf-8")
    assert ready.digest("prepare") == 2
    assert "issue.toml" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "stories = 3\n[[["
    assert ready.digest("status") == 0
    assert "broken" in capsys.readouterr().out


def test_one_broken_source_never_stops_the_rest(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    (author.site / "pubmed.xml").write_text("<html><body>Maintenance</body></html>", encoding="utf-8")
    assert author.digest("prepare") == 0
    said = capsys.readouterr().out
    assert "  ! " in said
    assert "chosen, because: It is your own new post." in said


def test_a_receipt_says_why_nothing_was_sent_and_holds_no_address(
    ready: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ready.digest("subscribers", "import", str(ready.folder / "subscribers.csv")) == 0
    capsys.readouterr()
    assert ready.digest("run") == 0
    capsys.readouterr()
    assert ready.digest("receipt", "--json") == 0
    said = capsys.readouterr().out
    receipt = json.loads(said)
    assert receipt["outcome"] == "waiting"
    assert "waits for your approval" in receipt["reason"]
    assert "@example" not in said


def test_review_tells_the_fingerprints_that_approve_takes(ready: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.digest("review", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["state"] == "ready"
    assert ready.digest("approve", ready.issue, "--shown", shown["editions"][0]["fingerprint"][:12]) == 0


def test_a_wrong_number_blocks_until_it_is_mended_or_dismissed_with_a_reason(
    ready: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ready.issue_folder() / "pt_BR.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(?m)^(msgstr ".*?)(\.?)"$', r'\1 987654\2"', text, count=5), encoding="utf-8")
    assert ready.digest("prepare") == 0
    capsys.readouterr()
    assert ready.digest("review", "--json") == 0
    errors = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["severity"] == "error"]
    assert {one["check"] for one in errors} >= {"numbers"}
    assert ready.digest("approve", ready.issue) == 3
    for one in errors:
        assert ready.digest("review", "--dismiss", one["id"], "--reason", "The number is meant.") == 0
    assert "The number is meant." in (ready.issue_folder() / "issue.toml").read_text(encoding="utf-8")
    assert ready.digest("approve", ready.issue) == 0
    assert ready.digest("review", "--dismiss", "0123456789ab", "--reason", "x") == 3


def test_a_broken_glossary_is_named_with_its_line(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    (author.folder / "glossary.csv").write_text("en,pt_BR\nbond,\n", encoding="utf-8")
    assert author.digest("prepare") == 2
    assert "glossary.csv, line 2: a term needs both languages" in capsys.readouterr().err


def test_the_stages_can_be_run_one_by_one(author: Author) -> None:
    for command in ("collect", "complete", "curate", "draft", "localise", "render"):
        assert author.digest(command) == 0, command
    assert (author.issue_folder() / "rendered" / "en.html").exists()


def test_readers_are_added_counted_and_erased_without_showing_them(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    assert author.digest("subscribers", "add", "reader@example.net", "--locale", "pt-PT") == 0
    assert author.digest("subscribers", "stats") == 0
    assert author.digest("subscribers", "erase", "Reader@example.net") == 0
    assert author.digest("subscribers", "add", "reader@example.net") == 0
    assert author.digest("subscribers", "add", "not an address") == 2
    said = capsys.readouterr()
    assert said.out.split("\n")[:4] == ["added", "pt_BR - 1", "erased", "suppressed"]
    assert "not an address" not in said.err


def test_bad_rows_of_a_list_are_told_by_line_and_the_rest_is_taken(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    path = author.folder / "list.csv"
    path.write_text(
        "email;locale;consent_at\na@example.org;en;2026-01-01T00:00:00+00:00\nno-address;en;\nb@example.org;pt;soon\n",
        encoding="utf-8",
    )
    assert author.digest("subscribers", "import", str(path)) == 0
    said = capsys.readouterr().out
    assert "line 3: skipped" in said
    assert "line 4: skipped" in said
    assert said.endswith("1 added, 2 skipped\n")


def test_of_a_list_of_which_a_tenth_is_rubbish_the_rest_is_taken_and_bad_rows_are_told(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    rubbish = (
        "no-address",
        "a@b@c.example.org",
        "x@" + "y" * 300,
        "a b@example.org",
        "\x01@example.org",
        "@",
        "é@",
    )
    rows = [rubbish[n // 10 % len(rubbish)] if n % 10 == 0 else f"r{n}@example.org" for n in range(1_000)]
    path = author.folder / "list.csv"
    path.write_text("email\n" + "".join(f'"{row}"\n' for row in rows), encoding="utf-8")
    assert author.digest("subscribers", "import", str(path)) == 0
    said = capsys.readouterr()
    assert said.out.endswith("900 added, 100 skipped\n")
    assert len([line for line in said.out.splitlines() if ": skipped" in line]) == 50
    assert "  and 50 more\n" in said.out
    assert "example.org" not in said.out + said.err


def test_a_list_is_tried_before_it_is_taken_and_comes_out_as_it_went_in(
    author: Author, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "mailchimp.csv"
    path.write_text(
        "Email Address,First Name,Last Name,Language,CONFIRM_TIME,Status,Rating\n"
        "one@example.org,=Ana,Example,pt-PT,2026-01-01 09:00:00,subscribed,5\n"
        "two@example.org,Bo,Example,fr,,Unsubscribed,2\n"
        "ONE@example.org,Again,,,,subscribed,1\n"
        "three@example.org,Cy,,,,maybe,1\n",
        encoding="utf-16",
    )
    assert author.digest("subscribers", "import", str(path), "--dry-run") == 0
    assert capsys.readouterr().out.endswith("2 skipped, 1 to add or update, 1 to keep out\n")
    assert author.digest("subscribers", "stats") == 0
    assert capsys.readouterr().out == ""
    assert author.digest("subscribers", "import", str(path), "--consent-text", "Yes, please.") == 0
    said = capsys.readouterr().out
    assert "not used: 'Rating'" in said
    assert "line 4: skipped: the same mailbox stands in line 2 already." in said
    assert "line 5: skipped: its state 'maybe' is not understood" in said
    assert said.endswith("1 added, 1 kept out, 2 skipped\n")
    assert "example.org" not in said
    saved = tmp_path / "saved.csv"
    assert author.digest("subscribers", "export", str(saved)) == 0
    assert saved.stat().st_mode & 0o077 == 0
    assert author.digest("subscribers", "export", str(saved)) == 2
    text = saved.read_text("utf-8-sig")
    assert 'one@example.org,\'=Ana Example,pt_BR,,Europe/Luxembourg,every,active,"Yes, please."' in text
    assert "two@" not in text
    assert author.digest("subscribers", "import", str(saved)) == 0
    assert capsys.readouterr().out.endswith("1 updated\n")


def test_who_left_another_tool_stays_out_wherever_the_list_says_so(
    author: Author, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "email_list.csv"
    path.write_text(
        "email,active_subscription,email_disabled\nfree@example.org,false,false\nleft@example.org,false,true\n"
        "back@example.org,false,false\nback@example.org,false,true\n",
        encoding="utf-8",
    )
    assert author.digest("subscribers", "import", str(path)) == 0
    said = capsys.readouterr().out
    assert "2 without a language get en if they are new: see --locale" in said
    assert said.endswith("1 added, 2 kept out, 1 suppressed\n")
    path.rename(tmp_path / "unsubscribed_members_export_1.csv")
    (tmp_path / "unsubscribed_members_export_1.csv").write_text("Email Address\nfree@example.org\n", encoding="utf-8")
    assert author.digest("subscribers", "import", str(tmp_path / "unsubscribed_members_export_1.csv")) == 0
    assert author.digest("subscribers", "stats") == 0
    assert capsys.readouterr().out.endswith("1 kept out\n")


def test_a_reader_is_shown_what_is_held_and_changed_as_she_wishes(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = "reader@example.net"
    assert author.digest("subscribers", "add", reader, "--consent-text", "Sim.", "--consent-language", "pt-BR") == 0
    assert author.digest("subscribers", "change", reader, "--frequency", "monthly", "--timezone", "America/Bahia") == 0
    assert author.digest("subscribers", "change", reader, "--timezone", "Mars/Olympus") == 2
    assert author.digest("subscribers", "change", "other@example.net", "--locale", "en") == 0
    capsys.readouterr()
    assert author.digest("subscribers", "show", reader) == 0
    said = capsys.readouterr().out
    held = json.loads(said)
    assert (held["frequency"], held["timezone"], held["consents"][0]["wording"]) == ("monthly", "America/Bahia", "Sim.")
    assert reader not in said
    assert author.digest("subscribers", "erase", reader) == 0
    assert author.digest("subscribers", "show", reader) == 0
    assert capsys.readouterr().out == "erased\nnot on the list\n"


@pytest.mark.parametrize("name", ["2026-13-01", "next", "../../etc"])
def test_an_issue_is_named_by_a_day(author: Author, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert author.digest("review", name) == 2
    assert "is not an issue" in capsys.readouterr().err


def test_a_folder_without_settings_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(tmp_path), "prepare"]) == 2
    assert "There is no digest.toml" in capsys.readouterr().err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out


def test_inspect_answers_every_line_in_order_and_never_stops(
    author: Author, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    lines = [
        json.dumps({"path": str(author.site / "feed.xml")}),
        "not json",
        json.dumps({"path": str(author.site / "nothing.xml")}),
        json.dumps([1]),
        json.dumps({"path": str(author.site / "pubmed.xml")}),
    ]
    stdin = io.TextIOWrapper(io.BytesIO("\n".join(lines).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["inspect", "feed", "--batch"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [len(answer.get("entries", [])) for answer in answers] == [3, 0, 0, 0, 5]
    assert [bool(answer.get("error")) for answer in answers] == [False, True, True, True, False]


def test_inspect_page_shows_the_article_without_its_surroundings(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    page = author.site / "posts" / "close-ties-and-long-lives.html"
    assert main(["inspect", "page", str(page)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= {"title", "authors", "published", "language", "alternates", "text", "html", "doi", "problems"}
    assert answer["language"] == "en"
    assert "Limitations" in answer["text"]


def test_inspect_citations_looks_up_among_given_works_and_asks_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    work = {
        "DOI": "10.5555/ties",
        "title": ["Close Ties and Length of Life"],
        "author": [{"given": "Ann", "family": "Example"}],
        "issued": {"date-parts": [[2010]]},
    }
    lists = {"list.json": [work], "answer.json": {"message": {"items": [work]}}, "lines.jsonl": work}
    asked = {"text": "Dra. Ann Example e colegas: Close ties and length of life (2010)", "lang": "pt"}
    for name, value in lists.items():
        candidates = tmp_path / name
        candidates.write_text(json.dumps(value) + "\n", encoding="utf-8")
        lines = [json.dumps(asked), "no json", json.dumps({"lang": "en"}), json.dumps({"text": ""})]
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))

        assert main(["inspect", "citations", "--batch", "--candidates", str(candidates)]) == 0

        answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [bool(answer.get("error")) for answer in answers] == [False, True, True, False]
        assert answers[0]["citations"][0]["doi"] == "10.5555/ties"
        assert answers[0]["citations"][0]["status"] == "confirmed"


@pytest.mark.parametrize("content", [None, "no works at all", "[1, 2]"])
def test_inspect_citations_says_what_is_wrong_with_the_candidates(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "works.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    text = tmp_path / "text.txt"
    text.write_text("Dr. A. Example: A title of words (2010)", encoding="utf-8")

    assert main(["inspect", "citations", str(text), "--candidates", str(path)]) == 2
    assert "works.json" in capsys.readouterr().err
