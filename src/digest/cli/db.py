"""`digest db upgrade`: migrations."""

import argparse

from digest import bootstrap
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="bring both databases to this program's version; done by itself when needed")


def run(arguments: argparse.Namespace) -> int:
    """Upgrade both databases."""
    config, _ = common.opened(arguments)
    for name in bootstrap.upgrade_databases(config):
        common.say(f"{name}: up to date")
    return 0
