"""`digest preview`: the author's desk in the browser, or with `--static DIR` the preview of an issue as plain files."""

import argparse
import contextlib
import secrets
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from digest import bootstrap, bootstrap_desk
from digest.cli import common
from digest.config import Config
from digest.errors import SettingsError
from digest.models.newsletter import Newsletter
from digest.models.report import StageReport
from digest.resources import resource_dir

if TYPE_CHECKING:
    from digest.desk.room import Room

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8733
"""Always the same, so that words kept in the browser are found again; another one only while it is taken."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("issue", nargs="?", help="the issue (default: the next one)")
    parser.add_argument("--static", type=Path, metavar="DIR", help="write the preview as files instead")
    parser.add_argument(
        "--unguessable", action="store_true", help="with --static: into a new sub-folder whose name nobody can guess"
    )
    parser.add_argument("--interface", default="", help="language of the page around the mail: pt_BR or en")
    parser.add_argument("--port", type=int, help=f"port on {LOOPBACK} (default: {USUAL_PORT}, or a free one)")
    parser.add_argument("--no-browser", action="store_true", help="only print the link, do not open a browser")


def run(arguments: argparse.Namespace) -> int:
    """Open the desk, or write the files and say where they are."""
    config, newsletter = common.opened(arguments)
    if arguments.static:
        return _write_files(arguments, config, newsletter)
    return _open_desk(arguments, config, newsletter)


def _write_files(arguments: argparse.Namespace, config: Config, newsletter: Newsletter) -> int:
    from digest import pipeline
    from digest.i18n import words
    from digest.web.preview_view import preview_view
    from digest.web.static import write_static_preview
    from digest.web.static_pages import static_pages

    interface = bootstrap.reader_locale(arguments.interface or "en", ("en", "pt_BR"))
    with bootstrap_desk.author_room(config, newsletter) as room:
        shop = room.shop
        name = common.issue_id(arguments.issue) if arguments.issue else pipeline.next_issue_id(shop, now=common.now())
        view = preview_view(pipeline.open_issue(shop, name), newsletter, interface)
        beside = static_pages(room, name, interface, now=common.now)
    folder: Path = arguments.static / secrets.token_hex(16) if arguments.unguessable else arguments.static
    index = write_static_preview(
        folder, view, templates_dir=resource_dir("templates"), words=words(interface), beside=beside
    )
    common.say(f"Preview of {name}: {index}")
    return 0


def _open_desk(arguments: argparse.Namespace, config: Config, newsletter: Newsletter) -> int:
    import threading
    import webbrowser

    try:
        from digest.web.serving import serve
    except ModuleNotFoundError as error:
        message = f"The desk needs the package {error.name}. Install it with: pip install 'article-digest[preview]'"
        raise SettingsError(message) from None
    interface = bootstrap.reader_locale(arguments.interface, ("en", "pt_BR")) if arguments.interface else ""
    token = secrets.token_urlsafe(32)
    with listening(arguments.port) as listener, bootstrap_desk.author_room(config, newsletter) as room:
        port = listener.getsockname()[1]
        to = f"&to=/issues/{common.issue_id(arguments.issue)}" if arguments.issue else ""
        link = f"http://{LOOPBACK}:{port}/enter?token={token}{to}"
        common.say(f"Your desk: {link}")
        common.say("Only this computer can open it. Ctrl+C closes it.")
        if not arguments.no_browser:
            # The socket listens already: the browser waits for the first answer.
            threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
        # Ctrl+C is how a desk is closed, not a run that was broken off.
        with contextlib.suppress(KeyboardInterrupt):
            serve(_with_mail(room, config), listener, token=token, interface=interface, now=common.now)
    common.say("The desk is closed. Everything you saved is in the files.")
    return 0


def _with_mail(room: "Room", config: Config) -> "Room":
    """Let the desk send test copies where a mail server is set."""
    if not config.sending.smtp_url:
        return room

    def send_test(issue_id: str, address: str) -> StageReport:
        from digest import mailroom

        return mailroom.send_test(config, room.shop, issue_id, address)

    return replace(room, send_test=send_test)


def listening(port: int | None) -> socket.socket:
    """Return a socket on loopback. Raises SettingsError where the port that was asked for is taken."""
    for wanted in (port,) if port is not None else (USUAL_PORT, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, wanted))
            listener.listen(64)
        except (OSError, OverflowError):
            listener.close()
            continue
        return listener
    message = f"Port {port} can not be used. Leave --port out, or name another one."
    raise SettingsError(message)
