"""The list and the status page as plain files: the same words as at the desk, no server, no script, nobody's address."""

from dataclasses import replace
from pathlib import Path

import pytest

from desk_folder import EARLIER, ISSUE, NOW, a_folder, a_room
from digest.models.delivery import DeliveryCounts
from digest.web.static_pages import static_pages

READERS = (("pt_BR", "brazil", 60), ("en", "", 40))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


@pytest.mark.parametrize(
    ("interface", "wanted"),
    [("en", ("Issue of November 26, 2026", "readers in Brazil")), ("pt_BR", ("Edição de 26", "leitores no Brasil"))],
)
def test_they_say_what_the_desk_says(folder: Path, interface: str, wanted: tuple[str, str]) -> None:
    counts = DeliveryCounts(sent=97, failed=2)
    with a_room(folder) as room:
        counting = replace(room, readers=lambda: READERS, deliveries=lambda _: counts, came_back=lambda: {ISSUE: 31})
        pages = static_pages(counting, ISSUE, interface, now=lambda: NOW)
    listed, status = pages["issues.html"].decode(), pages["status.html"].decode()
    assert all(words in listed for words in wanted)
    assert wanted[1] in status
    assert ">97<" in status
    assert ">31<" in status


def test_they_work_from_a_folder_alone(folder: Path) -> None:
    with a_room(folder) as room:
        pages = static_pages(room, ISSUE, "en", now=lambda: NOW)
    for name, data in pages.items():
        page = data.decode()
        assert "<script" not in page, name
        assert 'href="/' not in page, name
        assert "noindex" in page
    assert pages["issues.html"].decode().count('<h2><a href="index.html">') == 1
    assert EARLIER in pages["status.html"].decode()
