"""Runs the command `digest preview` and kills it (SIGKILL) while it writes the files of an issue.

Reads one JSON line a desk, `[moment, folder, port]`, and answers with `pid N`, what the command says, and `exit N`. The
moment is a number (before the n-th step of writing) or the name of a file (before it takes the place of the old one).
The processes are forked from this one, which has imported what they need. Run by `dying_desks` below.
"""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from digest.cli.main import main

STEPS = frozenset({"open", "os.rename", "os.remove"})
NEEDED = """
adapters.engines.choice adapters.rendering.editions adapters.rendering.mjml adapters.rendering.templates
adapters.sources.pages adapters.sources.reader adapters.sources.work_finder adapters.stores.issue_files
adapters.stores.issue_po adapters.stores.rendered_files adapters.stores.state adapters.stores.work_shelf cli.preview
stages.localise stages.render stages.review stages.review_studies text.gates.edition text.word_checks web.desk_actions
web.serving
"""


def hook_of(moment: int | str, folder: str) -> object:
    """Return an audit hook (PEP 578) that counts only what happens to the files of the issues."""
    inside = f"{folder}/issues/"
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event not in STEPS or not str(arguments[0]).startswith(inside):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & os.O_WRONLY):
            return
        seen += 1
        if seen == moment or (event == "os.rename" and Path(str(arguments[1])).name == moment):
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def serve() -> None:
    """Answer every line."""
    for name in NEEDED.split():
        importlib.import_module(f"digest.{name}")
    for line in sys.stdin:
        moment, folder, port = json.loads(line)
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                sys.addaudithook(hook_of(moment, folder))  # type: ignore[arg-type]  # what comes with an event differs
                main(["--folder", folder, "preview", "--no-browser", "--port", port])
            os._exit(0)
        say(f"pid {child}")
        _, status = os.waitpid(child, 0)
        say(f"exit {os.waitstatus_to_exitcode(status)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DyingDesk:
    """A desk that will be killed."""

    pid: int
    link: str
    process: "subprocess.Popen[str]"

    def end(self) -> int:
        """Wait for its death, and see to it; negative where it was killed in the middle."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)
        return int(_told(self.process, r"exit (-?\d+)"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DyingDesks:
    """Opens one after the other."""

    process: "subprocess.Popen[str]"

    def open(self, moment: int | str, folder: Path, port: str = "0") -> DyingDesk:
        """Start a desk that dies at this moment of a save."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([moment, str(folder), port]) + "\n")
        self.process.stdin.flush()
        pid = int(_told(self.process, r"pid (\d+)"))
        return DyingDesk(pid=pid, link=_told(self.process, r"Your desk: (\S+)"), process=self.process)


@contextmanager
def dying_desks() -> Iterator[DyingDesks]:
    """Give the process that desks are forked from."""
    with subprocess.Popen(
        [sys.executable, __file__], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield DyingDesks(process=process)
        assert process.stdin is not None
        process.stdin.close()


def _told(process: "subprocess.Popen[str]", pattern: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.match(pattern, line)
        if found:
            return found[1]
    raise AssertionError(pattern)


if __name__ == "__main__":
    serve()
