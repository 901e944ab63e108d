"""The author's folder: issues and translations survive, people's edits are read, mistakes are located."""

import errno
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from digest.adapters.stores.atomic import failure_sentence, read_if_there, remove, write_atomic
from digest.adapters.stores.issue_files import AuthorFolder
from digest.errors import FileFormatError, StorageError
from digest.models.issue import Issue, Section, Sentence, Story
from digest.models.segment import Segment
from full_disk import files_of_at_most

DEMO = Path(__file__).parents[2] / "demo" / "author"


def an_issue(issue_id: str = "2026-11-26", newsletter_id: str = "bonds") -> Issue:
    return Issue(issue_id=issue_id, newsletter_id=newsletter_id, due=date.fromisoformat(issue_id))


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    assert write_atomic(path, b"one")
    before = path.stat()
    assert not write_atomic(path, b"one")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert write_atomic(path, b"two")
    assert path.read_bytes() == b"two"


def test_a_write_that_breaks_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_atomic(path, b"good")
    with files_of_at_most(1000), pytest.raises(StorageError, match=r"file\.txt can not be written"):
        write_atomic(path, b"x" * 5000)
    assert path.read_bytes() == b"good"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk is full, so f/a.po was not changed."),
        (errno.EDQUOT, "The disk is full, so f/a.po was not changed."),
        (errno.EACCES, "f/a.po may not be written here."),
        (errno.EROFS, "f/a.po may not be written here."),
        (errno.EIO, "f/a.po can not be written (Input/output error)."),
    ],
)
def test_a_failure_says_what_to_do_and_not_where_the_folder_is(number: int, said: str) -> None:
    sentence = failure_sentence(Path("/home/someone/f/a.po"), OSError(number, os.strerror(number)))
    assert sentence.startswith(said)
    assert sentence.count(".") >= 2
    assert "/home" not in sentence


def test_what_can_not_be_read_or_removed_is_a_storage_error(tmp_path: Path) -> None:
    assert read_if_there(tmp_path / "none") is None
    assert not remove(tmp_path / "none")
    with pytest.raises(StorageError, match="can not be read"):
        read_if_there(tmp_path)
    with pytest.raises(StorageError):
        remove(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError):
        write_atomic(tmp_path / "file" / "below", b"x")


