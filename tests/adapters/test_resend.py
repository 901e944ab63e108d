"""Mails through an HTTP service with keys: an answer that was lost is asked for again, and nobody gets it twice."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from digest.adapters.http_api import ApiClient
from digest.adapters.mailers.resend import MARK, ResendMailer
from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.models.delivery import Accepted, Delivery, HandOver, Parcel, Refused, TryLater, Unknown
from digest.text.mime import approved_parts, message_template
from digest.text.verdicts import verdict
from fakes_send import EDITIONS, ISSUE, NOW, newsletter, reader
from resend_server import KEY, Fault, Service, running

TOKENS = tuple(letter * 32 for letter in "abc")


def mailer(service: Service, slept: list[float] | None = None, key: str = KEY) -> ResendMailer:
    pauses: list[float] = [] if slept is None else slept
    client = ApiClient(user_agent="digest/test", allow_private_addresses=True, total_timeout=10)
    return ResendMailer(key, client, url=service.url, connections=2, sleep=pauses.append)


def parcel(token: str, *, subscriber_id: str = "s1") -> Parcel:
    template = message_template(EDITIONS[1], newsletter(), ISSUE)
    row = Delivery(
        issue_id=ISSUE, newsletter_id="bonds", subscriber_id=subscriber_id, locale="pt_BR", state="claimed", token=token
    )
    recipient = f"{token[:3]}@example.net"
    message = template.message(recipient=recipient, token=token, date=NOW)
    return Parcel(delivery=row, sender="letters@example.org", recipient=recipient, message=message)


def sent(using: ResendMailer, parcels: Sequence[Parcel]) -> list[HandOver]:
    told: list[str] = []
    outcomes: list[HandOver] = []

    def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        outcomes.extend(outcome for _, outcome in settled)
        told.extend(one.delivery.token for one in beginning)
        return True

    with using.open():
        using.send(iter(parcels), journal)
    assert told == [one.delivery.token for one in parcels], "each is noted before it is handed over"
    return outcomes


def test_what_was_approved_is_what_the_service_is_given() -> None:
    one = parcel(TOKENS[0])
    with running() as service:
        assert sent(mailer(service), [one]) == [Accepted(reply="200 id-0")]
    (mail,) = service.mails
    link = message_template(EDITIONS[1], newsletter(), ISSUE).personal_link(TOKENS[0])
    subject, html, text = approved_parts(one.message, link)
    assert (subject, html, text) == (EDITIONS[1].subject, EDITIONS[1].html, EDITIONS[1].text)
    assert mail["subject"] == EDITIONS[1].subject
    assert link in str(mail["text"])
    assert mail["to"] == ["aaa@example.net"]
    headers = mail["headers"]
    assert isinstance(headers, dict)
    assert headers["List-Unsubscribe"].startswith("<mailto:")
    assert headers["Content-Language"] == "pt-BR"
    assert service.used == [f"bonds/{ISSUE}/{TOKENS[0]}"]


@pytest.mark.parametrize("fault", ["lose", "break", "409 concurrent_idempotent_requests"])
def test_an_answer_that_was_lost_is_asked_for_again_and_nobody_gets_it_twice(fault: str) -> None:
    slept: list[float] = []
    with running(lambda number: fault if number <= 2 else "") as service:
        outcomes = sent(mailer(service, slept), [parcel(token) for token in TOKENS])
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 3
    assert set(service.copies.values()) == {1}
    assert slept == [1.0]


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (lambda number: "lose", Unknown, MARK),
        (lambda number: "lose" if number == 1 else "429 rate_limit_exceeded", Unknown, MARK),
        (lambda number: "lose" if number == 1 else "401 missing_api_key", Unknown, MARK),
        (lambda number: "429 daily_quota_exceeded", TryLater, "429 daily_quota_exceeded"),
        (lambda number: "422 to", Refused, "550 5.1.3"),
        (lambda number: "403 validation_error", Refused, "the service refused: 403 validation_error"),
    ],
)
def test_what_an_answer_means(fault: Fault, kind: type, words: str) -> None:
    with running(fault) as service:
        (outcome,) = sent(mailer(service), [parcel(TOKENS[0])])
    assert isinstance(outcome, kind)
    assert words in outcome.reply
    assert (verdict(outcome).state == "failed") == words.startswith("550")


def test_a_pause_that_the_service_asks_for_is_kept() -> None:
    slept: list[float] = []
    with running(lambda number: "429 rate_limit_exceeded" if number == 1 else "") as service:
        assert isinstance(sent(mailer(service, slept), [parcel(TOKENS[0])])[0], Accepted)
    assert slept == [2.0]


def test_other_words_with_a_key_that_was_used_are_for_a_person_to_decide() -> None:
    with running() as service:
        sent(mailer(service), [parcel(TOKENS[0])])
        other = parcel(TOKENS[0])
        changed = Parcel(
            delivery=other.delivery,
            sender=other.sender,
            recipient=other.recipient,
            message=other.message.replace(b"secure", b"insecure").replace(b"seguro", b"inseguro"),
        )
        (outcome,) = sent(mailer(service), [changed])
    assert outcome == Unknown(reply="409 invalid_idempotent_request")


def test_a_copy_that_is_in_no_ledger_is_sent_as_often_as_she_asks_for_it() -> None:
    with running() as service:
        for _ in range(2):
            sent(mailer(service), [parcel(TOKENS[0], subscriber_id="")])
    assert len(service.mails) == 2


def test_the_key_of_the_account_is_in_no_repr_and_in_no_reply() -> None:
    with running() as service:
        using = mailer(service, key="re_secret")
        (outcome,) = sent(using, [parcel(TOKENS[0])])
    assert "re_secret" not in f"{using!r}{outcome}"


def test_a_mail_handed_over_again_with_its_key_counts_from_the_first_time(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "people.db", "people")
    PeopleStore(engine).add(reader(1), now=NOW)
    moments = iter(range(1, 60))
    ledger = SqlLedger(engine, clock=lambda: NOW.replace(minute=next(moments)))
    ledger.freeze("bonds", ISSUE, "ff", ["en"])
    handed = []
    for _ in range(2):
        with ledger.sending("bonds") as run_id:
            ((row, _reader),) = ledger.claim("bonds", ISSUE, run_id, 1)
            ledger.mark(row, "handing", MARK)
            ledger.mark(row, "uncertain", f"{MARK}: no answer")
        (row,) = ledger.uncertain("bonds", ISSUE)
        handed.append(row.handed_at)
        ledger.resolve(row, "planned")
    assert handed[0] == handed[1]
    engine.dispose()
