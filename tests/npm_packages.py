"""The npm packages that mails are compared with; `scripts/node-packages` installs them, nothing of them is ours."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NPM = Path(__file__).parent / "npm"
MODULES = NPM / "node_modules"


def package(*path: str) -> Path:
    """Return a file of an installed package; skip the test by name where it is not there."""
    file = MODULES.joinpath(*path)
    if not file.exists():
        pytest.skip(f"no {path[0]} (scripts/node-packages installs it where npm is)")
    return file


def program(name: str, debian: str) -> str:
    """Return the path of a program; skip the test by name where it is not there."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} (Debian: apt install {debian})")
    return found


def official_html(documents: list[str]) -> list[str]:
    """Compile MJML documents with the official compiler, strictly."""
    package("mjml")
    done = subprocess.run(
        [program("node", "npm"), "compile.mjs"],
        cwd=NPM,
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    pages: list[str] = json.loads(done.stdout)
    return pages
