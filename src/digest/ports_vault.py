"""What the commands that carry databases between machines ask of the outside."""

from typing import Protocol

from digest.models.vault import Absent, Held, SnapshotName


class Vault(Protocol):
    """Keeps one sealed snapshot a name, and replaces it only for whoever saw the one before."""

    def pull(self, name: SnapshotName) -> Held | Absent:
        """Return what is there. Raises StorageError where the vault can not be read."""
        ...

    def push(self, name: SnapshotName, sealed: bytes, seen: str) -> str:
        """Replace the version that was seen (empty: there was none) and return the new one.

        Raises StaleSnapshotError where somebody else wrote in between, StorageError where nothing could be written.
        """
        ...
