"""Double opt-in on real databases: a yes puts one person on the list, with the proof, and nothing tells who is there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import Engine

from digest.adapters.stores.askings import MOST_AN_HOUR, SqlAskings
from digest.adapters.stores.database import open_database
from digest.adapters.stores.inbox import SqlInboxStore
from digest.adapters.stores.people import PeopleStore
from digest.asking import question
from digest.models.asking import Asking
from digest.models.consent import Leaving
from digest.models.delivery import Subscriber
from digest.stages.tend import tend
from fakes_inbox import FakeInbox
from fakes_send import newsletter
from mails_back import TOKEN, complaint, letter, report

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ADDRESS = "reader@example.net"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The list, the open questions, and the mailbox that answers come to."""

    engine: Engine
    askings: SqlAskings
    people: PeopleStore
    inbox: FakeInbox

    def ask(self, address: str = ADDRESS, *, locale: str = "en", now: datetime = NOW) -> Asking | None:
        """Have somebody asked and mail what is open; None where nothing is."""
        reader = Subscriber(subscriber_id="", newsletter_id="bonds", address=address, locale=locale)
        self.askings.ask(reader, evidence="the author", now=now)
        for one in self.askings.unsent("bonds"):
            self.askings.begin(one, question(newsletter(), one, now=now), now)
            return one
        return None

    def answer(self, message: bytes, now: datetime = NOW) -> tuple[str, ...]:
        self.inbox.deliver(message)
        return tuple(tend("bonds", self.inbox, SqlInboxStore(self.engine), now=lambda: now).made)

    def on_list(self) -> list[str]:
        return [one.address for one in self.people.active("bonds")]


@pytest.fixture
def door(url: str) -> Iterator[Door]:
    engine = open_database(url, "people")
    yield Door(engine=engine, askings=SqlAskings(engine), people=PeopleStore(engine), inbox=FakeInbox())
    engine.dispose()


@pytest.mark.parametrize("locale", ["en", "pt_BR"])
def test_a_yes_puts_one_person_on_the_list_with_the_exact_words_they_agreed_to(door: Door, locale: str) -> None:
    asked = door.ask(locale=locale)
    assert asked is not None
    assert door.on_list() == []
    assert door.answer(letter(f"confirm {asked.token}")) == ("1 said yes and are on the list",)
    assert door.on_list() == [ADDRESS]
    (entry,) = door.people.entries("bonds", ADDRESS)
    (consent,) = entry.consents
    mail = message_from_bytes(question(newsletter(), asked, now=NOW).message, policy=policy.default)
    assert consent.wording in " ".join(mail.get_content().split())
    assert (consent.how, consent.language) == ("confirmed", locale.replace("_", "-"))
    assert (consent.asked_at, consent.confirmed_at) == (NOW, NOW)
    assert "asked for: the author; answered: Message-ID: <letter-1@example.net>" in consent.evidence
    assert consent.wording_sha256
    # The same token opens nothing twice.
    assert door.answer(letter(f"confirm {asked.token}", number=2)) == (
        "1 answers to a question that is not open any more",
    )


def test_nothing_tells_whether_an_address_is_known(door: Door) -> None:
    reader = Subscriber(subscriber_id="r1", newsletter_id="bonds", address=ADDRESS, locale="en")
    door.people.add(reader, now=NOW)
    first, second = door.ask(), door.ask("stranger@example.net")
    assert first is not None
    assert second is not None
    made = [door.answer(letter(f"confirm {one.token}", number=number)) for number, one in enumerate((first, second))]
    assert made[0] == made[1]
    assert sorted(door.on_list()) == [ADDRESS, "stranger@example.net"]


def test_a_mailbox_is_asked_once_a_day_whoever_wants_it_asked(door: Door) -> None:
    assert door.ask() is not None
    assert door.ask("READER@example.net", now=NOW + timedelta(hours=23)) is None
    assert door.ask(now=NOW + timedelta(hours=25)) is not None


def test_a_question_that_was_not_mailed_is_mailed_by_the_next_run_and_can_not_be_answered_before(door: Door) -> None:
    asked = door.ask()
    assert asked is not None
    door.askings.put_back(asked)
    assert "not open" in door.answer(letter(f"confirm {asked.token}"))[0]
    assert [one.token for one in door.askings.unsent("bonds")] == [asked.token]


