"""Send: an approved issue to each of its readers once (DESIGN, "Claim before sending").

Promises kept here: only the approved bytes leave; a reader whose message may already be with the server is never
written to again by itself; the sums balance, or the run is red.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from digest.errors import DeliveryError, SettingsError
from digest.models.delivery import (
    CanaryMail,
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
from digest.ports import Mailer
from digest.sending_ports import SendingTools
from digest.text.mime import MessageTemplate
from digest.text.parcels import NO_EDITION, compose_editions, parcel_of, parcels_of
from digest.text.sending_rules import check_age, check_approval, combined_fingerprint, due_at
from digest.text.verdicts import Breaker, verdict

CHUNK = 50
"""Rows taken at a time: what falls back when a whole machine is lost."""


def send(
    issue_id: str,
    newsletter: Newsletter,
    editions: Sequence[RenderedEdition],
    approval: Approval,
    tools: SendingTools,
) -> tuple[StageReport, DeliveryCounts]:
    """Send what is planned and record each answer; safe to repeat, and a second time it sends nothing.

    Raises NotApprovedError, StateConflictError (another run is sending), DeliveryError (no server, or sums that do not
    balance), and FileFormatError or SettingsError as `message_template`.
    """
    check_approval(issue_id, newsletter, editions, approval)
    composed = compose_editions(issue_id, newsletter, editions, tools.now(), tools.signer)
    ledger, newsletter_id = tools.ledger, newsletter.newsletter_id
    before = ledger.counts(newsletter_id, issue_id)
    if before.total == 0 or before.still_to_send or before.later:
        check_age(issue_id, newsletter.schedule, approval, tools.now())
    with ledger.sending(newsletter_id) as run_id:
        due = due_at(newsletter.schedule, issue_id)
        frozen = ledger.freeze(newsletter_id, issue_id, combined_fingerprint(editions), sorted(newsletter.locales), due)
        run = _Run(issue_id=issue_id, composed=composed, tools=tools, breaker=Breaker(total=frozen.total))
        if frozen.planned and not run.ends():
            with tools.mailer.open():
                if tools.canary is not None:
                    run.proved = tools.canary(_canary_mails(issue_id, newsletter, composed, tools))
                rows = run.parcels(lambda: ledger.claim(newsletter_id, issue_id, run_id, CHUNK // tools.chunks_ahead))
                with closing(rows) as parcels:
                    tools.mailer.send(parcels, run.journal)
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
    composed = compose_editions(issue_id, newsletter, editions, now)
    written: Counter[str] = Counter()
    skipped: Counter[str] = Counter()

    def parcels() -> Iterator[Parcel]:
        for reader, token in readers:
            delivery = _unrecorded(issue_id, reader, token)
            parcel = parcel_of(composed, delivery, reader, now)
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
    tools: SendingTools
    breaker: Breaker
    sent: Counter[str] = field(default_factory=Counter)
    stopped: bool = False
    proved: Sequence[str] = ()
    """What the author's own copies proved."""
    without_edition: int = 0

    def parcels(self, claim: Callable[[], Sequence[tuple[Delivery, Subscriber]]]) -> Generator[Parcel]:
        """Compose mail after mail until none is left, the server gives out or a stop is asked for.

        A row given back is not claimed again by this run (`Ledger.claim`), so this comes to an end.
        """
        waiting: deque[Iterator[tuple[Delivery, Parcel | str]]] = deque()
        while not self.ends():
            while len(waiting) < self.tools.chunks_ahead and (rows := claim()):
                composed = parcels_of(self.composed, rows, self.tools.now)
                waiting.append(zip((delivery for delivery, _ in rows), composed, strict=True))
            if not waiting:
                return
            for delivery, parcel in waiting.popleft():
                if self.ends():
                    return
                if isinstance(parcel, str):
                    self._impossible(delivery, parcel)
                else:
                    yield parcel

    def journal(self, settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        """Write down what happened and, unless this is the end, that the next bodies leave; in one transaction."""
        changes = [self._settle(parcel.delivery, outcome) for parcel, outcome in settled]
        goes_on = not self.ends()
        if goes_on:
            mark = self.tools.key_mark
            changes += [Change(delivery=parcel.delivery, state="handing", reply=mark) for parcel in beginning]
        self.tools.ledger.record(changes)
        return goes_on

    def ends(self) -> bool:
        """Ask whether to stop now: on request, or because the server would not take the next reader either."""
        self.stopped = self.stopped or self.tools.stop()
        return self.stopped or self.breaker.open

    def _settle(self, delivery: Delivery, outcome: HandOver) -> Change:
        decided = verdict(outcome, delivery.retries)
        self.breaker.count(outcome, decided)
        if decided.state == "sent":
            self.sent[delivery.locale] += 1
        return Change(delivery=delivery, state=decided.state, reply=outcome.reply, pause=decided.pause)

    def _impossible(self, delivery: Delivery, why: str) -> None:
        self.without_edition += why == NO_EDITION
        state: DeliveryState = "planned" if why == NO_EDITION else "failed"
        self.tools.ledger.record([Change(delivery=delivery, state=state, reply=why)])


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


def _canary_mails(
    issue_id: str, newsletter: Newsletter, composed: Mapping[str, MessageTemplate], tools: SendingTools
) -> tuple[CanaryMail, ...]:
    """One copy of each edition for the author; its token belongs to no reader and counts nowhere."""
    mails = []
    for name, template in sorted(composed.items()):
        # Of the words, too: an issue that was mended is a new copy.
        token = hashlib.sha256(b"canary\n" + issue_id.encode() + template.head).hexdigest()[:32]
        author = Subscriber(
            subscriber_id="",
            newsletter_id=newsletter.newsletter_id,
            address=tools.canary_address,
            locale=template.locale,
        )
        parcel = parcel_of(
            {name: template}, replace(_unrecorded(issue_id, author, token), locale=name), author, tools.now()
        )
        if isinstance(parcel, str):
            raise SettingsError(f"The address in [canary] can not be written to: {parcel}.")
        link = template.personal_link(token)
        mails.append(CanaryMail(parcel=parcel, message_id=template.message_id(token), personal_link=link))
    return tuple(mails)


def _balance(frozen: DeliveryCounts, counts: DeliveryCounts) -> None:
    if not counts.total == frozen.total == counts.frozen or counts.claimed or counts.handing:
        message = (
            f"The sums do not balance: {counts.frozen} readers were frozen and {counts.total} are accounted for, "
            f"{counts.claimed + counts.handing} of them in no final state. Keep the state as it is and report this."
        )
        raise DeliveryError(message)


def _report(run: _Run, frozen: DeliveryCounts, counts: DeliveryCounts) -> StageReport:
    earlier = (
        (frozen.sent, "were sent this issue by an earlier run"),
        (counts.suppressed, "left before it was sent"),
        (counts.later, "get it when their own clock shows the time"),
        (counts.retrying, "are tried again, because their server said later"),
        (counts.passed_over, "want one issue a month and had this month's"),
        (counts.planned if run.stopped else 0, "wait for the next run, because this one was asked to stop"),
    )
    return StageReport(
        stage="send",
        made=(*run.proved, *(f"{count} mails in {locale} sent" for locale, count in sorted(run.sent.items()))),
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
        yield Problem(where=where, what=f"{run.without_edition} readers: {NO_EDITION}", mend="Add the language.")
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
