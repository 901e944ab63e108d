"""Killed at any moment of `prepare`: running again completes, and gives what an undisturbed run gives."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from author_folder import author_at_work

KILLS = int(os.environ.get("DIGEST_CRASH_KILLS", "10"))
KILLED = Path(__file__).with_name("killed_digest.py")
LONGEST_RUN = 70
"""Roughly the number of file operations of an undisturbed run; a larger number lets the run finish."""


def words(folder: Path) -> dict[str, str]:
    """All files of the issues, without the moment they were made."""
    files = {}
    for path in sorted((folder / "issues").rglob("*")):
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            kept = [line for line in lines if not line.startswith("curated_at")]
            files[str(path.relative_to(folder))] = "\n".join(kept)
    return files


class Killed:
    """Prepares in processes that are killed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def prepare(self, folder: Path, operations: int = 10**6) -> int:
        """Prepare, killed after so many operations; the exit code is negative for a kill."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([operations, str(folder), "prepare", "--force"]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def killed() -> Iterator[Killed]:
    """The process that they are forked from."""
    command = [sys.executable, str(KILLED)]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        yield Killed(process)
        assert process.stdin is not None
        process.stdin.close()


def test_killed_at_any_moment_a_later_run_completes(killed: Killed, tmp_path: Path) -> None:
    seed = int(os.environ.get("DIGEST_CRASH_SEED", "20261126"))
    randomness = random.Random(seed)
    with author_at_work(tmp_path) as author:
        undisturbed = tmp_path / "undisturbed"
        shutil.copytree(author.folder, undisturbed)
        assert killed.prepare(undisturbed) == 0
        expected = words(undisturbed)
        kills = 0
        for _ in range(KILLS // 2):
            folder = tmp_path / "disturbed"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(author.folder, folder)
            kills += killed.prepare(folder, randomness.randrange(LONGEST_RUN)) < 0
            kills += killed.prepare(folder, randomness.randrange(LONGEST_RUN)) < 0
            assert killed.prepare(folder) == 0
            assert words(folder) == expected
        assert kills >= KILLS // 2, "too few runs were killed: the test proves nothing"