def test_who_left_comes_back_by_their_own_yes_and_who_complained_is_never_asked(door: Door) -> None:
    reader = Subscriber(subscriber_id="r1", newsletter_id="bonds", address=ADDRESS, locale="en")
    door.people.add(reader, now=NOW)
    door.people.unsubscribe("bonds", ADDRESS, now=NOW)
    asked = door.ask()
    assert asked is not None
    door.answer(letter(f"confirm {asked.token}"))
    assert door.on_list() == [ADDRESS]
    door.people.erase("bonds", ADDRESS, now=NOW)
    again = door.ask(now=NOW + timedelta(days=2))
    assert again is not None
    door.answer(letter(f"confirm {again.token}", number=2), NOW + timedelta(days=2))
    (entry,) = door.people.entries("bonds", ADDRESS)
    assert door.on_list() == [ADDRESS]
    assert entry.since == NOW + timedelta(days=2), "what was erased is not there again"
    (now_on_it,) = door.people.active("bonds")
    token = door.people.reader_token("bonds", now_on_it.subscriber_id)
    door.answer(complaint().replace(TOKEN.encode(), token.encode()))
    assert door.on_list() == []
    assert door.ask(now=NOW + timedelta(days=9)) is None


def test_a_complaint_to_another_tool_or_after_leaving_is_for_ever_too(door: Door) -> None:
    imported = [Leaving(address="there@example.net"), Leaving(address="spam@example.net", complained=True)]
    door.people.take("bonds", [], imported, now=NOW)
    assert door.ask("spam@example.net") is None
    assert door.ask("there@example.net") is not None
    reader = Subscriber(subscriber_id="r1", newsletter_id="bonds", address=ADDRESS, locale="en")
    door.people.add(reader, now=NOW)
    token = door.people.reader_token("bonds", "r1")
    door.people.unsubscribe("bonds", ADDRESS, now=NOW)
    door.answer(complaint().replace(TOKEN.encode(), token.encode()))
    assert door.ask() is None


def test_a_no_silence_or_a_bounce_forgets_the_address(door: Door) -> None:
    for number, address in enumerate(("no@example.net", "silent@example.net", "nobody@example.net")):
        asked = door.ask(address)
        assert asked is not None
        if address.startswith("no@"):
            headers = f"In-Reply-To: <{asked.token}.confirm@example.org>\n"
            assert "said no" in door.answer(letter("Re: x", "No.", number=10, headers=headers))[0]
        elif address.startswith("nobody@"):
            door.answer(report("5.1.1", to=f"letters+{asked.token}@example.org"))
        later = NOW + timedelta(days=15 if address.startswith("silent") else 0)
        assert "not open" in door.answer(letter(f"confirm {asked.token}", number=number), later)[0]
    assert door.on_list() == []


def test_strangers_can_not_make_us_write_to_many(door: Door) -> None:
    proved = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.net\n"
    for number in range(MOST_AN_HOUR + 5):
        mail = letter("subscribe", number=number, headers=proved)
        door.inbox.deliver(mail.replace(b"From: reader@", b"From: reader%d@" % number))
    report_ = tend("bonds", door.inbox, SqlInboxStore(door.engine), now=lambda: NOW, authserv_id="mx.example.org")
    assert report_.made == (f"{MOST_AN_HOUR + 5} wishes to get the newsletter: whoever is not barred is asked back",)
    assert len(door.askings.unsent("bonds")) == MOST_AN_HOUR


def test_the_question_is_a_sound_mail_in_the_readers_language(door: Door) -> None:
    asked = door.ask(locale="pt_BR")
    assert asked is not None
    letters = replace(newsletter(), bounces="bounces@example.org")
    asks = question(letters, asked, now=NOW)
    assert asks.sender == f"bounces+{asked.token}@example.org"
    assert max(map(len, asks.message.split(b"\r\n"))) <= 76
    mail = message_from_bytes(asks.message, policy=policy.default)
    assert mail["Subject"] == "Você quer receber a newsletter Laços? Confirme, por favor"
    assert (mail["To"], mail["Content-Language"]) == (ADDRESS, "pt-BR")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{asked.token}.confirm@example.org>"
    assert f"mailto:letters@example.org?subject=confirm%20{asked.token}\r\n" in mail.get_content()
    assert "1 Example Street" in mail.get_content()
