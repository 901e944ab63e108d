"""The composition root of the vault: the databases of a folder and their sealed snapshots on a git remote.

With `bootstrap` the only module that names adapters. Nothing here opens a database by SQLAlchemy unless a run ended
in the midst of its mails, for every scheduled run passes here.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from digest import custody
from digest.config import Config
from digest.errors import BranchMovedError, SettingsError, StaleSnapshotError, StorageError
from digest.models.message import N_, Said
from digest.models.vault import Absent, Held, Mark, SnapshotName

if TYPE_CHECKING:
    from digest.adapters.stores.mark_file import MarkFile
    from digest.ports_vault import Vault

_Result = TypeVar("_Result")
_TRIES = 3

NO_DATABASE = N_("%(name)s: there is no database here, so nothing was put into the vault.")
UNCHANGED = N_("%(name)s: unchanged since it was last in the vault.")
PUT = N_("%(name)s: put into the vault.")
TAKEN = N_("%(name)s: taken from the vault.")
SAME = N_("%(name)s: as it is in the vault.")
NEWER_HERE = N_("%(name)s: what is here is newer than the vault; `digest state push %(name)s` puts it there.")
NOTHING_YET = N_("%(name)s: nothing is in the vault yet; the first push puts it there.")
ON_A_SERVER = N_("%(name)s: lies on a database server, so there is nothing to carry.")


def is_carried(config: Config, name: SnapshotName) -> bool:
    """Whether a database travels by the vault: not without one, and not where it is a server."""
    return config.vault.kind != "none" and "://" not in _place(config, name)


def pull(config: Config, name: SnapshotName, *, discard: bool = False) -> Said:
    """Bring a database to what the vault has and say in one sentence what was done; `discard` gives up what is here.

    Mails of a run that ended elsewhere become uncertain; what one of this folder noted is settled first. Raises StaleSnapshotError where both were changed,
    StorageError, SettingsError.
    """
    if not is_carried(config, name):
        return _not_carried(config, name)
    from digest.adapters.stores.sending_notes import has_notes

    kept = _Kept.of(config, name)
    if has_notes(kept.database):
        _settle(config, kept)
    with kept.locked():
        return _pull(kept, config, discard=discard)


def push(config: Config, name: SnapshotName, *, new: bool = False) -> Said:
    """Put a database into the vault and say in one sentence what was done; `new` where the vault has lost its own.

    What a run of this folder left unfinished is settled from its journal first. Raises StaleSnapshotError where the
    vault has another version than the one last seen here, StorageError, SettingsError.
    """
    if not is_carried(config, name):
        return _not_carried(config, name)
    kept = _Kept.of(config, name)
    _settle(config, kept)
    data, mark = kept.read(), kept.marks.read()
    if mark is not None and mark.pending:
        mark = kept.recognised(mark, kept.vault.pull(name))
    if data is None:
        return _of(name, NO_DATABASE)
    if mark is not None and not new and not mark.own_run and kept.fingerprint(data) == mark.fingerprint:
        return _of(name, UNCHANGED)
    seen = "" if new or mark is None else mark.version
    kept.put(data, seen, own_run="")
    return _of(name, PUT)


def publish_claims(config: Config, run_id: str = "") -> None:
    """Put the list into the vault with what a run has just claimed, before any of it is sent. Raises as `push`.

    `run_id` names a sending run, whose results a later pull of this folder keeps.

    Without a vault the database is the only one there is, and the claim in it is known to everybody.
    """
    if not is_carried(config, "people"):
        return
    kept = _Kept.of(config, "people")
    data, mark = kept.read(), kept.marks.read()
    if data is None:
        raise StorageError("The list of readers is gone from this folder. Run `digest state pull people`.")
    kept.put(data, mark.version if mark else "", own_run=run_id)


def reseal(config: Config, name: SnapshotName, key: str) -> None:
    """Seal what the vault has, which was seen here, with another key. Raises as `push`."""
    kept = _Kept.of(config, name)
    held, mark = kept.vault.pull(name), kept.marks.read()
    if isinstance(held, Absent):
        raise StorageError(f"The vault holds no snapshot '{name}'. Run `digest state push {name}`.")
    from digest.adapters.vaults.sealing import seal

    version = kept.vault.push(name, seal(name, kept.opened(held), key), held.version)
    if mark is not None and mark.version == held.version:
        kept.marks.write(replace(mark, version=version))


def opened(config: Config, name: SnapshotName, key: str | None = None) -> bytes | Absent:
    """Return the database in the vault, opened with a key; by default that of the settings."""
    kept = _Kept.of(config, name, key)
    held = kept.vault.pull(name)
    return held if isinstance(held, Absent) else kept.opened(held)


def with_vault(config: Config, names: Sequence[SnapshotName], work: Callable[[], _Result]) -> _Result:
    """Do what is safe to repeat between pull and push, and again from what the vault has where that moved meanwhile.

    What was changed here before goes into the vault first, so that doing it again gives up nothing but this work's own
    results; and of these, what became known of mails is kept all the same. Raises what `work` raises, after the push.
    """
    travelling = [name for name in names if is_carried(config, name)]
    for name in travelling:
        pull(config, name)
        push(config, name)
    for _ in range(1, _TRIES):
        try:
            with _saved(config, travelling):
                return work()
        except (StaleSnapshotError, BranchMovedError):
            for name in travelling:
                pull(config, name, discard=True)
    with _saved(config, travelling):
        return work()


@contextmanager
def _saved(config: Config, names: Sequence[SnapshotName]) -> Iterator[None]:
    """Push after the body, also where it fails."""
    try:
        yield
    finally:
        for name in names:
            push(config, name)


class _Kept:
    """One database of a folder: its file, its note, its key and its vault."""

    def __init__(self, name: SnapshotName, database: Path, key: str, vault: "Vault", marks: "MarkFile") -> None:
        self.name = name
        self.database = database
        self.key = key
        self.vault = vault
        self.marks = marks

    @classmethod
    def of(cls, config: Config, name: SnapshotName, key: str | None = None) -> "_Kept":
        from digest.adapters.stores.mark_file import MarkFile
        from digest.adapters.vaults.git_branch import GitBranchVault
        from digest.adapters.vaults.sealing import check_key

        key = dict(config.vault.keys)[name] if key is None else key
        check_key(name, key)
        database = Path(_place(config, name))
        return cls(name, database, key, GitBranchVault(config.folder, config.vault.remote), MarkFile(database))

    def read(self) -> bytes | None:
        from digest.adapters.stores.snapshot import read_snapshot

        return read_snapshot(self.database, self.name)

    def fingerprint(self, data: bytes) -> str:
        from digest.adapters.stores.snapshot import fingerprint

        return fingerprint(data)

    def opened(self, held: Held) -> bytes:
        """Open and check a snapshot; unfinished mails in it stay as they are."""
        from digest.adapters.stores.snapshot import check_snapshot
        from digest.adapters.vaults.sealing import unseal

        data = unseal(self.name, held.sealed, self.key)
        check_snapshot(data, self.name)
        return data

    def write(self, data: bytes, mark: Mark) -> None:
        from digest.adapters.stores.snapshot import write_snapshot

        write_snapshot(self.database, data, self.name)
        self.marks.write(mark)

    def put(self, data: bytes, seen: str, *, own_run: str) -> None:
        from digest.adapters.vaults.sealing import seal

        known, pending = self.marks.read() or Mark(version="", fingerprint=""), self.fingerprint(data)
        self.marks.write(replace(known, pending=pending, own_run=own_run or known.own_run))
        version = self.vault.push(self.name, seal(self.name, data, self.key), seen)
        self.marks.write(Mark(version=version, fingerprint=pending, own_run=own_run))

    def recognised(self, mark: Mark, held: Held | Absent) -> Mark:
        """Return the note as it would be if this folder had lived to write it: what the vault has may be its own."""
        if isinstance(held, Absent) or not mark.pending:
            return mark
        if self.fingerprint(self.opened(held)) != mark.pending:
            return mark
        return replace(mark, version=held.version, fingerprint=mark.pending, pending="")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others of this machine from sending while the list is replaced. Raises StateConflictError."""
        from digest.adapters.stores.folder_lock import folder_lock

        with folder_lock(self.database.with_name(f"{self.database.name}.lock")):
            yield


