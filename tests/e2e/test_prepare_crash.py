"""Killed at any moment of `prepare`: running again completes, and gives what an undisturbed run gives."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from author_folder import author_at_work
from uncovered import uncovered

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


def run(folder: Path, operations: int) -> int:
    """Prepare, killed after so many operations; the exit code is negative for a kill."""
    command = [sys.executable, str(KILLED), str(operations), str(folder), "prepare", "--force"]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, env=uncovered()).returncode


def test_killed_at_any_moment_a_later_run_completes(tmp_path: Path) -> None:
    seed = int(os.environ.get("DIGEST_CRASH_SEED", "20261126"))
    randomness = random.Random(seed)
    with author_at_work(tmp_path) as author:
        undisturbed = tmp_path / "undisturbed"
        shutil.copytree(author.folder, undisturbed)
        assert run(undisturbed, 10**6) == 0
        expected = words(undisturbed)
        killed = 0
        for _ in range(KILLS // 2):
            folder = tmp_path / "disturbed"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(author.folder, folder)
            killed += run(folder, randomness.randrange(LONGEST_RUN)) < 0
            killed += run(folder, randomness.randrange(LONGEST_RUN)) < 0
            assert run(folder, 10**6) == 0
            assert words(folder) == expected
        assert killed >= KILLS // 2, "too few runs were killed: the test proves nothing"
