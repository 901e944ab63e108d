"""Send: an approved issue to each of its readers once (DESIGN, "Claim before sending").

Promises kept here: only the approved bytes leave; a reader whose message may already be with the server is never
written to again by itself; the sums balance, or the run is red.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from digest.errors import DeliveryError, NotApprovedError
from digest.models.delivery import (
    Accepted,
    Delivery,
    DeliveryCounts,
    DeliveryState,
    HandOver,
    Refused,
    Subscriber,
    TryLater,
)
from digest.models.edition import Approval, RenderedEdition
from digest.models.newsletter import Newsletter
from digest.models.report import Problem, StageReport
from digest.ports import Ledger, Mailer
from digest.text.mailbox import ascii_address
from digest.text.mime import MessageTemplate, proven_template
from digest.text.smtp_replies import is_about_the_reader

CHUNK = 50
"""Rows taken at a time: what falls back when a whole machine is lost."""
IN_A_ROW = 3
"""Readers in a row that the server would not take for a reason of its own; then the run stops."""

_NO_ASCII = "the address can not be used without SMTPUTF8"
_NO_EDITION = "the issue has no edition in this reader's language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the ledger is told about one attempt."""

    state: DeliveryState
    server_trouble: bool
    """Whether the next reader would fare the same."""


def verdict(outcome: HandOver) -> Verdict:
    """Decide what one answer of the server means.

    Only a refusal of this reader's own mailbox is final. A refusal of the sender (not signed in, daily quota,
    policy) would hit everybody, so its row stays planned.
    """
    match outcome:
        case Accepted():
            return Verdict(state="sent", server_trouble=False)
        case Refused():
            theirs = is_about_the_reader(outcome.reply)
            return Verdict(state="failed" if theirs else "planned", server_trouble=not theirs)
        case TryLater():
            return Verdict(state="planned", server_trouble=not is_about_the_reader(outcome.reply))
        case _:
            return Verdict(state="uncertain", server_trouble=True)


def combined_fingerprint(editions: Sequence[RenderedEdition]) -> str:
    """SHA-256 over (locale, fingerprint) of all editions, sorted by locale."""
    lines = sorted(f"{edition.locale} {edition.fingerprint}\n" for edition in editions)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def check_approval(
    issue_id: str, newsletter: Newsletter, editions: Sequence[RenderedEdition], approval: Approval
) -> None:
    """Raise NotApprovedError unless exactly these editions, one a locale, are approved for this issue."""
    again = f"Run `digest prepare`, look at the preview, then `digest approve {issue_id}`."
    if approval.issue_id != issue_id:
        message = f"The approval is for the issue {approval.issue_id} and not for {issue_id}. {again}"
        raise NotApprovedError(message)
    prints = {edition.locale: edition.fingerprint for edition in editions}
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


def send(
    issue_id: str,
    newsletter: Newsletter,
    editions: Sequence[RenderedEdition],
    approval: Approval,
    ledger: Ledger,
    mailer: Mailer,
    *,
    now: Callable[[], datetime],
    stop: Callable[[], bool],
) -> tuple[StageReport, DeliveryCounts]:
    """Send what is planned and record each answer; safe to repeat, and a second time it sends nothing.

    `stop` is asked between messages: the current one is finished, the rest stays planned. Raises NotApprovedError,
    StateConflictError (another run is sending), DeliveryError (no server, or sums that do not balance), and
    FileFormatError or SettingsError as `message_template`.
    """
    check_approval(issue_id, newsletter, editions, approval)
    composed = _composed(issue_id, newsletter, editions, now())
    newsletter_id = newsletter.newsletter_id
    with ledger.sending(newsletter_id) as run_id:
        frozen = ledger.freeze(newsletter_id, issue_id, combined_fingerprint(editions), sorted(composed))
        run = _Run(issue_id=issue_id, composed=composed, ledger=ledger, mailer=mailer, now=now, stop=stop)
        if frozen.planned and not run.ends():
            with mailer.open():
                run.go(lambda: ledger.claim(newsletter_id, issue_id, run_id, CHUNK))
        counts = ledger.counts(newsletter_id, issue_id)
    _balance(frozen, counts)
    return _report(run, frozen, counts), counts


def dry_run(
    issue_id: str,
    newsletter: Newsletter,
    editions: Sequence[RenderedEdition],
    readers: Sequence[tuple[Subscriber, str]],
    mailer: Mailer,
    *,
    now: datetime,
) -> StageReport:
    """Compose the mail of each (reader, token) and hand it to a mailer that sends nothing; no ledger is touched."""
    composed = _composed(issue_id, newsletter, editions, now)
    written: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    with mailer.open():
        for reader, token in readers:
            message = _message(composed, reader, reader.locale, token, now)
            if isinstance(message, str):
                skipped[message] += 1
                continue
            template, recipient, data = message
            mailer.hand_over(data, sender=template.sender, recipient=recipient, before_body=_nothing)
            written[reader.locale] += 1
    return StageReport(
        stage="send",
        made=tuple(f"{count} mails in {locale} written, nothing sent" for locale, count in sorted(written.items())),
        skipped=tuple(f"{count} readers: {why}" for why, count in sorted(skipped.items())),
    )


