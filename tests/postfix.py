"""Postfix of one's own, unpacked and not installed: `smtp-sink` for faults, and a whole server with TLS and login."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from unpacked import NO_PACKAGES, UNPACKED, unpacked_environment


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(port)


@contextmanager
def sink(*options: str) -> Iterator[int]:
    """Run `smtp-sink` with its switches for faults, and yield its port."""
    program = UNPACKED / "usr" / "sbin" / "smtp-sink"
    if not program.exists():
        pytest.skip(NO_PACKAGES)
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [str(program), *user, "-c", *options, f"127.0.0.1:{port}", "64"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=unpacked_environment(), stdout=quiet, stderr=quiet) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


@contextmanager
def kept(*options: str) -> Iterator[tuple[int, Path]]:
    """Run `smtp-sink` so that it keeps each message as a file; yield its port and the folder."""
    folder = Path(tempfile.mkdtemp(prefix="digest-sink-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    try:
        with sink("-d", f"{folder}/m.", *options) as port:
            yield port, folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def stopped(server: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a server of one's own at the end."""
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.send_signal(signal.SIGTERM)
        server.wait(20)
