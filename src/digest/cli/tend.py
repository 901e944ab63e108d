"""`digest tend`: stage 10, what came back to the mailbox."""

import argparse

from digest import bootstrap_people
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Read the mailbox and change the list as it asks."""
    config, newsletter = common.opened(arguments)
    common.say_reports([bootstrap_people.tend_mailbox(config, newsletter.newsletter_id)])
    return 0
