"""Runs the command line and kills its own process (SIGKILL) at the n-th file operation in the author's folder."""

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


if __name__ == "__main__":
    operations, folder = int(sys.argv[1]), sys.argv[2]
    sys.addaudithook(killer(operations, folder))
    sys.exit(main(["--folder", folder, *sys.argv[3:]]))
