"""`digest complete`: stage 2 alone."""

import argparse

from digest import bootstrap, pipeline, receipts
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Read the pages of articles that are not complete yet."""
    config, newsletter = common.opened(arguments)
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        started = common.now()
        report = pipeline.complete_articles(shop, now=started)[1]
        receipt = receipts.of_stage(newsletter.newsletter_id, report, started=started, finished=common.now())
        shop.receipts.save_receipt(receipt)
    common.say_reports([report])
    return 0
