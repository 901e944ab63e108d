"""A vault on branches of a git remote: one branch a snapshot, one commit a branch, no history.

Only compare-and-swap: git's lease refuses to replace any other commit than the one that was seen. Git's own words
are never passed on, for they may hold an address with a password.
"""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from digest.errors import SettingsError, StaleSnapshotError, StorageError
from digest.models.vault import Absent, Held, SnapshotName

_PATIENCE_SECONDS = 120
_PAUSES = (2, 10)
_NOBODY = "noreply@digest.invalid"
_REFUSED_LOGIN = ("authentication failed", "could not read username", "permission denied", "403", "permission to")
_README = """Made by digest, for machines. One encrypted snapshot, without history.
With the key, and without digest, it is opened by

    age -d -i KEYFILE {file} | gunzip > {name}.db
"""


class _NoAnswerError(StorageError):
    """The server may answer a moment later."""


class GitBranchVault:
    """The branches `vault/state` and `vault/people` of a remote."""

    def __init__(self, folder: Path, remote: str = "origin", *, pause: Callable[[float], None] = time.sleep) -> None:
        """Take a folder of the repository that knows the remote, by its name or address."""
        self._folder = folder
        self._remote = remote
        self._pause = pause

    def pull(self, name: SnapshotName) -> Held | Absent:
        """Return what is there. Raises StorageError where the vault can not be read."""
        kept = f"refs/digest/vault/{name}"
        fetched = self._git("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", self._remote,
                            f"+{_branch(name)}:{kept}")  # fmt: skip
        if fetched.returncode:
            if self._version(name) is None:
                return Absent()
            raise self._failure(fetched.stderr)
        version = self._must("rev-parse", kept).decode("ascii").strip()
        blob = self._git("cat-file", "blob", f"{version}:{_file(name)}")
        if blob.returncode:
            message = (
                f"The branch {_short(name)} holds no snapshot that this version of the program knows. Install the newest "
                "version; if it says the same, put back a copy as the page on the vault describes."
            )
            raise StorageError(message)
        return Held(sealed=blob.stdout, version=version)

    def push(self, name: SnapshotName, sealed: bytes, seen: str) -> str:
        """Replace the version that was seen (empty: there was none) and return the new one.

        Raises StaleSnapshotError where somebody else wrote in between, StorageError where nothing could be written.
        """
        commit = self._commit(name, sealed)
        for seconds in _PAUSES:
            try:
                return self._replace(name, commit, seen)
            except _NoAnswerError:
                # What is pushed after sending is worth more than half a minute.
                self._pause(seconds)
        return self._replace(name, commit, seen)

    def _replace(self, name: SnapshotName, commit: str, seen: str) -> str:
        lease = f"--force-with-lease={_branch(name)}:{seen}"
        pushed = self._git("push", "--quiet", "--no-verify", lease, "--", self._remote, f"{commit}:{_branch(name)}")
        if pushed.returncode == 0:
            return commit
        # The answer may have been lost after the server wrote, and its words differ from host to host: look.
        there = self._version(name) or ""
        if there == commit:
            return commit
        if there != seen:
            message = f"Somebody else wrote the snapshot '{name}' in between. Nothing was replaced; run again."
            raise StaleSnapshotError(message)
        raise self._failure(pushed.stderr, f"The branch {_short(name)} could not be written")

    def _version(self, name: SnapshotName) -> str | None:
        listed = self._git("ls-remote", "--quiet", "--", self._remote, _branch(name))
        if listed.returncode:
            raise self._failure(listed.stderr)
        return listed.stdout.decode("ascii").split("\t")[0].strip() or None

    def _commit(self, name: SnapshotName, sealed: bytes) -> str:
        readme = _README.format(file=_file(name), name=name).encode()
        entries = sorted((("README", readme), (_file(name), sealed)))
        blobs = [(file, self._must("hash-object", "-w", "--stdin", given=data).strip()) for file, data in entries]
        lines = b"".join(b"100644 blob %b\t%b\n" % (blob, file.encode()) for file, blob in blobs)
        tree = self._must("mktree", given=lines).decode("ascii").strip()
        return self._must("commit-tree", "-m", f"Snapshot of {name}", tree).decode("ascii").strip()

    def _must(self, *words: str, given: bytes = b"") -> bytes:
        done = self._git(*words, given=given)
        if done.returncode:
            raise self._failure(done.stderr)
        return done.stdout

    def _git(self, *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in
               (("NAME", "digest"), ("EMAIL", _NOBODY))}  # fmt: skip
        environment = {**os.environ, **who, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        command = ["git", "-C", str(self._folder), "-c", "gc.auto=0", "-c", "commit.gpgSign=false", *words]
        try:
            return subprocess.run(  # noqa: S603 - fixed words, and names from the settings after `--`
                command, input=given, capture_output=True, timeout=_PATIENCE_SECONDS, env=environment, check=False
            )
        except FileNotFoundError:
            message = "The vault needs the program git, which is not here. Install git, then run again."
            raise SettingsError(message) from None
        except subprocess.TimeoutExpired:
            message = "The server of the vault did not answer in two minutes. Nothing was replaced; run again later."
            raise StorageError(message) from None

    def _failure(self, stderr: bytes, what: str = "The vault can not be reached") -> SettingsError | StorageError:
        said = stderr.decode("utf-8", "replace").lower()
        if "not a git repository" in said:
            return SettingsError(
                "The newsletter's folder is no git repository, and the vault lies in one. Run `git init`, or set "
                'kind = "none" in the table [vault].'
            )
        if "dubious ownership" in said:
            return SettingsError("Git refuses the newsletter's folder, for it belongs to another user. Take it over.")
        if "does not appear to be a git repository" in said or "no such remote" in said:
            return SettingsError(
                "The git remote of the vault is not there. Add it with `git remote add`, or name another in `remote` "
                "of the table [vault]."
            )
        if any(words in said for words in _REFUSED_LOGIN):
            return StorageError(
                f"{what}: the server refuses the login. In a workflow the job needs `contents: write`; elsewhere check "
                "that you may push to the repository."
            )
        if "remote rejected" in said or "pre-receive" in said or "protected" in said:
            return StorageError(
                f"{what}: the server refuses it. Take the branches vault/* out of the rules that protect branches."
            )
        return _NoAnswerError(f"{what}: its server does not answer. Nothing was replaced; run again later.")


def _branch(name: SnapshotName) -> str:
    return f"refs/heads/{_short(name)}"


def _short(name: SnapshotName) -> str:
    return f"vault/{name}"


def _file(name: SnapshotName) -> str:
    return f"{name}.db.gz.age"
