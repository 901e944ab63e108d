"""The stores in memory, held to the same contract tests as the databases."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Literal
from zoneinfo import ZoneInfo

from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.marking import LEGAL, clean_reply, conflict
from digest.adapters.stores.people import PeopleStore
from digest.errors import NotApprovedError, StateConflictError
from digest.i18n import choose_locale
from digest.models.article import Article, Sighting
from digest.models.consent import PREFERENCES, Consent, Entry, Joining, Leaving
from digest.models.delivery import Change, Delivery, DeliveryCounts, DeliveryState, DueAt, Subscriber, at_once
from digest.models.engine_use import EngineUse, summed
from digest.models.report import RunReceipt
from digest.models.source import FeedCache
from digest.text.addresses import read_address
from digest.works.identity import keys_of, name_key


class FakeStateStore:
    """StateStore in memory."""

    def __init__(self) -> None:
        self.broken_rows = 0
        self._caches: dict[str, FeedCache] = {}
        self._articles: dict[tuple[str, str], Article] = {}
        self._receipts: dict[tuple[str, str], RunReceipt] = {}
        self._keys: dict[tuple[str, str], set[str]] = {}
        self._pauses: dict[str, datetime] = {}
        self._uses: dict[str, dict[str, tuple[EngineUse, ...]]] = {}

    def feed_caches(self, source_keys: Collection[str]) -> Mapping[str, FeedCache]:
        return {key: self._caches.get(key, FeedCache(source_key=key)) for key in source_keys}

    def articles_of(self, newsletter_id: str, source_key: str) -> tuple[Article, ...]:
        return tuple(article for article in self.articles(newsletter_id) if article.source_key == source_key)

    def left_behind(self, newsletter_id: str, source_keys: Collection[str]) -> tuple[Article, ...]:
        return tuple(article for article in self.articles(newsletter_id) if article.source_key not in source_keys)

    def sightings(self, newsletter_id: str, keys: Collection[str]) -> Mapping[str, Sighting]:
        found: dict[str, Sighting] = {}
        for article in self.articles(newsletter_id):
            known = self._keys.get((newsletter_id, article.article_id), set()) | {name_key(article.article_id)}
            sighting = Sighting(article_id=article.article_id, source_key=article.source_key)
            found |= dict.fromkeys(known & set(keys), sighting)
        return found

    def host_pauses(self) -> Mapping[str, datetime]:
        return dict(self._pauses)

    def save_host_pause(self, host: str, until: datetime) -> None:
        self._pauses[host] = until

    def save_collected(self, caches: Sequence[FeedCache], articles: Sequence[Article]) -> None:
        self._caches |= {cache.source_key: cache for cache in caches}
        for article in articles:
            self.save_article(article)

    def save_article(self, article: Article) -> None:
        key = (article.newsletter_id, article.article_id)
        self._articles[key] = article
        self._keys.setdefault(key, set()).update(keys_of(article.text.url, article.doi))

    def articles(self, newsletter_id: str) -> tuple[Article, ...]:
        found = [article for article in self._articles.values() if article.newsletter_id == newsletter_id]
        return tuple(sorted(found, key=lambda article: (article.first_seen, article.article_id)))

    def save_receipt(self, receipt: RunReceipt) -> None:
        self._receipts[receipt.newsletter_id, receipt.run_id] = receipt

    def receipts(self, newsletter_id: str, limit: int) -> tuple[RunReceipt, ...]:
        found = [receipt for receipt in self._receipts.values() if receipt.newsletter_id == newsletter_id]
        return tuple(sorted(found, key=lambda receipt: (receipt.started, receipt.run_id), reverse=True)[:limit])

    def save_uses(self, newsletter_id: str, issue_id: str, uses: Sequence[EngineUse]) -> None:
        known = self._uses.setdefault(newsletter_id, {})
        if uses:
            known[issue_id] = summed((*known.get(issue_id, ()), *uses))

    def uses(self, newsletter_id: str) -> Mapping[str, tuple[EngineUse, ...]]:
        known = self._uses.get(newsletter_id, {})
        return {name: tuple(sorted(uses, key=lambda use: (use.work, use.engine))) for name, uses in known.items()}


@dataclass(slots=True)
class FakeReader:
    """One reader, with what a Subscriber does not say."""

    subscriber: Subscriber
    mailbox: str
    status: Literal["active", "unsubscribed", "erased"] = "active"
    since: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    consents: list[Consent] = field(default_factory=list)


@dataclass(slots=True)
class FakeMail:
    """One row of the ledger."""

    delivery: Delivery
    batch_no: int
    due_at: datetime
    run_id: str = ""


@dataclass(slots=True)
class FakePeople:
    """What FakePeopleStore and FakeLedger share, as two objects on one database do."""

    readers: dict[tuple[str, str], FakeReader] = field(default_factory=dict)
    left: set[tuple[str, str]] = field(default_factory=set)
    sendings: dict[tuple[str, str], str] = field(default_factory=dict)
    mails: dict[tuple[str, str, str], FakeMail] = field(default_factory=dict)
    running: dict[str, str] = field(default_factory=dict)
    passed_over: dict[tuple[str, str], int] = field(default_factory=dict)

    def reader_at(self, newsletter_id: str, address: str) -> FakeReader | None:
        mailbox = read_address(address).compared
        found = [
            reader
            for (newsletter, _), reader in self.readers.items()
            if newsletter == newsletter_id and reader.mailbox == mailbox
        ]
        return found[0] if found else None


class FakePeopleStore:
    """PeopleStore in memory."""

    def __init__(self, people: FakePeople) -> None:
        self._people = people

    def add(self, subscriber: Subscriber, *, now: datetime, consent: Consent | None = None) -> str:
        joining = Joining(subscriber=subscriber, consent=consent)
        return self.take(subscriber.newsletter_id, [joining], [], now=now)[0]

    def take(
        self, newsletter_id: str, joining: Sequence[Joining], leaving: Sequence[Leaving], *, now: datetime
    ) -> tuple[str, ...]:
        mailboxes = [read_address(one.address).compared for one in leaving]
        for one in joining:
            read_address(one.subscriber.address)
        for mailbox in mailboxes:
            self._people.left.add((newsletter_id, mailbox))
            known = self._people.reader_at(newsletter_id, mailbox)
            if known and known.status == "active":
                known.status = "unsubscribed"
        return tuple(self._take(one, now) for one in joining)

    def _take(self, joining: Joining, now: datetime) -> str:
        subscriber, address = joining.subscriber, read_address(joining.subscriber.address)
        if (subscriber.newsletter_id, address.compared) in self._people.left:
            return "suppressed"
        known = self._people.reader_at(subscriber.newsletter_id, subscriber.address)
        outcome = "updated" if known else "added"
        if known is None:
            known = FakeReader(replace(subscriber, address=address.sent_to), address.compared, since=now)
            self._people.readers[subscriber.newsletter_id, subscriber.subscriber_id] = known
        wishes: dict[str, Any] = {name: getattr(subscriber, name) for name in joining.said}
        known.subscriber = replace(known.subscriber, address=address.sent_to, **wishes)
        if joining.consent and joining.consent.proves_something and joining.consent not in known.consents:
            known.consents.append(joining.consent)
        return outcome

    def change(self, newsletter_id: str, address: str, wishes: Mapping[str, str]) -> bool:
        known = self._people.reader_at(newsletter_id, address)
        if known is None or known.status != "active":
            return False
        changed: dict[str, Any] = dict(wishes)
        known.subscriber = replace(known.subscriber, **changed)
        return True

    def entries(self, newsletter_id: str, address: str | None = None) -> Iterator[Entry]:
        only = read_address(address).compared if address is not None else None
        for (newsletter, _), reader in sorted(self._people.readers.items()):
            status = reader.status
            if newsletter != newsletter_id or status == "erased" or only not in (None, reader.mailbox):
                continue
            yield Entry(
                address=reader.subscriber.address,
                status=status,
                since=reader.since,
                consents=tuple(reader.consents),
                **{name: getattr(reader.subscriber, name) for name in PREFERENCES},
            )

    def erase(self, newsletter_id: str, address: str, *, now: datetime) -> bool:
        known = self._people.reader_at(newsletter_id, address)
        if known is None:
            return False
        self._people.left.add((newsletter_id, known.mailbox))
        known.status, known.mailbox = "erased", ""
        known.subscriber = replace(known.subscriber, address="", name="", locale="")
        known.consents.clear()
        return True

    def counts_by_locale(self, newsletter_id: str) -> tuple[tuple[str, str, int], ...]:
        places = [
            (reader.subscriber.locale, reader.subscriber.audience)
            for (newsletter, _), reader in self._people.readers.items()
            if newsletter == newsletter_id and reader.status == "active"
        ]
        return tuple((*place, places.count(place)) for place in sorted(set(places)))

    def active(self, newsletter_id: str) -> tuple[Subscriber, ...]:
        return tuple(
            reader.subscriber
            for (newsletter, _), reader in sorted(self._people.readers.items())
            if newsletter == newsletter_id and reader.status == "active"
        )

    def unsubscribe(self, newsletter_id: str, address: str, *, now: datetime) -> bool:
        known = self._people.reader_at(newsletter_id, address)
        if known is not None:
            self._leave(newsletter_id, known)
        return known is not None

    def unsubscribe_token(self, newsletter_id: str, token: str, *, now: datetime) -> bool:
        by_mail = [mail.delivery.subscriber_id for mail in self._people.mails.values() if mail.delivery.token == token]
        for (newsletter, subscriber_id), reader in self._people.readers.items():
            if newsletter == newsletter_id and (
                token == self.reader_token(newsletter_id, subscriber_id) or subscriber_id in by_mail
            ):
                if reader.status == "active":
                    self._leave(newsletter_id, reader)
                return True
        return False

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        return _token("reader", newsletter_id, subscriber_id)

    def find(self, newsletter_id: str, address: str) -> Subscriber | None:
        known = self._people.reader_at(newsletter_id, address)
        return known.subscriber if known and known.status == "active" else None

    def _leave(self, newsletter_id: str, reader: FakeReader) -> None:
        self._people.left.add((newsletter_id, reader.mailbox))
        reader.status = "unsubscribed"


class FakeLedger:
    """SqlLedger in memory."""

    def __init__(
        self,
        people: FakePeople,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_run_id: Callable[[], str] | None = None,
    ) -> None:
        self._clock = clock
        numbers = count(1)
        self._people = people
        self._new_run_id = new_run_id or (lambda: f"run-{id(self)}-{next(numbers)}")
        self._sending: dict[str, str] = {}

    @contextmanager
    def sending(self, newsletter_id: str) -> Iterator[str]:
        if newsletter_id in self._people.running:
            raise StateConflictError("Another run is sending right now. Wait until it has finished, then run again.")
        run_id = self._new_run_id()
        self._people.running[newsletter_id] = self._sending[newsletter_id] = run_id
        try:
            yield run_id
        finally:
            del self._people.running[newsletter_id]
            del self._sending[newsletter_id]
            self._let_go(newsletter_id)

    def freeze(
        self, newsletter_id: str, issue_id: str, fingerprint: str, locales: Sequence[str], due_at: DueAt = at_once
    ) -> DeliveryCounts:
        if not locales:
            raise NotApprovedError(f"Issue {issue_id} has no edition to send. Render and approve it first.")
        issue = (newsletter_id, issue_id)
        if issue not in self._people.sendings:
            self._people.sendings[issue] = fingerprint
            self._plan(newsletter_id, issue_id, locales, due_at)
        elif self._people.sendings[issue] != fingerprint:
            raise NotApprovedError(f"Issue {issue_id} began to be sent with other words. Put those back.")
        return self.counts(newsletter_id, issue_id)

    def claim(
        self, newsletter_id: str, issue_id: str, run_id: str, size: int
    ) -> tuple[tuple[Delivery, Subscriber], ...]:
        if self._people.running.get(newsletter_id) != run_id:
            raise StateConflictError("This run does not hold the sending lock any more. Run again.")
        taken: list[tuple[Delivery, Subscriber]] = []
        for mail in self._of_issue(newsletter_id, issue_id):
            if mail.delivery.state != "planned" or mail.run_id == run_id or len(taken) >= min(size, 50):
                continue
            if mail.due_at > self._clock():
                continue
            reader = self._people.readers[newsletter_id, mail.delivery.subscriber_id]
            gets_it = reader.status == "active"
            mail.run_id = run_id
            mail.delivery = replace(mail.delivery, state="claimed" if gets_it else "suppressed")
            if gets_it:
                taken.append((mail.delivery, reader.subscriber))
        return tuple(taken)

    def record(self, changes: Sequence[Change]) -> None:
        for change in changes:
            mail = self._mail(change.delivery)
            run_id = self._sending.get(change.delivery.newsletter_id)
            if run_id is None or mail.run_id != run_id or mail.delivery.state not in LEGAL.get(change.state, ()):
                raise conflict(change.state)
        for change in changes:
            mail = self._mail(change.delivery)
            mail.delivery = replace(mail.delivery, state=change.state, reply=clean_reply(change.reply))
            if change.pause is not None:
                mail.due_at = self._clock() + change.pause
                mail.delivery = replace(mail.delivery, retries=mail.delivery.retries + 1)

    def mark(self, delivery: Delivery, state: DeliveryState, reply: str = "") -> None:
        self.record([Change(delivery=delivery, state=state, reply=reply)])

    def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
        states = [self._counted_as(mail) for mail in self._of_issue(newsletter_id, issue_id)]
        numbers = {state: states.count(state) for state in states}
        passed_over = self._people.passed_over.get((newsletter_id, issue_id), 0)
        return DeliveryCounts(**numbers, frozen=len(states), passed_over=passed_over)

    def _counted_as(self, mail: FakeMail) -> str:
        if mail.delivery.state != "planned" or mail.due_at <= self._clock():
            return mail.delivery.state
        return "retrying" if mail.delivery.retries else "later"

    def uncertain(self, newsletter_id: str, issue_id: str) -> tuple[Delivery, ...]:
        mails = self._of_issue(newsletter_id, issue_id)
        return tuple(mail.delivery for mail in mails if mail.delivery.state == "uncertain")

    def resolve(self, delivery: Delivery, state: Literal["sent", "planned"]) -> None:
        mail = self._mail(delivery)
        if mail.delivery.state != "uncertain":
            raise StateConflictError(f"A mail can not become {state}: it is not uncertain.")
        mail.delivery, mail.run_id = replace(mail.delivery, state=state), ""

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        return _token("reader", newsletter_id, subscriber_id)

    def _plan(self, newsletter_id: str, issue_id: str, locales: Sequence[str], due_at: DueAt) -> None:
        active = FakePeopleStore(self._people).active(newsletter_id)
        served = [reader for reader in active if self._served(reader, issue_id, due_at)]
        self._people.passed_over[newsletter_id, issue_id] = len(served)
        for rank, reader in enumerate(reader for reader in active if reader not in served):
            delivery = Delivery(
                issue_id=issue_id,
                newsletter_id=newsletter_id,
                subscriber_id=reader.subscriber_id,
                locale=reader.locale if reader.locale in locales else choose_locale(reader.locale, locales),
                audience=reader.audience,
                state="planned",
                token=_token("delivery", newsletter_id, issue_id, reader.subscriber_id),
            )
            self._people.mails[newsletter_id, issue_id, reader.subscriber_id] = FakeMail(
                delivery, rank // 50, due_at(reader.timezone) or self._clock()
            )

    def _served(self, reader: Subscriber, issue_id: str, due_at: DueAt) -> bool:
        zone = ZoneInfo(reader.timezone or "UTC")
        month = (due_at(reader.timezone) or self._clock()).astimezone(zone).strftime("%Y-%m")
        return reader.frequency == "monthly" and any(
            newsletter == reader.newsletter_id
            and issue != issue_id
            and name == reader.subscriber_id
            and mail.due_at.astimezone(zone).strftime("%Y-%m") == month
            and mail.delivery.state not in {"failed", "suppressed"}
            for (newsletter, issue, name), mail in self._people.mails.items()
        )

    def _of_issue(self, newsletter_id: str, issue_id: str) -> list[FakeMail]:
        found = [mail for key, mail in self._people.mails.items() if key[:2] == (newsletter_id, issue_id)]
        return sorted(found, key=lambda mail: (mail.batch_no, mail.delivery.subscriber_id))

    def _mail(self, delivery: Delivery) -> FakeMail:
        try:
            return self._people.mails[delivery.newsletter_id, delivery.issue_id, delivery.subscriber_id]
        except KeyError:
            raise StateConflictError("There is no such mail.") from None

    def _let_go(self, newsletter_id: str) -> None:
        for key, mail in self._people.mails.items():
            if key[0] == newsletter_id and mail.delivery.state == "claimed":
                mail.delivery, mail.run_id = replace(mail.delivery, state="planned"), ""
            elif key[0] == newsletter_id and mail.delivery.state == "handing":
                mail.delivery = replace(mail.delivery, state="uncertain")


def _token(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The list and two ledgers on the same people; the second is another program's."""

    store: PeopleStore | FakePeopleStore
    ledger: SqlLedger | FakeLedger
    other: SqlLedger | FakeLedger
