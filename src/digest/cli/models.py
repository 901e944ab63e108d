"""`digest models fetch`: what the local engine needs, once with a connection."""

import argparse

from digest import bootstrap, bootstrap_engines
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("fetch", help="fetch the models between the newsletter's languages, some 30 MB each")


def run(arguments: argparse.Namespace) -> int:
    """Fetch what is missing and say what is there."""
    config, newsletter = common.opened(arguments)
    with bootstrap.exclusive(config):
        for line in bootstrap_engines.fetch_models(config, newsletter):
            common.say(line)
    return 0
