"""The watch over the author's folder: whatever an issue is made from, a change of it shows."""

import os
from pathlib import Path

import pytest

from digest.adapters.stores.folder_watch import TouchedFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "issues" / "2026-11-26").mkdir(parents=True)
    (tmp_path / "issues" / "2026-11-26" / "pt_BR.po").write_text("a", encoding="utf-8")
    return tmp_path


def look(folder: Path, also: str = "") -> str:
    return TouchedFiles([folder / "digest.toml", folder / "issues"], also=also).fingerprint()


def test_two_looks_at_one_state_are_equal(folder: Path) -> None:
    assert look(folder) == look(folder)


def test_an_edit_of_the_same_length_shows(folder: Path) -> None:
    before = look(folder)
    path = folder / "issues" / "2026-11-26" / "pt_BR.po"
    path.write_text("b", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert look(folder) != before


def test_a_new_file_a_lost_file_and_other_settings_show(folder: Path) -> None:
    looks = {look(folder), look(folder, also="other settings")}
    (folder / "digest.toml").write_text("", encoding="utf-8")
    looks.add(look(folder))
    (folder / "issues" / "2026-11-26" / "pt_BR.po").unlink()
    looks.add(look(folder))
    assert len(looks) == 4


def test_names_that_are_no_unicode_do_not_matter(folder: Path) -> None:
    (folder / "issues" / os.fsdecode(b"\xff\xfe")).write_bytes(b"")
    assert look(folder)
