"""A module that no longer fits in one's head is split: no file under src/ is longer than 300 lines."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 300


def too_long(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield every Python file with too many lines, and how many it has."""
    for file in sorted(folder.rglob("*.py")):
        count = len(file.read_text(encoding="utf-8").splitlines())
        if count > MOST_LINES:
            yield file, count


def main() -> int:
    """Print the offenders and return the exit code."""
    offenders = list(too_long(ROOT / "src" / "digest"))
    for file, count in offenders:
        print(f"{file.relative_to(ROOT)}: {count} lines, more than {MOST_LINES}")
    return 1 if offenders else 0


if __name__ == "__main__":
    sys.exit(main())
