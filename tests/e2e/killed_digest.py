"""Runs commands in processes of their own and kills each (SIGKILL) at its n-th file operation in the author's folder.

Reads one JSON line a command, `[operations, folder, words...]`, and answers each with the exit status, negative for a
kill. The processes are forked from this one, which has imported what the first of them needed: importing takes longer
than the work that is to be disturbed.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable

from digest.cli.main import main

WATCHED = {"open", "os.rename", "os.mkdir", "os.remove", "sqlite3.connect", "socket.connect"}


def killer(last: int, folder: str) -> Callable[[str, tuple[object, ...]], None]:
    """An audit hook (PEP 578) that lets `last` operations begin."""
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event in WATCHED and (event == "socket.connect" or folder in repr(arguments)):
            seen += 1
            if seen > last:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def work(operations: int, folder: str, words: list[str], told: int) -> None:
    """What the child does: the command, unless it is killed; then it tells which modules it needed."""
    sys.addaudithook(killer(operations, folder))
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123 - not in the folder
        code = main(["--folder", folder, *words])
    with os.fdopen(told, "w") as pipe:
        json.dump([name for name in sys.modules if name != "__main__"], pipe)
    os._exit(code)


def run(operations: int, folder: str, words: list[str]) -> tuple[int, list[str]]:
    """Return (exit status, modules) of one command."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(heard)
            work(operations, folder, words, told)
        finally:
            os._exit(70)
    os.close(told)
    with os.fdopen(heard) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(said or "[]")


def serve() -> None:
    """Answer every line."""
    for line in sys.stdin:
        operations, folder, *words = json.loads(line)
        code, modules = run(operations, folder, words)
        for name in modules:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
