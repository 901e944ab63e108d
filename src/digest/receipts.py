"""The receipt of a run: the sum of its stage reports, with one sentence that says why it ended as it did."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest.models.delivery import DeliveryCounts, GroupCount, ReasonCount
from digest.models.issue import Issue
from digest.models.report import Outcome, Problem, RunReceipt, StageReport, joined

if TYPE_CHECKING:
    from digest.pipeline import Desk


def of_prepare(
    newsletter_id: str,
    ending: tuple[Outcome, str],
    reports: Sequence[StageReport],
    *,
    started: datetime,
    finished: datetime,
    deliveries: DeliveryCounts | None = None,
    basis: str = "",
) -> RunReceipt:
    """Say what was done, and what stands between the newsletter and its next mail (see `waiting_for`)."""
    outcome, reason = ending
    return RunReceipt(
        run_id=new_run_id(started),
        newsletter_id=newsletter_id,
        started=started,
        finished=finished,
        outcome=outcome,
        reason=reason,
        stages=tuple(reports),
        deliveries=deliveries or DeliveryCounts(),
        basis=basis,
    )


def of_stage(newsletter_id: str, report: StageReport, *, started: datetime, finished: datetime) -> RunReceipt:
    """Say what one stage alone did. It says nothing of issues, so the next run looks at everything."""
    made, problems = len(report.made), len(report.problems)
    return RunReceipt(
        run_id=new_run_id(started),
        newsletter_id=newsletter_id,
        started=started,
        finished=finished,
        outcome="done" if made else "nothing_due",
        reason=f"`digest {report.stage}` alone: {made} made, {problems} problem{'' if problems == 1 else 's'}.",
        stages=(report,),
        deliveries=DeliveryCounts(),
    )


def waiting_for(desk: "Desk | None") -> tuple[Outcome, str]:
    """How a run ends that sent nothing: the outcome, and the reason in one sentence."""
    if desk is None:
        return nothing_new(None)
    name = desk.issue.issue_id
    if desk.review.state == "approved":
        return "waiting", f"The issue {name} is approved and waits for its slot."
    if desk.review.blocks:
        count = len(desk.review.blocks)
        return "waiting", (
            f"The issue {name} waits for you: {count} thing{'s' if count > 1 else ''} to mend. "
            f"See `digest review {name}`."
        )
    return (
        "waiting",
        f"The issue {name} waits for your approval: look at it and approve it with `digest preview {name}`, or `digest approve {name}`.",
    )


def nothing_new(upcoming: str | None) -> tuple[Outcome, str]:
    """How a run ends that made no issue, while an approved one may wait for its slot."""
    if upcoming is None:
        return "nothing_due", "Nothing new: no issue was made."
    return "waiting", f"Nothing new: the issue {upcoming} is approved and waits for its slot."


def new_run_id(started: datetime) -> str:
    """A name that sorts by time and is never made twice."""
    return f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def as_json(receipt: RunReceipt) -> dict[str, Any]:
    """The receipt in the form that docs/reference promises; counts only, never an address."""
    return {
        "run": receipt.run_id,
        "newsletter": receipt.newsletter_id,
        "started": receipt.started.isoformat(),
        "finished": receipt.finished.isoformat(),
        "outcome": receipt.outcome,
        "reason": receipt.reason,
        "stages": [asdict(stage) for stage in receipt.stages],
        "deliveries": deliveries_json(receipt.deliveries),
    }


def deliveries_json(counts: DeliveryCounts) -> dict[str, int]:
    """Return the ledger's sums in the form that docs/reference promises."""
    all_of_them = asdict(counts)
    all_of_them["planned"] += all_of_them["later"] + all_of_them["retrying"]
    return {name: all_of_them[name] for name in ("planned", "sent", "failed", "suppressed", "uncertain")}


def of_send(
    newsletter_id: str,
    issue_id: str,
    report: StageReport,
    counts: DeliveryCounts,
    *,
    started: datetime,
    finished: datetime,
) -> RunReceipt:
    """Say what became of the mails of one issue."""
    return RunReceipt(
        run_id=new_run_id(started),
        newsletter_id=newsletter_id,
        started=started,
        finished=finished,
        outcome="failed" if counts.still_to_send or counts.uncertain else "done",
        reason=sent_sentence(issue_id, counts),
        stages=(report,),
        deliveries=counts,
    )


_FATES: tuple[tuple[str, str], ...] = (
    ("planned", "still to send"),
    ("retrying", "tried again later, as their server asks"),
    ("later", "due when the reader's own clock shows the time"),
    ("failed", "refused by their server"),
    ("suppressed", "left before it was sent"),
    ("uncertain", "uncertain: the server may or may not have them, they are not sent again"),
)
"""States that are not the good end, in the order in which they are told."""


def with_groups(
    report: StageReport, issue: Issue, groups: Sequence[GroupCount], reasons: Sequence[ReasonCount] = ()
) -> StageReport:
    """Add to what sending did which items the issue carried, and which readers have it or have not, and why."""
    carried = [f"{story.kind} {story.key} was in it: {story.title!r}" for story in issue.stories] if report.made else []
    had = [f"{_group(one)}: {one.count} have it" for one in groups if one.state == "sent"]
    fates = dict(_FATES)
    waiting = [f"{_group(one)}: {one.count} {fates[one.state]}" for one in groups if one.state in fates]
    waiting += [f"{one.reason}: {one.count} {fates[one.state]}" for one in reasons if one.reason]
    more = StageReport(
        stage=report.stage,
        made=(*carried, *had) if report.made else (),
        skipped=(*waiting, *(() if report.made else had)),
    )
    return joined(report, more)


def _group(one: GroupCount) -> str:
    return f"readers of {one.locale}, {one.audience}" if one.audience else f"readers of {one.locale}"


def sent_sentence(issue_id: str, counts: DeliveryCounts) -> str:
    """One line with the ledger's sums."""
    return f"The issue {issue_id}: {sums(counts)}."


def sums(counts: DeliveryCounts) -> str:
    """Return the ledger's sums in words."""
    parts = [f"{counts.sent} of {counts.total} sent"]
    parts += [f"{getattr(counts, state)} {word}" for state, word in _FATES if getattr(counts, state)]
    if counts.passed_over:
        parts.append(f"{counts.passed_over} more had their issue of this month")
    return ", ".join(parts)


def problem_sentence(problem: Problem) -> str:
    """One line that says what is wrong and what to do."""
    what = problem.what if problem.what.endswith((".", "!", "?")) else f"{problem.what}."
    return " ".join(part for part in (f"{problem.where}: {what}", problem.mend) if part)
