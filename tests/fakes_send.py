"""Fakes and factories of the send stage."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from digest.models.delivery import (
    Accepted,
    Change,
    Delivery,
    DeliveryCounts,
    DeliveryState,
    DueAt,
    HandOver,
    Journal,
    Parcel,
    Subscriber,
    at_once,
)
from digest.models.edition import PERSONAL_LINK, Approval, RenderedEdition
from digest.models.newsletter import Legal, Newsletter, Schedule

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
ISSUE = "2026-11-26"
LEGAL_MOVES: dict[DeliveryState, tuple[DeliveryState, ...]] = {
    "handing": ("claimed",),
    "sent": ("handing",),
    "uncertain": ("handing",),
    "failed": ("claimed", "handing"),
    "planned": ("claimed", "handing"),
}


def newsletter(*, sender: str = "Laços & Cia <letters@example.org>", reply_to: str = "") -> Newsletter:
    return Newsletter(
        newsletter_id="bonds",
        titles=(("en", "Bonds"), ("pt_BR", "Laços")),
        author="A. Example",
        site="https://blog.example.org/",
        locales=("pt_BR", "en"),
        audiences=(),
        schedule=Schedule(
            every="week", day="thursday", time=time(8), timezone="Europe/Luxembourg", window=timedelta(hours=12)
        ),
        approvers=("author@example.org",),
        legal=Legal(name="A. Example", address="1 Example Street", notice_url="https://blog.example.org/legal"),
        sender=sender,
        reply_to=reply_to,
    )


def edition(locale: str = "en", *, subject: str = "", html: str = "", text: str = "") -> RenderedEdition:
    """An edition with everything that is hard to carry: long lines, accents, dots, trailing blanks, no last newline."""
    words = "vínculo seguro" if locale == "pt_BR" else "secure bond"
    long_line = f"{words} = ~{'é' * 40} " * 12
    return RenderedEdition(
        locale=locale,
        subject=subject or f"Laços: {words}, afeto e atenção — o que as pesquisas dizem sobre estar só {locale}",
        preheader="",
        html=html
        or f'<!doctype html>\n<html lang="{locale}">\n<p>{long_line}</p>\n.\n<a href="{PERSONAL_LINK}">x</a>\t \n</html>',
        text=text or f"{words}\n\n{long_line}\n.dot\n..\nFrom here on  \n{PERSONAL_LINK}\n\n-- \nA. Example\n",
    )


EDITIONS = (edition("en"), edition("pt_BR"))


def approval(editions: Sequence[RenderedEdition] = EDITIONS, issue_id: str = ISSUE) -> Approval:
    marks = tuple(sorted((each.name, each.fingerprint) for each in editions))
    return Approval(
        issue_id=issue_id, approved_by="author@example.org", approved_at=NOW, how="command", fingerprints=marks
    )


def reader(number: int, locale: str = "en", address: str = "") -> Subscriber:
    return Subscriber(
        subscriber_id=f"s{number:05}",
        newsletter_id="bonds",
        address=address or f"reader{number}@example.net",
        locale=locale,
    )


def readers(count: int) -> list[Subscriber]:
    """Readers of both locales in turn."""
    return [reader(number, "pt_BR" if number % 2 else "en") for number in range(count)]


@dataclass
class FakeLedger:
    """The ledger in memory, with the rules of the real one."""

    subscribers: list[Subscriber]
    rows: dict[str, Delivery] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    offered: set[str] = field(default_factory=set)
    fingerprint: str = ""
    log: list[tuple[str, DeliveryState]] = field(default_factory=list)

    @contextmanager
    def sending(self, newsletter_id: str) -> Iterator[str]:
        self.offered.clear()
        self._fall_back()
        yield "run-1"
        self._fall_back()

    def _fall_back(self) -> None:
        fallen: dict[DeliveryState, DeliveryState] = {"claimed": "planned", "handing": "uncertain"}
        for key, row in self.rows.items():
            self.rows[key] = replace(row, state=fallen.get(row.state, row.state))

    def freeze(
        self, newsletter_id: str, issue_id: str, fingerprint: str, locales: Sequence[str], due_at: DueAt = at_once
    ) -> DeliveryCounts:
        if not self.rows:
            self.fingerprint = fingerprint
            self.rows = {one.subscriber_id: self._planned(one, issue_id) for one in self.subscribers}
        return self.counts(newsletter_id, issue_id)

    @staticmethod
    def _planned(one: Subscriber, issue_id: str) -> Delivery:
        return Delivery(
            issue_id=issue_id,
            newsletter_id=one.newsletter_id,
            subscriber_id=one.subscriber_id,
            locale=one.locale,
            audience=one.audience,
            state="planned",
            token=f"token{one.subscriber_id}",
        )

    def claim(
        self, newsletter_id: str, issue_id: str, run_id: str, size: int
    ) -> tuple[tuple[Delivery, Subscriber], ...]:
        taken: list[tuple[Delivery, Subscriber]] = []
        for one in self.subscribers:
            row = self.rows[one.subscriber_id]
            if row.state != "planned" or one.subscriber_id in self.offered or len(taken) == size:
                continue
            self.offered.add(one.subscriber_id)
            state: DeliveryState = "suppressed" if one.subscriber_id in self.left else "claimed"
            self.rows[one.subscriber_id] = replace(row, state=state)
            if state == "claimed":
                taken.append((self.rows[one.subscriber_id], one))
        return tuple(taken)

    def record(self, changes: Sequence[Change]) -> None:
        for change in changes:
            row = self.rows[change.delivery.subscriber_id]
            assert row.state in LEGAL_MOVES[change.state], f"{row.state} can not become {change.state}"
            self.log.append((row.subscriber_id, change.state))
            retries = row.retries + (change.pause is not None)
            self.rows[row.subscriber_id] = replace(row, state=change.state, reply=change.reply, retries=retries)

    def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
        states = [row.state for row in self.rows.values()]
        return DeliveryCounts(**{state: states.count(state) for state in set(states)}, frozen=len(states))


@dataclass
class FakeMailer:
    """Answers as it was told: by default it takes everything."""

    answer: Callable[[int, str], HandOver] = lambda number, recipient: Accepted(reply="250 2.0.0 ok")
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    opened: int = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        self.opened += 1
        yield

    def send(self, parcels: Iterator[Parcel], journal: Journal) -> None:
        for parcel in parcels:
            if not journal([], [parcel]):
                return
            outcome = self.answer(len(self.mails), parcel.recipient)
            self.mails.append((parcel.recipient, parcel.message))
            journal([(parcel, outcome)], [])
