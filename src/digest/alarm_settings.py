"""The table `[alarm]`. On GitHub's runners everything but the heartbeat is known without it."""

import re
from collections.abc import Mapping

from digest.models.alarm import AlarmSettings
from digest.settings_reader import Table

_GITHUB = "https://api.github.com"


def read_alarm(root: Table, environment: Mapping[str, str]) -> AlarmSettings:
    """Read the table, and what is not in it from the environment of a workflow."""
    table = root.table("alarm", optional=True)
    repository = table.text("repository", default=environment.get("GITHUB_REPOSITORY", ""))
    if repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        table.mistake("repository", "has to be the owner and the name of a repository, such as owner/name")
    settings = AlarmSettings(
        repository=repository,
        api=table.text("api", default=environment.get("GITHUB_API_URL", "")) or _GITHUB,
        token=table.secret("token", default=environment.get("GITHUB_TOKEN", "")),
        heartbeat=table.secret("heartbeat", default=environment.get("DIGEST_HEARTBEAT_URL", "")),
    )
    table.finish()
    return settings
