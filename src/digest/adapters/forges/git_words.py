"""The author's repository through git, without ever leaving the branch that is checked out (port `Words`).

What goes onto a branch is made beside the folder's own index, so that a commit holds the files of one issue and nothing
else that lies about. Nothing is ever forced but a branch that starts anew, and that only from the commit that was seen.
Git's own words are not passed on, for they may hold an address with a password.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from digest.errors import BranchMovedError, SettingsError, StateConflictError, StorageError
from digest.models.forge import Taken

_SECONDS = 120
_TRIES = 3
_NAME = "digest"
_ADDRESS = "noreply@digest.invalid"


class GitWords:
    """A clone, and the remote that it came from."""

    def __init__(self, folder: Path, remote: str = "origin") -> None:
        """`folder` is the author's, somewhere in a clone."""
        self._folder = folder
        self._remote = remote

    def base(self) -> str:
        """Return the branch that is checked out. Raises SettingsError where there is none."""
        answer = self._git("symbolic-ref", "--quiet", "--short", "HEAD")
        if answer.returncode:
            message = (
                "This folder is not on a branch of a git repository. In a workflow, check out the default branch by "
                "its name (`ref` of actions/checkout)."
            )
            raise SettingsError(message)
        return answer.stdout.strip()

    def look(self, branch: str) -> Taken:
        """See the port."""
        return Taken(tip=self._tip(branch), base=self._must("rev-parse", "HEAD"))

    def take(self, seen: Taken, branch: str, path: str) -> None:
        """See the port. A link on the branch is taken as a file with its text: it can lead nowhere."""
        if not seen.tip:
            return
        self._must("fetch", "--quiet", "--no-tags", "--depth=1", "--", self._remote, _ref(branch))
        names = self._files(seen.tip, path)
        if names:
            shutil.rmtree(self._folder / path, ignore_errors=True)
            with _own_index() as index:
                self._must("read-tree", seen.tip, index=index)
                self._must("-c", "core.symlinks=false", "checkout-index", "--force", "--", *names, index=index)

    def publish(self, branch: str, path: str, message: str, seen: Taken, *, afresh: bool = False) -> bool:
        """See the port."""
        parent = seen.base if afresh or not seen.tip else seen.tip
        commit = self._commit(parent, path, message)
        if not commit:
            return False
        lease = [f"--force-with-lease={_ref(branch)}:{seen.tip}"] if afresh else []
        pushed = self._push(commit, branch, lease)
        if pushed.returncode == 0 or self._tip(branch) == commit:
            return True
        if self._tip(branch) != seen.tip:
            message = (
                f"Somebody else changed the branch {branch} in between. Nothing was lost; the next run takes it up."
            )
            raise BranchMovedError(message)
        raise self._unwritten(branch)

    def record(self, path: str, message: str) -> bool:
        """See the port. Where the branch moved on elsewhere, the commit is made upon that."""
        base, parent = self.base(), self._must("rev-parse", "HEAD")
        started_from = parent
        for _ in range(_TRIES):
            commit = self._commit(parent, path, message)
            if not commit:
                return False
            if self._push(commit, base).returncode == 0 or self._tip(base) == commit:
                self._must("update-ref", "HEAD", commit)
                return True
            there = self._tip(base)
            if there == parent:
                raise self._unwritten(base)
            self._must("fetch", "--quiet", "--no-tags", "--depth=1", "--", self._remote, _ref(base))
            if not self._commit(there, path, message):
                # Another run wrote the very same.
                return False
            if self._tree(there, path) != self._tree(started_from, path):
                break
            parent = there
        message = f"Somebody else changed {path} on the branch {base} in between. Nothing was written; run it again."
        raise StateConflictError(message)

    def show(self, branch: str, path: str, folder: Path) -> None:
        """See the port."""
        seen, files = self._tip(branch), sorted(file for file in folder.iterdir() if file.is_file())
        hashes = self._must("hash-object", "-w", "--no-filters", "--", *map(str, files)).split()
        entries = [f"100644,{blob},{path}/{file.name}" for blob, file in zip(hashes, files, strict=True)]
        with _own_index() as index:
            self._must(
                "update-index", "--add", *(word for entry in entries for word in ("--cacheinfo", entry)), index=index
            )
            tree = self._must("write-tree", index=index)
        commit = self._must("commit-tree", tree, "-m", "Show the preview")
        pushed = self._push(commit, branch, [f"--force-with-lease={_ref(branch)}:{seen}"])
        if pushed.returncode and self._tip(branch) != commit:
            raise self._unwritten(branch)

    def _commit(self, parent: str, path: str, message: str) -> str:
        """Return a commit upon another in which the files of the path are as in the folder; empty where nothing differs."""
        with _own_index() as index:
            self._must("read-tree", parent, index=index)
            self._must("rm", "-r", "--cached", "--force", "--quiet", "--ignore-unmatch", "--", path, index=index)
            if (self._folder / path).exists():
                self._must("add", "--force", "--", path, index=index)
            tree = self._must("write-tree", index=index)
        if tree == self._must("rev-parse", f"{parent}^{{tree}}"):
            return ""
        return self._must("commit-tree", tree, "-p", parent, "-m", message)

    def _push(self, commit: str, branch: str, lease: list[str] | None = None) -> "subprocess.CompletedProcess[str]":
        options = ["--quiet", "--no-verify", *(lease or [])]
        return self._git("push", *options, "--", self._remote, f"{commit}:{_ref(branch)}")

    def _unwritten(self, branch: str) -> StorageError:
        return StorageError(
            f"The branch {branch} could not be written: the server refused it. The job needs the permission 'contents: "
            f"write', and where rules protect {branch}, GitHub Actions has to be among those who may pass them by."
        )

    def _tip(self, branch: str) -> str:
        return self._must("ls-remote", "--", self._remote, _ref(branch)).partition("\t")[0]

    def _tree(self, commit: str, path: str) -> str:
        answer = self._git("rev-parse", "--quiet", "--verify", f"{commit}:./{path}")
        return "" if answer.returncode else answer.stdout.strip()

    def _files(self, commit: str, path: str) -> list[str]:
        listed = self._must("ls-tree", "-r", "-z", "--name-only", commit, "--", path)
        return [name for name in listed.split("\0") if name]

    def _must(self, *words: str, index: str = "") -> str:
        answer = self._git(*words, index=index)
        if answer.returncode:
            action = next(word for word in words if not word.startswith("-") and "=" not in word)
            message = f"git {action} failed. Look whether the repository can be reached, and run it again."
            raise StorageError(message)
        return answer.stdout.strip()

    def _git(self, *words: str, index: str = "") -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": _NAME,
            "GIT_AUTHOR_EMAIL": _ADDRESS,
            "GIT_COMMITTER_NAME": _NAME,
            "GIT_COMMITTER_EMAIL": _ADDRESS,
            **({"GIT_INDEX_FILE": index} if index else {}),
        }
        try:
            return subprocess.run(  # noqa: S603 - words of our own, and branch names made of a day
                ["git", "-C", str(self._folder), *words],  # noqa: S607 - the git of this machine
                check=False,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="surrogateescape",
                env=environment,
                timeout=_SECONDS,
            )
        except FileNotFoundError:
            raise SettingsError("git is not installed, and approval by pull request needs it.") from None
        except subprocess.TimeoutExpired:
            raise StorageError("git gave no answer for two minutes. The next run tries again.") from None


class _own_index:  # noqa: N801 - used like a function
    """The path of an index that nobody else uses, gone afterwards."""

    def __enter__(self) -> str:
        self._folder = tempfile.mkdtemp(prefix="digest-index-")
        return str(Path(self._folder) / "index")

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _ref(branch: str) -> str:
    return f"refs/heads/{branch}"
