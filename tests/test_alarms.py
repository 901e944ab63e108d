"""A slot that passed, or a day without a good run: the author is told, once, where she looks and by mail."""

import email
import email.policy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from author_folder import Author, author_at_work
from digest import alarms, bootstrap_alarms
from digest.config import load_config
from digest.errors import SettingsError
from digest.models.alarm import Alarm, Notice
from digest.models.report import Outcome, Problem, RunReceipt
from fakes_send import newsletter
from http_server import Exchange, FaultServer, serving
from smtp_server import Post, running
from vault_folder import SETTINGS

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOKEN = "ghs-hunter2"


def receipt(hours_ago: float, outcome: Outcome = "done") -> RunReceipt:
    moment = NOW - timedelta(hours=hours_ago)
    return RunReceipt(
        run_id=f"{hours_ago}", newsletter_id="bonds", started=moment, finished=moment, outcome=outcome, reason=""
    )


@pytest.mark.parametrize(
    ("receipts", "silent"),
    [
        ([], None),
        ([receipt(2)], None),
        ([receipt(26)], None),
        ([receipt(26.1)], 26.1),
        ([receipt(2, "failed"), receipt(30)], 30),
        ([receipt(2, "failed"), receipt(30, "failed")], 30),
        ([receipt(2, "waiting"), receipt(30)], None),
    ],
)
def test_silence_is_more_than_a_day_without_a_good_run(receipts: list[RunReceipt], silent: float | None) -> None:
    expected = None if silent is None else NOW - timedelta(hours=silent)
    assert alarms.silent_since(receipts, now=NOW) == expected


def test_each_alarm_has_a_title_of_its_own_and_both_languages() -> None:
    missed = Problem(where="issue 2026-11-26", what="x")
    found = alarms.alarms([receipt(30)], missed, now=NOW)
    assert found == (Alarm(kind="silent", name="2026-11-25 06:00 UTC"), Alarm(kind="missed", name="2026-11-26"))
    notices = [alarms.notice(alarm, newsletter()) for alarm in found]
    assert len({note.title for note in notices}) == 2
    for note in notices:
        assert note.title.startswith("Laços: ")
        assert "Bonds: " in note.text
    assert "nenhuma execução terminou bem desde" in notices[0].title


def test_alarms_reach_another_job_as_one_line_and_nothing_else_does() -> None:
    found = (Alarm(kind="missed", name="2026-11-26"), Alarm(kind="silent", name="2026-11-25 06:00 UTC"))
    assert alarms.read_alarms(alarms.written(found)) == found
    assert alarms.read_alarms("") == ()
    assert alarms.read_alarms("missed <b>;silent now;other 2026-11-26") == ()


class Forge:
    """As much of GitHub as opens issues."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.refuses = False

    def route(self, exchange: Exchange) -> None:
        asked = exchange.asked
        if self.refuses or asked.headers.get("authorization") != f"Bearer {TOKEN}":
            exchange.answer(b"{}", status="403 Forbidden")
        elif asked.method == "POST":
            self.issues.append(json.loads(asked.body))
            exchange.answer(b"{}", status="201 Created")
        else:
            exchange.answer(json.dumps(self.issues).encode())


def beat(exchange: Exchange) -> None:
    exchange.answer(b"OK")


@pytest.fixture
def forge() -> Forge:
    return Forge()


@pytest.fixture
def server(forge: Forge) -> Iterator[FaultServer]:
    with serving({"/repos/author/letters/issues": forge.route, "/beat/secret-uuid": beat}) as made:
        yield made


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FaultServer) -> Iterator[Author]:
    """An issue that nobody approved, two days after the last run, when its hours are over."""
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC))
    monkeypatch.setenv("GITHUB_REPOSITORY", "author/letters")
    monkeypatch.setenv("GITHUB_API_URL", server.url(""))
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("DIGEST_HEARTBEAT_URL", server.url("/beat/secret-uuid"))
    with author_at_work(tmp_path) as author:
        assert author.digest("run") == 0
        monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 26, 20, tzinfo=UTC))
        yield author


@pytest.mark.no_cover
def test_she_is_told_once_in_an_issue_and_by_mail_and_the_heartbeat_stops(
    late: Author,
    forge: Forge,
    server: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    beats = [asked for asked in server.asked if asked.path.startswith("/beat")]
    assert len(beats) == 1
    with running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert late.digest("run") == 8
        assert late.digest("run") == 8
        mails = [email.message_from_bytes(mail, policy=email.policy.default) for mail in post.messages]
        config = load_config(late.folder)
        report = bootstrap_alarms.write(config, config.newsletter(None), "missed 2026-11-26")
    titles = sorted(issue["title"] for issue in forge.issues)
    assert len(titles) == 2
    assert sorted(str(mail["Subject"]) for mail in mails) == titles
    assert post.recipients == ["ana@example.org"] * 3
    assert len([asked for asked in server.asked if asked.path.startswith("/beat")]) == 1
    assert [line.removeprefix("mail: ") for line in report.made] == [title for title in titles if "saiu" in title]
    said = "".join(capsys.readouterr())
    assert "watch: 4 made" in said
    assert TOKEN not in said
    assert "secret-uuid" not in said


def test_where_nobody_can_be_told_the_run_says_so(
    late: Author, forge: Forge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forge.refuses = True
    monkeypatch.setenv("DIGEST_SMTP_URL", "smtp://user:hunter2@127.0.0.1:1")
    assert late.digest("run") == 8
    said = "".join(capsys.readouterr())
    assert "issues: write" in said
    assert "Nobody could be told" in said
    assert "hunter2" not in said
    forge.refuses = False
    assert late.digest("run") == 8
    assert len(forge.issues) == 1
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:1")
    config = load_config(late.folder)
    reason = bootstrap_alarms._open_issue(config, config.newsletter(None), Notice(title="x", text="y"))
    assert reason
    assert "can not be reached" in reason


def test_a_heartbeat_that_is_not_taken_is_said_without_its_address(server: FaultServer, tmp_path: Path) -> None:
    settings = SETTINGS + "[fetch]\nallow_private_addresses = true\n"
    (tmp_path / "digest.toml").write_text(settings, encoding="utf-8")
    config = load_config(tmp_path, {"DIGEST_HEARTBEAT_URL": server.url("/gone/secret-uuid")})
    report = bootstrap_alarms.heartbeat(config)
    assert "secret-uuid" not in str(report)
    assert report.problems
    assert not bootstrap_alarms.heartbeat(load_config(tmp_path, {})).problems


def test_a_repository_that_is_none_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "digest.toml").write_text(SETTINGS + '[alarm]\nrepository = "letters"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"alarm\.repository: has to be the owner and the name"):
        load_config(tmp_path, {})
