"""`digest collect`: stage 1 alone."""

import argparse

from digest import bootstrap, pipeline, receipts
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--force", action="store_true", help="ask every source now, due or not")


def run(arguments: argparse.Namespace) -> int:
    """Ask the sources and store what is new."""
    config, newsletter = common.opened(arguments)
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        started = common.now()
        report = pipeline.collect_articles(shop, now=started, force=arguments.force)
        receipt = receipts.of_stage(newsletter.newsletter_id, report, started=started, finished=common.now())
        shop.receipts.save_receipt(receipt)
    common.say_reports([report])
    return 0
