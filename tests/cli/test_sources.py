"""`digest sources`: health, and OPML in and out."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.cli.main import main
from digest.config import load_config
from digest.errors import FileFormatError
from digest.works.opml import Outline, read_opml, write_opml

SETTINGS = """
[[newsletters]]
id = "bonds"
title = { en = "Bonds", pt_BR = "Laços" }
author = "A. Example"
site = "https://blog.example.org/"
locales = ["pt_BR", "en"]
schedule = { every = "week", day = "thursday", time = "08:00", timezone = "Europe/Luxembourg", window = "12h" }
approvers = ["author@example.org"]
legal = { name = "A. Example", address = "1 Example Street", notice_url = "https://blog.example.org/legal" }

[sender]
from = "A. Example <letters@example.org>"

[[sources]]  # hers
kind = "feed"
url = "https://blog.example.org/feed/"
section = "posts"
"""


def write_settings(folder: Path) -> None:
    (folder / "digest.toml").write_text(SETTINGS, encoding="utf-8")


OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Research &amp; practice"><outline type="rss" text="A &quot;journal&quot;" xmlUrl="https://journal.example.org/feed?x=1&amp;y=2" htmlUrl="x"/>
<outline title="Again" xmlUrl="http://journal.example.org/feed?y=2&amp;x=1"/></outline>
<outline text="Posts"><outline text="Loose" xmlURL="https://loose.example.org/rss" language="pt-BR"/></outline>
<outline text="bad" xmlUrl="javascript:alert(1)"/><outline text="worse" xmlUrl="https://x.example.org/&quot;&#10;[sender]"/>
</body></opml>"""


def test_another_readers_list_is_proposed_and_then_added_below_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_settings(tmp_path)
    before = (tmp_path / "digest.toml").read_text(encoding="utf-8") + "\n# my own remark\n"
    (tmp_path / "digest.toml").write_text(before, encoding="utf-8")
    (tmp_path / "list.opml").write_text(OPML, encoding="utf-8")
    command = ["--folder", str(tmp_path), "sources", "import", str(tmp_path / "list.opml")]

    assert main(command) == 0
    assert (tmp_path / "digest.toml").read_text(encoding="utf-8") == before
    assert 'section = "research-practice"' in capsys.readouterr().out
    assert main([*command, "--apply"]) == 0
    assert (tmp_path / "digest.toml").read_text(encoding="utf-8").startswith(before.rstrip())

    added = load_config(tmp_path).sources[-2:]
    assert [(source.url, source.section, source.language) for source in added] == [
        ("https://journal.example.org/feed?x=1&y=2", "research-practice", None),
        ("https://loose.example.org/rss", "others", "pt-BR"),
    ]
    capsys.readouterr()
    assert main([*command, "--apply"]) == 0
    assert "Nothing to add." in capsys.readouterr().out


def test_what_is_exported_can_be_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_settings(tmp_path)

    assert main(["--folder", str(tmp_path), "sources", "export"]) == 0

    found = read_opml(capsys.readouterr().out.encode())
    assert [outline.url for outline in found] == [source.url for source in load_config(tmp_path).sources]


ODD = {
    "a bare ampersand": ("https://a.example.org/f?a=1&b=2", ("https://a.example.org/f?a=1&b=2", "feed")),
    "an address of readers": ("feed://a.example.org/f", ("http://a.example.org/f", "feed")),
    "another of them": ("feed:https://a.example.org/f", ("https://a.example.org/f", "feed")),
    "a blank": ("https://a.example.org/a b", ("https://a.example.org/a%20b", "feed")),
    "a site": ("https://a.example.org/' kind='page", ("https://a.example.org/", "page")),
}


