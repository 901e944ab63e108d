"""What approval by pull request asks of the outside. At most five methods each."""

from pathlib import Path
from typing import Protocol

from digest.models.forge import ApprovalRequest, Taken


class Forge(Protocol):
    """The site that holds the author's repository. Every method raises DeliveryError or SettingsError with the mend."""

    def requests_of(self, branch: str) -> tuple[ApprovalRequest, ...]:
        """Return the requests from a branch of this very repository, newest first."""
        ...

    def merged_by(self, number: int) -> str:
        """Return the login of the person who merged a request, empty where it is not merged."""
        ...

    def open_request(self, branch: str, title: str, body: str) -> ApprovalRequest:
        """Ask for an approval."""
        ...

    def update_request(self, number: int, title: str, body: str) -> None:
        """Say something else in an open request."""
        ...


class Words(Protocol):
    """The author's repository: the branch that is checked out, and one branch an issue."""

    def look(self, branch: str) -> Taken:
        """Return where a branch and the author's own are."""
        ...

    def take(self, seen: Taken, branch: str, path: str) -> None:
        """Put the files of a path as they are on a branch into the folder; without the branch nothing changes."""
        ...

    def publish(self, branch: str, path: str, message: str, seen: Taken, *, afresh: bool = False) -> bool:
        """Put the files of a path onto a branch; False where nothing differs. Raises BranchMovedError.

        Upon what was seen there, so that nobody's edit is lost; `afresh` starts the branch anew from the author's own.
        """
        ...

    def record(self, path: str, message: str) -> bool:
        """Put the files of a path onto the author's own branch; False where nothing differs. Raises StateConflictError."""
        ...

    def show(self, branch: str, path: str, folder: Path) -> None:
        """Put the files of a folder below a path of a branch that holds nothing else, without history."""
        ...
