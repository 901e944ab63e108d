"""What the first page of the desk showed last, and whether that still holds (port `FrontMemory`)."""

from collections.abc import Sequence
from pathlib import Path

from digest.adapters.stores.atomic import read_if_there, write_atomic
from digest.adapters.stores.folder_watch import TouchedFiles
from digest.adapters.stores.issue_folders import IssueFolders
from digest.adapters.stores.record_json import decode_record, encode_record
from digest.errors import FileFormatError
from digest.models.front import Front


class FrontFile:
    """One file a newsletter; a look at names, sizes and times tells what changed meanwhile."""

    def __init__(
        self, path: Path, folders: IssueFolders, newsletter_id: str, *, shared: TouchedFiles, people: Path | None
    ) -> None:
        """`shared` watches what all issues are made from; `people` is the list, None where it is no file."""
        self._path = path
        self._folders = folders
        self._newsletter_id = newsletter_id
        self._shared = shared
        self._people = people

    def issue_ids(self) -> tuple[str, ...]:
        """All issues, oldest first."""
        return self._folders.ids(self._newsletter_id)

    def marks(self, issue_ids: Sequence[str]) -> dict[str, str]:
        """Return a text for each issue that changes with its files and with what all are made from."""
        shared = self._shared.fingerprint()
        return {
            name: TouchedFiles([self._folders.folder(self._newsletter_id, name)], also=shared).fingerprint()
            for name in issue_ids
        }

    def readers_mark(self) -> str:
        """Return a text that changes with the list; empty where nothing tells."""
        if self._people is None:
            return ""
        return TouchedFiles([self._people, self._people.with_name(f"{self._people.name}-wal")], also="").fingerprint()

    def read(self) -> Front:
        """Return what was remembered, nothing where that can not be read. Raises StorageError."""
        data = read_if_there(self._path)
        try:
            return decode_record(Front, data.decode("ascii")) if data else Front()
        except (FileFormatError, UnicodeDecodeError):
            return Front()

    def write(self, front: Front) -> None:
        """Remember it. Raises StorageError."""
        write_atomic(self._path, encode_record(front).encode("ascii"))
