"""Opens GitHub issues; GitHub then writes to everybody who watches the repository."""

import json
from typing import Any

from digest.adapters.http_api import ApiAnswer, ApiClient, ApiRequest, Unreached
from digest.models.alarm import Notice, NotOpened, Opened, Posted, WasThere

_NEWEST = "issues?state=all&sort=created&direction=desc&per_page=100"


class GitHubIssues:
    """The issues of one repository."""

    def __init__(self, client: ApiClient, *, api: str, repository: str, token: str) -> None:
        """Take the address of the API, `owner/name`, and a token that may write issues."""
        self._client = client
        self._url = f"{api.rstrip('/')}/repos/{repository}"
        self._headers = (
            ("Authorization", f"Bearer {token}"),
            ("X-GitHub-Api-Version", "2022-11-28"),
        )

    def post(self, notice: Notice) -> Posted:
        """Open an issue unless one with its title is among the newest hundred, open or closed; never raises."""
        listed = self._call("GET", _NEWEST)
        if isinstance(listed, NotOpened):
            return listed
        if any(isinstance(issue, dict) and issue.get("title") == notice.title for issue in listed):
            return WasThere()
        made = self._call("POST", "issues", {"title": notice.title, "body": notice.text})
        return made if isinstance(made, NotOpened) else Opened()

    def _call(self, method: str, path: str, value: object = None) -> list[Any] | NotOpened:
        body = b"" if value is None else json.dumps(value).encode()
        request = ApiRequest(url=f"{self._url}/{path}", method=method, headers=self._headers, body=body)
        answer = self._client.call(request)
        if isinstance(answer, Unreached):
            return NotOpened(reason=f"GitHub can not be reached: {answer.reason}.")
        if answer.status in {401, 403, 404}:
            return NotOpened(
                reason="GitHub does not let this run open an issue. Give its job `issues: write`, and switch issues on."
            )
        return _list(answer) if answer.status in {200, 201} else NotOpened(reason=f"GitHub answered {answer.status}.")


def _list(answer: ApiAnswer) -> list[Any]:
    """Return the listed issues; the one that was made, in a list."""
    try:
        value = json.loads(answer.body)
    except ValueError:
        return []
    return value if isinstance(value, list) else [value]
