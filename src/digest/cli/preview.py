"""`digest preview --static DIR`: the preview of an issue as plain files."""

import argparse
from pathlib import Path

from digest import bootstrap, pipeline
from digest.cli import common


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
    bootstrap.write_preview(arguments.static, desk, newsletter, interface)
    common.say(f"Preview of {name}: {arguments.static / 'index.html'}")
    return 0
