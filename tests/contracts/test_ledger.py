from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.errors import NotApprovedError, StateConflictError
from digest.models.delivery import (
    Change,
    Delivery,
    DeliveryCounts,
    DeliveryState,
    DueAt,
    Frequency,
    Subscriber,
    at_once,
)
from fakes_stores import People

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PAST, FUTURE = datetime(2000, 1, 5, 12, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
ISSUE = "2026-11-26"
STATES: tuple[DeliveryState, ...] = ("planned", "claimed", "handing", "sent", "failed", "suppressed", "uncertain")
ALLOWED = {
    "claimed": {"handing", "failed", "planned", "suppressed"},
    "handing": {"sent", "failed", "uncertain", "planned"},
}
_numbers = count(1)


def address(number: int) -> str:
    return f"reader{number}@example.org"


def fill(people: People, size: int, newsletter_id: str = "bonds", locale: str = "en") -> None:
    for number in range(size):
        reader = Subscriber(
            subscriber_id=f"r{number:03}", newsletter_id=newsletter_id, address=address(number), locale=locale
        )
        assert people.store.add(reader, now=NOW) == "added"


def claim_one(people: People, run_id: str) -> Delivery:
    ((delivery, _),) = people.ledger.claim("bonds", ISSUE, run_id, 1)
    return delivery


def test_freezing_plans_a_mail_to_each_reader_once(people: People) -> None:
    fill(people, 3)
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"]) == DeliveryCounts(planned=3)
    people.store.add(
        Subscriber(subscriber_id="late", newsletter_id="bonds", address="late@example.org", locale="en"), now=NOW
    )
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"]) == DeliveryCounts(planned=3)
    assert people.ledger.counts("bonds", "another") == DeliveryCounts()


def test_the_audience_is_frozen_too(people: People) -> None:
    reader = Subscriber(
        subscriber_id="r1", newsletter_id="bonds", address="r1@example.org", locale="pt_BR", audience="brazil"
    )
    people.store.add(reader, now=NOW)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en", "pt_BR"])
    with people.ledger.sending("bonds") as run_id:
        assert claim_one(people, run_id).audience == "brazil"


def test_an_empty_list_stays_empty_once_frozen(people: People) -> None:
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"]) == DeliveryCounts()
    fill(people, 1)
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"]) == DeliveryCounts()


def test_other_bytes_are_refused_once_frozen(people: People) -> None:
    fill(people, 1)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with pytest.raises(NotApprovedError):
        people.ledger.freeze("bonds", ISSUE, "00", ["en"])
    assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(planned=1)


def test_an_issue_without_edition_is_refused(people: People) -> None:
    fill(people, 1)
    with pytest.raises(NotApprovedError):
        people.ledger.freeze("bonds", ISSUE, "ff", [])
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"]) == DeliveryCounts(planned=1)


def test_who_left_before_is_not_frozen(people: People) -> None:
    fill(people, 3)
    people.store.erase("bonds", address(0), now=NOW)
    people.store.unsubscribe("bonds", address(1), now=NOW)
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"]) == DeliveryCounts(planned=1)


READERS = st.tuples(
    st.sampled_from(["en", "pt_BR", "de", ""]),
    st.sampled_from(["", "Europe/Lisbon", "America/Sao_Paulo"]),
    st.sampled_from(["", "brazil"]),
    st.sampled_from(["active", "active", "gone", "erased"]),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readers=st.lists(READERS, max_size=8), due=st.sampled_from([at_once, lambda zone: FUTURE if zone else PAST]))
def test_readers_are_frozen_the_same_by_the_database_and_one_by_one(
    people: People, readers: list[tuple[str, str, str, str]], due: DueAt
) -> None:
    """One reader of another frequency makes the ledger look at each."""
    number = next(_numbers)
    seen = []
    for name, odd in ((f"many-{number}", False), (f"each-{number}", True)):
        for place, (locale, timezone, audience, fate) in enumerate(readers):
            add_to(people, name, f"{place:016x}", locale=locale, timezone=timezone, audience=audience)
            if fate != "active":
                leave = people.store.unsubscribe if fate == "gone" else people.store.erase
                leave(name, f"{place:016x}@example.org", now=NOW)
        if odd:
            add_to(people, name, "f" * 16, frequency="monthly")
        counts = people.ledger.freeze(name, ISSUE, "ff", ["en", "pt_BR"], due)
        with people.ledger.sending(name) as run_id:
            rows = people.ledger.claim(name, ISSUE, run_id, 50)
        chosen = [(row.subscriber_id, row.locale, row.audience) for row, _ in rows if row.subscriber_id != "f" * 16]
        seen.append((counts.planned - odd, counts.later, counts.frozen - odd, chosen))
    assert seen[0] == seen[1]


def add_to(people: People, newsletter_id: str, name: str, **rest: Any) -> None:
    values = {"locale": "en", **rest}
    reader = Subscriber(subscriber_id=name, newsletter_id=newsletter_id, address=f"{name}@example.org", **values)
    assert people.store.add(reader, now=NOW) == "added"


@pytest.mark.parametrize(
    ("locale", "editions", "expected"),
    [
        ("pt_BR", ["en", "pt_BR"], "pt_BR"),
        ("pt_PT", ["en", "pt_BR"], "pt_BR"),
        ("de", ["pt_BR", "en"], "en"),
        ("en", ["pt_BR"], "pt_BR"),
        ("", ["pt_BR"], "pt_BR"),
    ],
)
def test_a_reader_whose_locale_has_no_edition_gets_the_nearest(
    people: People, locale: str, editions: list[str], expected: str
) -> None:
    fill(people, 1, locale=locale)
    people.ledger.freeze("bonds", ISSUE, "ff", editions)
    with people.ledger.sending("bonds") as run_id:
        assert claim_one(people, run_id).locale == expected


def test_each_planned_mail_is_claimed_once_in_batches(people: People) -> None:
    fill(people, 120)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    sizes: list[int] = []
    seen: Counter[str] = Counter()
    with people.ledger.sending("bonds") as run_id:
        while taken := people.ledger.claim("bonds", ISSUE, run_id, 1000):
            sizes.append(len(taken))
            for delivery, reader in taken:
                assert (delivery.state, delivery.subscriber_id) == ("claimed", reader.subscriber_id)
                assert reader.address == address(int(reader.subscriber_id[1:]))
                seen[delivery.token] += 1
        assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(claimed=120)
    assert sizes == [50, 50, 20]
    assert set(seen.values()) == {1}
    assert len(seen) == 120


def test_who_leaves_after_freezing_is_suppressed_and_never_hides_the_rest(people: People) -> None:
    fill(people, 52)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    for number in range(50):
        leave = people.store.erase if number % 2 else people.store.unsubscribe
        leave("bonds", address(number), now=NOW)
    with people.ledger.sending("bonds") as run_id:
        taken = people.ledger.claim("bonds", ISSUE, run_id, 50)
        assert [reader.address for _, reader in taken] == [address(50), address(51)]
        assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(suppressed=50, claimed=2)
        assert people.ledger.claim("bonds", ISSUE, run_id, 50) == ()


@pytest.mark.parametrize("before", ["claimed", "handing", "sent", "failed", "suppressed", "uncertain"])
def test_only_legal_changes_are_written(people: People, before: DeliveryState) -> None:
    fill(people, len(STATES))
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with people.ledger.sending("bonds") as run_id:
        for after in STATES:
            delivery = brought_to(before, people, run_id)
            counts = people.ledger.counts("bonds", ISSUE)
            if after in ALLOWED.get(before, set()):
                people.ledger.mark(delivery, after, "250 ok")
                moved = {before: getattr(counts, before) - 1, after: getattr(counts, after) + 1}
                assert people.ledger.counts("bonds", ISSUE) == replace(counts, **moved)
            else:
                with pytest.raises(StateConflictError):
                    people.ledger.mark(delivery, after)
                assert people.ledger.counts("bonds", ISSUE) == counts


def brought_to(state: DeliveryState, people: People, run_id: str) -> Delivery:
    delivery = claim_one(people, run_id)
    if state in ALLOWED["handing"]:
        people.ledger.mark(delivery, "handing")
    if state != "claimed":
        people.ledger.mark(delivery, state)
    return delivery


def test_two_senders_cannot_run_at_once(people: People) -> None:
    with people.ledger.sending("bonds") as run_id:
        with pytest.raises(StateConflictError), people.other.sending("bonds"):
            raise AssertionError
        with pytest.raises(StateConflictError), people.ledger.sending("bonds"):
            raise AssertionError
        assert people.ledger.claim("bonds", ISSUE, run_id, 1) == ()
    with people.other.sending("bonds") as next_run:
        assert next_run != run_id


def test_only_the_run_that_claimed_a_mail_may_mark_it(people: People) -> None:
    fill(people, 2)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with people.ledger.sending("bonds") as run_id:
        delivery = claim_one(people, run_id)
        with pytest.raises(StateConflictError):
            people.other.mark(delivery, "handing")
        with pytest.raises(StateConflictError):
            people.ledger.mark(replace(delivery, subscriber_id="nobody"), "handing")
    with people.other.sending("bonds"):
        with pytest.raises(StateConflictError):
            people.ledger.mark(delivery, "handing")
        with pytest.raises(StateConflictError):
            people.ledger.claim("bonds", ISSUE, run_id, 1)
    assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(planned=2)


def test_what_a_run_leaves_behind_falls_back(people: People) -> None:
    fill(people, 3)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])

    def broken_run() -> None:
        with people.ledger.sending("bonds") as run_id:
            sent, handing, _ = (delivery for delivery, _ in people.ledger.claim("bonds", ISSUE, run_id, 3))
            people.ledger.mark(sent, "handing")
            people.ledger.mark(sent, "sent", "250 ok")
            people.ledger.mark(handing, "handing")
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - raised above, on purpose
        broken_run()
    assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(planned=1, sent=1, uncertain=1)


