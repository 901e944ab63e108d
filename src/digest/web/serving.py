"""Runs the desk on a socket that is bound to loopback already."""

import socket
from collections.abc import Callable
from datetime import datetime

import uvicorn

from digest.desk.room import Room
from digest.resources import resource_dir
from digest.web.author import author_app
from digest.web.sitting import Sitting

SECONDS_TO_END = 2


def serve(room: Room, listener: socket.socket, *, token: str, interface: str, now: Callable[[], datetime]) -> None:
    """Answer until the command is interrupted."""
    templates = resource_dir("templates")
    sitting = Sitting(room=room, token=token, now=now, templates=templates, interface=interface)
    config = uvicorn.Config(
        author_app(sitting, static=templates / "author"),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_END,
    )
    uvicorn.Server(config).run(sockets=[listener])