@pytest.mark.parametrize(("address", "expected"), ODD.values(), ids=ODD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_addresses_as_other_readers_write_them_are_taken_over(
    tmp_path: Path, address: str, expected: tuple[str, str], encoding: str
) -> None:
    if encoding == "utf-16" and "&" in address:
        address = address.replace("&", "&amp;")
    write_settings(tmp_path)
    text = f"<opml version='2.0'><body><outline text='Ação' xmlUrl='{address}'/></body></opml>"
    (tmp_path / "list.opml").write_bytes(text.encode(encoding))

    assert main(["--folder", str(tmp_path), "sources", "import", str(tmp_path / "list.opml"), "--apply"]) == 0

    added = load_config(tmp_path).sources[-1]
    assert (added.url, added.kind) == expected


def test_what_can_not_be_taken_over_is_said_and_its_secret_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_settings(tmp_path)
    bad = "<outline text='Mine' xmlUrl='https://user:hunter2@a.example.org/f'/><outline text='Odd' xmlUrl='javascript:x()'/>"
    good = "<outline text='Fine' xmlUrl='https://b.example.org/f'/><outline text='A site' type='link' url='https://c.example.org/'/>"
    (tmp_path / "list.opml").write_text(f"<opml version='2.0'><body>{bad}{good}</body></opml>", encoding="utf-8")

    assert main(["--folder", str(tmp_path), "sources", "import", str(tmp_path / "list.opml"), "--apply"]) == 0

    said = capsys.readouterr().out
    assert "Mine: skipped: its address holds a user name" in said
    assert "Odd: skipped: its address is no web address" in said
    assert "hunter2" not in said
    assert load_config(tmp_path).sources[-1].url == "https://b.example.org/f"


def test_a_site_without_a_feed_stays_one_in_another_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_settings(tmp_path)
    with (tmp_path / "digest.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[sources]]\nkind = "page"\nurl = "https://site.example.org/"\nsection = "others"\nlanguage = "pt-BR"\n'
        )
    assert main(["--folder", str(tmp_path), "sources", "export"]) == 0
    exported = capsys.readouterr().out
    other = tmp_path / "other"
    other.mkdir()
    write_settings(other)
    (other / "list.opml").write_text(exported, encoding="utf-8")

    assert main(["--folder", str(other), "sources", "import", str(other / "list.opml"), "--apply"]) == 0

    added = load_config(other).sources[-1]
    assert (added.url, added.kind, added.section, added.language) == (
        "https://site.example.org/",
        "page",
        "others",
        "pt-BR",
    )


def test_each_source_says_how_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_settings(tmp_path)

    assert main(["--folder", str(tmp_path), "sources", "list", "--json"]) == 0
    assert {row["state"] for row in json.loads(capsys.readouterr().out)} == {"new"}
    assert main(["--folder", str(tmp_path), "sources", "list"]) == 0
    assert ": new" in capsys.readouterr().out


@pytest.mark.parametrize(
    "body", [b"", b"<rss/>", b"{}", b"\xff\xfe", b"<!DOCTYPE x [<!ENTITY a 'b'>]><html>&a;</html>"]
)
def test_what_is_no_list_says_so(body: bytes) -> None:
    with pytest.raises(FileFormatError, match="OPML"):
        read_opml(body)


@given(
    st.lists(
        st.builds(
            Outline,
            url=st.sampled_from(["https://a.example.org/1", "https://b.example.org/?a=1&b=2"]),
            title=st.text(max_size=20),
            folder=st.text(max_size=9),
        ),
        max_size=4,
    )
)
def test_a_list_comes_back_as_it_was_written(outlines: list[Outline]) -> None:
    found = read_opml(write_opml(outlines, "x"))

    assert {outline.url for outline in found} == {outline.url for outline in outlines}


def test_a_list_that_is_too_long_says_from_which_feed_on_it_was_not_read() -> None:
    outlines = [Outline(url=f"https://example.org/{number}", title=f"Feed {number}") for number in range(10_002)]
    *found, last = read_opml(write_opml(outlines, "x"))
    assert len(found) == 10_000
    assert (last.title, last.url) == ("Feed 10000", "")
    assert "10000 feeds" in last.refused
