"""The composition root of the steps of a workflow: what the runner says in its environment, GitHub, git.

With `bootstrap` one of the few modules that name adapters.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.config import Config
from digest.errors import DigestError, SettingsError
from digest.models.report import Problem, StageReport
from digest.version import VERSION

if TYPE_CHECKING:
    from digest.approvals import Counter, Writer
    from digest.ports_forge import Words

PREVIEWS = "previews"
"""The branch that pages are made from."""
SENT = "sent.toml"
"""In the folder of an issue: how many mails left, and how many still wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """What the machine that runs a step says of it."""

    api_url: str
    repository: str
    token: str = field(repr=False)
    ref: str
    run_url: str
    event: Mapping[str, Any]
    summary: Path | None
    output: Path | None

    @classmethod
    def of(cls, environment: Mapping[str, str] | None = None) -> "Runner":
        """Read the environment that GitHub Actions documents. Raises SettingsError."""
        env = os.environ if environment is None else environment
        run = env.get("GITHUB_RUN_ID", "")
        place = f"{env.get('GITHUB_SERVER_URL') or 'https://github.com'}/{env.get('GITHUB_REPOSITORY', '')}"
        return cls(
            run_url=f"{place}/actions/runs/{run}" if run else "",
            api_url=env.get("GITHUB_API_URL") or "https://api.github.com",
            repository=env.get("GITHUB_REPOSITORY", ""),
            token=env.get("GITHUB_TOKEN", ""),
            ref=env.get("GITHUB_REF_NAME", ""),
            event=_event(env.get("GITHUB_EVENT_PATH", "")),
            summary=Path(env["GITHUB_STEP_SUMMARY"]) if env.get("GITHUB_STEP_SUMMARY") else None,
            output=Path(env["GITHUB_OUTPUT"]) if env.get("GITHUB_OUTPUT") else None,
        )

    def is_foreign(self) -> bool:
        """Whether it was started by a pull request from another repository: it may do nothing here."""
        head = (self.event.get("pull_request") or {}).get("head") or {}
        if not head:
            return False
        return ((head.get("repo") or {}).get("full_name") or "").casefold() != self.repository.casefold()

    def tell(self, summary: str, outputs: Mapping[str, str]) -> None:
        """Write the summary of the step, and what the next jobs are told."""
        if self.summary:
            with self.summary.open("a", encoding="utf-8") as file:
                file.write(f"{summary}\n")
        if self.output:
            with self.output.open("a", encoding="utf-8") as file:
                file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def counter(config: Config, runner: Runner, write: "Writer") -> "Counter":
    """Return where requests are made. Raises SettingsError."""
    from digest.adapters.forges.git_words import GitWords
    from digest.adapters.forges.github import GitHub
    from digest.adapters.stores.atomic import write_atomic
    from digest.approvals import Counter

    if not re.fullmatch(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", runner.repository):
        raise SettingsError("GITHUB_REPOSITORY is not set to owner/name. This step is for GitHub Actions.")
    repository = GitWords(config.folder)
    forge = GitHub(
        api_url=runner.api_url,
        repository=runner.repository,
        token=runner.token,
        base=repository.base(),
        user_agent=f"digest/{VERSION}",
    )

    def keep(path: str, body: str) -> None:
        write_atomic(config.folder / path / "request.md", body.encode())

    return Counter(forge=forge, words=repository, several=len(config.newsletters) > 1, write=write, keep=keep)


def words(config: Config) -> "Words":
    """Return the author's repository alone."""
    from digest.adapters.forges.git_words import GitWords

    return GitWords(config.folder)


def show_preview(config: Config, folder: Path) -> StageReport:
    """Put the preview where a browser opens it, if the settings say so. What fails is a problem, for the artifact is there."""
    if config.pages is None or not is_repository(config):
        return StageReport(stage="preview")
    try:
        words(config).show(PREVIEWS, config.pages.path, folder.resolve())
    except DigestError as error:
        return StageReport(stage="preview", problems=(Problem(where=f"the branch {PREVIEWS}", what=str(error)),))
    return StageReport(stage="preview", made=(f"the preview is on the branch {PREVIEWS}",))


def is_repository(config: Config) -> bool:
    """Whether the folder lies in a git repository."""
    return any((folder / ".git").exists() for folder in (config.folder.resolve(), *config.folder.resolve().parents))


def _event(path: str) -> Mapping[str, Any]:
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_bytes())
    except (OSError, ValueError):
        raise SettingsError("The file that GITHUB_EVENT_PATH names is not JSON. Run the workflow again.") from None
    return event if isinstance(event, dict) else {}
