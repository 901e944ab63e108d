"""Runs `digest` in processes of its own, as jobs do on their machines, forked from one that knows its modules already.

Reads one JSON line a job, `{"now", "folder", "words", "environment", "said"}`, and answers with its process id; the line
`[pid]` waits for its end and is answered with the exit status, negative for a kill. What a job says goes into a file.
"""

import contextlib
import importlib
import json
import os
import sys
from datetime import datetime
from typing import Any

from digest.cli import common
from digest.cli.main import main


def work(job: dict[str, Any], told: int) -> None:
    """What the child does."""
    os.environ.clear()
    os.environ.update(job["environment"])
    now = datetime.fromisoformat(job["now"])
    common.now = lambda: now
    said = os.open(job["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = main(["--folder", job["folder"], *job["words"]])
    sys.stdout.flush()
    sys.stderr.flush()
    with os.fdopen(told, "w") as pipe:
        json.dump([name for name in sys.modules if name != "__main__"], pipe)
    os._exit(code)


def serve() -> None:
    """Answer every line."""
    heard: dict[int, int] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, list):
            pid = asked[0]
            with os.fdopen(heard.pop(pid)) as pipe:
                modules = json.loads(pipe.read() or "[]")
            _, status = os.waitpid(pid, 0)
            answer = os.waitstatus_to_exitcode(status)
            for name in modules:
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
        else:
            ear, told = os.pipe()
            answer = os.fork()
            if answer == 0:
                try:
                    os.close(ear)
                    work(asked, told)
                finally:
                    os._exit(70)
            os.close(told)
            heard[answer] = ear
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
