"""A mailbox in memory and one on a real server behave the same."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from digest.adapters.inboxes.imap import ImapInbox
from digest.errors import DeliveryError, SettingsError
from digest.models.inbox import MailboxPosition
from digest.ports_people import Inbox
from digest.text.incoming_mail import read_incoming
from fakes_inbox import FakeInbox
from hostile_mails import hostile
from imap_server import PASSWORD
from imap_server import Mailbox as ImapMailbox
from mails_back import letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    inbox: Inbox
    deliver: Callable[[bytes], None]


@pytest.fixture(params=["fake", pytest.param("dovecot", marks=pytest.mark.server)])
def mailbox(request: pytest.FixtureRequest) -> Mailbox:
    if request.param == "fake":
        fake = FakeInbox()
        return Mailbox(inbox=fake, deliver=fake.deliver)
    real: ImapMailbox = request.getfixturevalue("imap_mailbox")
    return Mailbox(inbox=ImapInbox(real.url()), deliver=real.deliver)


def position(mailbox: Mailbox) -> MailboxPosition:
    """Where everything that is there has been read."""
    found = list(mailbox.inbox.new_messages(MailboxPosition()))
    return MailboxPosition(uid_validity=found[-1].uid_validity, last_uid=found[-1].uid) if found else MailboxPosition()


def test_messages_come_in_order_and_once(mailbox: Mailbox) -> None:
    mailbox.deliver(letter("One", number=1))
    mailbox.deliver(letter("Two", number=2))
    found = list(mailbox.inbox.new_messages(MailboxPosition()))
    assert [b"Subject: One" in found[0].data, b"Subject: Two" in found[1].data] == [True, True]
    read = MailboxPosition(uid_validity=found[0].uid_validity, last_uid=found[0].uid)
    assert [message.uid for message in mailbox.inbox.new_messages(read)] == [found[1].uid]
    assert list(mailbox.inbox.new_messages(position(mailbox))) == []
    mailbox.deliver(letter("Three", number=3))
    read = MailboxPosition(uid_validity=found[0].uid_validity, last_uid=found[1].uid)
    assert [b"Subject: Three" in message.data for message in mailbox.inbox.new_messages(read)] == [True]


def test_a_mailbox_made_anew_is_read_from_its_beginning(mailbox: Mailbox) -> None:
    mailbox.deliver(letter("One", number=1))
    (message,) = mailbox.inbox.new_messages(MailboxPosition())
    elsewhere = MailboxPosition(uid_validity=message.uid_validity + 1, last_uid=message.uid + 100)
    assert len(list(mailbox.inbox.new_messages(elsewhere))) == 1


def test_an_empty_mailbox_has_nothing_new(mailbox: Mailbox) -> None:
    assert list(mailbox.inbox.new_messages(MailboxPosition())) == []


@pytest.mark.server
def test_reading_leaves_the_mailbox_as_it_is_and_takes_the_beginning_of_what_is_large(
    imap_mailbox: ImapMailbox,
) -> None:
    imap_mailbox.deliver(letter("Large", "x" * 4_000_000))
    (message,) = ImapInbox(imap_mailbox.url()).new_messages(MailboxPosition())
    assert len(message.data) == 256_000
    names = [path.name for path in imap_mailbox.files()]
    assert len(names) == 1
    assert "S" not in names[0].partition(":2,")[2]


@pytest.mark.server
def test_hostile_messages_on_a_real_server_are_all_read(imap_mailbox: ImapMailbox) -> None:
    messages = list(hostile(7, 150))
    for message in messages:
        imap_mailbox.deliver(message)
    found = list(ImapInbox(imap_mailbox.url()).new_messages(MailboxPosition()))
    assert len(found) == len(messages)
    assert all(read_incoming(one.data).message_key for one in found)


@pytest.mark.server
@pytest.mark.parametrize(("change", "said"), [((PASSWORD, "wrong"), "refused"), (("INBOX", "Nowhere"), "folder")])
def test_what_is_wrong_with_the_settings_is_said_without_the_password(
    imap_mailbox: ImapMailbox, change: tuple[str, str], said: str
) -> None:
    with pytest.raises(DeliveryError, match=said) as raised:
        list(ImapInbox(imap_mailbox.url().replace(*change)).new_messages(MailboxPosition()))
    assert change[1] not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "imap://reader:secret@mail.example.org/",
        "imaps://mail.example.org/",
        "imaps://a:b%0D%0Ac@h/",
        "http://[",
        "imaps://u:p@h:99999/",
    ],
)
def test_an_address_that_would_be_no_good_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="imaps://") as raised:
        list(ImapInbox(url).new_messages(MailboxPosition()))
    assert "secret" not in str(raised.value)


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(DeliveryError, match="does not answer"):
        list(ImapInbox("imap://reader:secret@127.0.0.1:9/").new_messages(MailboxPosition()))
