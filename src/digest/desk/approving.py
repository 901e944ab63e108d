"""Approving what was seen, and taking it back."""

from collections.abc import Mapping
from datetime import datetime

from digest import pipeline
from digest.desk.refused import RefusedError
from digest.models.edition import Approval
from digest.models.message import N_
from digest.pipeline import Desk, Workshop
from digest.stages import review

CHANGED = N_("Something changed after you looked. Nothing was approved: look at the new version, then approve it.")


def approve(
    shop: Workshop,
    issue_id: str,
    *,
    seen: Mapping[str, str],
    locales: tuple[str, ...],
    by: str,
    now: datetime,
    unchecked: bool = False,
) -> Approval:
    """Approve these locales; `seen` is the fingerprint of each edition as it stood on her page.

    `unchecked` says that she knows that retractions could perhaps not be looked up. Raises RefusedError where one of them is another by now, NotApprovedError where something stands against it.
    """
    if not locales or not set(locales) <= set(shop.newsletter.locales):
        raise RefusedError(N_("This newsletter has no edition in this language."), status=404)
    editions = pipeline.open_issue(shop, issue_id).outcome.editions
    wanted = {edition.name: seen.get(edition.name, "") for edition in editions if edition.locale in locales}
    if not _covers(dict(review.fingerprints(editions)), wanted):
        raise RefusedError(CHANGED)
    approval = pipeline.approve(
        shop, issue_id, approved_by=by, how="desk", now=now, locales=locales, unchecked=unchecked
    )
    if not _covers(dict(approval.fingerprints), wanted):
        # A file was edited in the very moment between the look and the rendering.
        withdraw(shop, issue_id)
        raise RefusedError(CHANGED)
    return approval


def withdraw(shop: Workshop, issue_id: str) -> bool:
    """Take the approval back; False where there was none. What was sent already stays sent."""
    return shop.rendered.remove_approval(shop.newsletter.newsletter_id, issue_id)


def approved_locales(desk: Desk) -> tuple[str, ...]:
    """The locales all of whose editions, as they are now, are approved."""
    given = set(desk.approval.fingerprints) if desk.approval else set()
    open_ones = {one.locale for one in desk.outcome.editions if (one.name, one.fingerprint) not in given}
    return tuple(dict.fromkeys(one.locale for one in desk.outcome.editions if one.locale not in open_ones))


def ended_editions(desk: Desk) -> tuple[str, ...]:
    """The editions whose approval ended because something in them changed."""
    now = dict(review.fingerprints(desk.outcome.editions))
    given = desk.approval.fingerprints if desk.approval else ()
    return tuple(name for name, mark in given if now.get(name) != mark)


def standing(desk: Desk) -> str:
    """`approved`, `ready` or `blocked`, by the words as they are now: the desk renders them again before it approves."""
    if desk.review.state in {"changed", "not_rendered"}:
        return "blocked" if desk.review.blocks else "ready"
    return desk.review.state


def _covers(marks: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(mark and marks.get(locale) == mark for locale, mark in wanted.items())
