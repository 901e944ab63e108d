"""What may be sent, and when: the approval of exactly these bytes, its age, and the reader's own hour."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from digest.errors import NotApprovedError
from digest.models.delivery import DueAt
from digest.models.edition import Approval, RenderedEdition
from digest.models.newsletter import Newsletter, Schedule

MAX_AGE = timedelta(hours=36)
"""How long after its last window, or its approval, an issue may still leave: an old state put back sends nothing."""


def combined_fingerprint(editions: Sequence[RenderedEdition]) -> str:
    """SHA-256 over (name, fingerprint) of all editions, sorted by name."""
    lines = sorted(f"{edition.name} {edition.fingerprint}\n" for edition in editions)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def check_approval(
    issue_id: str, newsletter: Newsletter, editions: Sequence[RenderedEdition], approval: Approval
) -> None:
    """Raise NotApprovedError unless exactly these editions, at least one a locale, are approved for this issue."""
    again = f"Run `digest prepare`, look at the preview, then `digest approve {issue_id}`."
    if approval.issue_id != issue_id:
        message = f"The approval is for the issue {approval.issue_id} and not for {issue_id}. {again}"
        raise NotApprovedError(message)
    prints = {edition.name: edition.fingerprint for edition in editions}
    missing = sorted(set(newsletter.locales) - set(prints))
    if missing or len(prints) != len(editions):
        message = (
            f"The issue {issue_id} has not one edition in each language ({', '.join(missing) or 'doubled'}). {again}"
        )
        raise NotApprovedError(message)
    approved = dict(approval.fingerprints)
    stale = sorted(name for name in prints.keys() | approved.keys() if prints.get(name) != approved.get(name))
    if stale:
        message = f"What would be sent of {issue_id} is not what was approved ({', '.join(stale)}). {again}"
        raise NotApprovedError(message)


def check_age(issue_id: str, schedule: Schedule, approval: Approval, now: datetime) -> None:
    """Raise NotApprovedError for an issue whose time is over: what she approved then may not be what she wants now."""
    if now > max(schedule.ends(date.fromisoformat(issue_id)), approval.approved_at) + MAX_AGE:
        message = (
            f"The issue {issue_id} is too old to be sent by itself: it was due on {issue_id}. "
            f"If it should still leave, look at it again, then `digest approve {issue_id}` and `digest send {issue_id}`."
        )
        raise NotApprovedError(message)


def due_at(schedule: Schedule, issue_id: str) -> DueAt:
    """Readers with a time zone get it at the time of their own day, the others at once."""
    day = date.fromisoformat(issue_id)
    return lambda zone: schedule.reader_slot(day, zone) if zone and schedule.reader_time else None
