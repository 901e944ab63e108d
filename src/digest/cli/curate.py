"""`digest curate`: stage 3 alone."""

import argparse

from digest import bootstrap, pipeline, studies
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--explain", metavar="DOI", help="say why a study was or was not chosen, and change nothing")
    parser.add_argument("--issue", help="the issue (default: the next one that is not approved)")


def run(arguments: argparse.Namespace) -> int:
    """Choose what the issue carries and write issue.toml."""
    config, newsletter = common.opened(arguments)
    now = common.now()
    if arguments.explain:
        with bootstrap.workshop(config, newsletter) as shop:
            for line in studies.explain(shop, arguments.explain, now=now):
                common.say(line)
        return 0
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        name = common.issue_id(arguments.issue) if arguments.issue else pipeline.next_issue_id(shop, now=now)
        common.say_reports(pipeline.curate_issue(shop, name, now=now))
    return 0
