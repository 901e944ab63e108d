"""What a bounce means for a reader: gone, not reachable now, or nothing that is hers to answer for.

Counted per issue and not per day: a weekly letter would see every count expire before the next one.
"""

import re
from collections.abc import Sequence
from typing import Literal

from digest.models.inbox import Bounces

SOFT_LIMIT = 3
"""Issues in a row that did not arrive, after which no further one is tried."""

_FULL = "5.2.2"
_GONE = ("5.1.", "5.2.1", "5.4.4")  # no such mailbox, disabled, no such host (RFC 3463 section 3)
_OURS = re.compile(r"[45]\.(?:7\.\d+|1\.[78])")
"""Policy, and the sender's own address (RFC 3463 sections 3.2 and 3.8)."""


def weight(bounce: Bounces) -> Literal["gone", "soft", "ours"]:
    """Return what one bounce says: what is about the sender (policy, address) is never held against a reader."""
    if _OURS.fullmatch(bounce.status):
        return "ours"
    if bounce.status.startswith("4.") or bounce.status == _FULL or not bounce.final:
        return "soft"
    return "gone" if bounce.status.startswith(_GONE) else "soft"


def unreachable(last_issues_failed: Sequence[bool]) -> bool:
    """Whether the newest issues, newest first, failed so often in a row that the reader is unreachable."""
    newest = last_issues_failed[:SOFT_LIMIT]
    return len(newest) == SOFT_LIMIT and all(newest)
