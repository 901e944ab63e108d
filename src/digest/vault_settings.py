"""The table `[vault]`, and the keys that open it: in files of the newsletter's folder, or in the environment."""

from collections.abc import Mapping
from pathlib import Path

from digest.models.vault import SNAPSHOT_NAMES, SnapshotName, VaultSettings, variable_of
from digest.settings_reader import Table


def read_vault(root: Table, *, folder: Path, environment: Mapping[str, str]) -> VaultSettings:
    """Read the table; a key that is missing is told by the command that needs it, for no job has all of them."""
    table = root.table("vault", optional=True)
    kind = table.choice("kind", ("none", "git"), default="none")
    remote = table.text("remote", default="origin")
    table.finish()
    if kind == "none":
        return VaultSettings()
    keys = tuple((name, _key(name, folder, environment)) for name in SNAPSHOT_NAMES)
    return VaultSettings(kind="git", remote=remote, keys=keys)


def key_file(folder: Path, name: SnapshotName) -> Path:
    """Return where a key lies on the author's own machine."""
    return folder / ".digest" / "keys" / f"{name}.txt"


def _key(name: SnapshotName, folder: Path, environment: Mapping[str, str]) -> str:
    """Join both places, the file first: after a rotation it has the newer one."""
    try:
        written = key_file(folder, name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        written = ""
    return "\n".join(part for part in (written, environment.get(variable_of(name), "")) if part.strip())
