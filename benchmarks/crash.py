"""`make crash`: the crash tests with hundreds of kills instead of ten, and another seed each day."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KILLS = "200"


def main() -> int:
    """Run them and return pytest's exit code."""
    seed = os.environ.get("DIGEST_CRASH_SEED", f"{dt.datetime.now(tz=dt.UTC):%Y%m%d}")
    environment = {
        **os.environ,
        "DIGEST_CRASH_KILLS": os.environ.get("DIGEST_CRASH_KILLS", KILLS),
        "DIGEST_CRASH_SEED": seed,
    }
    print(f"crash: {environment['DIGEST_CRASH_KILLS']} kills, seed {seed}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-s", "tests/e2e", "-k", "crash"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
