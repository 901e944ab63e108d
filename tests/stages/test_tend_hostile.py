"""A mailbox full of hostile messages: each has an answer, nobody is taken off by one, and who really leaves is off."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.adapters.stores.database import open_database
from digest.adapters.stores.inbox import SqlInboxStore
from digest.adapters.stores.people import PeopleStore
from digest.models.delivery import Subscriber
from digest.stages.tend import tend
from digest.text.incoming_mail import LARGEST_BYTES
from fakes_inbox import FakeInbox
from hostile_mails import hostile
from mails_back import letter

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
FEW, MANY = 100, 5_000


@pytest.mark.parametrize("messages", [FEW, pytest.param(MANY, marks=pytest.mark.no_cover)])
def test_hostile_messages_change_nothing_and_hide_nobody_who_leaves(tmp_path: Path, messages: int) -> None:
    engine = open_database(tmp_path / "people.db", "people")
    people = PeopleStore(engine)
    for number in range(2):
        people.add(
            Subscriber(
                subscriber_id=f"r{number}", newsletter_id="bonds", address=f"r{number}@example.org", locale="en"
            ),
            now=NOW,
        )
    inbox = FakeInbox([data[:LARGEST_BYTES] for data in hostile(20261126, messages)])
    inbox.messages.insert(messages // 2, letter(f"unsubscribe {people.reader_token('bonds', 'r1')}", number=77))
    done = tend("bonds", inbox, SqlInboxStore(engine), now=lambda: NOW, authserv_id="mx.example.org")
    assert [one.subscriber_id for one in people.active("bonds")] == ["r0"]
    assert "1 left the list by their own link or mail" in done.made
    lines = (*done.made, *done.skipped)
    assert sum(int(line.split(":")[0].split()[0]) for line in lines) == messages + 1
    assert "@" not in "".join(lines)
    assert done.problems == ()
    engine.dispose()
