"""`digest init`: from nothing to a folder that works, in both languages."""

import io
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from digest import checkups
from digest.adapters.mailers.dkim_key import load_signer, signs_for
from digest.cli.main import main
from digest.config import load_config
from fakes_send import newsletter
from site_server import serving
from workflow_runner import SECRETS

ROOT = Path(__file__).parents[2]
PROGRAM = "owner/name@0123456789abcdef0123456789abcdef01234567"
GIVEN = {
    "--title-en": "Bonds",
    "--title-pt": "Laços",
    "--author": "Ana Example",
    "--sender": "Ana Example <letters@example.org>",
    "--legal-address": "1 Example Street",
    "--notice": "https://blog.example.org/legal",
    "--approver": "ana@example.org",
}


def options(**changes: str) -> list[str]:
    named = {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [word for pair in (GIVEN | named).items() for word in pair]


def test_the_address_of_a_site_is_enough_to_find_feed_language_and_twin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(ROOT / "demo" / "site", 0) as port:
        site = f"http://127.0.0.1:{port}/"
        words = options(site=site, github="ana")
        code = main(["init", str(tmp_path / "new"), "--yes", "--allow-private-addresses", "--program", PROGRAM, *words])
    assert code == 0
    said = capsys.readouterr().out
    config = load_config(tmp_path / "new", {})
    assert (config.sources[0].url, config.sources[0].language) == (f"{site}feed.xml", "en")
    assert "pt-BR" in said
    assert config.newsletters[0].approvers == ("ana@example.org", "@ana")
    assert "gh secret set DIGEST_PEOPLE_KEY < .digest/keys/people.txt" in said
    assert "Allow GitHub Actions to create and approve pull requests" in said
    for name in ("state", "people"):
        key = tmp_path / "new" / ".digest" / "keys" / f"{name}.txt"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.read_text("ascii").splitlines()[-1] not in said
    assert main(["--folder", str(tmp_path / "new"), "status"]) == 0


def test_the_dialogue_asks_in_portuguese_for_what_was_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ["p", "Ana", "", "", "", "America/Sao_Paulo", "ana", ""]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(answers) + "\n"))
    words = options(site="https://blog.example.org/", feed="https://blog.example.org/feed/", language="pt-BR")
    place = words.index("--author")
    del words[place : place + 2]
    assert main(["init", str(tmp_path), *words]) == 0
    said = capsys.readouterr().out
    assert "O seu nome, como os leitores o conhecem" in said
    assert "Guarde em papel" in said
    newsletter = load_config(tmp_path, {}).newsletters[0]
    assert (newsletter.author, newsletter.legal.name) == ("Ana", "Ana")
    assert newsletter.schedule.timezone == "America/Sao_Paulo"
    assert (tmp_path / "README.md").read_text("utf-8").startswith("# Laços")


