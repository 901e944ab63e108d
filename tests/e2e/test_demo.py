"""The main job, as `make demo` runs it: a real site, the public commands, mails that can be read."""

import email
import email.policy
import html
import json
import os
import re
import subprocess
import sys
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest

from digest.cli.main import main

DEMO = Path(__file__).parents[2] / "demo" / "run.py"


def run_demo(out: Path) -> str:
    """Run the demo and return what it printed."""
    environment = os.environ | {"DIGEST_DEMO_OUT": str(out), "PYTHONWARNINGS": "error"}
    finished = subprocess.run(
        [sys.executable, DEMO], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "Traceback" not in finished.stderr
    return finished.stdout


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The demo, twice: its folder and what each run printed."""
    out = tmp_path_factory.mktemp("demo")
    (out / "port").write_text("0", encoding="ascii")
    return out, run_demo(out), run_demo(out)


def mails(out: Path) -> list[EmailMessage]:
    """All mails, parsed by the standard library."""
    paths = sorted((out / "mail").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def test_every_example_reader_has_one_mail_in_their_language(demo: tuple[Path, str, str]) -> None:
    messages = mails(demo[0])
    assert Counter(message["Content-Language"] for message in messages) == {"pt-BR": 2, "en": 2}
    assert len({message["To"] for message in messages}) == 4


def test_the_text_part_comes_first_and_says_the_same(demo: tuple[Path, str, str]) -> None:
    for message in mails(demo[0]):
        parts = [part.get_content_type() for part in message.iter_parts()]
        assert parts == ["text/plain", "text/html"]


def test_the_portuguese_comes_from_the_twin_the_memory_and_the_author(demo: tuple[Path, str, str]) -> None:
    entries = (demo[0] / "author" / "issues").glob("*/pt_BR.po")
    newest = max(entries).read_text(encoding="utf-8")
    assert "origin: parallel" in newest
    assert "origin: memory" in newest
    assert 'msgstr ""\n\n' not in newest.partition("\n\n")[2]
    assert "fuzzy" not in newest


def test_both_languages_carry_the_headings_of_the_author(demo: tuple[Path, str, str]) -> None:
    said = {message["Content-Language"]: message.get_body(("plain",)) for message in mails(demo[0])}
    english, portuguese = said["en"], said["pt-BR"]
    assert english is not None
    assert portuguese is not None
    assert "LIMITATIONS" in english.get_content().upper()
    assert "LIMITAÇÕES" in portuguese.get_content().upper()


def test_the_first_run_says_what_was_found_and_why(demo: tuple[Path, str, str]) -> None:
    assert "chosen, because: It is your own new post." in demo[1]
    assert "not chosen: The issue already carries" in demo[1]


def test_the_second_run_finds_nothing_new_and_says_so(demo: tuple[Path, str, str]) -> None:
    assert "nothing new since the issue of" in demo[2]
    assert "Nothing new: no issue was made." in demo[2]


def test_no_address_of_a_reader_is_printed_or_stored_in_the_words(demo: tuple[Path, str, str]) -> None:
    out, first, second = demo
    addresses = [line.partition(",")[0] for line in (out / "author" / "subscribers.csv").read_text().splitlines()[1:]]
    assert addresses
    files = [path for folder in ("author/issues", "preview") for path in (out / folder).rglob("*") if path.is_file()]
    said = first + second + "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
    assert not [address for address in addresses if address in said]


def test_no_link_of_the_example_is_dead(demo: tuple[Path, str, str]) -> None:
    site = DEMO.parent / "site"
    port = (demo[0] / "port").read_text(encoding="ascii")
    base = f"http://127.0.0.1:{port}/"
    pages = [part.get_content() for message in mails(demo[0]) if (part := message.get_body(("html",)))]
    links = {html.unescape(link) for page in pages for link in re.findall(r'(?:href|src)="([^"]+)"', page)}
    own = {link.removeprefix(base).partition("#")[0] for link in links if link.startswith(base)}

    assert len(own) > 3
    assert [link for link in own if not (site / link).is_file()] == []
    elsewhere = [link for link in links if not link.startswith((base, "https://doi.org/10.", "mailto:"))]
    assert elsewhere == []


def test_nothing_stands_against_the_mails_of_the_example(
    demo: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    paths = sorted(map(str, (demo[0] / "mail").glob("*.eml")))

    assert main(["inspect", "mail", *paths]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"findings": []}] * len(paths)
