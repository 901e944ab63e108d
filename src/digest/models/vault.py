"""A database on its way between machines: a snapshot in a vault, and what this folder knows of it."""

from dataclasses import dataclass, field
from typing import Literal

SnapshotName = Literal["state", "people"]
SNAPSHOT_NAMES: tuple[SnapshotName, ...] = ("state", "people")


def variable_of(name: SnapshotName) -> str:
    """Name the environment variable, and the secret of the repository, that holds a key."""
    return f"DIGEST_{name.upper()}_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A snapshot as the vault has it: sealed, and what names this version of it."""

    sealed: bytes = field(repr=False)
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """The vault has no such snapshot: none was ever put there, or somebody removed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What this folder last took from the vault or put there."""

    version: str
    fingerprint: str
    """Of the database as it was then; another one says that it was changed here since."""
    pending: str = ""
    """Fingerprint of what was about to be put there: a process may die between that and knowing that it is there."""
    own_run: str = ""
    """The sending run of this folder whose claims are in the vault: only this folder knows what became of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSettings:
    """The settings of `[vault]`; keys never show in `repr`."""

    kind: Literal["none", "git"] = "none"
    remote: str = "origin"
    keys: tuple[tuple[SnapshotName, str], ...] = field(default=(), repr=False)
    """(snapshot, identities of age): the first seals, all of them open."""
