"""The rules of the house that no other tool checks."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from check_lengths import MOST_LINES, too_long

ROOT = Path(__file__).resolve().parent.parent
CODE_FOLDERS = ("src", "tests", "demo", "scripts", "benchmarks")
REQUIREMENTS = ("runtime.txt", "dev.txt")
PINNED = re.compile(r"[a-z0-9][a-z0-9.-]*==\S+( ; .+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def python_files() -> list[Path]:
    return [file for folder in CODE_FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]


def imported_modules(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def versions_classified() -> list[str]:
    prefix = "Programming Language :: Python :: 3."
    return [name.rsplit(" ", 1)[1] for name in project()["classifiers"] if name.startswith(prefix)]


def test_every_module_fits_in_ones_head() -> None:
    assert [f"{file.relative_to(ROOT)}: {lines}" for file, lines in too_long(ROOT / "src" / "digest")] == []


def test_a_longer_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("pass\n" * (MOST_LINES + 1), encoding="utf-8")
    (tmp_path / "just_right.py").write_text("pass\n" * MOST_LINES, encoding="utf-8")

    assert list(too_long(tmp_path)) == [(tmp_path / "long.py", MOST_LINES + 1)]


def test_the_licence_is_beside_the_code() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert text.startswith("MIT License\n\nCopyright (c) 2026 The digest authors\n")


def test_nothing_is_mocked() -> None:
    # Only these are parsed, which takes seconds: nothing is imported without its name.
    named = [file for file in python_files() if "unittest" in file.read_text(encoding="utf-8")]
    mocked = [file for file in named if any(name.split(".")[0] == "unittest" for name in imported_modules(file))]

    assert mocked == []


def test_no_code_is_left_out_of_the_coverage() -> None:
    comment = "pragma: " + "no cover"

    assert [file for file in python_files() if comment in file.read_text(encoding="utf-8")] == []


def test_packages_export_nothing() -> None:
    full = [file for file in (ROOT / "src").rglob("__init__.py") if file.read_bytes().strip()]

    assert full == []


def test_continuous_integration_runs_every_version_the_package_names() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    (matrix,) = re.findall(r"^ +python: \[(.+)\]$", workflow, re.MULTILINE)

    assert re.findall(r'"([^"]+)"', matrix) == versions_classified()


def test_the_first_version_named_is_the_oldest_that_works() -> None:
    assert project()["requires-python"] == f">={versions_classified()[0]}"


def test_actions_are_pinned_by_commit() -> None:
    for workflow in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        used = re.findall(r"uses: (.+)$", workflow.read_text(encoding="utf-8"), re.MULTILINE)

        assert [line for line in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*", line)] == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_by_hash_and_names_no_index(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]

    assert [line for line in lines if not PINNED.fullmatch(line) and not HASH.fullmatch(line)] == []
    assert sum(1 for line in lines if PINNED.fullmatch(line)) >= len(project()["dependencies"])
    assert "://" not in text


def test_the_development_requirements_hold_the_published_ones() -> None:
    runtime, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in REQUIREMENTS
    )

    assert runtime <= dev


def test_every_system_package_says_what_needs_it() -> None:
    lines = (ROOT / "requirements" / "system-debian.txt").read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]

    assert packages
    assert [line for line in packages if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+  # .+", line)] == []