def test_a_mail_put_back_is_left_to_the_next_run(people: People) -> None:
    fill(people, 1)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with people.ledger.sending("bonds") as run_id:
        people.ledger.mark(claim_one(people, run_id), "planned", "451 later")
        assert people.ledger.claim("bonds", ISSUE, run_id, 50) == ()
    with people.ledger.sending("bonds") as run_id:
        assert claim_one(people, run_id).reply == "451 later"


def test_an_uncertain_mail_waits_for_a_decision(people: People) -> None:
    fill(people, 2)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with people.ledger.sending("bonds") as run_id:
        for delivery, _ in people.ledger.claim("bonds", ISSUE, run_id, 2):
            people.ledger.mark(delivery, "handing")
            people.ledger.mark(delivery, "uncertain", "connection lost")
    with people.ledger.sending("bonds") as run_id:
        assert people.ledger.claim("bonds", ISSUE, run_id, 50) == ()
    first, second = people.ledger.uncertain("bonds", ISSUE)
    people.ledger.resolve(first, "sent")
    people.ledger.resolve(second, "planned")
    with pytest.raises(StateConflictError):
        people.ledger.resolve(first, "planned")
    assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(planned=1, sent=1)
    assert people.ledger.uncertain("bonds", ISSUE) == ()
    with people.ledger.sending("bonds") as run_id:
        assert claim_one(people, run_id).subscriber_id == second.subscriber_id


