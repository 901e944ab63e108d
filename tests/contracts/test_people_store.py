import re
import traceback
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digest.adapters.stores.database import open_database
from digest.adapters.stores.people import PeopleStore
from digest.errors import SettingsError, StorageError
from digest.models.consent import Consent, Entry, Joining, Leaving
from digest.models.delivery import Subscriber
from fakes_stores import People

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
READER = Subscriber(
    subscriber_id="r1",
    newsletter_id="bonds",
    address="Reader.One@example.org",
    locale="pt_BR",
    audience="brazil",
    timezone="America/Sao_Paulo",
    name="R. Example",
)
CONSENT = Consent(how="import", wording="wording 3", language="pt-BR", asked_at=NOW, confirmed_at=NOW)


def test_a_new_reader_is_added_as_given(people: People) -> None:
    assert people.store.add(READER, now=NOW) == "added"
    assert people.store.find("bonds", "reader.one@EXAMPLE.org") == READER


def test_another_spelling_of_the_mailbox_is_the_same_reader(people: People) -> None:
    people.store.add(READER, now=NOW)
    again = replace(READER, subscriber_id="r2", address=" reader.one@Example.ORG ", locale="en", audience="expat")
    assert people.store.add(again, now=NOW) == "updated"
    changed = replace(READER, address="reader.one@example.org", locale="en", audience="expat")
    assert people.store.find("bonds", READER.address) == changed
    assert people.store.counts_by_locale("bonds") == (("en", "expat", 1),)


def held(people: People, address: str = READER.address) -> list[Entry]:
    return list(people.store.entries("bonds", address))


def test_every_act_of_consent_is_kept_once_and_in_order(people: People) -> None:
    people.store.add(READER, now=NOW, consent=CONSENT)
    people.store.add(READER, now=NOW)
    later = replace(CONSENT, how="confirmed", wording="wording 4", evidence="<answer@example.org>")
    for consent in (CONSENT, later, later):
        people.store.add(READER, now=NOW, consent=consent)
    (entry,) = held(people)
    assert entry.consents == (CONSENT, later)
    assert entry.consents[0].wording_sha256 != entry.consents[1].wording_sha256
    assert entry.since == NOW


def test_what_was_not_said_stays_as_it_is(people: People) -> None:
    people.store.add(READER, now=NOW)
    again = replace(READER, subscriber_id="r2", locale="en", audience="", name="", timezone="Europe/Dublin")
    joining = Joining(subscriber=again, said=frozenset({"timezone"}))
    assert people.store.take("bonds", [joining], [], now=NOW) == ("updated",)
    changed = replace(READER, address="Reader.One@example.org", timezone="Europe/Dublin")
    assert people.store.find("bonds", READER.address) == changed


def test_a_list_is_taken_whole_or_not_at_all(people: People) -> None:
    second = replace(READER, subscriber_id="r2", address="two@example.org")
    broken = replace(READER, subscriber_id="r3", address="no address")
    with pytest.raises(SettingsError):
        people.store.take("bonds", [Joining(subscriber=one) for one in (READER, second, broken)], [], now=NOW)
    assert list(people.store.entries("bonds")) == []


def test_who_left_another_tool_is_kept_out_of_this_one(people: People) -> None:
    people.store.add(READER, now=NOW)
    second = replace(READER, subscriber_id="r2", address="two@example.org")
    leaving = [Leaving(address="READER.ONE@example.org"), Leaving(address="stranger@example.org")]
    assert people.store.take("bonds", [Joining(subscriber=second)], leaving, now=NOW) == ("added",)
    assert [one.subscriber_id for one in people.store.active("bonds")] == ["r2"]
    stranger = replace(READER, subscriber_id="r3", address="stranger@example.org")
    assert people.store.add(stranger, now=NOW) == "suppressed"
    assert [entry.status for entry in held(people)] == ["unsubscribed"]


def test_preferences_change_for_who_gets_mail_and_for_nobody_else(people: People) -> None:
    people.store.add(READER, now=NOW)
    assert people.store.change("bonds", "reader.one@example.org", {"frequency": "monthly", "locale": "en"})
    assert people.store.find("bonds", READER.address) == replace(READER, frequency="monthly", locale="en")
    assert not people.store.change("other", READER.address, {"locale": "en"})
    people.store.unsubscribe("bonds", READER.address, now=NOW)
    assert not people.store.change("bonds", READER.address, {"locale": "pt_BR"})


def test_nothing_is_held_about_who_was_erased(people: People) -> None:
    people.store.add(READER, now=NOW, consent=CONSENT)
    assert people.store.erase("bonds", READER.address, now=NOW)
    assert held(people) == []
    assert list(people.store.entries("bonds")) == []


def test_a_domain_in_letters_of_its_own_is_the_same_as_its_a_labels(people: People) -> None:
    people.store.add(replace(READER, address="reader@bücher.example.org"), now=NOW)
    again = replace(READER, subscriber_id="r2", address="reader@xn--bcher-kva.example.org")
    assert people.store.add(again, now=NOW) == "updated"


@pytest.mark.parametrize("leave", ["erase", "unsubscribe"])
def test_who_left_is_not_added_again(people: People, leave: str) -> None:
    people.store.add(READER, now=NOW)
    assert getattr(people.store, leave)("bonds", "READER.one@example.org", now=NOW)
    assert people.store.find("bonds", READER.address) is None
    assert people.store.counts_by_locale("bonds") == ()
    assert people.store.add(replace(READER, subscriber_id="r2"), now=NOW) == "suppressed"
    assert people.store.counts_by_locale("bonds") == ()


