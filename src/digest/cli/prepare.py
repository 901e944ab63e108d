"""`digest prepare`: stages 1 to 6."""

import argparse
from datetime import datetime

from digest import bootstrap, bootstrap_desk, estimates, pipeline, receipts, studies
from digest.cli import common
from digest.config import Config
from digest.models.report import StageReport
from digest.pipeline import Workshop


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--issue", help="the issue to prepare (default: the next one that is not approved)")
    parser.add_argument("--force", action="store_true", help="ask every source now, due or not")
    parser.add_argument(
        "--estimate", action="store_true", help="collect and choose, then only say what the engines would cost"
    )


def run(arguments: argparse.Namespace) -> int:
    """Collect, then make or refresh one issue, and say what was found and why."""
    config, newsletter = common.opened(arguments)
    now = common.now()
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        late = studies.draft_corrections(shop, now=now)
        _, reports = pipeline.gather(shop, now=now, force=arguments.force)
        reports.append(late)
        name = common.issue_id(arguments.issue) if arguments.issue else pipeline.next_issue_id(shop, now=now)
        if arguments.estimate:
            return _estimate(config, shop, name, reports, now)
        desk, composed = pipeline.compose(shop, name, now=now)
        reports += composed
        ending = receipts.waiting_for(desk)
        receipt = receipts.of_prepare(newsletter.newsletter_id, ending, reports, started=now, finished=common.now())
        shop.receipts.save_receipt(receipt)
        if desk:
            bootstrap_desk.remember_standing(config, shop, name)
    common.say_reports(reports)
    common.say(receipt.reason)
    return 0


def _estimate(config: Config, shop: Workshop, name: str, reports: list[StageReport], now: datetime) -> int:
    """Choose what the issue carries, which costs nothing, and say what the rest would ask of engines."""
    if not pipeline.is_approved(shop, name):
        reports += pipeline.curate_issue(shop, name, now=now)
    common.say_reports(reports)
    for line in estimates.cost_lines(estimates.estimate(shop, name), config.engines):
        common.say(line)
    return 0
