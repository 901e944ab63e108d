"""`digest run`: whatever is due now, safe to repeat at any moment."""

import argparse
from datetime import timedelta

from digest import bootstrap, pipeline, receipts
from digest.cli import common
from digest.errors import DigestError
from digest.models.delivery import DeliveryCounts
from digest.models.report import Problem, StageReport

TOO_OLD = timedelta(hours=36)
"""An approved issue that missed its window by more than this is not sent by itself: she decides."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--force", action="store_true", help="ask every source now, due or not")


def run(arguments: argparse.Namespace) -> int:
    """Prepare the next issue, send what is approved and due, and say why nothing went out if nothing did."""
    config, newsletter = common.opened(arguments)
    started = common.now()
    code = 0
    counts = DeliveryCounts()
    sent = ""
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        reports = pipeline.gather(shop, now=started, force=arguments.force)
        name = pipeline.next_issue_id(shop, now=started)
        desk, composed = pipeline.compose(shop, name, now=started)
        reports += composed
        for due in pipeline.due_issues(shop, now=started, too_old=TOO_OLD):
            try:
                report, counts = bootstrap.deliver(config, shop, due)
            except DigestError as error:
                problem = Problem(where=due, what=str(error))
                report, code = StageReport(stage="send", problems=(problem,)), error.exit_code
            else:
                sent = receipts.sent_sentence(due, counts) if report.made else sent
                code = 4 if counts.planned or counts.uncertain else code
            reports.append(report)
        receipt = receipts.of_prepare(
            newsletter.newsletter_id,
            desk,
            reports,
            started=started,
            finished=common.now(),
            sent=sent,
            deliveries=counts,
        )
        shop.articles.save_receipt(receipt)
    common.say_reports(reports)
    common.say(receipt.reason)
    return code
