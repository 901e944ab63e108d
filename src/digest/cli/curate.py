"""`digest curate`: stage 3 alone."""

import argparse

from digest import bootstrap, pipeline
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--issue", help="the issue (default: the next one that is not approved)")


def run(arguments: argparse.Namespace) -> int:
    """Choose what the issue carries and write issue.toml."""
    config, newsletter = common.opened(arguments)
    now = common.now()
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        name = common.issue_id(arguments.issue) if arguments.issue else pipeline.next_issue_id(shop, now=now)
        common.say_reports(pipeline.curate_issue(shop, name, now=now))
    return 0
