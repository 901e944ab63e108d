"""`digest tend`: stage 10, what came back to the mailbox."""

import argparse

from digest import bootstrap_asking, bootstrap_people, bootstrap_suggestions
from digest.cli import common
from digest.models.report import joined


def configure(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Read the mailbox, change the list as it asks, and keep the studies that readers suggest."""
    config, newsletter = common.opened(arguments)
    tended = bootstrap_people.tend_mailbox(config, newsletter.newsletter_id)
    asked = bootstrap_asking.send_questions(config, newsletter)
    common.say_reports(
        [joined(joined(tended, asked), bootstrap_suggestions.take(config, newsletter, now=common.now()))]
    )
    return 0
