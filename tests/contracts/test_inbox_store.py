"""Stage 10 on real databases: each message counts once, and only what it proves changes the list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from digest.adapters.stores.database import open_database
from digest.adapters.stores.inbox import SqlInboxStore
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.models.delivery import Change, Subscriber
from digest.models.inbox import MailboxPosition, RawMessage
from digest.models.report import StageReport
from digest.stages.tend import tend
from fakes_inbox import FakeInbox
from mails_back import TOKEN, complaint, letter, report

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A list with one reader, and the mailbox."""

    engine: Engine
    store: SqlInboxStore
    inbox: FakeInbox

    @property
    def readers(self) -> int:
        return len(PeopleStore(self.engine).active("bonds"))

    def mailed(self, issue_id: str) -> str:
        """Send an issue to everybody and return the token of the first mail."""
        ledger = SqlLedger(self.engine)
        ledger.freeze("bonds", issue_id, "ff", ["en"])
        with ledger.sending("bonds") as run_id:
            ((delivery, _),) = ledger.claim("bonds", issue_id, run_id, 50)
            ledger.record([Change(delivery=delivery, state="handing")])
            ledger.record([Change(delivery=delivery, state="sent")])
        return delivery.token

    def comes_back(self, message: bytes, token: str = TOKEN) -> StageReport:
        self.inbox.deliver(message.replace(TOKEN.encode(), token.encode()))
        return tend("bonds", self.inbox, self.store, now=lambda: NOW, locales=("pt_BR", "en"))


@pytest.fixture
def post(url: str) -> Iterator[Post]:
    engine = open_database(url, "people")
    reader = Subscriber(subscriber_id="r1", newsletter_id="bonds", address="reader@example.org", locale="en")
    PeopleStore(engine).add(reader, now=NOW)
    yield Post(engine=engine, store=SqlInboxStore(engine), inbox=FakeInbox())
    engine.dispose()


def test_who_leaves_by_the_link_is_off_at_once_and_a_second_click_changes_nothing(post: Post) -> None:
    token = PeopleStore(post.engine).reader_token("bonds", "r1")
    assert "1 left the list" in post.comes_back(letter(f"unsubscribe {TOKEN}"), token).made[0]
    assert post.readers == 0
    assert post.comes_back(letter(f"unsubscribe {TOKEN}", number=2), token).problems == ()


def test_an_answer_with_a_word_of_the_footer_changes_what_its_reader_gets(post: Post) -> None:
    headers = f"In-Reply-To: <{TOKEN}.2026-11-26@example.org>\n"
    answer = letter("Re: Laços", "Português, uma vez por mês\n\nAna escreveu:\n> Bonds", headers=headers)
    report = post.comes_back(answer, post.mailed("2026-11-26"))
    (reader,) = PeopleStore(post.engine).active("bonds")

    assert report.made == ("1 chose another language or frequency by an answer",)
    assert (reader.locale, reader.frequency) == ("pt_BR", "monthly")
    assert post.store.letters("bonds") == ()


def test_the_same_words_without_a_mail_of_ours_are_a_letter(post: Post) -> None:
    invented = letter("Re: Bonds", "Portuguese", number=2, headers=f"In-Reply-To: <{TOKEN}.2026-11-26@example.org>\n")
    reports = [post.comes_back(letter("Hello", "Portuguese")), post.comes_back(invented)]

    assert [report.made for report in reports] == [
        ("1 letters for you to read in your mailbox",), ("1 about readers who are not on the list any more",)
    ]  # fmt: skip
    assert [reader.locale for reader in PeopleStore(post.engine).active("bonds")] == ["en"]


def test_a_mailbox_that_does_not_exist_is_written_to_no_more(post: Post) -> None:
    post.comes_back(report("5.1.1"), post.mailed("2026-11-26"))
    assert post.readers == 0


def test_three_issues_in_a_row_that_do_not_arrive_end_it_and_two_do_not(post: Post) -> None:
    for number, issue_id in enumerate(("2026-11-12", "2026-11-19", "2026-11-26"), start=1):
        assert post.readers == 1
        message = report("5.2.2").replace(b"<report-", b"<report-%d-" % number)
        post.comes_back(message, post.mailed(issue_id))
    assert post.readers == 0
    assert post.store.came_back("bonds") == {"2026-11-12": 1, "2026-11-19": 1, "2026-11-26": 1}


def test_one_issue_that_arrives_in_between_starts_the_count_anew(post: Post) -> None:
    for number, issue_id in enumerate(("2026-11-05", "2026-11-12", "2026-11-19", "2026-11-26"), start=1):
        token = post.mailed(issue_id)
        if number != 2:
            post.comes_back(report("4.2.2").replace(b"<report-", b"<report-%d-" % number), token)
    assert post.readers == 1


def test_a_refusal_of_the_sender_is_not_held_against_the_reader(post: Post) -> None:
    for number, issue_id in enumerate(("2026-11-12", "2026-11-19", "2026-11-26"), start=1):
        post.comes_back(report("5.7.1").replace(b"<report-", b"<report-%d-" % number), post.mailed(issue_id))
    assert post.readers == 1


def test_who_complains_is_off_for_ever(post: Post) -> None:
    post.comes_back(complaint(), post.mailed("2026-11-26"))
    again = Subscriber(subscriber_id="r2", newsletter_id="bonds", address="reader@example.org", locale="en")
    assert PeopleStore(post.engine).add(again, now=NOW) == "suppressed"


def test_a_stranger_with_a_made_up_token_changes_nothing(post: Post) -> None:
    for message in (report("5.1.1"), complaint(), letter(f"unsubscribe {TOKEN}")):
        assert "1 about readers who are not on the list" in post.comes_back(message).made[0]
    assert post.readers == 1


def test_letters_are_kept_for_the_author_without_an_address_and_not_for_ever(post: Post) -> None:
    report_ = post.comes_back(letter("An article", "https://example.org/a"))
    assert "1 letters for you" in report_.made[0]
    (kept,) = post.store.letters("bonds")
    assert (kept.topic, kept.links) == ("An article", ("https://example.org/a",))
    assert "@" not in repr(post.store.letters("bonds"))
    post.inbox.deliver(letter("Later", "x", number=2))
    tend("bonds", post.inbox, post.store, now=lambda: NOW + timedelta(days=91))
    assert [one.topic for one in post.store.letters("bonds")] == ["Later"]


def test_a_mailbox_that_was_made_anew_is_read_again_and_nothing_counts_twice(post: Post) -> None:
    post.comes_back(letter("One"))
    post.comes_back(letter("Two", number=2))
    post.inbox.renew()
    again = tend("bonds", post.inbox, post.store, now=lambda: NOW)
    assert again.made == ("2 handled before",)
    assert tend("bonds", post.inbox, post.store, now=lambda: NOW).made == ()
    assert post.store.position("bonds").polled_at == NOW


def test_a_run_that_dies_in_the_middle_goes_on_where_it_was(post: Post) -> None:
    for number in range(4):
        post.inbox.deliver(letter(f"Letter {number}", number=number))
    whole = list(post.inbox.new_messages(post.store.position("bonds")))

    class Dying(FakeInbox):
        def new_messages(self, since: MailboxPosition) -> Iterator[RawMessage]:
            yield from whole[:2]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tend("bonds", Dying(), post.store, now=lambda: NOW)
    assert post.store.position("bonds").polled_at is None
    assert tend("bonds", post.inbox, post.store, now=lambda: NOW).made == ("2 letters for you to read in your mailbox",)
