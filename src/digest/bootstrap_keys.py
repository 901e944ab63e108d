"""The composition root of the vault's keys: made, replaced, and tried in a restore drill."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from digest import bootstrap_vault
from digest.config import Config
from digest.errors import SettingsError, StorageError
from digest.models.message import N_, Said
from digest.models.vault import SNAPSHOT_NAMES, Absent, SnapshotName, variable_of
from digest.vault_settings import key_file

ROTATED = N_(
    "%(name)s: sealed with a new key. Until the secret %(variable)s holds it, scheduled runs stop: %(command)s"
)
MADE = N_("%(name)s: a new key is in .digest/keys. Print that file, and give it to the scheduled runs: %(command)s")
OPENED = N_("%(name)s: opened, whole and of this version. In it are:")
_ROWS = {
    "articles": N_("articles: %(count)s"),
    "works": N_("studies: %(count)s"),
    "run receipts": N_("receipts of runs: %(count)s"),
    "subscribers": N_("readers: %(count)s"),
    "consents": N_("consents: %(count)s"),
    "deliveries": N_("mails: %(count)s"),
    "suppressions": N_("addresses that may not be written to: %(count)s"),
}


def make_keys(folder: Path) -> tuple[Path, ...]:
    """Make a key for each snapshot and return the files, which only their owner may read. Raises SettingsError."""
    from digest.adapters.stores.places import new_private_file

    check_no_keys(folder)
    files = tuple(key_file(folder, name) for name in SNAPSHOT_NAMES)
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new_private_file(file, _key_text(_new_key()).encode("ascii"))
    return files


def make_key(folder: Path, name: SnapshotName) -> Said:
    """Make the key of one snapshot anew, for a snapshot that nothing opens any more. Raises SettingsError where it is there."""
    from digest.adapters.stores.places import new_private_file

    check_no_keys(folder, (name,))
    file = key_file(folder, name)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new_private_file(file, _key_text(_new_key()).encode("ascii"))
    return Said(MADE, (("name", name), ("command", _command(name))))


def _command(name: SnapshotName) -> str:
    return f"gh secret set {variable_of(name)} < .digest/keys/{name}.txt"


def check_no_keys(folder: Path, names: Sequence[SnapshotName] = SNAPSHOT_NAMES) -> None:
    """Raise SettingsError where a folder has keys."""
    there = [file for file in (key_file(folder, name) for name in names) if file.exists()]
    if there:
        message = (
            f"{there[0]} is there already, and what it seals can be opened by nothing else. "
            "Keep it; `digest state rotate` replaces a key."
        )
        raise SettingsError(message)


def rotate(config: Config, name: SnapshotName) -> Said:
    """Seal a snapshot with a new key, which then lies in this folder; say in a sentence what to do with it.

    The old key opens nothing that is written from now on. Raises as `bootstrap_vault.push`.
    """
    bootstrap_vault.pull(config, name)
    file = key_file(config.folder, name)
    old, new = dict(config.vault.keys)[name], _new_key()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Both, the old one first, until the vault is sealed anew: whenever this breaks, the file opens what is there.
    _write_key(file, f"{old.rstrip()}\n{_key_text(new)}")
    bootstrap_vault.reseal(config, name, new[0])
    _write_key(file, _key_text(new))
    return Said(ROTATED, (("name", name), ("variable", variable_of(name)), ("command", _command(name))))


def restore_drill(config: Config, name: SnapshotName, key: str | None = None) -> tuple[Said, ...]:
    """Open the snapshot as one would have to after a loss, and say what is in it; nothing is changed.

    `key` is tried instead of the one of the settings, such as the copy on paper. Raises SettingsError, StorageError.
    """
    if not bootstrap_vault.is_carried(config, name):
        return (bootstrap_vault.pull(config, name),)
    found = bootstrap_vault.opened(config, name, key)
    if isinstance(found, Absent):
        raise StorageError(f"The vault holds no snapshot '{name}'. Run `digest state push {name}`.")
    from digest.adapters.stores.snapshot import row_counts

    rows = [Said(_ROWS[table], (("count", str(count)),)) for table, count in row_counts(found, name)]
    return Said(OPENED, (("name", name),)), *rows


def _new_key() -> tuple[str, str]:
    from digest.adapters.vaults.sealing import new_identity

    return new_identity()


def _key_text(pair: tuple[str, str]) -> str:
    secret, public = pair
    return f"# created: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n# public key: {public}\n{secret}\n"


def _write_key(file: Path, text: str) -> None:
    temporary = file.with_name(f"{file.name}.new")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(file)
    except OSError as error:
        message = f"The key can not be written into .digest/keys: {error.strerror}. The vault was not changed."
        raise StorageError(message) from None
