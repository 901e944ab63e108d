"""What is published works away from the checkout: the built wheel is installed elsewhere and started there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import uv

from digest.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
LOOK = """
import importlib.resources, json, pathlib, digest
root = importlib.resources.files("digest")
files = sorted(str(path.relative_to(root)) for path in pathlib.Path(str(root)).rglob("*") if path.is_file())
print(json.dumps({"root": str(root), "files": files}))
"""


def run(*command: str, cwd: Path, **environment: str) -> str:
    """Run it, show all it said if it fails, and return what it printed."""
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it, without its dependencies, in a folder of its own."""
    work = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(work), str(ROOT), cwd=work)
    (wheel,) = work.glob("*.whl")
    target = work / "installed"
    uv_binary = os.fsdecode(uv.find_uv_bin())
    arguments = ("pip", "install", "--quiet", "--offline", "--no-deps", "--python", sys.executable)
    run(uv_binary, *arguments, "--target", str(target), str(wheel), cwd=work, UV_PYTHON_DOWNLOADS="never")
    return target


@pytest.fixture(scope="module")
def packaged(installed: Path) -> set[str]:
    """Return the names of the files of the package that a program started elsewhere finds."""
    seen = json.loads(run(sys.executable, "-c", LOOK, cwd=installed.parent, PYTHONPATH=str(installed)))
    assert seen["root"] == str(installed / "digest")
    return set(seen["files"])


def files_below(folder: Path, pattern: str) -> set[str]:
    found = {str(path.relative_to(folder)) for path in folder.rglob(pattern) if path.is_file()}
    return {name for name in found if "__pycache__" not in name}


def test_the_installed_program_states_its_version(installed: Path) -> None:
    printed = run(sys.executable, "-m", "digest", "--version", cwd=installed.parent, PYTHONPATH=str(installed))

    assert VERSION in printed


@pytest.mark.parametrize("folder", ["templates", "locales"])
def test_the_wheel_carries_what_mails_are_made_of(packaged: set[str], folder: str) -> None:
    expected = {f"{folder}/{name}" for name in files_below(ROOT / folder, "*")}

    assert expected
    assert expected <= packaged


def test_the_wheel_carries_every_module_and_migration(packaged: set[str]) -> None:
    assert files_below(ROOT / "src" / "digest", "*.py") <= packaged


def test_the_wheel_carries_no_tests_and_no_demo(installed: Path) -> None:
    names = {path.name for path in installed.iterdir() if not path.name.startswith(".")}

    assert {name for name in names if not name.endswith(".dist-info")} <= {"digest", "bin"}
