"""The receipt says of each source, item, locale and group of readers whether it was in and why; it names nobody."""

import csv
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from author_folder import Author, author_at_work
from digest import bootstrap_keys
from smtp_server import Post, running

SECRETS = {
    "DIGEST_SMTP_URL": "smtp://mailuser:smtp-hunter2@127.0.0.1:1",
    "DIGEST_IMAP_URL": "imap://boxuser:imap-hunter2@127.0.0.1:1/INBOX",
    "DIGEST_HEARTBEAT_URL": "http://127.0.0.1:1/heartbeat-hunter2",
    "GITHUB_TOKEN": "ghs-token-hunter2",
    "GITHUB_REPOSITORY": "author/letters",
    "GITHUB_API_URL": "http://127.0.0.1:1",
}
VAULT = '\n[vault]\nkind = "git"\nremote = "http://pusher:remote-hunter2@127.0.0.1:1/x.git"\n[inbox]\nimap = "env:DIGEST_IMAP_URL"\n'


def refuses_one(phase: str, _number: int, recipient: str) -> str:
    return f"550 5.1.1 <{recipient}> is unknown here" if phase == "RCPT" and recipient.startswith("claire") else ""


def test_every_source_item_locale_and_group_has_its_line_and_nobody_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 24, 6, tzinfo=UTC))
    with author_at_work(tmp_path) as author, running(Post(answer=refuses_one)) as post:
        with (author.folder / "subscribers.csv").open(encoding="utf-8") as file:
            addresses = [row["email"] for row in csv.DictReader(file)]
        assert author.digest("subscribers", "import", str(author.folder / "subscribers.csv")) == 0
        assert author.digest("run") == 0
        author.fill_in()
        assert author.digest("prepare") == 0
        for name, value in SECRETS.items():
            monkeypatch.setenv(name, value)
        assert author.digest("approve", author.issue) == 0
        assert author.digest("send", author.issue) == 4
        assert author.digest("subscribers", "erase", next(one for one in addresses if one.startswith("marcelo"))) == 0
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 26, 8, tzinfo=UTC))
        assert author.digest("run") == 0
        monkeypatch.setattr("digest.cli.common.now", lambda: datetime(2026, 11, 26, 9, tzinfo=UTC))
        capfd.readouterr()
        assert author.digest("receipt", "--json") == 0
        receipt = json.loads(capfd.readouterr().out)
        said = [line for stage in receipt["stages"] for line in (*stage["made"], *stage["skipped"])]
        for expected in (
            r"/feed\.xml: nothing changed",
            r"post bonds-41 was in it: ",
            r"mails in pt_BR sent",
            r"readers of en, expat: \d have it",
            r"readers of \w+, \w+: 1 refused by their server",
            r"^550 5\.\d\.\d: 1 refused by their server$",
            r"^erased: 1 left before it was sent$",
        ):
            assert [line for line in said if re.search(expected, line)], expected
        everything = list(_all_that_is_said(author, monkeypatch, capfd))
    forbidden = [*addresses, *re.findall(r"[\w-]*hunter2", " ".join([*SECRETS.values(), VAULT]))]
    assert len(forbidden) == len(addresses) + 5
    forbidden += [path.read_text().split("\n")[2] for path in (author.folder / ".digest" / "keys").iterdir()]
    for where, text in everything:
        for word in forbidden:
            assert word not in text, where


def _all_that_is_said(
    author: Author, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[tuple[str, str]]:
    """Yield what each command prints with a broken world around it, and what the state and the vault would show."""
    folder, issue = author.folder, author.issue
    bootstrap_keys.make_keys(folder)
    monkeypatch.setenv("DIGEST_SMTP_URL", SECRETS["DIGEST_SMTP_URL"])
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    with (folder / "digest.toml").open("a", encoding="utf-8") as file:
        file.write(VAULT)
    for words in (
        ("run", "--force"),
        ("tend",),
        ("prepare",),
        ("send", issue),
        ("send", issue, "--resolve", "show"),
        ("send", issue, "--test", "ana@example.org"),
        ("status",),
        ("review", issue),
        ("receipt",),
        ("receipt", "--json"),
        ("sources", "list"),
        ("subscribers", "stats"),
        ("state", "pull"),
        ("state", "push"),
        ("state", "rotate"),
        ("state", "restore-drill"),
    ):
        capfd.readouterr()
        author.digest(*words)
        printed = capfd.readouterr()
        assert printed.out or printed.err, words
        assert "Traceback" not in printed.err, words
        yield " ".join(words), printed.out + printed.err
    for path in (*(folder / ".digest").glob("state.db*"), *(folder / ".digest").glob("*.json")):
        yield path.name, path.read_bytes().decode("latin-1")
