"""A server on loopback that answers as GitHub's REST API does, and a bare git remote behind it, as far as we use them."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "ana/letter"
TOKEN = "a-token-of-the-test"


@dataclass
class Site:
    """Its pull requests; `remote` is where their branches lie."""

    remote: Path
    pulls: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    may_open: bool = True
    port: int = 0
    dies_after: str = ""
    """A method whose next call is done but never answered."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, place: Path) -> dict[str, str]:
        """What a runner would set."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_RUN_ID": "7",
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
            "GITHUB_OUTPUT": str(place / "output.txt"),
        }

    def merge(self, number: int, by: str) -> None:
        """What the button does: a merge commit upon main."""
        pull = self.pulls[number - 1]
        assert pull["state"] == "open"
        merge = ["git", "-C", str(self.remote), "-c", "user.name=x", "-c", "user.email=x@example.org"]
        main, head = (self.tip(name) for name in ("main", pull["head"]["ref"]))
        tree = self.git("merge-tree", "--write-tree", main, head).split("\n")[0]
        commit = subprocess.run(
            [*merge, "commit-tree", tree, "-p", main, "-p", head, "-m", "Merge"], check=True, capture_output=True
        )
        self.git("update-ref", "refs/heads/main", commit.stdout.decode().strip())
        pull |= {"state": "closed", "merged_at": "2026-11-26T06:00:00Z", "merged_by": {"login": by}}

    def close(self, number: int) -> None:
        self.pulls[number - 1]["state"] = "closed"

    def tip(self, branch: str) -> str:
        return self.git("rev-parse", "--verify", f"refs/heads/{branch}")

    def file(self, branch: str, path: str) -> str:
        return self.git("show", f"{branch}:{path}")

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", "-C", str(self.remote), *words], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def open_pull(self, said: dict[str, Any]) -> tuple[int, Any]:
        if not self.may_open:
            return 403, {"message": "GitHub Actions is not permitted to create or approve pull requests."}
        if self.tip(said["head"]) == self.tip(said["base"]):
            return 422, {"message": "No commits between main and the branch"}
        number = len(self.pulls) + 1
        self.pulls.append(
            {
                "number": number,
                "state": "open",
                "title": said["title"],
                "body": said["body"],
                "merged_at": None,
                "merged_by": None,
                "html_url": f"https://github.com/{REPOSITORY}/pull/{number}",
                "head": {"ref": said["head"], "repo": {"full_name": REPOSITORY}},
                "base": {"ref": said["base"]},
            }
        )
        return 201, self.pulls[-1]

    def answer(self, method: str, path: str, said: dict[str, Any]) -> tuple[int, Any]:
        parts = urlsplit(path)
        place = parts.path.removeprefix(f"/repos/{REPOSITORY}")
        if method == "GET" and place == "/pulls":
            head = parse_qs(parts.query)["head"][0].partition(":")[2]
            rows = [pull for pull in self.pulls if pull["head"]["ref"] == head]
            return 200, [{key: value for key, value in row.items() if key != "merged_by"} for row in rows]
        if method == "POST" and place == "/pulls":
            return self.open_pull(said)
        if method == "GET" and place == "/issues":
            return 200, self.issues
        if method == "POST" and place == "/issues":
            self.issues.append(said)
            return 201, {"html_url": f"https://github.com/{REPOSITORY}/issues/1"}
        pull = self.pulls[int(place.rpartition("/")[2]) - 1]
        if method == "PATCH":
            pull |= said
        return 200, pull


@contextmanager
def forge(place: Path, like: Site | None = None) -> Iterator[Site]:
    """Serve; the bare remote is new and empty, or a copy of another one with its requests."""
    remote = place / "remote.git"
    if like is None:
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)], check=True)
        site = Site(remote=remote)
    else:
        shutil.copytree(like.remote, remote)
        site = Site(remote=remote, pulls=deepcopy(like.pulls), issues=deepcopy(like.issues))

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, found = 401, {"message": "Bad credentials"}
            else:
                status, found = site.answer(self.command, self.path, said)
            if site.dies_after == self.command:
                site.dies_after = ""
                self.close_connection = True
                return
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = _do  # noqa: N815 - named by the base class

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
