"""`digest status`: every issue, where it stands, and what became of its mails."""

import argparse
import json

from digest import bootstrap, bootstrap_people, pipeline, receipts
from digest.cli import common
from digest.errors import DigestError
from digest.models.delivery import DeliveryCounts


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print one line per issue; a broken issue is a line, not the end."""
    config, newsletter = common.opened(arguments)
    with bootstrap.workshop(config, newsletter) as shop:
        lines = pipeline.standing(shop)
    unread = ""
    fates: dict[str, tuple[DeliveryCounts, int]] = {}
    try:
        fates = bootstrap_people.fates(config, newsletter.newsletter_id, [name for name, _ in lines])
    except DigestError as error:
        unread = str(error)
    if arguments.json:
        common.say(
            json.dumps([_as_json(name, state, *fates.get(name, (DeliveryCounts(), 0))) for name, state in lines])
        )
        return 0
    for name, state in lines:
        common.say(f"{name}: {state}{_mails(*fates[name]) if name in fates else ''}")
    if unread:
        common.say(f"What became of mails is not known: {unread}")
    if not lines:
        common.say("No issue yet. Run `digest prepare`.")
    return 0


def _as_json(name: str, state: str, counts: DeliveryCounts, came_back: int) -> dict[str, object]:
    return {
        "issue": name,
        "state": state,
        "deliveries": receipts.deliveries_json(counts),
        "came_back": came_back,
    }


def _mails(counts: DeliveryCounts, came_back: int) -> str:
    back = f", {came_back} came back" if came_back else ""
    return f"; {receipts.sums(counts)}{back}"
