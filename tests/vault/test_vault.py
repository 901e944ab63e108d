"""The vault keeps a sealed snapshot of each database, and gives it back whole or says why not."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import bootstrap_keys
from digest.adapters.stores.database import open_database, transaction
from digest.adapters.stores.schemas import REVISIONS
from digest.adapters.stores.snapshot import check_snapshot, fingerprint, read_snapshot
from digest.adapters.vaults.git_branch import GitBranchVault
from digest.adapters.vaults.sealing import SMALLEST_CLASS, new_identity, seal, size_class, unseal
from digest.errors import SettingsError, StaleSnapshotError, StorageError
from digest.models.vault import Absent, Held
from vault_folder import Machine, World, git, world

Said = pytest.CaptureFixture[str]


@pytest.fixture
def made(tmp_path: Path) -> World:
    return world(tmp_path / "world")


@pytest.fixture
def home(made: World) -> Machine:
    """The author's machine, whose list of two readers is in the vault."""
    machine = made.machine("home")
    machine.add("r0", "r1")
    assert machine.digest("state", "push", "people") == 0
    return machine


def test_another_machine_takes_what_the_first_one_put_there(made: World, home: Machine, capsys: Said) -> None:
    runner = made.machine("runner")
    assert runner.digest("state", "pull", "people") == 0
    assert runner.readers() == 2
    assert runner.digest("state", "--interface", "en", "pull", "people") == 0
    assert "as it is in the vault" in capsys.readouterr().out
    assert runner.digest("state", "push", "people") == 0
    assert "people: sem mudanças desde a última vez no cofre." in capsys.readouterr().out
    runner.add("r2")
    assert runner.digest("state", "push", "people") == 0
    assert home.digest("state", "pull") == 0
    assert home.readers() == 3
    assert "state: ainda não há nada no cofre" in capsys.readouterr().out


def test_a_branch_has_one_commit_without_a_parent_and_only_sealed_bytes(made: World, home: Machine) -> None:
    home.add("r2")
    assert home.digest("state", "push", "people") == 0
    assert git(made.remote, "rev-list", "--count", "vault/people").strip() == "1"
    assert git(made.remote, "ls-tree", "--name-only", "vault/people").split() == ["README", "people.db.gz.age"]
    for path in made.remote.rglob("*"):
        assert not path.is_file() or b"example.org" not in path.read_bytes()
    assert "@example.org" not in git(made.remote, "cat-file", "commit", "vault/people")


def test_what_was_written_but_not_yet_checkpointed_travels_too(made: World, home: Machine) -> None:
    engine = open_database(home.config.people_url, "people")
    with transaction(engine) as connection:
        connection.exec_driver_sql("UPDATE subscribers SET name = 'In the log'")
    wal = Path(f"{home.config.people_url}-wal")
    assert wal.stat().st_size
    assert home.digest("state", "push", "people") == 0
    engine.dispose()
    runner = made.machine("runner")
    assert runner.digest("state", "pull", "people") == 0
    data = read_snapshot(Path(runner.config.people_url), "people")
    assert data is not None
    assert b"In the log" in data


@pytest.mark.skipif(shutil.which("age") is None, reason="no age program (Debian: apt install age)")
def test_the_age_program_and_gunzip_open_it_without_this_program(made: World, home: Machine, tmp_path: Path) -> None:
    sealed = tmp_path / "people.age"
    sealed.write_bytes(
        subprocess.run(
            ["git", "-C", str(made.remote), "show", "vault/people:people.db.gz.age"], check=True, capture_output=True
        ).stdout
    )
    command = f"age -d -i {made.place}/keys/people.txt {sealed} | gunzip > {tmp_path}/people.db"
    subprocess.run(["sh", "-ec", command], check=True)
    data = read_snapshot(tmp_path / "people.db", "people")
    here = read_snapshot(Path(home.config.people_url), "people")
    assert data is not None
    assert here is not None
    assert fingerprint(data) == fingerprint(here)


@given(st.integers(min_value=0, max_value=1 << 30))
def test_the_size_tells_only_the_class(length: int) -> None:
    padded = size_class(length)
    assert padded >= max(length, SMALLEST_CLASS)
    assert padded & (padded - 1) == 0
    assert padded == SMALLEST_CLASS or padded < 2 * length