def test_what_is_there_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text("mine", "utf-8")
    assert main(["init", str(tmp_path), "--example"]) == 2
    assert "would be overwritten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert main(["init", str(tmp_path / "new"), "--example"]) == 0
    key = (tmp_path / "new" / ".digest" / "keys" / "people.txt").read_text("ascii")
    assert main(["init", str(tmp_path / "new"), "--example"]) == 2
    assert (tmp_path / "new" / ".digest" / "keys" / "people.txt").read_text("ascii") == key


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"site": ""}, "--site"),
        ({"site": "blog.example.org"}, "https:// in front"),
        ({"day": "quinta"}, "is not a day"),
        ({"timezone": "Mars/Base"}, "is not a time zone"),
        ({"sender": "nobody"}, "mail address"),
        ({"program": "owner/name@main"}, "all 40 digits"),
        ({"dkim": "perhaps"}, "neither yes nor no"),
    ],
)
def test_wrong_answers_are_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], said: str
) -> None:
    usual = {"site": "https://blog.example.org/", "language": "en"}
    feed = [] if changes.get("site") else ["--feed", "https://blog.example.org/feed/"]
    assert main(["init", str(tmp_path / "new"), "--yes", *feed, *options(**usual | changes)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_answers_that_end_too_early_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("e\n"))
    assert main(["init", str(tmp_path / "new")]) == 2
    assert "ended here" in capsys.readouterr().err


def test_the_keys_are_given_to_github_through_gh_and_never_on_its_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\ncat >> {tmp_path}/given\n', "ascii")
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{gh.parent}{os.pathsep}{os.environ['PATH']}")
    assert main(["init", str(tmp_path / "new"), "--example", "--set-secrets"]) == 0
    assert (tmp_path / "called").read_text("ascii") == "secret set DIGEST_STATE_KEY\nsecret set DIGEST_PEOPLE_KEY\n"
    assert (tmp_path / "given").read_text("ascii").count("AGE-SECRET-KEY-") == 2
    assert "GitHub has the keys now" in capsys.readouterr().out
    gh.write_text("#!/bin/sh\nexit 1\n", "ascii")
    assert main(["init", str(tmp_path / "other"), "--example", "--set-secrets"]) == 0
    assert "gh could not set the keys" in capsys.readouterr().out


def test_a_key_that_signs_is_made_with_the_record_that_goes_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = options(site="https://blog.example.org/", feed="https://blog.example.org/feed/", language="en", dkim="yes")
    assert main(["init", str(tmp_path), "--yes", *words]) == 0
    said = capsys.readouterr().out
    pem = (tmp_path / ".digest" / "keys" / "dkim.pem").read_text("ascii")
    assert stat.S_IMODE((tmp_path / ".digest" / "keys" / "dkim.pem").stat().st_mode) == 0o600
    assert pem.splitlines()[1] not in said
    assert "gh secret set DIGEST_DKIM_KEY < .digest/keys/dkim.pem" in said
    name, record = re.findall(r"(?m)^  (digest\._domainkey\.\S+)\n  TXT\n  (\S.*)$", said)[0]
    assert name == "digest._domainkey.example.org"
    config = load_config(tmp_path, {"DIGEST_DKIM_KEY": pem})
    assert config.sending.dkim_selector == "digest"
    signer = load_signer(config.sending.dkim_key, domain="example.org", selector="digest")
    assert signs_for(signer, record.partition("p=")[2])


def test_previews_may_be_shown_on_a_path_that_nobody_can_guess(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = options(site="https://blog.example.org/", feed="https://blog.example.org/feed/", language="en")
    found = []
    for name in ("one", "two"):
        pages = ("--pages", "https://ana.example.org/letter/")
        assert main(["init", str(tmp_path / name), "--yes", *pages, *words]) == 0
        found.append(load_config(tmp_path / name, {}).pages)
    assert "Deploy from a branch" in capsys.readouterr().out
    assert [
        bool(re.fullmatch(r"https://ana\.example\.org/letter/[0-9a-f]{32}/", one.link)) for one in found if one
    ] == [True] * 2
    assert found[0] != found[1]
    settings = tmp_path / "one" / "digest.toml"
    settings.write_text(re.sub(r'path = ".*"', 'path = "drafts"', settings.read_text("utf-8")), "utf-8")
    assert main(["--folder", str(tmp_path / "one"), "status"]) == 2
    assert "nobody can guess" in capsys.readouterr().err


def test_keys_that_are_there_are_kept_and_nothing_is_written_beside_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".digest" / "keys").mkdir(parents=True)
    (tmp_path / ".digest" / "keys" / "people.txt").write_text("a key", "ascii")
    assert main(["init", str(tmp_path), "--example"]) == 2
    assert "there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [".digest"]


def test_the_workflows_pass_schema_and_audit_and_are_written_anew_on_demand(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path), "--example"]) == 0
    assert main(["init", str(tmp_path), "--workflows", "--program", PROGRAM]) == 0
    assert main(["init", str(tmp_path), "--workflows", "--program", PROGRAM]) == 0
    folder = tmp_path / ".github" / "workflows"
    tools = Path(sys.executable).parent
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    files = [str(path) for path in sorted(folder.glob("*.yml"))]
    assert len(files) == 2
    subprocess.run([str(tools / "zizmor"), "--offline", "--quiet", str(folder)], check=True)
    schema = [str(tools / "check-jsonschema"), "--quiet", "--builtin-schema", "vendor.github-workflows", *files]
    subprocess.run(schema, check=True)


@pytest.mark.parametrize(("approver", "status"), [("@ana", "ok"), ("ana@example.org", "warning")])
def test_the_doctor_names_the_setting_that_workflows_need_and_an_approver_who_can_not_merge(
    approver: str, status: str
) -> None:
    hers = replace(newsletter(), approvers=(approver,))
    setting, merge = checkups.workflow_checks(hers, written=True)
    assert "Allow GitHub Actions to create and approve pull requests" in setting.detail
    assert "private repository" in setting.detail
    assert (merge.status, bool(merge.mend)) == (status, status == "warning")
    assert list(checkups.workflow_checks(hers, written=False)) == []


def workflow(name: str) -> str:
    return (ROOT / ".github" / "workflows" / f"letter-{name}.yml").read_text("utf-8")


def test_no_job_knows_a_secret_that_is_not_its_own() -> None:
    known = {name: set(re.findall(r"secrets\.(\w+)", workflow(name))) for name in ("prepare", "tend", "send")}
    assert "DIGEST_PEOPLE_KEY" not in known["prepare"]
    assert not [name for name in known["prepare"] if "SMTP" in name or "IMAP" in name or "DKIM" in name]
    assert "DIGEST_STATE_KEY" not in known["tend"] | known["send"]
    for step, names in SECRETS.items():
        assert set(names) <= known[step if step in known else "prepare"]


def test_every_action_is_pinned_and_every_job_is_run_by_one_command() -> None:
    for name in ("prepare", "tend", "send"):
        text = workflow(name)
        used = re.findall(r"uses: (\S+)", text)
        assert used
        assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in used)
        assert "exec python -m digest --folder letter ci" in text
        assert "permissions: {}" in text


def test_the_callers_hand_every_secret_to_the_workflow_that_knows_it_and_no_other() -> None:
    callers = [(ROOT / "templates" / "init" / f"{name}.yml").read_text("utf-8") for name in ("digest", "requests")]
    for text in callers:
        for name, secrets in re.findall(
            r"letter-(\w+)\.yml@@REF@.*?secrets:\n((?: {6}\w+: [^\n]*\n?)+)", text, re.DOTALL
        ):
            handed = set(re.findall(r"(?m)^ {6}(\w+):", secrets))
            taken = workflow(name).partition("    secrets:\n")[2].partition("\npermissions:")[0]
            assert handed == set(re.findall(r"(?m)^ {6}([A-Z_]+):", taken)), name
