"""A folder's workflows get the program from where it was installed from, as far as that is known for certain."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.bootstrap_origin import checked_out_from, installed_from

ROOT = Path(__file__).parents[1]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def record(url: str, commit: str = COMMIT) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": commit}})


@pytest.mark.parametrize(
    ("direct_url", "place"),
    [
        (record("https://github.com/owner/name"), f"owner/name@{COMMIT}"),
        (record("https://github.com/owner/name.git"), f"owner/name@{COMMIT}"),
        (record("ssh://git@github.com/owner/na.me"), f"owner/na.me@{COMMIT}"),
        (json.dumps({"url": f"https://github.com/owner/name/archive/{COMMIT}.zip"}), f"owner/name@{COMMIT}"),
        (json.dumps({"url": "https://github.com/owner/name/archive/refs/tags/v1.zip"}), ""),
        (record("https://github.com/owner/name", "main"), ""),
        (record("https://git.example.org/owner/name"), ""),
        (record("https://user:password@github.com/owner/name"), ""),
        (json.dumps({"url": "file:///somewhere", "dir_info": {"editable": True}}), ""),
        ("", ""),
        ("[]", ""),
        ("{", ""),
    ],
)
def test_the_record_of_an_installation_names_place_and_commit_or_nothing(direct_url: str, place: str) -> None:
    assert installed_from(direct_url) == place


@given(
    st.text()
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda of: st.lists(of) | st.dictionaries(st.just("vcs_info") | st.just("url"), of),
    ).map(json.dumps)
)
def test_no_record_whatever_it_says_breaks_it(direct_url: str) -> None:
    assert installed_from(direct_url) == ""


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    command = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The program as somebody has cloned it, with what a build needs."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    tracked = git(
        ROOT,
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        "src",
        "templates",
        "locales",
        "pyproject.toml",
        "README.md",
        "LICENSE",
    )
    for name in tracked.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "All")
    return folder


def test_a_checkout_counts_once_its_remote_has_the_commit(checkout: Path, tmp_path: Path) -> None:
    assert checked_out_from(checkout) == ""
    git(checkout, "remote", "add", "origin", "git@github.com:owner/name.git")
    assert checked_out_from(checkout) == ""
    git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert checked_out_from(checkout) == f"owner/name@{git(checkout, 'rev-parse', 'HEAD')}"
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "Not pushed")
    assert checked_out_from(checkout) == ""
    assert checked_out_from(tmp_path) == ""


def test_who_installs_it_from_github_needs_no_option(checkout: Path, tmp_path: Path) -> None:
    """A real installation from `git+https://github.com/...`, whose server is the clone beside it."""
    commit, target, letter = git(checkout, "rev-parse", "HEAD"), tmp_path / "installed", tmp_path / "letter"
    elsewhere = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_VALUE_0": "https://github.com/owner/name"}
    elsewhere |= {"GIT_CONFIG_KEY_0": f"url.{checkout.as_uri()}.insteadOf", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-compile", "--no-index", "--target", str(target))
    source = f"git+https://github.com/owner/name@{commit}"
    install = [sys.executable, "-m", "pip", "install", *options, source]
    subprocess.run(install, check=True, env=os.environ | elsewhere, cwd=tmp_path, capture_output=True)
    start = [sys.executable, "-m", "digest", "init", str(letter), "--example"]
    done = subprocess.run(
        start, check=True, env=os.environ | {"PYTHONPATH": str(target)}, cwd=tmp_path, capture_output=True, text=True
    )
    assert f"The workflows get the program from owner/name@{commit}." in done.stdout
    caller = (letter / ".github" / "workflows" / "digest.yml").read_text("utf-8")
    assert f"uses: owner/name/.github/workflows/letter-prepare.yml@{commit}" in caller
    assert f"program-ref: {commit}" in caller
