"""Where the installed program came from, for the workflows that get it from there too: `owner/name@commit` on GitHub.

With `bootstrap` one of the few modules that look outside. Nothing is guessed: an installation that does not say it gives
an empty answer, and whoever makes a folder names the place.
"""

import json
import re
import subprocess
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

_DISTRIBUTION = "article-digest"
_PLACE = re.compile(r"(?:https://|ssh://git@|git@)github\.com[/:]([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?")
_ARCHIVE = re.compile(r"https://github\.com/([A-Za-z0-9-]+/[A-Za-z0-9._-]+)/archive/([0-9a-f]{40})\.(?:zip|tar\.gz)")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SECONDS = 20


def where_the_program_lives() -> str:
    """Return `owner/name@commit`, or `owner/name` where no commit is known, or nothing.

    Asked in this order: the record of the installation (PEP 610), the checkout that the program runs from, the address
    in the program's own metadata.
    """
    record = _direct_url()
    checkouts = (Path(__file__).resolve().parents[2], _folder_of(record))
    found = (installed_from(record), *(checked_out_from(one) for one in checkouts if one), _published_at())
    return next((one for one in found if one), "")


def installed_from(direct_url: str) -> str:
    """Read a `direct_url.json` as pip and uv write it for `git+https://github.com/owner/name@commit`."""
    try:
        record = json.loads(direct_url or "{}")
        url, commit = str(record.get("url", "")), str((record.get("vcs_info") or {}).get("commit_id", ""))
    except (ValueError, AttributeError):
        return ""
    place, archive = _PLACE.fullmatch(url), _ARCHIVE.fullmatch(url)
    if place and _COMMIT.fullmatch(commit):
        return f"{place[1]}@{commit}"
    return f"{archive[1]}@{archive[2]}" if archive else ""


def checked_out_from(checkout: Path) -> str:
    """Return the remote of a checkout of the program and its commit, if that remote is known to have it."""
    # Not any repository around an installed program: that may well be the author's own.
    if not (checkout / "src" / "digest").is_dir() or not (checkout / ".git").exists():
        return ""
    place = _PLACE.fullmatch(_git(checkout, "remote", "get-url", "origin"))
    commit = _git(checkout, "rev-parse", "HEAD")
    pushed = _git(checkout, "branch", "--remotes", "--contains", commit, "--list", "origin/*") if commit else ""
    return f"{place[1]}@{commit}" if place and pushed and _COMMIT.fullmatch(commit) else ""


def _folder_of(direct_url: str) -> Path | None:
    """Return the folder on this machine that it was installed from."""
    found = re.search(r'"url": *"(file://[^"]+)"', direct_url)
    return Path(url2pathname(urlsplit(found[1]).path)) if found else None


def _direct_url() -> str:
    try:
        return metadata.distribution(_DISTRIBUTION).read_text("direct_url.json") or ""
    except metadata.PackageNotFoundError:
        return ""


def _published_at() -> str:
    try:
        urls = metadata.metadata(_DISTRIBUTION).get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    found = (_PLACE.fullmatch(url.partition(",")[2].strip()) for url in urls if url.startswith("Repository,"))
    return next((one[1] for one in found if one), "")


def _git(folder: Path, *words: str) -> str:
    """Return what git says, nothing where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            ["git", "-C", str(folder), *words],  # noqa: S607 - the git of this machine
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
