"""`digest send`: an approved issue to its readers, or to a folder of .eml files."""

import argparse
from pathlib import Path

from digest import bootstrap, receipts
from digest.cli import common
from digest.models.delivery import DeliveryCounts


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("issue", help="the issue, e.g. 2026-11-26")
    parser.add_argument("--dry-run", action="store_true", help="write one .eml file per reader and send nothing")
    parser.add_argument(
        "--out", type=Path, help="where --dry-run writes (default: out/mail in the newsletter's folder)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Send once; what was sent is never sent again."""
    config, newsletter = common.opened(arguments)
    name = common.issue_id(arguments.issue)
    started = common.now()
    with bootstrap.workshop(config, newsletter) as shop:
        if arguments.dry_run:
            folder = arguments.out or config.folder / "out" / "mail"
            common.say_reports([bootstrap.dry_run(config, shop, name, folder)])
            common.say(f"The mails are in {folder}. Nothing was sent.")
            return 0
        report, counts = bootstrap.deliver(config, shop, name)
        receipt = receipts.of_send(
            newsletter.newsletter_id, name, report, counts, started=started, finished=common.now()
        )
        shop.receipts.save_receipt(receipt)
    common.say_reports([report])
    common.say(receipt.reason)
    return exit_code(counts)


def exit_code(counts: DeliveryCounts) -> int:
    """4 while somebody has not been reached or it is not known whether they were."""
    return 4 if counts.planned or counts.uncertain else 0
