"""Send: an approved issue to each of its readers once (DESIGN, "Claim before sending").

Promises kept here: only the approved bytes leave; a reader whose message may already be with the server is never
written to again by itself; the sums balance, or the run is red.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from digest.errors import DeliveryError, NotApprovedError
from digest.models.delivery import (
    Change,
    Delivery,
    DeliveryCounts,
    DeliveryState,
    HandOver,
    Parcel,
    Subscriber,
)
from digest.models.edition import Approval, RenderedEdition
from digest.models.newsletter import Newsletter
from digest.models.report import Problem, StageReport
from digest.ports import Ledger, Mailer
from digest.text.mailbox import ascii_address
from digest.text.mime import MessageTemplate, proven_template
from digest.text.verdicts import Breaker, verdict

CHUNK = 50
"""Rows taken at a time: what falls back when a whole machine is lost."""

_NO_ASCII = "the address can not be used without SMTPUTF8"
_NO_EDITION = "the issue has no edition in this reader's language"


def combined_fingerprint(editions: Sequence[RenderedEdition]) -> str:
    """SHA-256 over (name, fingerprint) of all editions, sorted by name."""
    lines = sorted(f"{edition.name} {edition.fingerprint}\n" for edition in editions)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def check_approval(
    issue_id: str, newsletter: Newsletter, editions: Sequence[RenderedEdition], approval: Approval
) -> None:
    """Raise NotApprovedError unless exactly these editions, at least one a locale, are approved for this issue."""
    again = f"Run `digest prepare`, look at the preview, then `digest approve {issue_id}`."
    if approval.issue_id != issue_id:
        message = f"The approval is for the issue {approval.issue_id} and not for {issue_id}. {again}"
        raise NotApprovedError(message)
    prints = {edition.name: edition.fingerprint for edition in editions}
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

    `stop` is asked between messages: those under way are finished, the rest stays planned. Raises NotApprovedError,
    StateConflictError (another run is sending), DeliveryError (no server, or sums that do not balance), and
    FileFormatError or SettingsError as `message_template`.
    """
    check_approval(issue_id, newsletter, editions, approval)
    composed = _composed(issue_id, newsletter, editions, now())
    newsletter_id = newsletter.newsletter_id
    with ledger.sending(newsletter_id) as run_id:
        frozen = ledger.freeze(newsletter_id, issue_id, combined_fingerprint(editions), sorted(newsletter.locales))
        breaker = Breaker(total=frozen.total)
        run = _Run(issue_id=issue_id, composed=composed, ledger=ledger, now=now, stop=stop, breaker=breaker)
        if frozen.planned and not run.ends():
            with mailer.open():
                mailer.send(run.parcels(lambda: ledger.claim(newsletter_id, issue_id, run_id, CHUNK)), run.journal)
    # Now, for what the run had claimed and not begun is planned again at its end.
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

    def parcels() -> Iterator[Parcel]:
        for reader, token in readers:
            delivery = _unrecorded(issue_id, reader, token)
            parcel = _parcel(composed, delivery, reader, now)
            if isinstance(parcel, str):
                skipped[parcel] += 1
            else:
                written[reader.locale] += 1
                yield parcel

    with mailer.open():
        mailer.send(parcels(), lambda _settled, _beginning: True)
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
    now: Callable[[], datetime]
    stop: Callable[[], bool]
    breaker: Breaker
    sent: Counter[str] = field(default_factory=Counter)
    stopped: bool = False
    without_edition: int = 0

    def parcels(self, claim: Callable[[], Sequence[tuple[Delivery, Subscriber]]]) -> Iterator[Parcel]:
        """Compose mail after mail until none is left, the server gives out or a stop is asked for.

        A row given back is not claimed again by this run (`Ledger.claim`), so this comes to an end.
        """
        while not self.ends() and (rows := claim()):
            for delivery, reader in rows:
                if self.ends():
                    return
                parcel = _parcel(self.composed, delivery, reader, self.now())
                if isinstance(parcel, str):
                    self._impossible(delivery, parcel)
                else:
                    yield parcel

    def journal(self, settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        """Write down what happened and, unless this is the end, that the next bodies leave; in one transaction."""
        changes = [self._settle(parcel.delivery, outcome) for parcel, outcome in settled]
        goes_on = not self.ends()
        if goes_on:
            changes += [Change(delivery=parcel.delivery, state="handing") for parcel in beginning]
        self.ledger.record(changes)
        return goes_on

    def ends(self) -> bool:
        """Ask whether to stop now: on request, or because the server would not take the next reader either."""
        self.stopped = self.stopped or self.stop()
        return self.stopped or self.breaker.open

    def _settle(self, delivery: Delivery, outcome: HandOver) -> Change:
        decided = verdict(outcome)
        self.breaker.count(outcome, decided)
        if decided.state == "sent":
            self.sent[delivery.locale] += 1
        return Change(delivery=delivery, state=decided.state, reply=outcome.reply)

    def _impossible(self, delivery: Delivery, why: str) -> None:
        self.without_edition += why == _NO_EDITION
        state: DeliveryState = "planned" if why == _NO_EDITION else "failed"
        self.ledger.record([Change(delivery=delivery, state=state, reply=why)])


def _composed(
    issue_id: str, newsletter: Newsletter, editions: Sequence[RenderedEdition], now: datetime
) -> dict[str, MessageTemplate]:
    return {edition.name: proven_template(edition, newsletter, issue_id, now=now) for edition in editions}


def _parcel(
    composed: Mapping[str, MessageTemplate], delivery: Delivery, reader: Subscriber, date: datetime
) -> Parcel | str:
    """Return the mail, or why there is none."""
    # The edition of the reader's audience where it has one, else that of the locale.
    template = composed.get(f"{delivery.locale}.{delivery.audience}") or composed.get(delivery.locale)
    if template is None:
        return _NO_EDITION
    recipient = ascii_address(reader.address)
    if recipient is None:
        return _NO_ASCII
    message = template.message(recipient=recipient, token=delivery.token, date=date)
    return Parcel(delivery=delivery, sender=template.sender, recipient=recipient, message=message)


def _unrecorded(issue_id: str, reader: Subscriber, token: str) -> Delivery:
    """Stand for a row of the ledger where none is written."""
    return Delivery(
        issue_id=issue_id,
        newsletter_id=reader.newsletter_id,
        subscriber_id=reader.subscriber_id,
        locale=reader.locale,
        audience=reader.audience,
        state="planned",
        token=token,
    )


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
    if run.breaker.refused_by_policy:
        yield Problem(
            where=where,
            what=f"{run.breaker.by_policy} of {run.breaker.attempts} messages were refused for what the sender is",
            mend="Look at SPF, DKIM and DMARC of the sender's domain and at the provider's own pages before sending on.",
        )
    if counts.planned and not run.stopped:
        trouble = run.breaker.last_trouble
        words = f"; the server said: {trouble}" if trouble else ""
        yield Problem(where=where, what=f"{counts.planned} messages wait{words}", mend="Run `digest send` again later.")