def test_lists_of_one_and_of_a_hundred_readers_look_alike(made: World, home: Machine) -> None:
    def size() -> int:
        # The head of an age file has a random length of some hundred bytes.
        return int(git(made.remote, "cat-file", "-s", "vault/people:people.db.gz.age")) // 4096

    before = size()
    home.add(*(f"s{number}" for number in range(100)))
    assert home.digest("state", "push", "people") == 0
    assert size() == before


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    files = bootstrap_keys.make_keys(tmp_path)
    assert [file.name for file in files] == ["state.txt", "people.txt"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    with pytest.raises(SettingsError, match="there already"):
        bootstrap_keys.make_keys(tmp_path)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "There is no key of 'people'"),
        ("# only a comment\n", "There is no key of 'people'"),
        ("hunter2", "is not one of age"),
        (new_identity()[0], "does not open its snapshot"),
    ],
    ids=["missing", "comment", "none of age", "another"],
)
def test_a_missing_or_wrong_key_is_said_and_never_repeated(
    made: World, home: Machine, capsys: Said, key: str, said: str
) -> None:
    runner = made.machine("runner")
    (runner.folder / ".digest" / "keys" / "people.txt").write_text(key)
    capsys.readouterr()
    assert runner.digest("state", "pull", "people") == 2
    told = capsys.readouterr().err
    assert said in told
    assert "DIGEST_PEOPLE_KEY" in told
    assert not key.strip("# \n") or key not in told


def test_the_key_of_one_snapshot_does_not_open_the_other(made: World, home: Machine, capsys: Said) -> None:
    drill = ("state", "restore-drill", "people", "--key")
    keys = made.place / "keys"
    assert home.digest(*drill, str(keys / "state.txt")) == 2
    assert home.digest(*drill, str(keys / "people.txt")) == 0
    assert "leitores: 2" in capsys.readouterr().out
    assert home.digest(*drill, str(keys / "none.txt")) == 2
    assert home.digest("state", "restore-drill", "--key", str(keys / "people.txt")) == 2
    assert home.digest("state", "restore-drill") == 7
    assert "holds no snapshot 'state'" in capsys.readouterr().err


def test_a_rotated_key_alone_opens_what_is_there(made: World, home: Machine, capsys: Said) -> None:
    old = made.machine("old")
    assert home.digest("state", "rotate", "people") == 0
    told = capsys.readouterr().out
    assert "gh secret set DIGEST_PEOPLE_KEY" in told
    assert "AGE-SECRET" not in told
    assert old.digest("state", "pull", "people") == 2
    assert "was replaced since" in capsys.readouterr().err
    home.add("r2")
    assert home.digest("state", "push", "people") == 0
    shutil.copy(home.folder / ".digest" / "keys" / "people.txt", made.place / "keys")
    assert made.machine("new").digest("state", "pull", "people") == 0
    assert home.digest("state", "rotate", "state") == 7


def test_after_the_loss_of_a_key_the_vault_begins_anew_from_what_is_here(
    made: World, home: Machine, capsys: Said
) -> None:
    key = home.folder / ".digest" / "keys" / "people.txt"
    assert home.digest("state", "new-key", "people") == 2
    key.unlink()
    assert home.digest("state", "push", "people", "--new") == 2
    assert home.digest("state", "new-key", "people") == 0
    assert "gh secret set DIGEST_PEOPLE_KEY < .digest/keys/people.txt" in capsys.readouterr().out
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    git(made.remote, "update-ref", "-d", "refs/heads/vault/people")
    assert home.digest("state", "push", "people", "--new") == 0
    shutil.copy(key, made.place / "keys")
    new = made.machine("new")
    assert new.digest("state", "pull", "people") == 0
    assert new.readers() == 2


def replace(made: World, machine: Machine, sealed: bytes, file: str = "people.db.gz.age") -> None:
    """Write a snapshot as somebody who may push."""
    (machine.folder / file).write_bytes(sealed)
    git(machine.folder, "checkout", "--quiet", "--orphan", "forged")
    git(machine.folder, "add", file)
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    git(machine.folder, *who, "commit", "--quiet", "-m", "x")
    git(machine.folder, "push", "--quiet", "--force", "origin", "HEAD:refs/heads/vault/people")