def test_addresses_in_a_servers_words_are_taken_out(people: People) -> None:
    fill(people, 1)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with people.ledger.sending("bonds") as run_id:
        delivery = claim_one(people, run_id)
        people.ledger.mark(delivery, "handing")
        people.ledger.mark(delivery, "uncertain", "451 <reader0@example.org>\r\n(to=a@b.example.net) \x00\udc80 later")
    (stored,) = people.ledger.uncertain("bonds", ISSUE)
    assert stored.reply == "451 <<address>> (<address>) later"


def test_newsletters_have_ledgers_of_their_own(people: People) -> None:
    fill(people, 1)
    fill(people, 1, newsletter_id="other")
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    people.ledger.freeze("other", ISSUE, "00", ["en"])
    with people.ledger.sending("other") as run_id:
        ((delivery, _),) = people.ledger.claim("other", ISSUE, run_id, 50)
        assert delivery.newsletter_id == "other"
        assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(planned=1)


def add_reader(people: People, name: str, *, timezone: str = "", frequency: Frequency = "every") -> None:
    reader = Subscriber(
        subscriber_id=name,
        newsletter_id="bonds",
        address=f"{name}@example.org",
        locale="en",
        timezone=timezone,
        frequency=frequency,
    )
    assert people.store.add(reader, now=NOW) == "added"


