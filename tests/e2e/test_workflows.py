"""The steps of the workflows in order, on machines that share nothing but the repository and the vault."""

import json
import re
from datetime import UTC, datetime

import pytest

from digest.cli.main import main
from forge_server import REPOSITORY
from postgres import NO_SERVER, programs, running_server
from smtp_server import Post, running
from workflow_runner import Desk, environment

TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
BRANCH = "issue/2026-11-26"
FOLDER = "issues/2026-11-26"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: TUESDAY)


def mended(text: str) -> str:
    """One sentence in other words, as a person would write them on the page of GitHub."""
    assert "Laços próximos e vidas" in text
    return text.replace("Laços próximos e vidas", "Laços bem próximos e vidas")


def wrong(text: str) -> str:
    """A number that the text does not say, which is an error."""
    head, _, rest = text.partition('msgstr "Laços bem')
    return f'{head}msgstr "777 laços bem{rest}'


def test_an_issue_is_asked_for_edited_merged_sent_once_and_then_nothing_is_due(
    untouched_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, site = untouched_desk, untouched_desk.site
    assert desk.job("prepare", "--preview", str(desk.place / "preview")) == 0
    assert [pull["title"] for pull in site.pulls] == ["Laços: 2026-11-26"]
    first = site.pulls[0]["body"]
    assert (desk.place / "preview" / "index.html").exists()

    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", mended)
    assert desk.job("review", ref=BRANCH) == 0
    shown = site.pulls[0]["body"]
    assert shown != first
    assert "Laços bem próximos e vidas" in shown
    tip = site.tip(BRANCH)
    assert desk.job("prepare") == 0
    assert (site.tip(BRANCH), site.pulls[0]["body"]) == (tip, shown)

    site.merge(1, by="ana")
    assert desk.job("approve") == 0
    approval = site.file("main", f"{FOLDER}/approval.toml")
    assert 'approved_by = "@ana"' in approval
    assert 'how = "merge"' in approval
    assert desk.outputs()["send"] == "false"

    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 26, 7, 17, tzinfo=UTC))
    with running(Post()) as post:
        desk.secrets["DIGEST_SMTP_URL"] = f"smtp://127.0.0.1:{post.port}"
        assert desk.job("approve") == 0
        assert desk.outputs()["send"] == "true"
        assert desk.job("send") == 0
        assert desk.job("send") == 0
        assert len(post.messages) == 4
        assert set(post.copies.values()) == {1}
    assert "sent = 4" in site.file("main", f"{FOLDER}/sent.toml")
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 30, 7, 17, tzinfo=UTC))
    assert desk.job("prepare") == 0
    assert desk.outputs()["send"] == "false"
    assert desk.job("tend") == 0
    assert ["nenhuma execução terminou bem" in issue["title"] for issue in site.issues] == [True]


def test_whatever_is_merged_but_may_not_be_approved_so_is_asked_for_again(asked_desk: Desk) -> None:
    desk, site = asked_desk, asked_desk.site
    # An edit, merged before it was rendered.
    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", mended)
    site.merge(1, by="ana")
    assert desk.job("approve") == 3
    assert [pull["state"] for pull in site.pulls] == ["closed", "open"]
    assert "As palavras mudaram" in site.pulls[1]["body"]
    assert desk.job("prepare") == 0
    assert "As palavras mudaram" in site.pulls[1]["body"]
    # Somebody who is not on the list, twice.
    for number in (2, 3):
        site.merge(number, by="mallory")
        assert desk.job("prepare") == 0
        assert "não está entre os aprovadores" in site.pulls[number]["body"]
    # An error that is open.
    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", wrong)
    assert desk.job("review", ref=BRANCH) == 0
    assert "Tem de ser corrigido" in site.pulls[3]["body"]
    site.merge(4, by="ana")
    assert desk.job("approve") == 3
    assert "Ainda havia algo" in site.pulls[4]["body"]
    # An edit that breaks a file, seen and merged all the same.
    desk.edit(BRANCH, f"{FOLDER}/issue.toml", lambda text: f"{text}\n[[stories")
    assert desk.job("review", ref=BRANCH) == 8
    assert "issue.toml" in site.pulls[4]["body"]
    site.merge(5, by="ana")
    assert desk.job("approve") == 3
    assert "issue.toml" in site.pulls[5]["body"]
    assert "approval.toml" not in site.git("ls-tree", "-r", "--name-only", "main")


