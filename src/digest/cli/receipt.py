"""`digest receipt`: what a run did and why."""

import argparse
import json

from digest import bootstrap, receipts
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("run_id", nargs="?", metavar="RUN", help="the run (default: the last one)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print one receipt."""
    config, newsletter = common.opened(arguments)
    receipt = bootstrap.stored_receipt(config, newsletter.newsletter_id, arguments.run_id)
    if arguments.json:
        common.say(json.dumps(receipts.as_json(receipt), ensure_ascii=False))
        return 0
    common.say(f"{receipt.run_id}: {receipt.outcome}. {receipt.reason}")
    common.say_reports(receipt.stages)
    return 0