@pytest.mark.parametrize("harm", ["cut short", "one bit", "empty", "not age", "renamed"])
def test_a_cut_or_tampered_snapshot_is_not_used(made: World, home: Machine, capsys: Said, harm: str) -> None:
    held = GitBranchVault(home.folder).pull("people")
    assert isinstance(held, Held)
    flipped = bytearray(held.sealed)
    flipped[-1000] ^= 1
    harmed = {"cut short": held.sealed[:-1], "one bit": bytes(flipped), "empty": b"", "not age": b"junk"}
    file = "people.v9.age" if harm == "renamed" else "people.db.gz.age"
    replace(made, made.machine("evil"), harmed.get(harm, held.sealed), file)
    capsys.readouterr()
    home.add("r2")
    for words in (("pull", "people", "--discard"), ("restore-drill", "people")):
        assert home.digest("state", *words) == 7
        assert "put back a copy" in capsys.readouterr().err.lower()
    assert home.readers() == 3
    # As the pages for authors say: the branch goes, and the newest list begins it anew.
    git(made.remote, "update-ref", "-d", "refs/heads/vault/people")
    assert home.digest("state", "push", "people", "--new") == 0
    assert home.digest("state", "restore-drill", "people") == 0


def test_sealed_bytes_that_are_no_database_are_not_used() -> None:
    secret, _ = new_identity()
    assert unseal("state", seal("state", b"x" * 99, secret), secret) == b"x" * 99
    with pytest.raises(StorageError, match="damaged"):
        check_snapshot(b"x" * 99, "state")
    import pyrage

    odd = pyrage.encrypt(b"no gzip", [pyrage.x25519.Identity.from_str(secret).to_public()])
    with pytest.raises(StorageError, match="tampered"):
        unseal("state", odd, secret)
    with pytest.raises(StorageError, match="PostgreSQL"):
        seal("state", os.urandom(200), secret, most=100)


@pytest.mark.parametrize(
    ("revision", "said"), [("people_9999", "newer version"), ("state_0001", "not the database 'people'")]
)
def test_a_snapshot_of_another_version_or_of_the_other_database_is_not_used(
    made: World, home: Machine, capsys: Said, revision: str, said: str
) -> None:
    runner = made.machine("runner")
    data = read_snapshot(Path(home.config.people_url), "people")
    assert data is not None
    key = (made.place / "keys" / "people.txt").read_text()
    newest = REVISIONS["people"][-1].encode()
    assert newest in data
    other = data.replace(newest, revision.encode().ljust(len(newest), b"x"))
    replace(made, made.machine("evil"), seal("people", other, key))
    capsys.readouterr()
    assert runner.digest("state", "pull", "people") == 7
    assert said in capsys.readouterr().err
    assert not Path(runner.config.people_url).exists()


def test_a_deleted_branch_is_never_taken_for_a_new_beginning(made: World, home: Machine, capsys: Said) -> None:
    git(made.remote, "update-ref", "-d", "refs/heads/vault/people")
    capsys.readouterr()
    assert home.digest("state", "pull", "people") == 7
    home.add("r2")
    assert home.digest("state", "push", "people") == 7
    runner = made.machine("runner")
    issue = runner.folder / "issues" / "2026-11-19"
    issue.mkdir(parents=True)
    (issue / "approval.toml").touch()
    assert runner.digest("state", "pull", "people") == 7
    assert "vault/people is gone" in capsys.readouterr().err
    assert home.digest("state", "push", "people", "--new") == 0
    assert runner.digest("state", "pull", "people") == 0
    assert runner.readers() == 3


def test_who_changed_an_older_snapshot_is_refused_and_loses_nothing(made: World, home: Machine, capsys: Said) -> None:
    runner = made.machine("runner")
    assert runner.digest("state", "pull", "people") == 0
    home.add("r2")
    assert home.digest("state", "push", "people") == 0
    runner.add("r3")
    capsys.readouterr()
    assert runner.digest("state", "push", "people") == 7
    assert "Somebody else wrote" in capsys.readouterr().err
    assert runner.digest("state", "pull", "people") == 7
    assert "--discard" in capsys.readouterr().err
    assert runner.readers() == 3
    assert runner.digest("state", "pull", "people", "--discard") == 0
    assert runner.readers() == 3
    runner.add("r4")
    assert runner.digest("state", "pull", "people") == 0
    assert "mais novo que o cofre" in capsys.readouterr().out


