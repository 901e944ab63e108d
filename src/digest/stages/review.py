"""Review: what state an issue is in, what blocks it, and the approval of exactly what was rendered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from digest.errors import NotApprovedError
from digest.models.article import Article
from digest.models.edition import Approval, RenderedEdition, RenderOutcome
from digest.models.glossary import Glossary
from digest.models.issue import Dismissal, Issue
from digest.models.segment import Finding, Segment

IssueState = Literal["not_rendered", "changed", "blocked", "ready", "approved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Where an issue stands."""

    state: IssueState
    blocks: tuple[Finding, ...] = ()
    """Errors that stand against an approval."""
    warnings: tuple[Finding, ...] = ()
    dismissed: tuple[Finding, ...] = ()
    """Errors and warnings that the author lets stand, each with her reason."""
    findings: tuple[Finding, ...] = ()
    """All that was found, also what is only worth knowing."""


def word_findings(
    issue: Issue, articles: Mapping[str, Article], segments: Mapping[str, Sequence[Segment]], glossary: Glossary
) -> tuple[Finding, ...]:
    """Return what the checks find in all summaries and translations; `segments` are by locale, `articles` by id."""
    # The word lists are large, and most runs find nothing to review.
    from digest.text.word_checks import summary_word_findings, translation_word_findings

    found = [*summary_word_findings(issue, articles)]
    for locale, translated in segments.items():
        found += translation_word_findings(issue, translated, locale, glossary)
    return tuple(found)


def reviewed(
    files: Sequence[RenderedEdition],
    outcome: RenderOutcome,
    approval: Approval | None,
    issue: Issue,
    articles: Mapping[str, Article],
    segments: Mapping[str, Sequence[Segment]],
    glossary: Glossary,
) -> Review:
    """Review the editions and, where they are not approved, all words: what was approved was looked at."""
    first = review(files, outcome.editions, outcome.findings, approval)
    if first.state == "approved":
        return first
    found = (*outcome.findings, *word_findings(issue, articles, segments, glossary))
    return review(files, outcome.editions, with_reasons(found, issue.dismissed), approval)


def with_reasons(findings: Sequence[Finding], dismissed: Sequence[Dismissal]) -> tuple[Finding, ...]:
    """Return the findings, each with the reason why its author lets it stand, where she gave one."""
    reasons = {one.finding_id: one.reason for one in dismissed if one.reason.strip()}
    return tuple(
        replace(finding, dismissed=reasons.get(finding.finding_id, "")) if finding.finding_id else finding
        for finding in findings
    )


def dismissed(issue: Issue, findings: Sequence[Finding], finding_id: str, reason: str) -> Issue:
    """Return the issue with a finding dismissed for a reason, or open again for an empty one.

    Raises NotApprovedError where there is no such finding, or nobody may dismiss it.
    """
    found = next((one for one in findings if one.finding_id and one.finding_id == finding_id), None)
    if found is None:
        message = f"There is no finding {finding_id!r} that can be dismissed. `digest review --json` names them."
        raise NotApprovedError(message)
    kept = tuple(one for one in issue.dismissed if one.finding_id != finding_id)
    said = " ".join(reason.split())
    if not said:
        return replace(issue, dismissed=kept)
    words = " ".join(f"{value}" for name, value in found.values if name != "locale")
    new = Dismissal(finding_id=finding_id, check=found.check, where=found.where, words=words, reason=said)
    return replace(issue, dismissed=(*kept, new))


def review(
    files: Sequence[RenderedEdition],
    fresh: Sequence[RenderedEdition],
    findings: Sequence[Finding],
    approval: Approval | None,
) -> Review:
    """Compare the rendered files, a fresh rendering of the words as they are now, and the approval.

    `changed` means that words, templates or rendered files are not what they were at the last rendering.
    """
    open_now = [finding for finding in findings if not finding.dismissed]
    blocks = tuple(finding for finding in open_now if finding.severity == "error")
    warnings = tuple(finding for finding in open_now if finding.severity == "warning")
    let_stand = tuple(finding for finding in findings if finding.dismissed)
    if not files:
        state: IssueState = "not_rendered"
    elif fingerprints(files) != fingerprints(fresh):
        state = "changed"
    elif approval is not None and approval.fingerprints == fingerprints(files):
        state = "approved"
    else:
        state = "blocked" if blocks else "ready"
    return Review(state=state, blocks=blocks, warnings=warnings, dismissed=let_stand, findings=tuple(findings))


def fingerprints(editions: Sequence[RenderedEdition]) -> tuple[tuple[str, str], ...]:
    """(name, SHA-256) of each edition, sorted by name."""
    return tuple(sorted((edition.name, edition.fingerprint) for edition in editions))


def check_approver(approved_by: str, approvers: Sequence[str]) -> None:
    """Raise NotApprovedError unless this person may approve."""
    if approved_by.casefold() not in {name.casefold() for name in approvers}:
        message = "Only the approvers named in digest.toml can approve. Say who you are with --by."
        raise NotApprovedError(message)


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
    check_approver(approved_by, approvers)
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
    """Return the approval of some locales, or all; what an earlier one covers stays, and since when, while unchanged."""
    kept = set(before.fingerprints) if before else set()
    marks = [
        mark for mark in approval.fingerprints if not locales or mark[0].partition(".")[0] in locales or mark in kept
    ]
    since = before.first_at if before and kept.intersection(marks) else None
    return replace(approval, fingerprints=tuple(marks), since=since)


def approved_segments(segments: Sequence[Segment], needed: Mapping[str, str]) -> tuple[Segment, ...]:
    """Clear the draft flag of every sentence that the approved rendering shows; `needed` maps keys to sources."""
    return tuple(
        replace(segment, state="approved", previous_source=None, findings=())
        if segment.target and needed.get(segment.key) == segment.source
        else segment
        for segment in segments
    )
