"""The first page remembers where every issue stands, and is never wrong about what changed meanwhile."""

from pathlib import Path

import pytest

from desk_folder import EARLIER, ISSUE, NOW, SOLIDAO, a_folder, a_room
from digest import bootstrap_desk, pipeline
from digest.config import load_config
from digest.desk import approving
from digest.desk.front import up_to_date
from digest.desk.room import Room
from digest.models.front import Front
from digest.pipeline import Desk


class Looks:
    """Opens issues and counts how often."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.opened: list[str] = []
        self.counted = 0

    def look(self, issue_id: str) -> Desk:
        self.opened.append(issue_id)
        return pipeline.open_issue(self.room.shop, issue_id)

    def count(self) -> tuple[tuple[str, str, int], ...]:
        self.counted += 1
        return self.room.readers()

    def front(self) -> Front:
        self.opened.clear()
        return up_to_date(self.room.front, (ISSUE, EARLIER), look=self.look, count=self.count)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def test_what_was_seen_once_is_said_again_without_opening_anything(folder: Path) -> None:
    with a_room(folder) as room:
        seen = Looks(room).front()
        assert [row.state for row in seen.rows] == ["blocked", "blocked"]
    with a_room(folder) as room:
        looks = Looks(room)
        assert looks.front() == seen
        assert (looks.opened, looks.counted) == ([], 0)


def test_an_edited_issue_is_looked_at_again_and_no_other(folder: Path) -> None:
    with a_room(folder) as room:
        looks = Looks(room)
        before = looks.front()
        path = folder / "issues" / ISSUE / "pt_BR.po"
        path.write_text(path.read_text("utf-8").replace(SOLIDAO, ""), encoding="utf-8")
        after = looks.front()
        assert looks.opened == [ISSUE]
        assert after.rows[0].blocks > before.rows[0].blocks


@pytest.mark.parametrize("name", ["digest.toml", "glossary.csv", "templates/email/note.txt"])
def test_what_all_issues_are_made_from_counts_for_all(folder: Path, name: str) -> None:
    with a_room(folder) as room:
        Looks(room).front()
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"en,pt_BR\n") + b"\n")
    with a_room(folder) as room:
        looks = Looks(room)
        looks.front()
        assert looks.opened == [ISSUE, EARLIER]


def test_an_approval_and_a_broken_file_show_at_once(folder: Path) -> None:
    with a_room(folder) as room:
        looks = Looks(room)
        looks.front()
        approving.withdraw(room.shop, ISSUE)
        (folder / "issues" / ISSUE / "issue.toml").write_text('id = "x\n', encoding="utf-8")
        assert "line 1" in looks.front().rows[0].broken
        (folder / ".digest" / "desk-bonds.json").write_text("{nonsense")
        assert len(looks.front().rows) == 2


def test_new_readers_are_counted_anew(folder: Path) -> None:
    from digest.models.delivery import Subscriber

    config = load_config(folder, {})
    with a_room(folder) as room:
        Looks(room).front()
    from digest import bootstrap

    with bootstrap.subscribers(config) as people:
        reader = Subscriber(
            subscriber_id="1", newsletter_id="bonds", address="reader@example.org", locale="en", audience="expat"
        )
        people.add(reader, now=NOW)
    with a_room(folder) as room:
        looks = Looks(room)
        assert [one.number for one in looks.front().readers] == [1]
        assert looks.opened == []


def test_what_prepare_has_made_is_known_before_the_desk_opens(folder: Path) -> None:
    config = load_config(folder, {})
    with a_room(folder) as room:
        bootstrap_desk.remember_standing(config, room.shop, ISSUE)
    with a_room(folder) as room:
        looks = Looks(room)
        looks.front()
        assert looks.opened == [EARLIER]