def test_who_is_due_later_waits_and_the_sums_say_so(people: People) -> None:
    add_reader(people, "here")
    add_reader(people, "there", timezone="America/Sao_Paulo")
    due = lambda zone: FUTURE if zone else PAST  # noqa: E731 - a table of two
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"], due) == DeliveryCounts(planned=1, later=1)
    with people.ledger.sending("bonds") as run_id:
        ((delivery, _),) = people.ledger.claim("bonds", ISSUE, run_id, 50)
        assert delivery.subscriber_id == "here"
        assert people.ledger.claim("bonds", ISSUE, run_id, 50) == ()
    assert people.ledger.counts("bonds", ISSUE).total == 2


def test_when_a_mail_is_due_stays_as_it_was_frozen(people: People) -> None:
    add_reader(people, "mover", timezone="Asia/Tokyo")
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"], lambda _: PAST)
    assert people.ledger.freeze("bonds", ISSUE, "ff", ["en"], lambda _: FUTURE) == DeliveryCounts(planned=1)


def frozen_on(people: People, issue_id: str, due: datetime) -> int:
    return people.ledger.freeze("bonds", issue_id, "ff", ["en"], lambda _: due).total


def test_a_monthly_reader_gets_the_first_issue_of_each_month_of_their_own(people: People) -> None:
    add_reader(people, "weekly")
    add_reader(people, "monthly", frequency="monthly")
    add_reader(people, "brazilian", frequency="monthly", timezone="America/Sao_Paulo")
    assert frozen_on(people, "2000-01-05", PAST) == 3
    assert frozen_on(people, "2000-01-12", PAST.replace(day=12)) == 1
    # One in the morning of the first of February is still January in Brazil.
    assert frozen_on(people, "2000-02-01", datetime(2000, 2, 1, 1, tzinfo=UTC)) == 2
    assert frozen_on(people, "2000-02-08", datetime(2000, 2, 8, 2, tzinfo=UTC)) == 2
    assert frozen_on(people, "2000-02-15", datetime(2000, 2, 15, 2, tzinfo=UTC)) == 1


def test_who_is_passed_over_is_counted_and_the_sums_are_those_of_the_freezing(people: People) -> None:
    add_reader(people, "weekly")
    add_reader(people, "monthly", frequency="monthly")
    frozen_on(people, "2000-01-05", PAST)
    frozen_on(people, "2000-01-12", PAST.replace(day=12))
    first, second = (people.ledger.counts("bonds", issue) for issue in ("2000-01-05", "2000-01-12"))
    assert (first.frozen, first.passed_over, first.total) == (2, 0, 2)
    assert (second.frozen, second.passed_over, second.total) == (1, 1, 1)


def test_a_mail_that_is_to_rest_is_offered_again_when_its_pause_is_over(people: People) -> None:
    fill(people, 2)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with people.ledger.sending("bonds") as run_id:
        long, short = (row for row, _ in people.ledger.claim("bonds", ISSUE, run_id, 2))
        people.ledger.record([Change(delivery=one, state="handing") for one in (long, short)])
        pauses = [(long, timedelta(hours=1)), (short, timedelta())]
        people.ledger.record(
            [Change(delivery=one, state="planned", reply="450 4.2.0 later", pause=pause) for one, pause in pauses]
        )
        assert people.ledger.claim("bonds", ISSUE, run_id, 50) == ()
    assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(planned=1, retrying=1)
    with people.ledger.sending("bonds") as run_id:
        again = claim_one(people, run_id)
        assert (again.subscriber_id, again.retries) == (short.subscriber_id, 1)
        assert people.ledger.claim("bonds", ISSUE, run_id, 50) == ()


def test_an_issue_that_did_not_reach_a_monthly_reader_does_not_count(people: People) -> None:
    add_reader(people, "monthly", frequency="monthly")
    assert frozen_on(people, "2000-01-05", PAST) == 1
    with people.ledger.sending("bonds") as run_id:
        ((delivery, _),) = people.ledger.claim("bonds", "2000-01-05", run_id, 1)
        people.ledger.mark(delivery, "failed", "550 5.1.1 unknown")
    assert frozen_on(people, "2000-01-12", PAST.replace(day=12)) == 1