@dataclass(slots=True, kw_only=True)
class _Run:
    """One sending run: what it works with, and what it has counted so far."""

    issue_id: str
    composed: Mapping[str, MessageTemplate]
    ledger: Ledger
    mailer: Mailer
    now: Callable[[], datetime]
    stop: Callable[[], bool]
    sent: Counter[str] = field(default_factory=Counter)
    in_a_row: int = 0
    last_trouble: str = ""
    stopped: bool = False
    without_edition: int = 0

    def go(self, claim: Callable[[], Sequence[tuple[Delivery, Subscriber]]]) -> None:
        """Work through chunk after chunk until none is left, the server gives out or a stop is asked for.

        A row given back is not claimed again by this run (`Ledger.claim`), so this comes to an end.
        """
        while not self.ends() and (rows := claim()):
            for delivery, reader in rows:
                if self.ends():
                    self.ledger.mark(delivery, "planned")
                else:
                    self._one(delivery, reader)

    def ends(self) -> bool:
        """Ask whether to stop now: on request, or because the server would not take the next reader either."""
        self.stopped = self.stopped or self.stop()
        return self.stopped or self.in_a_row >= IN_A_ROW

    def _one(self, delivery: Delivery, reader: Subscriber) -> None:
        message = _message(self.composed, reader, delivery.locale, delivery.token, self.now())
        if message == _NO_EDITION:
            self.without_edition += 1
            self.ledger.mark(delivery, "planned", _NO_EDITION)
        elif isinstance(message, str):
            self.ledger.mark(delivery, "failed", message)
        else:
            self._attempt(delivery, *message)

    def _attempt(self, delivery: Delivery, template: MessageTemplate, recipient: str, data: bytes) -> None:
        outcome = self.mailer.hand_over(
            data,
            sender=template.sender,
            recipient=recipient,
            before_body=lambda: self.ledger.mark(delivery, "handing"),
        )
        decided = verdict(outcome)
        self.ledger.mark(delivery, decided.state, outcome.reply)
        if decided.server_trouble:
            self.in_a_row += 1
            self.last_trouble = outcome.reply
        elif decided.state == "sent":
            self.in_a_row = 0
            self.sent[delivery.locale] += 1


def _composed(
    issue_id: str, newsletter: Newsletter, editions: Sequence[RenderedEdition], now: datetime
) -> dict[str, MessageTemplate]:
    return {edition.locale: proven_template(edition, newsletter, issue_id, now=now) for edition in editions}


def _message(
    composed: Mapping[str, MessageTemplate], reader: Subscriber, locale: str, token: str, date: datetime
) -> tuple[MessageTemplate, str, bytes] | str:
    """Return the template, the address and the mail, or why there is none."""
    template = composed.get(locale)
    if template is None:
        return _NO_EDITION
    recipient = ascii_address(reader.address)
    if recipient is None:
        return _NO_ASCII
    return template, recipient, template.message(recipient=recipient, token=token, date=date)


def _nothing() -> None:
    """Stand where a ledger would be told; a dry run has none."""


def _balance(frozen: DeliveryCounts, counts: DeliveryCounts) -> None:
    if counts.total != frozen.total or counts.claimed or counts.handing:
        message = (
            f"The sums do not balance: {frozen.total} readers were frozen and {counts.total} are accounted for, "
            f"{counts.claimed + counts.handing} of them in no final state. Keep the state as it is and report this."
        )
        raise DeliveryError(message)


def _report(run: _Run, frozen: DeliveryCounts, counts: DeliveryCounts) -> StageReport:
    earlier = (
        (frozen.sent, "were sent this issue by an earlier run"),
        (counts.suppressed, "left before it was sent"),
        (counts.planned if run.stopped else 0, "wait for the next run, because this one was asked to stop"),
    )
    return StageReport(
        stage="send",
        made=tuple(f"{count} mails in {locale} sent" for locale, count in sorted(run.sent.items())),
        skipped=tuple(f"{count} readers {why}" for count, why in earlier if count),
        problems=tuple(_problems(run, counts)),
    )


def _problems(run: _Run, counts: DeliveryCounts) -> Iterable[Problem]:
    where = f"issue {run.issue_id}"
    if counts.uncertain:
        yield Problem(
            where=where,
            what=f"{counts.uncertain} messages: the server may or may not have them; they are not sent again by themselves",
            mend="Look for them in the Sent folder or the provider's log.",
        )
    if counts.failed:
        yield Problem(
            where=where, what=f"{counts.failed} messages were refused for good", mend="Check these addresses."
        )
    if run.without_edition:
        yield Problem(where=where, what=f"{run.without_edition} readers: {_NO_EDITION}", mend="Add the language.")
    if counts.planned and not run.stopped:
        words = f"; the server said: {run.last_trouble}" if run.last_trouble else ""
        yield Problem(where=where, what=f"{counts.planned} messages wait{words}", mend="Run `digest send` again later.")
