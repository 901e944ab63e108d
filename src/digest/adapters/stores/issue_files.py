"""The issue's own folder in the author's repository: `issue.toml` and one PO file per locale (port `IssueFiles`)."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from digest.adapters.stores import issue_toml
from digest.adapters.stores.atomic import read_if_there, write_atomic
from digest.adapters.stores.issue_folders import IssueFolders, safe_name
from digest.models.issue import Issue
from digest.models.segment import Segment

if TYPE_CHECKING:
    from digest.adapters.stores.issue_po import PoFile

_ISSUE = "issue.toml"
_FILES_KEPT = 32
_Read = TypeVar("_Read")


class _LastRead(Generic[_Read]):
    """What files said when they were read last: an open desk reads the same bytes many times for one edit."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bytes, _Read]] = {}

    def of(self, file: str, data: bytes, read: Callable[[bytes], _Read]) -> _Read:
        """Return what these bytes say; only other bytes are read again. What can not be read is not kept."""
        known = self._known.pop(file, None)
        if known is None or known[0] != data:
            known = (data, read(data))
        # At the end, so that the file that was not asked for the longest goes first.
        self._known[file] = known
        if len(self._known) > _FILES_KEPT:
            del self._known[next(iter(self._known))]
        return known[1]


class AuthorFolder:
    """Words in plain files, as the author, Poedit, Weblate and git see them."""

    def __init__(self, root: Path, *, several: bool) -> None:
        """`root` is the author's folder; `several` is whether its settings name more than one newsletter."""
        self._folders = IssueFolders(root=root, several=several)
        self._issues: _LastRead[Issue] = _LastRead()
        self._po_files: _LastRead[PoFile] = _LastRead()

    def issue_ids(self, newsletter_id: str) -> tuple[str, ...]:
        """All issues that have a folder, oldest first."""
        return self._folders.ids(newsletter_id)

    def read_issue(self, newsletter_id: str, issue_id: str) -> Issue | None:
        """Return the issue, or None where there is no `issue.toml`. Raises FileFormatError with file and line."""
        data = read_if_there(self._folders.folder(newsletter_id, issue_id) / _ISSUE)
        if data is None:
            return None
        file = self._folders.called(newsletter_id, issue_id, _ISSUE)
        read = partial(issue_toml.read_issue, file, newsletter_id=newsletter_id, issue_id=issue_id)
        return self._issues.of(file, data, read)

    def write_issue(self, issue: Issue) -> bool:
        """Replace `issue.toml` whole or not at all; True if the bytes changed. Raises StorageError."""
        folder = self._folders.folder(issue.newsletter_id, issue.issue_id)
        return write_atomic(folder / _ISSUE, issue_toml.issue_bytes(issue))

    def read_segments(self, newsletter_id: str, issue_id: str, locale: str) -> tuple[Segment, ...]:
        """Entries of `<locale>.po` in file order, none where there is no file. Raises FileFormatError."""
        before = self._po_file(newsletter_id, issue_id, locale)
        return before.segments if before else ()

    def write_segments(self, newsletter_id: str, issue_id: str, locale: str, segments: Sequence[Segment]) -> bool:
        """Replace `<locale>.po` whole or not at all; True if the bytes changed. Raises StorageError.

        Translators' comments and obsolete entries stay, and people's translations that are no longer needed become
        obsolete entries. Raises FileFormatError where the present file is broken: it is mended by hand, never lost.
        """
        from digest.adapters.stores import issue_po

        before = self._po_file(newsletter_id, issue_id, locale)
        if before is None and not segments:
            return False
        data = issue_po.po_bytes(
            segments, before or issue_po.PoFile(), project=f"{newsletter_id} {issue_id}", locale=locale
        )
        return write_atomic(self._po_path(newsletter_id, issue_id, locale), data)

    def _po_file(self, newsletter_id: str, issue_id: str, locale: str) -> "PoFile | None":
        path = self._po_path(newsletter_id, issue_id, locale)
        data = read_if_there(path)
        if data is None:
            return None
        from digest.adapters.stores import issue_po

        file = self._folders.called(newsletter_id, issue_id, path.name)
        return self._po_files.of(file, data, partial(issue_po.read_po_file, file))

    def _po_path(self, newsletter_id: str, issue_id: str, locale: str) -> Path:
        return self._folders.folder(newsletter_id, issue_id) / f"{safe_name(locale)}.po"
