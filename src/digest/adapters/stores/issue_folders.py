"""Where the folder of an issue is."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from digest.errors import FileFormatError

ISSUES = "issues"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A name that is one part of a path on every system; what is given on a command line may be anything.
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFolders:
    """The issue folders below an author's folder, prefixed by the newsletter where it has several."""

    root: Path
    several: bool

    def folder(self, newsletter_id: str, issue_id: str) -> Path:
        """Return the folder of an issue, there or not. Raises FileFormatError for what can not name a folder."""
        return self.root / ISSUES / safe_name(f"{self._prefix(newsletter_id)}{safe_name(issue_id)}")

    def called(self, newsletter_id: str, issue_id: str, name: str) -> str:
        """Return how errors call a file of an issue: its path from the author's folder."""
        return f"{ISSUES}/{self._prefix(newsletter_id)}{issue_id}/{name}"

    def ids(self, newsletter_id: str) -> tuple[str, ...]:
        """Return the issues that have a folder, oldest first; folders that are no day are none of ours."""
        parent = self.root / ISSUES
        prefix = self._prefix(newsletter_id)
        names = [entry.name for entry in parent.iterdir() if entry.is_dir()] if parent.is_dir() else []
        days = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        return tuple(sorted(day for day in days if _is_day(day)))

    def _prefix(self, newsletter_id: str) -> str:
        return f"{newsletter_id}-" if self.several else ""


def safe_name(name: str) -> str:
    """Return a name that can not lead out of its folder. Raises FileFormatError."""
    if not _SAFE_NAME.fullmatch(name):
        message = f"{name[:100]!r} can not be the name of a file or folder. Use letters, digits, '-', '_' and '.'."
        raise FileFormatError(message)
    return name


def _is_day(name: str) -> bool:
    if not _DAY.fullmatch(name):
        return False
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True
