"""A run with nothing due: wall time and memory, beside the bare imports of three libraries in the same run.

Two figures: a run that relies on what the last one found, and one that finds it out itself, as after any change.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

from site_server import serving  # noqa: E402 - found on the path set above

ROUNDS = 7


def measured(command: list[str]) -> tuple[float, float]:
    """(seconds, MB) of one process, its peak resident memory read by the system."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command} ended with {child.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    """Print one JSON line with medians, units and the ratio."""
    with tempfile.TemporaryDirectory() as name, serving(HERE.parent / "demo" / "site", 0) as port:
        folder = Path(name) / "author"
        shutil.copytree(HERE.parent / "demo" / "author", folder)
        for path in folder.rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"@BASE@", f"http://127.0.0.1:{port}".encode()))
        digest = [sys.executable, "-m", "digest", "--folder", str(folder)]
        for _ in range(2):
            subprocess.run([*digest, "run"], check=True, stdout=subprocess.DEVNULL)
        looking = []
        for _ in range(ROUNDS):
            for note in (folder / ".digest").glob("rest-*.json"):
                note.unlink()
            looking.append(measured([*digest, "run"]))
        runs = [measured([*digest, "run"]) for _ in range(ROUNDS)]
        bare = [measured([sys.executable, "-c", "import feedparser, httpx, jinja2"]) for _ in range(ROUNDS)]
    seconds, megabytes = (statistics.median(values) for values in zip(*runs, strict=True))
    looking_seconds, looking_megabytes = (statistics.median(values) for values in zip(*looking, strict=True))
    bare_seconds, bare_megabytes = (statistics.median(values) for values in zip(*bare, strict=True))
    figures = {
        "name": "run with nothing due",
        "seconds": round(seconds, 3),
        "megabytes": round(megabytes, 1),
        "looking_seconds": round(looking_seconds, 3),
        "looking_megabytes": round(looking_megabytes, 1),
        "imports_seconds": round(bare_seconds, 3),
        "imports_megabytes": round(bare_megabytes, 1),
        "ratio": round(seconds / bare_seconds, 2),
        "limit_seconds": 0.6,
        "limit_megabytes": 80,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
