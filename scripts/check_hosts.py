"""The project speaks of itself alone: no file says which registry packages come from."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECOND_LEVELS = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "debian")
# Put together here so that this file does not hold what it looks for.
HOST = re.compile(rf"(?<![\w-])(?:[\w-]+\.)*(?:{'|'.join(SECOND_LEVELS)})\.(?:org|com|net)\b", re.IGNORECASE)
INDEX_OPTION = re.compile(r"^\s*--(?:extra-)?(?:index-url|find-links)|://[^/\s]+/simple\b", re.MULTILINE)


def project_files() -> list[Path]:
    """Return the files that git tracks or would take; without a git checkout there is nothing to look at."""
    git = shutil.which("git")
    if git is None:
        return []
    listing = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listing.stdout.decode("utf-8").split("\0") if listing.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def findings(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and wording of every place that names a registry; a file that is not text has none."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for pattern in (HOST, INDEX_OPTION):
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, match.group().strip()


def main() -> int:
    """Print every place and return the exit code."""
    places = [(file, line, words) for file in project_files() for line, words in findings(file)]
    for file, line, words in places:
        print(f"{file.relative_to(ROOT)}:{line}: names a registry: {words}")
    return 1 if places else 0


if __name__ == "__main__":
    sys.exit(main())