def test_a_request_that_was_closed_or_whose_branch_is_gone_is_left_alone_until_it_is_asked_for(
    untouched_desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, site = untouched_desk, untouched_desk.site
    site.may_open = False
    assert desk.job("prepare") == 2
    assert "Allow GitHub Actions to create and approve pull requests" in capsys.readouterr().err
    site.may_open = True
    for lost in ("GET", "POST"):
        site.dies_after = lost
        assert desk.job("prepare") == 4
    assert desk.job("prepare") == 0
    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", mended)
    site.dies_after = "PATCH"
    assert desk.job("review", ref=BRANCH) == 4
    assert desk.job("prepare") == 0
    assert [pull["state"] for pull in site.pulls] == ["open"]
    said = site.pulls[0]["body"].partition("\n***\n")
    assert said[0].split() == site.file(BRANCH, f"{FOLDER}/request.md").split()
    assert f"https://github.com/{REPOSITORY}/actions/runs/7" in said[2]
    # Its history written anew, then the branch deleted, which closes the request.
    site.git("update-ref", f"refs/heads/{BRANCH}", site.git("commit-tree", f"{BRANCH}^{{tree}}", "-m", "anew"))
    assert desk.job("review", ref=BRANCH) == 0
    site.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    site.close(1)
    assert desk.job("prepare") == 0
    assert len(site.pulls) == 1
    assert desk.job("prepare", "--again") == 0
    assert [pull["state"] for pull in site.pulls] == ["closed", "open"]


@pytest.mark.no_cover
def test_a_slot_that_passed_is_told_once_and_the_job_with_the_mail_server_writes_to_her(
    asked_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = asked_desk
    desk.site.merge(1, by="mallory")
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 26, 20, 17, tzinfo=UTC))
    for _ in range(2):
        assert desk.job("prepare") == 8
    assert len(desk.site.issues) == 2
    alarms = [
        line for line in (desk.place / "output.txt").read_text("utf-8").splitlines() if re.match("alarms=.", line)
    ]
    assert [sorted(line.partition("=")[2].split(";")) for line in alarms] == [
        ["missed 2026-11-26", "silent 2026-11-24 06:00 UTC"]
    ]
    with running(Post()) as post:
        desk.secrets["DIGEST_SMTP_URL"] = f"smtp://127.0.0.1:{post.port}"
        assert desk.job("send", "--alarms", alarms[0].partition("=")[2]) == 0
    assert post.recipients == ["ana@example.org"] * 2


def test_what_nobody_approved_is_not_sent_by_hand_either(asked_desk: Desk) -> None:
    asked_desk.site.merge(1, by="mallory")
    with running(Post()) as post:
        asked_desk.secrets["DIGEST_SMTP_URL"] = f"smtp://127.0.0.1:{post.port}"
        assert asked_desk.job("send", "--issue", "2026-11-26") == 3
        assert "is not approved" in asked_desk.summary()
        assert asked_desk.job("send") == 0
    assert post.connections == 0


def test_a_pull_request_from_a_fork_does_nothing(untouched_desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk = untouched_desk
    event = desk.place / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"repo": {"full_name": f"mallory/{REPOSITORY}"}}}}), "utf-8")
    assert desk.job("approve", event=str(event)) == 2
    assert "another repository" in capsys.readouterr().err
    assert desk.site.pulls == []


def test_a_preview_is_also_shown_on_a_path_that_nobody_can_guess(asked_desk: Desk) -> None:
    desk, site = asked_desk, asked_desk.site
    path = "0123456789abcdef0123456789abcdef"
    table = f'\n[preview]\npages = "https://ana.example.org/letter/"\npath = "{path}"\n'
    desk.edit("main", "digest.toml", lambda text: text + table)
    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", mended)
    assert desk.job("review", "--preview", str(desk.place / "preview"), ref=BRANCH) == 0
    assert f"https://ana.example.org/letter/{path}/" in site.pulls[0]["body"]
    shown = site.git("ls-tree", "-r", "--name-only", "previews").splitlines()
    assert f"{path}/index.html" in shown
    assert {name.partition("/")[0] for name in shown} == {path}
    assert "bem próximos" in site.file("previews", f"{path}/pt_BR.txt")
    assert "noindex" in site.file("previews", f"{path}/index.html")
    # Another edit takes its place, and nothing of it is left in a history.
    desk.edit(BRANCH, f"{FOLDER}/pt_BR.po", lambda text: text.replace("bem próximos", "muito próximos"))
    assert desk.job("review", "--preview", str(desk.place / "preview"), ref=BRANCH) == 0
    assert "muito próximos" in site.file("previews", f"{path}/pt_BR.txt")
    assert site.git("rev-list", "--count", "previews") == "1"


@pytest.mark.no_cover
@pytest.mark.server
def test_with_a_database_server_no_vault_is_needed_and_nobody_gets_two(
    untouched_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if programs() is None:
        pytest.skip(NO_SERVER)
    desk, site = untouched_desk, untouched_desk.site
    table = '\n[storage]\nstate = "env:DIGEST_STATE_URL"\npeople = "env:DIGEST_PEOPLE_URL"\n'
    desk.edit("main", "digest.toml", lambda text: text + table)
    site.git("update-ref", "-d", "refs/heads/vault/people")
    with running_server() as url, running(Post()) as post:
        home = desk.clone()
        with environment({"DIGEST_PEOPLE_URL": url}):
            assert main(["--folder", str(home), "subscribers", "import", str(home / "subscribers.csv")]) == 0
        desk.secrets = {"DIGEST_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}
        state, people = {"DIGEST_STATE_URL": url}, {"DIGEST_PEOPLE_URL": url}
        for _ in range(2):
            assert desk.job("prepare", **state) == 0
        site.merge(1, by="ana")
        assert desk.job("approve", **state) == 0
        monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 26, 7, 17, tzinfo=UTC))
        for _ in range(2):
            assert desk.job("tend", **people) == 0
            assert desk.job("send", **people) == 0
    assert list(post.copies.values()) == [1] * 4
    assert [name for name in site.git("for-each-ref", "--format=%(refname:short)").split() if "vault" in name] == []
