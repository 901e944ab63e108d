"""Runs the steps of the workflows as a runner does: every job in a new clone, with only the secrets that it may know."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from author_folder import Author
from digest.cli.main import main
from forge_server import Site, forge

SECRETS = {
    "prepare": ("DIGEST_STATE_KEY",),
    "review": ("DIGEST_STATE_KEY",),
    "approve": ("DIGEST_STATE_KEY",),
    "send": ("DIGEST_PEOPLE_KEY", "DIGEST_SMTP_URL", "DIGEST_IMAP_URL"),
    "tend": ("DIGEST_PEOPLE_KEY", "DIGEST_IMAP_URL"),
}
"""What a job may know; test_workflows holds the files to the same."""


@dataclass
class Desk:
    """The author's repository on the remote, and the machine of each job."""

    author: Author
    site: Site
    place: Path
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    jobs: int = 0

    def job(self, step: str, *words: str, event: str = "", ref: str = "main", **more: str) -> int:
        """Run one step on a new machine and return its exit code."""
        folder = self.clone()
        wanted = self.site.environment(self.place) | {"GITHUB_REF_NAME": ref, "GITHUB_EVENT_PATH": event} | more
        wanted |= {name: self.secrets[name] for name in SECRETS[step] if name in self.secrets}
        with environment(wanted):
            return main(["--folder", str(folder), "ci", step, *words])

    def clone(self) -> Path:
        """A checkout of the default branch, as shallow as that of a runner."""
        self.jobs += 1
        folder = self.place / f"job-{self.jobs}"
        git("clone", "--quiet", "--depth=1", f"file://{self.site.remote}", str(folder))
        return folder

    def edit(self, branch: str, path: str, change: Callable[[str], str]) -> None:
        """What a person does on the page of GitHub."""
        folder = self.place / f"edit-{self.jobs}"
        shutil.rmtree(folder, ignore_errors=True)
        git("clone", "--quiet", "--branch", branch, f"file://{self.site.remote}", str(folder))
        file = folder / path
        file.write_text(change(file.read_text("utf-8")), "utf-8")
        git("-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qam", "Edit")
        git("-C", str(folder), "push", "--quiet", "origin", branch)

    def outputs(self) -> dict[str, str]:
        """What the last step told the next jobs."""
        lines = (self.place / "output.txt").read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def summary(self) -> str:
        return (self.place / "summary.md").read_text("utf-8")


@contextmanager
def copied(desk: Desk, place: Path) -> Iterator[Desk]:
    """Give a desk of its own in the same state; her blog is the same one."""
    with forge(place, desk.site) as site:
        author = desk.author.copied(place)
        git("-C", str(author.folder), "remote", "set-url", "origin", f"file://{site.remote}")
        yield Desk(author=author, site=site, place=place, secrets=dict(desk.secrets))


def put_on_the_site(author: Author, site: Site, place: Path) -> Desk:
    """Push the author's folder, and the list of readers into the vault."""
    settings = author.folder / "digest.toml"
    text = settings.read_text("utf-8").replace('["ana@example.org"]', '["ana@example.org", "@ana"]')
    settings.write_text(f'{text}\n[inbox]\nimap = "env:DIGEST_IMAP_URL"\n\n[vault]\nkind = "git"\n', "utf-8")
    (author.folder / ".gitignore").write_text(".digest/\nout/\n", "utf-8")
    from digest.bootstrap_keys import make_keys

    state, people = (path.read_text("utf-8") for path in make_keys(author.folder))
    here = str(author.folder)
    git("init", "--quiet", "--initial-branch=main", here)
    git("-C", here, "add", "-A")
    git("-C", here, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "First")
    git("-C", here, "remote", "add", "origin", f"file://{site.remote}")
    git("-C", here, "push", "--quiet", "origin", "main")
    assert author.digest("subscribers", "import", str(author.folder / "subscribers.csv")) == 0
    assert author.digest("state", "push") == 0
    return Desk(author=author, site=site, place=place, secrets={"DIGEST_STATE_KEY": state, "DIGEST_PEOPLE_KEY": people})


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables, and take away the secrets that are not among them."""
    secret = {name for names in SECRETS.values() for name in names}
    before = dict(os.environ)
    for name in secret:
        os.environ.pop(name, None)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
