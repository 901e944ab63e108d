"""Tells whether anything that an issue is made from was touched, without reading it (port `FolderWatch`)."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path


class TouchedFiles:
    """Looks at names, sizes and times, as make does: a fresh checkout counts as touched."""

    def __init__(self, places: Sequence[Path], *, also: str) -> None:
        """Take files and folders, there or not, and a text that counts like one more file."""
        self._places = tuple(places)
        self._also = also

    def fingerprint(self) -> str:
        """Return the SHA-256 of what stands in the places now."""
        seen = hashlib.sha256(self._also.encode())
        for place in self._places:
            for path in sorted(_files(place)):
                seen.update(_look(path))
        return seen.hexdigest()


def _files(place: Path) -> Iterator[str]:
    if not place.is_dir():
        yield str(place)
        return
    for folder, _, names in os.walk(place):
        for name in names:
            yield os.path.join(folder, name)  # noqa: PTH118 - a Path for every file takes longer than all the rest


def _look(path: str) -> bytes:
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return b""
    return f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
