"""`digest tend`: stage 10, what came back to the mailbox."""

import argparse

from digest import bootstrap_asking, bootstrap_people
from digest.cli import common
from digest.models.report import joined


def configure(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Read the mailbox and change the list as it asks."""
    config, newsletter = common.opened(arguments)
    tended = bootstrap_people.tend_mailbox(config, newsletter.newsletter_id)
    common.say_reports([joined(tended, bootstrap_asking.send_questions(config, newsletter))])
    return 0
