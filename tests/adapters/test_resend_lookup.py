"""Mails whose answer was lost are found again in what the service says it sent."""

from datetime import timedelta

import pytest

from digest.adapters.http_api import ApiClient
from digest.adapters.mailers.resend import ResendMailer
from digest.adapters.mailers.resend_lookup import ResendLookup, Sought
from digest.errors import DeliveryError
from digest.models.delivery import Delivery, Parcel
from digest.text.mime import message_template
from fakes_send import EDITIONS, ISSUE, NOW, newsletter
from resend_server import KEY, Service, running

TOKENS = tuple(letter * 32 for letter in "abcde")


def client() -> ApiClient:
    return ApiClient(user_agent="digest/test", allow_private_addresses=True, total_timeout=10)


def lookup(service: Service, slept: list[float] | None = None, key: str = KEY) -> ResendLookup:
    return ResendLookup(key, client(), url=service.url, sleep=(slept if slept is not None else []).append)


def sought(token: str, address: str = "") -> Sought:
    return Sought(token=token, address=address or f"{token[0]}@example.net", handed_at=NOW)


def take(service: Service, *tokens: str) -> None:
    """Let the service take mails whose answers are lost."""
    template = message_template(EDITIONS[0], newsletter(), ISSUE)

    def parcel(token: str) -> Parcel:
        row = Delivery(
            issue_id=ISSUE, newsletter_id="bonds", subscriber_id="s1", locale="en", state="claimed", token=token
        )
        recipient = f"{token[0]}@example.net"
        message = template.message(recipient=recipient, token=token, date=NOW)
        return Parcel(delivery=row, sender="letters@example.org", recipient=recipient, message=message)

    mailer = ResendMailer(KEY, client(), url=service.url, sleep=lambda _: None)
    with mailer.open():
        mailer.send(iter([parcel(token) for token in tokens]), lambda _settled, _beginning: True)


def test_what_the_service_took_is_found_and_nothing_else() -> None:
    with running() as service:
        take(service, *TOKENS[:4])
        asked = [sought(token) for token in (TOKENS[0], TOKENS[3], TOKENS[4])]
        assert lookup(service).found(asked) == {TOKENS[0], TOKENS[3]}
        assert lookup(service).found([]) == frozenset()


def test_another_mail_to_the_same_reader_proves_nothing() -> None:
    with running() as service:
        take(service, TOKENS[0])
        assert lookup(service).found([sought(TOKENS[1], "A@example.net")]) == frozenset()


@pytest.mark.parametrize("event", ["failed", "canceled"])
def test_what_the_service_could_not_pass_on_is_for_a_person_to_decide(event: str) -> None:
    with running() as service:
        take(service, TOKENS[0])
        service.last_event = event
        assert lookup(service).found([sought(TOKENS[0])]) == frozenset()


def test_it_looks_no_further_back_than_the_mails_can_be() -> None:
    with running() as service:
        take(service, *TOKENS)
        late = Sought(token=TOKENS[0], address="a@example.net", handed_at=NOW + timedelta(hours=1))
        assert lookup(service).found([late]) == frozenset()


@pytest.mark.parametrize(
    ("listing", "words", "pauses"),
    [
        ("403 Forbidden", "may only send", []),
        ("429 Too Many Requests", "it said 429", [2.0] * 5),
        ("500 Internal Server Error", "it said 500", [1.0] * 5),
        ("404 Not Found", "it said 404", []),
    ],
)
def test_a_service_that_does_not_say_is_told_in_a_sentence(listing: str, words: str, pauses: list[float]) -> None:
    slept: list[float] = []
    with running() as service:
        service.listing = listing
        with pytest.raises(DeliveryError, match=words) as told:
            lookup(service, slept).found([sought(TOKENS[0])])
    assert slept == pauses
    assert "@" not in str(told.value)


def test_the_key_and_the_address_are_in_no_repr() -> None:
    with running() as service:
        assert KEY not in repr(lookup(service))
    assert "@" not in repr(sought(TOKENS[0]))
