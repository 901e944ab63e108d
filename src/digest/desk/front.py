"""The first page of the desk: every issue and where it stands, found out once for each state of its files."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from digest.errors import DigestError
from digest.models.front import Front, FrontReaders, FrontRow, FrontStory

if TYPE_CHECKING:
    from digest.pipeline import Desk

STORIES_NAMED = 3


class FrontMemory(Protocol):
    """What the first page showed last."""

    def issue_ids(self) -> tuple[str, ...]:
        """All issues, oldest first."""
        ...

    def marks(self, issue_ids: Sequence[str]) -> dict[str, str]:
        """Return a text for each issue that changes whenever what is said of it may change."""
        ...

    def readers_mark(self) -> str:
        """Return a text that changes with the list of readers; empty where nothing tells."""
        ...

    def read(self) -> Front:
        """Return what was remembered. Raises StorageError."""
        ...

    def write(self, front: Front) -> None:
        """Remember it. Raises StorageError."""
        ...


def up_to_date(
    memory: FrontMemory,
    issue_ids: Sequence[str],
    *,
    look: Callable[[str], "Desk"],
    count: Callable[[], Sequence[tuple[str, str, int]]],
) -> Front:
    """Return these issues as they stand now; only what changed since the last time is looked at again."""
    before = memory.read()
    known = {row.issue_id: row for row in before.rows}
    marks = memory.marks(issue_ids)
    rows = tuple(
        known[name] if name in known and known[name].mark == marks[name] else row_of(name, marks[name], look)
        for name in issue_ids
    )
    mark = memory.readers_mark()
    readers = before.readers
    if not mark or mark != before.readers_mark:
        readers = tuple(FrontReaders(locale=one, audience=other, number=number) for one, other, number in count())
        # Counting may be the first time that the list is opened, which makes it.
        mark = memory.readers_mark()
    others = tuple(row for name, row in known.items() if name not in marks)
    now = Front(rows=(*rows, *others), readers=readers, readers_mark=mark)
    if now != before:
        memory.write(now)
    return replace(now, rows=rows)


def remember(memory: FrontMemory, issue_id: str, *, look: Callable[[str], "Desk"]) -> None:
    """Look where one issue stands and remember it, so that the desk need not. Raises StorageError."""
    before = memory.read()
    row = row_of(issue_id, memory.marks([issue_id])[issue_id], look)
    others = tuple(one for one in before.rows if one.issue_id != issue_id)
    memory.write(replace(before, rows=(row, *others)))


def row_of(name: str, mark: str, look: Callable[[str], "Desk"]) -> FrontRow:
    """Return one issue; a file that can not be read makes its row say so, and no more."""
    from digest.desk import approving

    try:
        desk = look(name)
    except DigestError as error:
        return FrontRow(issue_id=name, mark=mark, broken=str(error))
    stories = desk.issue.stories
    return FrontRow(
        issue_id=name,
        mark=mark,
        state=approving.standing(desk),
        blocks=len(desk.review.blocks),
        approved=approving.approved_locales(desk),
        stories=len(stories),
        first_stories=tuple(FrontStory(language=one.language, title=one.title) for one in stories[:STORIES_NAMED]),
    )
