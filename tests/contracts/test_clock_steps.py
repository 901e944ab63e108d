"""A clock that steps, forwards or backwards, while mails leave: everybody gets the issue, and nobody gets it twice."""

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.errors import DigestError
from digest.models.delivery import Accepted, HandOver, Subscriber, TryLater
from digest.sending_ports import SendingTools
from digest.stages.send import send
from fakes_send import EDITIONS, ISSUE, NOW, FakeMailer, approval, newsletter

ZONES = ("Europe/Luxembourg", "America/Sao_Paulo", "Pacific/Auckland")
READERS = 12
STEPS = st.lists(st.integers(min_value=-100 * 24, max_value=100 * 24), min_size=1, max_size=12)


@pytest.mark.parametrize("own_hour", [False, True])
@settings(max_examples=20, deadline=None)
@given(steps=STEPS, slow=st.sets(st.integers(min_value=0, max_value=READERS)))
def test_whatever_a_clock_says_each_reader_gets_one(
    blank: Path,
    own_hour: bool,  # noqa: FBT001  a table
    steps: Sequence[int],
    slow: set[int],
) -> None:
    folder = Path(mkdtemp(dir=blank))
    engine = open_database(shutil.copy(blank / "people.db", folder), "people")
    people = PeopleStore(engine)
    for number in range(READERS):
        reader = Subscriber(
            subscriber_id=f"{number:016x}",
            newsletter_id="bonds",
            address=f"reader{number}@example.net",
            locale="en",
            timezone=ZONES[number % len(ZONES)],
        )
        people.add(reader, now=NOW)
    letter = newsletter()
    letter = replace(letter, schedule=replace(letter.schedule, reader_time=own_hour))
    mailer = FakeMailer()

    def answer(number: int, _: str) -> HandOver:
        return TryLater(reply="451 4.2.0 later") if number in slow else Accepted(reply="250 2.0.0 ok")

    mailer.answer = answer

    def run(hours: Sequence[int]) -> None:
        wrong = cycle(hours)

        def now() -> datetime:
            return NOW + timedelta(days=1, hours=next(wrong))

        tools = SendingTools(ledger=SqlLedger(engine, clock=now), mailer=mailer, now=now, stop=lambda: False)
        with suppress(DigestError):
            send(ISSUE, letter, EDITIONS, approval(), tools)

    run(steps)
    for hour in (0, 1, 3, 8, 13):
        run([hour])
    with_it = Counter(to for number, (to, _) in enumerate(mailer.mails) if number not in slow)
    assert with_it == dict.fromkeys((f"reader{number}@example.net" for number in range(READERS)), 1)
    counts = SqlLedger(engine, clock=lambda: NOW + timedelta(days=2)).counts("bonds", ISSUE)
    assert counts.sent == counts.total == READERS
    engine.dispose()
