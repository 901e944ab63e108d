"""`digest run`: whatever is due now, safe to repeat at any moment.

What a run with nothing to do does not need is imported where it is called.
"""

import argparse
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digest import bootstrap, receipts
from digest.bootstrap_rest import RestingPlace
from digest.cli import common
from digest.config import Config
from digest.errors import DecisionNeededError, DigestError
from digest.models.delivery import DeliveryCounts
from digest.models.newsletter import Newsletter
from digest.models.report import Outcome, Problem, RunReceipt, StageReport, joined

if TYPE_CHECKING:
    from digest.pipeline import Workshop

TOO_OLD = timedelta(hours=36)
"""An approved issue that missed its window by more than this is not sent by itself: she decides."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--force", action="store_true", help="ask every source now, due or not")


def run(arguments: argparse.Namespace) -> int:
    """Read the mailbox, prepare the next issue, send what is approved and due, and say why nothing went out if nothing did."""
    config, newsletter = common.opened(arguments)
    started = common.now()
    place = RestingPlace.of(config, newsletter)
    code = 0
    with bootstrap.exclusive(config):
        receipt = place.rest(started=started, finished=common.now()) if place and not arguments.force else None
        if receipt is None:
            receipt, until, code = _look(config, newsletter, force=arguments.force, started=started)
            if place:
                place.found(receipt, until)
    common.say_reports(receipt.stages)
    common.say(receipt.reason)
    if not code and config.alarm.heartbeat:
        from digest import bootstrap_alarms

        common.say_reports([bootstrap_alarms.heartbeat(config)])
    return code


def _look(
    config: Config, newsletter: Newsletter, *, force: bool, started: datetime
) -> tuple[RunReceipt, datetime | None, int]:
    """Return the receipt, stored; the moment until which the next run need not look, if there is one; the exit code."""
    from digest import bootstrap_alarms, bootstrap_asking, bootstrap_people, pipeline, repeats, rests, studies

    tending = bootstrap_people.tend_if_set(config, newsletter.newsletter_id)
    if tending:
        tending = [joined(tending[0], bootstrap_asking.send_questions(config, newsletter))]
    with bootstrap.workshop(config, newsletter) as shop:
        suggested = bootstrap_people.studies_suggested(config, newsletter.newsletter_id)
        tending.append(studies.take_suggestions(shop, suggested, now=started))
        watched = studies.watch_sent(shop, now=started)
        articles, reports = pipeline.gather(shop, now=started, force=force)
        reports.append(watched)
        basis = repeats.basis(shop, articles, now=started)
        ending, composed, same = _compose(config, shop, basis, now=started)
        sending, counts, sent, code = _send(config, shop, now=started)
        missed = _missed(config, shop, now=started)
        if missed is not None:
            sending.append(StageReport(stage="send", problems=(missed,)))
            code = code or DecisionNeededError.exit_code
        watching = bootstrap_alarms.watch(config, shop, missed, now=started)
        reports += [*composed, *tending, *sending, *watching]
        calm = not sending and not any(report.problems for report in reports)
        receipt = receipts.of_prepare(
            newsletter.newsletter_id,
            _ended(code, sent, ending, sending),
            reports,
            started=started,
            finished=common.now(),
            deliveries=counts,
            basis=basis if calm else "",
        )
        shop.receipts.save_receipt(receipt)
        idle = calm and same and not any(report.made for report in reports)
        return receipt, rests.until(shop, now=started, too_old=TOO_OLD) if idle else None, code


def _ended(code: int, sent: str, ending: tuple[Outcome, str], sending: list[StageReport]) -> tuple[Outcome, str]:
    """Return how a run ended; where it is red the reason says what to do."""
    problem = next((problem for report in sending for problem in report.problems), None)
    if not code or problem is None:
        return ("failed" if code else "done", sent) if sent else ending
    outcome: Outcome = "waiting" if code == DecisionNeededError.exit_code else "failed"
    return outcome, " ".join(part for part in (sent, receipts.problem_sentence(problem)) if part)


def _compose(
    config: Config, shop: "Workshop", basis: str, *, now: datetime
) -> tuple[tuple[Outcome, str], list[StageReport], bool]:
    """Stages 3 to 6, unless everything is as the last run left it; the last value says whether it is."""
    from digest import bootstrap_desk, dispatch, pipeline, repeats

    last = repeats.same_again(shop, basis)
    if last is not None:
        line = f"nothing changed since {last.started:%Y-%m-%d %H:%M} UTC, so the issue is as it was"
        return (last.outcome, last.reason), [StageReport(stage="curate", skipped=(line,))], True
    desk, reports = pipeline.compose(shop, pipeline.next_issue_id(shop, now=now), now=now)
    if desk:
        bootstrap_desk.remember_standing(config, shop, desk.issue.issue_id)
    if desk is None:
        return receipts.nothing_new(dispatch.upcoming(shop, now=now)), reports, False
    return receipts.waiting_for(desk), reports, False


def _send(config: Config, shop: "Workshop", *, now: datetime) -> tuple[list[StageReport], DeliveryCounts, str, int]:
    """Send what is due: what happened, the counts of the last issue, a sentence if anything left, the exit code."""
    from digest import dispatch, mailroom

    reports: list[StageReport] = []
    counts, sent, code = DeliveryCounts(), "", 0
    for due in dispatch.due_issues(shop, now=now, too_old=TOO_OLD):
        try:
            report, counts = mailroom.deliver(config, shop, due)
        except DigestError as error:
            problem = Problem(where=due, what=str(error))
            report, code = StageReport(stage="send", problems=(problem,)), error.exit_code
        else:
            sent = receipts.sent_sentence(due, counts) if report.made else sent
            code = 4 if counts.still_to_send or counts.uncertain else code
        reports.append(report)
    return reports, counts, sent, code


def _missed(config: Config, shop: "Workshop", *, now: datetime) -> Problem | None:
    """Say that the last slot passed without its mail."""
    from digest import dispatch, mailroom

    return dispatch.missed_slot(
        shop, now=now, too_old=TOO_OLD, counts=lambda issue_id: mailroom.counts(config, shop.newsletter, issue_id)
    )