def test_who_left_one_newsletter_may_join_another(people: People) -> None:
    people.store.add(READER, now=NOW)
    people.store.erase("bonds", READER.address, now=NOW)
    assert people.store.add(replace(READER, newsletter_id="other"), now=NOW) == "added"


@pytest.mark.parametrize("leave", ["erase", "unsubscribe"])
def test_nobody_unknown_can_leave(people: People, leave: str) -> None:
    assert not getattr(people.store, leave)("bonds", READER.address, now=NOW)
    assert people.store.add(READER, now=NOW) == "added"


def test_who_unsubscribed_can_still_be_erased_once(people: People) -> None:
    people.store.add(READER, now=NOW)
    people.store.unsubscribe("bonds", READER.address, now=NOW)
    assert people.store.erase("bonds", READER.address, now=NOW)
    assert not people.store.erase("bonds", READER.address, now=NOW)
    assert people.store.add(READER, now=NOW) == "suppressed"


def test_a_reader_token_takes_its_reader_off_the_list_and_may_be_used_twice(people: People) -> None:
    people.store.add(READER, now=NOW)
    people.store.add(replace(READER, subscriber_id="r2", address="two@example.org"), now=NOW)
    token = people.store.reader_token("bonds", "r1")
    assert re.fullmatch(r"[a-z0-9]{32}", token)
    assert token == people.ledger.reader_token("bonds", "r1") != people.store.reader_token("bonds", "r2")
    assert people.store.unsubscribe_token("bonds", token, now=NOW)
    assert people.store.unsubscribe_token("bonds", token, now=NOW)
    assert people.store.find("bonds", READER.address) is None
    assert people.store.counts_by_locale("bonds") == (("pt_BR", "brazil", 1),)


OURS = "00c0ffee00c0ffee"


@pytest.mark.parametrize("subscriber_id", ["r1", OURS])
def test_the_token_of_each_mail_takes_its_reader_and_nobody_else_off_the_list(
    people: People, subscriber_id: str
) -> None:
    mails: dict[tuple[str, str], str] = {}
    for number, name in enumerate((subscriber_id, "00c0ffee00c0ffef")):
        people.store.add(replace(READER, subscriber_id=name, address=f"r{number}@example.org"), now=NOW)
    for issue_id in ("2026-11-19", "2026-11-26"):
        people.ledger.freeze("bonds", issue_id, "ff", ["pt_BR"])
        with people.ledger.sending("bonds") as run_id:
            for delivery, reader in people.ledger.claim("bonds", issue_id, run_id, 50):
                mails[issue_id, reader.subscriber_id] = delivery.token
    assert len(set(mails.values())) == 4
    for token in (mails["2026-11-19", subscriber_id], mails["2026-11-26", subscriber_id]):
        changed = token[:-1] + ("a" if token[-1] != "a" else "b")
        assert not people.store.unsubscribe_token("bonds", changed, now=NOW)
        assert not people.store.unsubscribe_token("other", token, now=NOW)
        assert people.store.unsubscribe_token("bonds", token, now=NOW)
    assert people.store.find("bonds", "r0@example.org") is None
    assert people.store.find("bonds", "r1@example.org") is not None


@pytest.mark.parametrize("token", ["", "unknown", "\x00", "é", "a" * 32, "7" * 64])
def test_an_unknown_token_changes_nothing(people: People, token: str) -> None:
    people.store.add(READER, now=NOW)
    assert not people.store.unsubscribe_token("bonds", token, now=NOW)
    assert not people.store.unsubscribe_token("other", people.store.reader_token("bonds", "r1"), now=NOW)
    assert people.store.find("bonds", READER.address) == READER


def test_readers_are_counted_by_locale_and_audience(people: People) -> None:
    for number, (locale, audience) in enumerate([("pt_BR", "brazil"), ("en", "expat"), ("pt_BR", "brazil")]):
        reader = replace(
            READER, subscriber_id=f"r{number}", address=f"r{number}@example.org", locale=locale, audience=audience
        )
        people.store.add(reader, now=NOW)
    assert people.store.counts_by_locale("bonds") == (("en", "expat", 1), ("pt_BR", "brazil", 2))
    assert people.store.counts_by_locale("other") == ()


@pytest.mark.parametrize("address", ["", "nobody", "a@b@example.org", "a b@example.org", "a\n@example.org", "a@nodot"])
def test_what_is_no_address_is_refused_without_repeating_it(people: People, address: str) -> None:
    with pytest.raises(SettingsError) as refused:
        people.store.add(replace(READER, address=address), now=NOW)
    assert not address or address not in str(refused.value)
    assert people.store.counts_by_locale("bonds") == ()


def test_everybody_who_gets_mail_is_listed_by_id(people: People) -> None:
    second = replace(READER, subscriber_id="r0", address="two@example.org")
    third = replace(READER, subscriber_id="r3", address="three@example.org")
    for reader in (READER, second, third):
        people.store.add(reader, now=NOW)
    people.store.unsubscribe("bonds", third.address, now=NOW)
    assert people.store.active("bonds") == (second, READER)
    assert people.store.active("other") == ()


def test_a_refused_row_never_shows_its_address(url: str) -> None:
    engine = open_database(url, "people")
    store = PeopleStore(engine)
    store.add(READER, now=NOW)
    twin = replace(READER, address="hidden@example.net")
    with pytest.raises(StorageError) as refused:
        store.add(twin, now=NOW)
    assert "hidden" not in "".join(traceback.format_exception(refused.value))
    engine.dispose()
