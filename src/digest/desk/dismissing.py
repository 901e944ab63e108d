"""Letting a finding of the checks stand, for a reason that the issue keeps."""

from digest.pipeline import Workshop, open_issue
from digest.stages import review


def dismiss(shop: Workshop, issue_id: str, finding_id: str, reason: str) -> bool:
    """Let a finding stand, and say whether `issue.toml` changed; an empty reason opens it again.

    Raises NotApprovedError where there is no such finding, or nobody may dismiss it.
    """
    desk = open_issue(shop, issue_id)
    return shop.issues.write_issue(review.dismissed(desk.issue, desk.review.findings, finding_id, reason))