def _pull(kept: _Kept, config: Config, *, discard: bool) -> Said:
    from digest.adapters.stores.unfinished import doubted, with_results

    name, local, mark, held = kept.name, kept.read(), kept.marks.read(), kept.vault.pull(kept.name)
    if isinstance(held, Absent):
        return _nothing_held(config, name, mark)
    mark = kept.recognised(mark, held) if mark else None
    theirs = kept.opened(held)
    here = kept.fingerprint(local) if local else None
    found = custody.taking(here, mark, kept.fingerprint(theirs), held.version)
    if found == "keep" and not discard:
        kept.marks.write(mark or Mark(version=held.version, fingerprint=""))
        return _of(name, NEWER_HERE)
    if found == "same":
        if mark is None or mark.version != held.version:
            own = mark.own_run if mark else ""
            kept.marks.write(Mark(version=held.version, fingerprint=here or "", own_run=own))
        return _of(name, SAME)
    if found == "conflict" and not discard:
        message = (
            f"Both this folder's database '{name}' and the vault were changed since they were last the same. "
            f"`digest state pull {name} --discard` takes what the vault has and gives up what is here."
        )
        raise StaleSnapshotError(message)
    taken = doubted(theirs, now=datetime.now(UTC)) if name == "people" else theirs
    own_run = mark.own_run if mark and local and name == "people" else ""
    merged = with_results(taken, local, own_run) if own_run and local else taken
    # The note tells of the database without our own results, so that the next push knows that there is something to say.
    kept.write(merged, Mark(version=held.version, fingerprint=kept.fingerprint(taken), own_run=own_run))
    return _of(name, TAKEN)


