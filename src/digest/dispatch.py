"""Stage 8 on issues that are approved: which are due, and who gets them. Every function is safe to repeat.

The stages are imported where they are called, as in `pipeline`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from digest import slots, studies
from digest.errors import NotApprovedError
from digest.models.delivery import DeliveryCounts, Subscriber
from digest.models.report import Problem, StageReport
from digest.pipeline import Desk, Workshop, is_approved, open_issue
from digest.ports import Mailer
from digest.sending_ports import SendingTools


def approved_issue(shop: Workshop, issue_id: str) -> Desk:
    """Return an issue that may be sent. Raises NotApprovedError that says why it may not."""
    desk = open_issue(shop, issue_id)
    if desk.approval is None:
        message = f"The issue {issue_id} is not approved. Look at it, then run `digest approve {issue_id}`."
        raise NotApprovedError(message)
    if desk.review.state != "approved":
        message = (
            f"The approval of {issue_id} is stale: words or rendered files changed after it. "
            f"Run `digest prepare`, look again, then `digest approve {issue_id}`."
        )
        raise NotApprovedError(message)
    return desk


def due_issues(shop: Workshop, *, now: datetime, too_old: timedelta) -> list[str]:
    """Approved issues whose slot has come and is not long past, oldest first."""
    return slots.due(_calendar(shop), now=now, too_old=too_old)


def upcoming(shop: Workshop, *, now: datetime) -> str | None:
    """The next issue that is approved and whose slot has not come."""
    names = shop.issues.issue_ids(shop.newsletter.newsletter_id)
    ahead = (name for name in names if shop.newsletter.schedule.slot(date.fromisoformat(name)) > now)
    return next((name for name in ahead if is_approved(shop, name)), None)


def missed_slot(
    shop: Workshop, *, now: datetime, too_old: timedelta, counts: Callable[[str], DeliveryCounts]
) -> Problem | None:
    """Say that the last slot passed without its mail. `counts` asks the ledger what became of an issue."""
    return slots.missed(_calendar(shop), now=now, too_old=too_old, counts=counts)


def _calendar(shop: Workshop) -> slots.Calendar:
    return slots.Calendar(
        schedule=shop.newsletter.schedule,
        issue_ids=shop.issues.issue_ids(shop.newsletter.newsletter_id),
        approved=lambda name: is_approved(shop, name),
    )


def deliver(shop: Workshop, issue_id: str, tools: SendingTools) -> tuple[StageReport, DeliveryCounts]:
    """Stage 8 on an approved issue."""
    from digest.stages import review, send

    desk = approved_issue(shop, issue_id)
    studies.hold_if_retracted(shop, desk.issue, now=tools.now())
    editions = shop.rendered.read_rendered(shop.newsletter.newsletter_id, issue_id)
    if desk.approval is None or review.fingerprints(editions) != desk.approval.fingerprints:
        message = f"The rendered files of {issue_id} changed a moment ago. Run `digest review {issue_id}`."
        raise NotApprovedError(message)
    return send.send(issue_id, shop.newsletter, editions, desk.approval, tools)


def write_mails(
    shop: Workshop, issue_id: str, readers: Sequence[tuple[Subscriber, str]], mailer: Mailer, *, now: datetime
) -> StageReport:
    """The dry run of stage 8: the mail of each (reader, token) of an approved issue, to a mailer that sends nothing."""
    from digest.stages import send

    approved_issue(shop, issue_id)
    editions = shop.rendered.read_rendered(shop.newsletter.newsletter_id, issue_id)
    return send.dry_run(issue_id, shop.newsletter, editions, readers, mailer, now=now)
