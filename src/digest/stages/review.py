"""Review: what state an issue is in, what blocks it, and the approval of exactly what was rendered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from digest.errors import NotApprovedError
from digest.models.edition import Approval, RenderedEdition
from digest.models.segment import Finding, Segment

IssueState = Literal["not_rendered", "changed", "blocked", "ready", "approved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Where an issue stands."""

    state: IssueState
    blocks: tuple[Finding, ...] = ()
    """Errors that stand against an approval."""
    warnings: tuple[Finding, ...] = ()


def review(
    files: Sequence[RenderedEdition],
    fresh: Sequence[RenderedEdition],
    findings: Sequence[Finding],
    approval: Approval | None,
) -> Review:
    """Compare the rendered files, a fresh rendering of the words as they are now, and the approval.

    `changed` means that words, templates or rendered files are not what they were at the last rendering.
    """
    blocks = tuple(finding for finding in findings if finding.severity == "error")
    warnings = tuple(finding for finding in findings if finding.severity == "warning")
    if not files:
        state: IssueState = "not_rendered"
    elif fingerprints(files) != fingerprints(fresh):
        state = "changed"
    elif approval is not None and approval.fingerprints == fingerprints(files):
        state = "approved"
    else:
        state = "blocked" if blocks else "ready"
    return Review(state=state, blocks=blocks, warnings=warnings)


def fingerprints(editions: Sequence[RenderedEdition]) -> tuple[tuple[str, str], ...]:
    """(name, SHA-256) of each edition, sorted by name."""
    return tuple(sorted((edition.name, edition.fingerprint) for edition in editions))


def approve(
    issue_id: str,
    files: Sequence[RenderedEdition],
    reviewed: Review,
    *,
    approved_by: str,
    approvers: Sequence[str],
    how: str,
    now: datetime,
    shown: str | None = None,
) -> Approval:
    """Bind an approval to the rendered files. Raises NotApprovedError with what to do first.

    `shown` is the start of a fingerprint the approver saw; it has to belong to one of the editions.
    """
    if approved_by.casefold() not in {name.casefold() for name in approvers}:
        message = "Only the approvers named in digest.toml can approve. Say who you are with --by."
        raise NotApprovedError(message)
    if reviewed.state == "not_rendered":
        message = f"The issue {issue_id} is not rendered yet. Run `digest prepare` and look at the preview first."
        raise NotApprovedError(message)
    if reviewed.state == "changed":
        message = f"The words of {issue_id} changed after the last preview. Look at the new preview and approve again."
        raise NotApprovedError(message)
    if reviewed.blocks:
        message = f"{len(reviewed.blocks)} errors stand against {issue_id}. See `digest review {issue_id}`, mend them."
        raise NotApprovedError(message)
    marks = fingerprints(files)
    if shown is not None and not any(mark.startswith(shown.lower()) for _, mark in marks):
        message = f"What you saw ({shown}) is not what {issue_id} is now. Look at the preview again."
        raise NotApprovedError(message)
    return Approval(issue_id=issue_id, approved_by=approved_by, approved_at=now, how=how, fingerprints=marks)


def about(reviewed: Review, locales: Sequence[str]) -> Review:
    """Return the review of some locales: a finding that names no locale concerns them all."""
    blocks = [one for one in reviewed.blocks if dict(one.values).get("locale", "") in {"", *locales}]
    return replace(reviewed, blocks=tuple(blocks))


def narrowed(approval: Approval, locales: Sequence[str], before: Approval | None) -> Approval:
    """Return the approval of some locales; what an earlier one covers of the others stays, while it is unchanged."""
    kept = set(before.fingerprints) if before else set()
    marks = [mark for mark in approval.fingerprints if mark[0].partition(".")[0] in locales or mark in kept]
    return replace(approval, fingerprints=tuple(marks))


def approved_segments(segments: Sequence[Segment], needed: Mapping[str, str]) -> tuple[Segment, ...]:
    """Clear the draft flag of every sentence that the approved rendering shows; `needed` maps keys to sources."""
    return tuple(
        replace(segment, state="approved", previous_source=None, findings=())
        if segment.target and needed.get(segment.key) == segment.source
        else segment
        for segment in segments
    )
