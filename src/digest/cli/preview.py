"""`digest preview --static DIR`: the preview of an issue as plain files."""

import argparse
from pathlib import Path

from digest import bootstrap, pipeline
from digest.cli import common
from digest.i18n import words
from digest.resources import resource_dir
from digest.web.preview_view import preview_view
from digest.web.static import write_static_preview


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("issue", nargs="?", help="the issue (default: the next one)")
    parser.add_argument("--static", type=Path, required=True, metavar="DIR", help="where to write the files")
    parser.add_argument("--interface", default="", help="language of the page around the mail: pt_BR or en")


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say where they are."""
    config, newsletter = common.opened(arguments)
    with bootstrap.workshop(config, newsletter) as shop:
        name = common.issue_id(arguments.issue) if arguments.issue else pipeline.next_issue_id(shop, now=common.now())
        desk = pipeline.open_issue(shop, name)
    interface = bootstrap.reader_locale(arguments.interface or "en", ("en", "pt_BR"))
    view = preview_view(desk, newsletter, interface)
    index = write_static_preview(
        arguments.static, view, templates_dir=resource_dir("templates"), words=words(interface)
    )
    common.say(f"Preview of {name}: {index}")
    return 0
