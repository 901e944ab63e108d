"""The rendered folder: what lies in the files is what is read, and what an approval binds."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.adapters.stores.rendered_files import RenderedFolder
from digest.errors import FileFormatError, StorageError
from digest.models.edition import Approval, RenderedEdition

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
ISSUE = "2026-11-26"


def an_edition(locale: str = "en", html: str = "<p>Bonds</p>\n") -> RenderedEdition:
    return RenderedEdition(locale=locale, subject="Bonds", preheader="This week", html=html, text="Bonds\n")


def rendered(root: Path) -> Path:
    return root / "issues" / ISSUE / "rendered"


def an_approval(*editions: RenderedEdition) -> Approval:
    return Approval(
        issue_id=ISSUE,
        approved_by="author@example.org",
        approved_at=datetime(2026, 11, 25, 9, 30, 0, 123, tzinfo=UTC),
        how="command",
        fingerprints=tuple((edition.locale, edition.fingerprint) for edition in editions),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.builds(RenderedEdition, locale=st.just("pt_BR"), subject=TEXTS, preheader=TEXTS, html=TEXTS, text=TEXTS))
def test_an_edition_is_read_byte_for_byte(tmp_path: Path, edition: RenderedEdition) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_rendered("bonds", ISSUE, (edition,))
    assert folder.read_rendered("bonds", ISSUE) == (edition,)
    assert not folder.write_rendered("bonds", ISSUE, (edition,))


def test_editions_are_sorted_by_locale(tmp_path: Path) -> None:
    folder = RenderedFolder(tmp_path, several=True)
    assert folder.read_rendered("bonds", ISSUE) == ()
    assert folder.write_rendered("bonds", ISSUE, (an_edition("pt_BR"), an_edition("en")))
    assert [edition.locale for edition in folder.read_rendered("bonds", ISSUE)] == ["en", "pt_BR"]
    assert (tmp_path / "issues" / f"bonds-{ISSUE}" / "rendered" / "pt_BR.html").is_file()


def test_an_edition_of_an_audience_lies_beside_the_plain_one(tmp_path: Path) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    editions = (an_edition("pt_BR"), replace(an_edition("pt_BR", "<p>Brazil</p>"), audience="brazil"))
    folder.write_rendered("bonds", ISSUE, editions)
    approval = replace(an_approval(), fingerprints=tuple((one.name, one.fingerprint) for one in editions))
    folder.write_approval("bonds", approval)

    assert folder.read_rendered("bonds", ISSUE) == editions
    assert (rendered(tmp_path) / "pt_BR.brazil.html").read_text() == "<p>Brazil</p>"
    assert folder.read_approval("bonds", ISSUE) == approval

    folder.write_rendered("bonds", ISSUE, editions[:1])
    assert not (rendered(tmp_path) / "pt_BR.brazil.html").exists()


def test_a_locale_that_is_no_longer_rendered_leaves_no_files(tmp_path: Path) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_rendered("bonds", ISSUE, (an_edition("pt_BR"), an_edition("en")))
    (rendered(tmp_path) / "notes.md").write_text("the author's own")
    assert folder.write_rendered("bonds", ISSUE, (an_edition("en"),))
    assert sorted(path.name for path in rendered(tmp_path).iterdir()) == [
        "editions.toml",
        "en.html",
        "en.txt",
        "notes.md",
    ]
    assert folder.read_rendered("bonds", ISSUE) == (an_edition("en"),)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("en.html", b"Bonds", b"Bombs"),
        ("en.html", b"\n", b"\r\n"),
        ("en.html", b"<p>", b"\xef\xbb\xbf<p>"),
        ("en.txt", b"Bonds", b"Bonds "),
        ("editions.toml", b'subject = "Bonds"', b'subject = "Win"'),
    ],
)
def test_a_tampered_file_has_another_fingerprint(tmp_path: Path, name: str, old: bytes, new: bytes) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_rendered("bonds", ISSUE, (an_edition(),))
    path = rendered(tmp_path) / name
    path.write_bytes(path.read_bytes().replace(old, new))
    (edition,) = folder.read_rendered("bonds", ISSUE)
    assert edition.fingerprint != an_edition().fingerprint


def test_a_forged_fingerprint_in_the_list_changes_nothing(tmp_path: Path) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_rendered("bonds", ISSUE, (an_edition(),))
    path = rendered(tmp_path) / "editions.toml"
    path.write_bytes(path.read_bytes().replace(an_edition().fingerprint.encode(), b"0" * 64))
    assert folder.read_rendered("bonds", ISSUE)[0].fingerprint == an_edition().fingerprint


def test_an_edition_without_one_of_its_files_is_none(tmp_path: Path) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_rendered("bonds", ISSUE, (an_edition("pt_BR"), an_edition("en")))
    (rendered(tmp_path) / "en.txt").unlink()
    assert [edition.locale for edition in folder.read_rendered("bonds", ISSUE)] == ["pt_BR"]
    assert folder.write_rendered("bonds", ISSUE, (an_edition("pt_BR"), an_edition("en")))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("editions.toml", b"[[editions", "editions.toml, line 1: not valid TOML"),
        ("editions.toml", b"[[editions]]\nsubject = 'x'\n", "editions.toml, line 1: 'locale' is missing"),
        ("editions.toml", b"[[editions]]\nlocale = '../x'\n", "can not be the name"),
        ("editions.toml", b"[[editions]]\nlocale = 'en'\nextra = 1\n", "line 3: the key 'extra'"),
        ("en.html", b"<p>\n\xff", "en.html, line 2: the text is not UTF-8"),
    ],
)
def test_a_corrupt_rendering_is_told_with_its_line(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_rendered("bonds", ISSUE, (an_edition(),))
    (rendered(tmp_path) / name).write_bytes(data)
    with pytest.raises(FileFormatError) as caught:
        folder.read_rendered("bonds", ISSUE)
    assert said in str(caught.value)
    assert folder.write_rendered("bonds", ISSUE, (an_edition(),))
    assert folder.read_rendered("bonds", ISSUE) == (an_edition(),)


def test_a_rendering_that_can_not_be_written_is_a_storage_error(tmp_path: Path) -> None:
    rendered(tmp_path).parent.mkdir(parents=True)
    rendered(tmp_path).write_bytes(b"a file in the way")
    with pytest.raises(StorageError):
        RenderedFolder(tmp_path, several=False).write_rendered("bonds", ISSUE, (an_edition(),))


def test_an_approval_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    assert folder.read_approval("bonds", ISSUE) is None
    once = an_approval(an_edition("en"), an_edition("pt_BR"))
    for approval in (once, replace(once, since=datetime(2026, 11, 24, 9, tzinfo=UTC))):
        folder.write_approval("bonds", approval)
        assert folder.read_approval("bonds", ISSUE) == approval


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('issue = "2026-11-26"', 'issue = "2026-11-19"', "another issue"),
        ('issue = "2026-11-26"\n', "", "'issue' is missing"),
        ('how = "command"', 'how = "robot"', "'how' is 'robot'"),
        ('approved_by = "author@example.org"', 'approved_by = ""', "'approved_by' is missing"),
        ("approved_at", "approved_on", "'approved_on' is not known"),
        ('approved_at = "2026', 'approved_at = "once', "'approved_at' is not a moment"),
        ('approved_at = "2026-11-25T09:30:00.000123+00:00"\n', "", "'approved_at' is missing"),
        ('en = "', 'en = "z', "64 hexadecimal digits"),
        ("[fingerprints]", "[[fingerprints]]", "'fingerprints' has to be a table"),
        ("[fingerprints]", "[fingerprints", "not valid TOML"),
    ],
)
def test_a_corrupt_approval_is_an_error_and_no_approval(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_approval("bonds", an_approval(an_edition()))
    path = tmp_path / "issues" / ISSUE / "approval.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(FileFormatError, match=r"^issues/2026-11-26/approval\.toml, line \d+: ") as caught:
        folder.read_approval("bonds", ISSUE)
    assert said in str(caught.value)


def test_an_approval_of_nothing_is_no_approval(tmp_path: Path) -> None:
    folder = RenderedFolder(tmp_path, several=False)
    folder.write_approval("bonds", an_approval())
    with pytest.raises(FileFormatError, match="64 hexadecimal digits"):
        folder.read_approval("bonds", ISSUE)
