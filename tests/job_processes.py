"""Jobs of the workflows as processes that can be killed or made to wait at the very moment of a push."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from workflow_runner import SECRETS, Desk

HERE = Path(__file__).parent
SECONDS = 60
HOOK = """#!/bin/sh
while read -r _ _ ref; do
    read -r phase wanted left action 2>/dev/null < plan || continue
    [ "$phase $wanted" = "$(basename "$0") $ref" ] || continue
    if [ "$left" -gt 1 ]; then
        echo "$phase $wanted $((left - 1)) $action" > plan
        continue
    fi
    rm plan
    case $action in
    kill) kill -9 "$(cat whom)"; [ "$phase" = post-receive ] || exit 1 ;;
    meet) echo here > here; read -r _ < go ;;
    esac
done
"""
Phase = Literal["pre-receive", "post-receive"]
"""Before the remote has what is pushed, and after."""


@dataclass
class Machines:
    """The machines of one desk; their jobs are forked from one warm process."""

    desk: Desk
    server: "subprocess.Popen[str]"

    @property
    def remote(self) -> Path:
        return self.desk.site.remote

    def start(self, step: str, now: datetime, *words: str, folder: Path | None = None) -> int:
        """Begin a step on a machine, by default a new one, and return its process id."""
        known = {name: self.desk.secrets[name] for name in SECRETS[step] if name in self.desk.secrets}
        variables = {name: value for name, value in os.environ.items() if not name.startswith("DIGEST_")}
        place = folder or self.desk.clone()
        job = {
            "now": now.isoformat(),
            "folder": str(place),
            "words": words or ("ci", step),
            "environment": variables | self.desk.site.environment(self.desk.place) | known,
            "said": str(self.desk.place / "said.txt"),
        }
        pid = self._ask(json.dumps(job))
        (self.remote / "whom").write_text(str(pid), "ascii")
        return pid

    def wait(self, pid: int) -> int:
        """Return the exit status, negative for a kill."""
        return self._ask(json.dumps([pid]))

    def job(self, step: str, now: datetime, *words: str, folder: Path | None = None) -> int:
        """Run a step to its end."""
        return self.wait(self.start(step, now, *words, folder=folder))

    def said(self) -> str:
        """All that jobs have printed."""
        return (self.desk.place / "said.txt").read_text("utf-8")

    @contextmanager
    def killed(self, phase: Phase, ref: str, number: int = 1) -> Iterator[None]:
        """Kill the next job at its push to a ref."""
        self._plan(phase, ref, number, "kill")
        yield
        assert not (self.remote / "plan").exists(), "it never pushed there"

    @contextmanager
    def held(self, job: "Held", phase: Phase, ref: str, number: int = 1) -> Iterator[None]:
        """Begin a job, hold it at its push to a ref, do the body, let it go on and wait for its end."""
        for name in ("here", "go"):
            (self.remote / name).unlink(missing_ok=True)
            os.mkfifo(self.remote / name)
        ends = [os.open(self.remote / name, os.O_RDWR) for name in ("here", "go")]
        try:
            self._plan(phase, ref, number, "meet")
            pid = self.start(job.step, job.now, *job.words)
            assert select.select(ends[:1], [], [], SECONDS)[0], f"it never pushed there: {self.said()}"
            yield
            os.write(ends[1], b"go\n")
            job.code = self.wait(pid)
        finally:
            for end in ends:
                os.close(end)

    def _plan(self, phase: Phase, ref: str, number: int, action: str) -> None:
        for name in ("pre-receive", "post-receive"):
            hook = self.remote / "hooks" / name
            hook.write_text(HOOK, "ascii")
            hook.chmod(0o755)
        (self.remote / "plan").write_text(f"{phase} {ref} {number} {action}\n", "ascii")

    def _ask(self, line: str) -> int:
        assert self.server.stdin
        assert self.server.stdout
        self.server.stdin.write(f"{line}\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())


@dataclass
class Held:
    """A job that is made to wait for another one."""

    step: str
    now: datetime
    words: tuple[str, ...] = ()
    code: int = -1


@contextmanager
def warm_process() -> Iterator["subprocess.Popen[str]"]:
    """Give the process that jobs are forked from; it grows warm by its first ones."""
    command = [sys.executable, str(HERE / "warm_runner.py")]
    variables = os.environ | {"PYTHONPATH": str(HERE.parent / "src")}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables) as server:
        try:
            yield server
        finally:
            server.kill()