def test_who_has_never_seen_the_vault_can_not_overwrite_it(made: World, home: Machine) -> None:
    runner = made.machine("runner")
    runner.add("r9")
    before = made.version("people")
    assert runner.digest("state", "push", "people") == 7
    assert made.version("people") == before


def test_a_server_that_refuses_the_branch_says_what_to_allow(made: World, home: Machine, capsys: Said) -> None:
    hook = made.remote / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho secret-hunter2 >&2\nexit 1\n")
    hook.chmod(0o755)
    home.add("r2")
    capsys.readouterr()
    assert home.digest("state", "push", "people") == 7
    told = capsys.readouterr().err
    assert "rules that protect branches" in told
    assert "hunter2" not in told


def test_a_push_whose_answer_is_lost_counts_as_done(made: World, home: Machine, tmp_path: Path) -> None:
    hook = made.remote / "hooks" / "post-receive"
    # The server has written, and the connection breaks before it can say so.
    hook.write_text("#!/bin/sh\nkill -9 $PPID\n")
    hook.chmod(0o755)
    seen = made.version("people")
    version = GitBranchVault(home.folder).push("people", b"sealed", seen)
    assert made.version("people") == version


def test_a_server_that_comes_back_is_asked_again(made: World, home: Machine) -> None:
    pauses: list[float] = []
    away, shell = made.place / "away", made.place / "shell"
    away.touch()
    shell.write_text(f'#!/bin/sh\n[ -e "{away}" ] && exit 255\nexec sh -c "$2"\n')
    shell.chmod(0o755)
    git(home.folder, "config", "core.sshCommand", str(shell))
    git(home.folder, "config", "ssh.variant", "simple")

    def come_back(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            away.unlink()

    vault = GitBranchVault(home.folder, f"example.org:{made.remote}", pause=come_back)
    with pytest.raises(StorageError, match="does not answer"):
        vault.pull("people")
    seen = made.version("people")
    assert vault.push("people", b"sealed", seen) == made.version("people")
    assert len(pauses) == 2
    with pytest.raises(StaleSnapshotError):
        vault.push("people", b"other", seen)
    assert isinstance(vault.pull("state"), Absent)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("remote", "remove", "origin"), "git remote add"),
        (("remote", "set-url", "origin", "file:///nowhere/at-all"), "remote"),
        (("remote", "set-url", "origin", "http://user:hunter2@127.0.0.1:9/x.git"), "does not answer"),
    ],
)
def test_a_remote_that_is_not_there_is_said_without_its_password(
    made: World, home: Machine, capsys: Said, words: tuple[str, ...], said: str
) -> None:
    git(home.folder, *words)
    capsys.readouterr()
    assert home.digest("state", "pull", "people") in {2, 7}
    told = capsys.readouterr().err
    assert said in told
    assert "hunter2" not in told


def test_a_folder_without_git_or_vault_is_told_what_to_set(made: World, tmp_path: Path, capsys: Said) -> None:
    machine = made.machine("plain")
    shutil.rmtree(machine.folder / ".git")
    machine.add("r0")
    assert machine.digest("state", "push", "people") == 2
    assert "git init" in capsys.readouterr().err
    settings = machine.folder / "digest.toml"
    settings.write_text(settings.read_text("utf-8").replace('kind = "git"', 'kind = "none"'), "utf-8")
    assert machine.digest("state", "push") == 2
    assert "[vault]" in capsys.readouterr().err


def test_a_database_server_needs_no_vault(made: World, capsys: Said) -> None:
    machine = made.machine("server")
    with (machine.folder / "digest.toml").open("a", encoding="utf-8") as file:
        file.write('[storage]\nstate = "env:DATABASE_URL"\npeople = "env:DATABASE_URL"\n')
    from digest.bootstrap_vault import is_carried
    from digest.config import load_config

    config = load_config(machine.folder, {"DATABASE_URL": "postgresql://user:hunter2@db.example.org/digest"})
    assert not is_carried(config, "state")
    assert not is_carried(config, "people")
    assert is_carried(load_config(machine.folder, {}), "people")
