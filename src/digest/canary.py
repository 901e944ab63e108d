"""The author's own mailbox gets each issue first; only when it arrived as it was sent do the others get it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.errors import DeliveryError
from digest.models.delivery import Accepted, CanaryMail, HandOver, Parcel, Unknown
from digest.ports import Mailer
from digest.sending_ports import CanaryLog, SentMailbox
from digest.text.canary import differences, is_judged

POLL_SECONDS = 5.0
ARRIVED = "the author's own copies arrived as they were sent, and their server trusts the sender"
NOT_JUDGED = (
    "the author's own copies arrived as they were sent; their server does not say whether it trusts the sender (no "
    "Authentication-Results), so SPF, DKIM and DMARC were not looked at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryProof:
    """Sends the author's copies, waits for them and compares; called inside `Mailer.open`."""

    mailer: Mailer
    mailbox: SentMailbox
    log: CanaryLog
    wait_seconds: float
    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    def __call__(self, mails: Sequence[CanaryMail]) -> Sequence[str]:
        """Prove an issue once, and say what was proved. Raises DeliveryError where a copy is refused, does not arrive, or arrives changed."""
        first = mails[0].parcel.delivery
        if self.log.proved(first.newsletter_id, first.issue_id):
            return ()
        # A run that was killed while it waited has sent them already.
        self._send([mail for mail in mails if self.mailbox.find(mail.message_id) is None])
        found = self._arrived(mails)
        wrong = [
            f"{mail.parcel.delivery.locale}: {what}"
            for mail in mails
            for what in differences(mail.parcel.message, found[mail.message_id], mail.personal_link)
        ]
        if wrong:
            raise DeliveryError(
                f"The author's own copy did not arrive as it was sent ({'; '.join(wrong)}). Nobody else was written to. "
                "Look at the mail provider's settings for tracking and footers, and at SPF, DKIM and DMARC."
            )
        self.log.prove(first.newsletter_id, first.issue_id, now=self.now())
        judged = all(is_judged(received) for received in found.values())
        return (ARRIVED if judged else NOT_JUDGED,)

    def _send(self, mails: Sequence[CanaryMail]) -> None:
        outcomes: list[HandOver] = []

        def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
            del beginning
            outcomes.extend(outcome for _, outcome in settled)
            return True

        self.mailer.send(iter([mail.parcel for mail in mails]), journal)
        # One whose answer was lost may arrive all the same, so it is waited for.
        no = [outcome.reply for outcome in outcomes if not isinstance(outcome, (Accepted, Unknown))]
        if no:
            raise DeliveryError(f"The author's own copy was not taken: {no[0]}. Nobody else was written to.")

    def _arrived(self, mails: Sequence[CanaryMail]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        waited = 0.0
        while True:
            for mail in mails:
                if mail.message_id not in found and (received := self.mailbox.find(mail.message_id)) is not None:
                    found[mail.message_id] = received
            if len(found) == len(mails):
                return found
            if waited >= self.wait_seconds:
                raise DeliveryError(
                    f"The author's own copy did not arrive within {self.wait_seconds:.0f} seconds. Nobody else was "
                    "written to. Look whether it lies among the spam, then run `digest send` again."
                )
            self.sleep(POLL_SECONDS)
            waited += POLL_SECONDS
