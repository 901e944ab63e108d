"""`make bench`: runs every benchmark, writes one JSON file each, prints a table."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run all and return 1 if one of them failed."""
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    failed = False
    for script in sorted(HERE.glob("bench_*.py")):
        finished = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
        lines = [line for line in finished.stdout.splitlines() if line.startswith("{")]
        if finished.returncode or not lines:
            print(f"{script.stem}: failed\n{finished.stderr}")
            failed = True
            continue
        (out / f"{script.stem}.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for line in lines:
            figures = json.loads(line)
            print(f"{figures.pop('name')}")
            for name, value in figures.items():
                print(f"    {name:24} {value}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
