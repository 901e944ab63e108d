"""What a sending run works with, besides the ledger and the mailer of `ports`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from digest.models.delivery import CanaryMail
from digest.models.sending import Signer
from digest.ports import Ledger, Mailer


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingTools:
    """What a sending run works with; `mailroom` fills it."""

    ledger: Ledger
    mailer: Mailer
    now: Callable[[], datetime]
    stop: Callable[[], bool]
    """Asked between messages: those under way are finished, the rest stays planned."""
    signer: Signer | None = None
    chunks_ahead: int = 1
    """Into how many parts a chunk is divided: 2 lets other processors sign the next while one is sent."""
    canary: Callable[[Sequence[CanaryMail]], Sequence[str]] | None = None
    """Proves the author's own copies before anybody else is written to, and says what was proved, a line each.

    Raises DeliveryError where it can not.
    """
    key_mark: str = ""
    """Written to the ledger as a mail is handed over with a key that makes it safe to hand it over again."""
    canary_address: str = field(default="", repr=False)


class CanaryLog(Protocol):
    """Send: which issues the author's own copy has proved."""

    def proved(self, newsletter_id: str, issue_id: str) -> bool:
        """Whether that of a frozen issue arrived as it was sent."""
        ...

    def prove(self, newsletter_id: str, issue_id: str, *, now: datetime) -> None:
        """Remember that it did."""
        ...


class SentMailbox(Protocol):
    """Send: a mailbox in which a mail is looked up."""

    def find(self, message_id: str) -> bytes | None:
        """Return the mail with this Message-ID (with its brackets), or None. Raises DeliveryError."""
        ...
