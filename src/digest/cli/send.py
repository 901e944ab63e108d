"""`digest send`: an approved issue to its readers, or to a folder of .eml files."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from digest import bootstrap, mailroom, receipts
from digest.cli import common
from digest.config import Config
from digest.models.delivery import Delivery, DeliveryCounts
from digest.models.newsletter import Newsletter


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("issue", help="the issue, e.g. 2026-11-26")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--dry-run", action="store_true", help="write one .eml file per reader and send nothing")
    instead.add_argument("--test", metavar="ADDRESS", help="send one marked copy of each edition, which counts nowhere")
    instead.add_argument(
        "--resolve",
        choices=("show", "search", "sent", "again"),
        help="what became of uncertain mails: show them, search the folder of sent mail or ask Resend, call them sent, send them again",
    )
    parser.add_argument("--token", default="", help="with --resolve: only the mail whose token begins so")
    parser.add_argument(
        "--out", type=Path, help="where --dry-run writes (default: out/mail in the newsletter's folder)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Send once; what was sent is never sent again."""
    config, newsletter = common.opened(arguments)
    name = common.issue_id(arguments.issue)
    if arguments.resolve:
        return _resolve(config, newsletter, name, arguments)
    started = common.now()
    with bootstrap.workshop(config, newsletter) as shop:
        if arguments.dry_run:
            folder = arguments.out or config.folder / "out" / "mail"
            common.say_reports([mailroom.dry_run(config, shop, name, folder)])
            common.say(f"The mails are in {folder}. Nothing was sent.")
            return 0
        if arguments.test:
            common.say_reports([mailroom.send_test(config, shop, name, arguments.test)])
            return 0
        report, counts = mailroom.deliver(config, shop, name)
        receipt = receipts.of_send(
            newsletter.newsletter_id, name, report, counts, started=started, finished=common.now()
        )
        shop.receipts.save_receipt(receipt)
    common.say_reports([report])
    common.say(receipt.reason)
    return exit_code(counts)


def _resolve(config: Config, newsletter: Newsletter, issue: str, arguments: argparse.Namespace) -> int:
    """Decide on mails that the server may or may not have; 4 while some are left."""
    rows = mailroom.uncertain(config, newsletter, issue)
    chosen = [row for row in rows if row.token.startswith(arguments.token)]
    decided: Sequence[Delivery] = []
    if arguments.resolve == "search":
        decided = mailroom.found(config, newsletter, chosen)
        mailroom.resolve(config, decided, "sent")
    elif arguments.resolve == "sent":
        decided = chosen
        mailroom.resolve(config, decided, "sent")
    elif arguments.resolve == "again":
        decided = chosen
        mailroom.resolve(config, decided, "planned")
    for row in chosen:
        when = f"{row.handed_at:%Y-%m-%d %H:%M} UTC" if row.handed_at else "?"
        what = arguments.resolve if row in decided else "uncertain"
        # The start of the token is enough to name a mail, and names no reader.
        common.say(f"{row.token[:6]}  {row.locale}  {when}  {what}  {row.reply}")
    left = len(rows) - len(decided)
    common.say(f"{len(decided)} decided, {left} uncertain.")
    return 4 if left else 0


def exit_code(counts: DeliveryCounts) -> int:
    """4 while somebody has not been reached or it is not known whether they were."""
    return 4 if counts.still_to_send or counts.uncertain else 0
