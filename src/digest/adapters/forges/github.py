"""GitHub's REST API, as far as approval by pull request needs it (port `Forge`)."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from digest.adapters.http_api import ApiAnswer, ApiClient, ApiRequest, Unreached
from digest.errors import DeliveryError, SettingsError
from digest.models.forge import ApprovalRequest

MAY_NOT_ASK = (
    "The workflow may not open pull requests. On GitHub, in the repository's Settings, Actions, General, Workflow "
    "permissions: tick 'Allow GitHub Actions to create and approve pull requests', save, and run it again."
)
_LONGEST_BODY = 65_000
"""GitHub takes 65,536 characters."""
_MAY_NOT = "not permitted to create or approve pull requests"


class GitHub:
    """One repository; the token shows in no `repr`, message or log."""

    def __init__(self, *, api_url: str, repository: str, token: str, base: str, user_agent: str) -> None:
        """`base` is the branch that requests are merged into. Raises SettingsError for what can not be used."""
        if not token:
            raise SettingsError("GITHUB_TOKEN is not set. In the workflow give it to this step in `env`.")
        host = urlsplit(api_url).hostname or ""
        local = host in {"127.0.0.1", "localhost"}
        if urlsplit(api_url).scheme != "https" and not local:
            raise SettingsError("GITHUB_API_URL has to start with https://, since the token travels there.")
        self._url = f"{api_url.rstrip('/')}/repos/{repository}"
        self._owner = repository.partition("/")[0]
        self._base = base
        self._headers = (
            ("Authorization", f"Bearer {token}"),
            ("Accept", "application/vnd.github+json"),
            ("X-GitHub-Api-Version", "2022-11-28"),
        )
        # A company's own server may stand in its own network; where it stands is said by the machine that runs this.
        self._client = ApiClient(
            user_agent=user_agent, allow_private_addresses=host != "api.github.com", total_timeout=60
        )

    def requests_of(self, branch: str) -> tuple[ApprovalRequest, ...]:
        """Only those whose branch lies in this repository: the head is named with its owner, and looked at again."""
        head = quote(f"{self._owner}:{branch}", safe="")
        found = self._call("GET", f"/pulls?state=all&head={head}&base={quote(self._base, safe='')}&per_page=50")
        rows = [row for row in found if self._is_ours(row, branch)] if isinstance(found, list) else []
        return tuple(sorted((_request(row) for row in rows), key=lambda one: -one.number))

    def merged_by(self, number: int) -> str:
        """Return the login, as GitHub itself says it."""
        row = self._call("GET", f"/pulls/{number}")
        person = row.get("merged_by") if isinstance(row, dict) and row.get("merged_at") else None
        return str(person.get("login") or "") if isinstance(person, dict) else ""

    def open_request(self, branch: str, title: str, body: str) -> ApprovalRequest:
        """Open one."""
        wanted = {"title": title, "head": branch, "base": self._base, "body": _cut(body)}
        return _request(self._call("POST", "/pulls", wanted))

    def update_request(self, number: int, title: str, body: str) -> None:
        """Change title and text."""
        self._call("PATCH", f"/pulls/{number}", {"title": title, "body": _cut(body)})

    def _is_ours(self, row: Mapping[str, Any], branch: str) -> bool:
        head = row.get("head") or {}
        repository = (head.get("repo") or {}).get("full_name") or ""
        ours = self._url.partition("/repos/")[2]
        return head.get("ref") == branch and repository.casefold() == ours.casefold()

    def _call(self, method: str, path: str, said: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
        body = b"" if said is None else json.dumps(said).encode()
        answer = self._client.call(
            ApiRequest(url=f"{self._url}{path}", method=method, headers=self._headers, body=body)
        )
        if isinstance(answer, Unreached):
            raise DeliveryError(f"GitHub could not be asked: {answer.reason}. The next run tries again.")
        if answer.status >= 300:  # noqa: PLR2004 - HTTP: everything from here on is no success
            raise _refused(answer, method)
        try:
            return json.loads(answer.body)
        except ValueError:
            raise DeliveryError("GitHub's answer is not JSON. The next run tries again.") from None


def _refused(answer: ApiAnswer, method: str) -> SettingsError | DeliveryError:
    if answer.status == 403 and _MAY_NOT in answer.body.decode("utf-8", "replace"):  # noqa: PLR2004 - HTTP: forbidden
        return SettingsError(MAY_NOT_ASK)
    if answer.status in {401, 403, 404}:
        return SettingsError(
            f"GitHub refused {method} with status {answer.status}: the token of this job lacks 'pull-requests: write'. "
            "Write the workflows anew with `digest init --workflows`."
        )
    return DeliveryError(f"GitHub answered {method} with status {answer.status}. The next run tries again.")


def _request(row: Any) -> ApprovalRequest:  # noqa: ANN401 - JSON
    if not isinstance(row, dict) or not isinstance(row.get("number"), int):
        raise DeliveryError("GitHub's answer is not a pull request. The next run tries again.")
    merged = bool(row.get("merged_at"))
    return ApprovalRequest(
        number=row["number"],
        state="merged" if merged else "open" if row.get("state") == "open" else "closed",
        title=str(row.get("title") or ""),
        body=str(row.get("body") or ""),
        url=str(row.get("html_url") or ""),
    )


def _cut(body: str) -> str:
    return body if len(body) <= _LONGEST_BODY else f"{body[:_LONGEST_BODY]}\n…"
