"""What a mail server's answers mean for the ledger, and when they mean that no more should be sent."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from digest.models.delivery import Accepted, DeliveryState, HandOver, Refused, TryLater
from digest.text.smtp_replies import is_about_the_reader

IN_A_ROW = 3
"""Readers in a row that the server would not take for a reason of its own; then the run stops."""
EARLY, TOO_MANY_EARLY = 50, 10
TOO_LARGE_A_PART = 0.05
_FEWEST = 3
"""Refusals that stop nothing yet, however short the list is: one greylisting server is not a blocked sender."""
RETRY_PAUSES: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""A mail that a reader's server takes "later" is tried again so often, after so long; then it has failed."""
LONGEST_PAUSE: Final = max(RETRY_PAUSES)
_POLICY = re.compile(r"(?:the sender is refused: )?\d{3}[ -][45]\.7\.\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the ledger is told about one attempt."""

    state: DeliveryState
    server_trouble: bool
    """Whether the next reader would fare the same."""
    pause: timedelta | None = None
    """How long the mail rests before it is tried again; None for no longer than until the next run."""


_SENT: Final = Verdict(state="sent", server_trouble=False)


def verdict(outcome: HandOver, retries: int = 0) -> Verdict:
    """Decide what one answer of the server means.

    Only a refusal of this reader's own mailbox is final. A refusal of the sender (not signed in, daily quota,
    policy) would hit everybody, so its row stays planned. `retries` says how often this reader's server has asked to
    try again.
    """
    match outcome:
        case Accepted():
            return _SENT
        case Refused():
            theirs = is_about_the_reader(outcome.reply)
            return Verdict(state="failed" if theirs else "planned", server_trouble=not theirs)
        case TryLater() if is_about_the_reader(outcome.reply):
            if retries >= len(RETRY_PAUSES):
                return Verdict(state="failed", server_trouble=False)
            return Verdict(state="planned", server_trouble=False, pause=RETRY_PAUSES[retries])
        case TryLater():
            return Verdict(state="planned", server_trouble=True)
        case _:
            return Verdict(state="uncertain", server_trouble=True)


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Stops a run whose mails are refused for what the sender is (RFC 3463 x.7.x), before that makes it worse."""

    total: int
    """Mails of the issue."""
    attempts: int = 0
    by_policy: int = 0
    in_a_row: int = 0
    last_trouble: str = ""

    def count(self, outcome: HandOver, decided: Verdict) -> None:
        """Take one answer into account."""
        self.attempts += 1
        if decided.state == "sent":
            self.in_a_row = 0
            return
        self.by_policy += _POLICY.match(outcome.reply) is not None
        if decided.server_trouble:
            self.in_a_row += 1
            self.last_trouble = outcome.reply

    @property
    def refused_by_policy(self) -> bool:
        """Whether 10 of the first 50, or 5 % of the issue, were refused by policy."""
        early = self.attempts <= EARLY and self.by_policy >= TOO_MANY_EARLY
        return early or self.by_policy >= max(_FEWEST, TOO_LARGE_A_PART * self.total)

    @property
    def open(self) -> bool:
        """Whether nothing more may be begun."""
        return self.in_a_row >= IN_A_ROW or self.refused_by_policy