def test_several_changes_are_written_together_or_not_at_all(people: People) -> None:
    fill(people, 3)
    people.ledger.freeze("bonds", ISSUE, "ff", ["en"])
    with people.ledger.sending("bonds") as run_id:
        first, second, third = (row for row, _ in people.ledger.claim("bonds", ISSUE, run_id, 3))
        people.ledger.record([Change(delivery=one, state="handing") for one in (first, second)])
        people.ledger.record([Change(delivery=first, state="sent"), Change(delivery=third, state="handing")])
        assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(sent=1, handing=2)
        with pytest.raises(StateConflictError):
            people.ledger.record([Change(delivery=second, state="sent"), Change(delivery=first, state="sent")])
        assert people.ledger.counts("bonds", ISSUE) == DeliveryCounts(sent=1, handing=2)
        people.ledger.record([])


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "hand", "accept", "refuse", "later", "lose", "leave", "freeze", "restart", "decide"]),
        st.integers(min_value=0, max_value=7),
    ),
    max_size=40,
)
ENDS: dict[str, DeliveryState] = {"accept": "sent", "refuse": "failed", "later": "planned", "lose": "uncertain"}


class Play:
    """Plays steps on a ledger and counts the bodies that went out to each reader."""

    def __init__(self, people: People, newsletter_id: str, size: int) -> None:
        self.people, self.newsletter_id, self.size = people, newsletter_id, size
        self.claimed: list[Delivery] = []
        self.handing: list[Delivery] = []
        self.bodies: Counter[str] = Counter()
        self.left: set[str] = set()

    def run(self, steps: Sequence[Step]) -> None:
        """Play all steps; `restart` ends a run and begins the next."""
        remaining = list(steps)
        while True:
            self.claimed, self.handing = [], []
            with self.people.ledger.sending(self.newsletter_id) as run_id:
                while remaining and remaining[0][0] != "restart":
                    self.step(*remaining.pop(0), run_id)
                    self.check()
            self.check()
            if not remaining:
                return
            remaining.pop(0)

    def step(self, name: str, number: int, run_id: str) -> None:
        if name == "claim":
            self.claimed += [row for row, _ in self.people.ledger.claim(self.newsletter_id, ISSUE, run_id, number)]
        elif name == "freeze":
            self.people.ledger.freeze(self.newsletter_id, ISSUE, "ff", ["en"])
        elif name == "leave":
            self.people.store.erase(self.newsletter_id, address(number), now=NOW)
            self.left.add(f"r{number:03}")
        elif name == "decide":
            self.decide(number)
        elif name == "hand" and self.claimed:
            self.handing.append(self.claimed.pop())
            self.people.ledger.mark(self.handing[-1], "handing")
        elif name in ENDS and self.handing:
            self.end(self.handing.pop(), ENDS[name])

    def end(self, delivery: Delivery, state: DeliveryState) -> None:
        self.bodies[delivery.subscriber_id] += state == "sent"
        self.people.ledger.mark(delivery, state)
        with pytest.raises(StateConflictError):
            self.people.ledger.mark(delivery, "sent")

    def decide(self, number: int) -> None:
        for delivery in self.people.ledger.uncertain(self.newsletter_id, ISSUE)[:1]:
            self.bodies[delivery.subscriber_id] += number % 2
            self.people.ledger.resolve(delivery, "sent" if number % 2 else "planned")

    def check(self) -> None:
        counts = self.people.ledger.counts(self.newsletter_id, ISSUE)
        assert counts.total == self.size, "nobody is left out"
        assert counts.sent == self.bodies.total()
        assert not self.bodies or max(self.bodies.values()) <= 1, "nobody gets it twice"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_sums_balance_and_nobody_gets_it_twice(people: People, steps: list[Step]) -> None:
    newsletter_id = f"bonds-{next(_numbers)}"
    fill(people, 6, newsletter_id)
    people.ledger.freeze(newsletter_id, ISSUE, "ff", ["en"])
    play = Play(people, newsletter_id, 6)
    play.run(steps)
    with people.ledger.sending(newsletter_id) as run_id:
        last = people.ledger.claim(newsletter_id, ISSUE, run_id, 50)
        assert not {delivery.subscriber_id for delivery, _ in last} & (play.left | set(+play.bodies))
    counts = people.ledger.counts(newsletter_id, ISSUE)
    assert (counts.claimed, counts.handing) == (0, 0)