def _nothing_held(config: Config, name: SnapshotName, mark: Mark | None) -> Said:
    """Say that nothing is there yet. Raises StorageError where there has to be something."""
    if not (mark and mark.version) and not any(config.folder.glob("issues/*/approval.toml")):
        return _of(name, NOTHING_YET)
    message = (
        f"The branch vault/{name} is gone from the remote, and with it what earlier runs knew. Nothing was begun anew: "
        f"run `digest state push {name} --new` in a folder that still has the database, or put back a copy."
    )
    raise StorageError(message)


def _settle(config: Config, kept: _Kept) -> None:
    """End the runs of this folder that died: their journal says which mails never began."""
    from digest.adapters.stores.unfinished import is_unfinished

    data = kept.read() if kept.name == "people" else None
    if data is None or not is_unfinished(data):
        return
    from digest.adapters.stores.database import open_database
    from digest.adapters.stores.ledger import SqlLedger

    engine = open_database(config.people_url, "people", full_sync=config.full_sync)
    try:
        for newsletter in config.newsletters:
            with SqlLedger(engine).sending(newsletter.newsletter_id):
                """To hold the lock is to know that all earlier runs are dead."""
    finally:
        engine.dispose()


def _place(config: Config, name: SnapshotName) -> str:
    """Return the path of a SQLite file, or the address of a server."""
    return (config.state_url if name == "state" else config.people_url).removeprefix("sqlite:///")


def _of(name: SnapshotName, message: str) -> Said:
    return Said(message, (("name", name),))


def _not_carried(config: Config, name: SnapshotName) -> Said:
    if config.vault.kind == "none":
        raise SettingsError('No vault is set. Put kind = "git" into the table [vault] of digest.toml.')
    return _of(name, ON_A_SERVER)
