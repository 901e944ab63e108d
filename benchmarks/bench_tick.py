"""One look of the workflow with nothing due: `digest ci prepare` from the start of its process to the state in the vault.

The remote is a git repository on this machine and the forge a server on loopback, so what the network takes on top is
not in it. Beside the wall time stands the CPU time of the process and its children, which a busy machine does not change.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / "demo")]

from author_folder import author_at_work  # noqa: E402 - found on the path set above
from forge_server import forge  # noqa: E402
from workflow_runner import SECRETS, Desk, put_on_the_site  # noqa: E402

ROUNDS = 9


def measured(desk: Desk) -> tuple[float, float]:
    """(wall seconds, CPU seconds) of one step in a new clone."""
    folder = desk.clone()
    known = {name: desk.secrets[name] for name in SECRETS["prepare"]}
    variables = os.environ | desk.site.environment(desk.place) | known
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [sys.executable, "-m", "digest", "--folder", str(folder), "ci", "prepare"]
    subprocess.run(command, check=True, env=variables, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print one JSON line with medians, the best, units and the limit."""
    with tempfile.TemporaryDirectory() as name, author_at_work(Path(name)) as author, forge(Path(name)) as site:
        desk = put_on_the_site(author, site, Path(name))
        for _ in range(3):
            # The first makes the issue; it is closed, so that nothing waits for her.
            measured(desk)
            for pull in site.pulls:
                pull["state"] = "closed"
        rounds = [measured(desk) for _ in range(ROUNDS)]
    walls, cpus = zip(*rounds, strict=True)
    figures = {
        "name": "look of the workflow with nothing due",
        "seconds": round(statistics.median(walls), 3),
        "best_seconds": round(min(walls), 3),
        "cpu_seconds": round(statistics.median(cpus), 3),
        "limit_seconds": 2.0,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