def test_a_new_file_can_be_read_by_others_as_the_umask_says(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_atomic(tmp_path / "ours", b"x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_system_without_handles_for_folders_writes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY")
    assert write_atomic(tmp_path / "file", b"x")


def test_a_folder_without_issues_has_none(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    assert folder.issue_ids("bonds") == ()
    assert folder.read_issue("bonds", "2026-11-26") is None
    assert folder.read_segments("bonds", "2026-11-26", "pt_BR") == ()


def test_issues_are_listed_oldest_first_and_other_folders_are_not_ours(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    for day in ("2026-12-03", "2025-01-02", "2026-11-26"):
        folder.write_issue(an_issue(day))
    for name in ("drafts", "2026-13-40", "20261126"):
        (tmp_path / "issues" / name).mkdir()
    (tmp_path / "issues" / "2026-01-01").write_text("a file")
    assert folder.issue_ids("bonds") == ("2025-01-02", "2026-11-26", "2026-12-03")


def test_several_newsletters_share_the_folder_without_meeting(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=True)
    folder.write_issue(an_issue(newsletter_id="bonds"))
    folder.write_issue(an_issue("2026-12-03", newsletter_id="bonds-2026"))
    assert (tmp_path / "issues" / "bonds-2026-11-26" / "issue.toml").is_file()
    assert folder.issue_ids("bonds") == ("2026-11-26",)
    assert folder.issue_ids("bonds-2026") == ("2026-12-03",)
    assert folder.read_issue("bonds-2026", "2026-11-26") is None


@pytest.mark.parametrize("name", ["../../etc", "a/b", "", ".", "..", "-x", "a\0b", "x" * 101, "a\n"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    with pytest.raises(FileFormatError, match="can not be the name"):
        folder.read_issue("bonds", name)
    with pytest.raises(FileFormatError, match="can not be the name"):
        folder.read_segments("bonds", "2026-11-26", name)
    with pytest.raises(FileFormatError, match="can not be the name"):
        AuthorFolder(tmp_path, several=True).read_issue(f"../{name}", "2026-11-26")


def test_writing_an_issue_again_changes_nothing(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    assert folder.write_issue(an_issue())
    assert not folder.write_issue(an_issue())
    assert folder.read_issue("bonds", "2026-11-26") == an_issue()


def test_writing_segments_again_changes_nothing(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    segments = (Segment(key="post-1/title", source="Bonds", target="Laços", state="approved", origin="human"),)
    assert folder.write_segments("bonds", "2026-11-26", "pt_BR", segments)
    assert not folder.write_segments("bonds", "2026-11-26", "pt_BR", segments)
    assert folder.read_segments("bonds", "2026-11-26", "pt_BR") == segments


def test_a_locale_that_needs_no_translation_gets_no_file(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    assert not folder.write_segments("bonds", "2026-11-26", "en", ())
    assert not list(tmp_path.rglob("en.po"))


def test_a_broken_po_file_is_never_overwritten(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    path = tmp_path / "issues" / "2026-11-26" / "pt_BR.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(b'msgid "a"\nmsgstr "hours of work\n')
    with pytest.raises(FileFormatError, match=r"issues/2026-11-26/pt_BR\.po, line 2"):
        folder.write_segments("bonds", "2026-11-26", "pt_BR", (Segment(key="k", source="s"),))
    assert path.read_bytes() == b'msgid "a"\nmsgstr "hours of work\n'


def test_the_issue_of_the_demo_is_read(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "author")
    folder = AuthorFolder(tmp_path / "author", several=False)
    issue = folder.read_issue("bonds", "2026-11-05")
    assert issue is not None
    (story,) = issue.stories
    assert (story.key, story.article_id, story.kind, story.language) == ("bonds-39", "bonds-39", "post", "en")
    assert story.published == datetime(2026, 11, 5, 8, tzinfo=UTC)
    assert [section.heading for section in story.sections] == ["studies", "implications", "limitations"]
    assert story.sections[0].sentences[0].anchors == (8,)
    segments = folder.read_segments("bonds", "2026-11-05", "pt_BR")
    assert {segment.state for segment in segments} == {"approved"}
    assert {segment.origin for segment in segments} == {"human"}
    assert not folder.write_segments("bonds", "2026-11-05", "pt_BR", segments)


def test_an_issue_goes_through_the_file_with_its_words(tmp_path: Path) -> None:
    folder = AuthorFolder(tmp_path, several=False)
    story = Story(
        key="post-1",
        kind="post",
        section="posts",
        article_id="post-1",
        url="https://blog.example.org/1",
        language="pt",
        title='Laços "de verdade" \\ 100% عربي',
        authors=("A. Example",),
        published=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        sections=(Section(heading="studies", sentences=(Sentence(text="Um.\nDois.", anchors=(1, 2)),)),),
    )
    issue = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=(story,))
    folder.write_issue(issue)
    assert folder.read_issue("bonds", "2026-11-26") == issue


def test_words_changed_within_one_tick_of_the_clock_are_read(tmp_path: Path) -> None:
    author = AuthorFolder(tmp_path, several=False)
    author.write_segments("bonds", "2026-11-26", "pt_BR", [Segment(key="post-1/title", source="One", target="Um")])
    path = tmp_path / "issues" / "2026-11-26" / "pt_BR.po"
    assert author.read_segments("bonds", "2026-11-26", "pt_BR")[0].target == "Um"
    stamp = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"Um"', b'"Eu"'))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert author.read_segments("bonds", "2026-11-26", "pt_BR")[0].target == "Eu"


def test_more_issues_than_are_kept_in_memory_are_read(tmp_path: Path) -> None:
    author = AuthorFolder(tmp_path, several=False)
    names = [f"2026-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 21)]
    for name in names:
        author.write_issue(an_issue(name))
    for _ in range(2):
        assert [one.issue_id for name in names if (one := author.read_issue("bonds", name))] == names
