"""The author's own copy: it goes first, is read back, and stops everything where it did not arrive as it was sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from digest.adapters.inboxes.imap_lookup import ImapLookup
from digest.canary import ARRIVED, NOT_JUDGED, POLL_SECONDS, CanaryProof
from digest.errors import DeliveryError, SettingsError
from digest.models.delivery import Accepted, DeliveryCounts, Refused, Unknown
from digest.sending_ports import SendingTools
from digest.stages.send import send
from digest.text.canary import differences
from digest.text.mime import message_template
from fakes_send import EDITIONS, ISSUE, NOW, FakeLedger, FakeMailer, approval, newsletter, readers
from imap_server import PASSWORD, Mailbox

AUTHOR = "author@example.org"
TEMPLATE = message_template(EDITIONS[1], newsletter(), ISSUE)
TOKEN = "c" * 32
SENT = TEMPLATE.message(recipient=AUTHOR, token=TOKEN, date=NOW)
LINK = TEMPLATE.personal_link(TOKEN)
RELAYED = b"Received: from a by b; Thu, 26 Nov 2026 08:00:00 +0000\r\n"


def trusting(results: str) -> bytes:
    return f"Authentication-Results: mx.example.net;\r\n {results}\r\n".encode()


@pytest.mark.parametrize(
    "received",
    [
        SENT,
        RELAYED + SENT,
        trusting("dkim=pass header.d=example.org; spf=pass (sender) smtp.mailfrom=example.org; dmarc=pass") + SENT,
        trusting("spf=pass smtp.mailfrom=example.org; dkim=none") + SENT,
        trusting("none") + SENT,
        # Only the receiver's own verdict counts, and it stands first.
        trusting("dmarc=pass") + trusting("dmarc=fail") + SENT,
        SENT.replace(b"List-Id: <", b"List-Id:\r\n <"),
    ],
)
def test_what_servers_may_do_on_the_way_is_no_difference(received: bytes) -> None:
    assert differences(SENT, received, LINK) == ()


@pytest.mark.parametrize(
    ("received", "words"),
    [
        (SENT.replace(b"\r\nv=C3=ADnculo", b"\r\nother"), "the text is not what was approved"),
        (SENT.replace(b"<!doctype html>", b"<!doctype html><img src=3D'x'>"), "the HTML is not"),
        (SENT.replace(b"Subject: =", b"Subject: [SPAM?] ="), "the subject is not"),
        (SENT.replace(b"unsubscribe%20", b"track%20"), "links were rewritten"),
        (SENT.replace(b"multipart/alternative", b"multipart/mixed"), "other parts"),
        (SENT.replace(b"List-Unsubscribe:", b"X-Was:"), "the header List-Unsubscribe was changed"),
        (SENT.replace(b"Message-ID: <c", b"Message-ID: <d"), "the header Message-ID"),
        (
            trusting("dkim=pass; spf=pass; dmarc=fail") + SENT,
            "does not trust the sender (dkim=pass, dmarc=fail, spf=pass)",
        ),
        (trusting("dkim=fail (dkim=pass in a comment); spf=softfail") + SENT, "does not trust"),
    ],
)
def test_every_change_and_every_failed_check_is_told(received: bytes, words: str) -> None:
    assert received != SENT
    assert any(words in said for said in differences(SENT, received, LINK))


@dataclass
class FakeBox:
    """A mailbox that what a FakeMailer sent arrives in, after some looks."""

    mailer: FakeMailer
    looks_needed: int = 2
    change: Callable[[bytes], bytes] = lambda mail: mail
    looks: int = 0

    def find(self, message_id: str) -> bytes | None:
        self.looks += 1
        if self.looks <= self.looks_needed:
            return None
        return next((self.change(mail) for _, mail in self.mailer.mails if message_id.encode() in mail), None)


@dataclass
class FakeLog:
    """CanaryLog in memory."""

    done: set[tuple[str, str]] = field(default_factory=set)

    def proved(self, newsletter_id: str, issue_id: str) -> bool:
        return (newsletter_id, issue_id) in self.done

    def prove(self, newsletter_id: str, issue_id: str, *, now: datetime) -> None:
        self.done.add((newsletter_id, issue_id))


@dataclass
class Play:
    """A sending with an author's own mailbox."""

    box: FakeBox
    log: FakeLog = field(default_factory=FakeLog)
    ledger: FakeLedger = field(default_factory=lambda: FakeLedger(readers(4)))
    slept: list[float] = field(default_factory=list)
    said: tuple[str, ...] = ()

    def run(self) -> DeliveryCounts:
        proof = CanaryProof(
            mailer=self.box.mailer,
            mailbox=self.box,
            log=self.log,
            wait_seconds=30,
            now=lambda: NOW,
            sleep=self.slept.append,
        )
        tools = SendingTools(
            ledger=self.ledger,
            mailer=self.box.mailer,
            now=lambda: NOW,
            stop=lambda: False,
            canary=proof,
            canary_address=AUTHOR,
        )
        report, counts = send(ISSUE, newsletter(), EDITIONS, approval(), tools)
        self.said = tuple(report.made)
        return counts


def test_the_author_gets_each_edition_first_and_then_everybody_else() -> None:
    play = Play(FakeBox(FakeMailer(), looks_needed=5))
    assert play.run() == DeliveryCounts(sent=4)
    assert [to for to, _ in play.box.mailer.mails][:2] == [AUTHOR, AUTHOR]
    assert len(play.box.mailer.mails) == 6
    assert set(play.slept) == {POLL_SECONDS}
    assert play.log.done == {("bonds", ISSUE)}


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (trusting("dkim=pass"), ARRIVED),
        (trusting("iprev=pass (not dkim=pass)"), NOT_JUDGED),
        (trusting("none"), NOT_JUDGED),
        (b"", NOT_JUDGED),
    ],
)
def test_it_is_said_whether_the_copies_were_judged_by_their_server(results: bytes, said: str) -> None:
    play = Play(FakeBox(FakeMailer(), change=lambda mail: results + mail))
    assert play.run() == DeliveryCounts(sent=4)
    assert play.said[0] == said


def test_a_proved_issue_is_not_proved_again() -> None:
    play = Play(FakeBox(FakeMailer()), log=FakeLog({("bonds", ISSUE)}))
    assert play.run() == DeliveryCounts(sent=4)
    assert play.said[0].endswith("sent")
    assert "copies" not in play.said[0]
    assert len(play.box.mailer.mails) == 4


def test_a_copy_that_a_killed_run_has_sent_is_not_sent_again() -> None:
    first = Play(FakeBox(FakeMailer(), looks_needed=1000))
    with pytest.raises(DeliveryError, match="did not arrive within 30 seconds"):
        first.run()
    assert len(first.box.mailer.mails) == 2
    again = Play(FakeBox(first.box.mailer, looks_needed=0), ledger=first.ledger)
    assert again.run() == DeliveryCounts(sent=4)
    assert [to for to, _ in again.box.mailer.mails].count(AUTHOR) == 2


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (FakeBox(FakeMailer(), looks_needed=1000), "did not arrive"),
        (FakeBox(FakeMailer(answer=lambda *_: Refused(reply="550 5.7.1 no"))), "was not taken: 550"),
        (FakeBox(FakeMailer(), change=lambda mail: mail.replace(b"<!doctype", b"<!doctyp e")), "the HTML is not"),
        (FakeBox(FakeMailer(), change=lambda mail: trusting("dmarc=fail") + mail), "does not trust the sender"),
    ],
)
def test_nobody_else_is_written_to_where_the_copy_is_not_right(box: FakeBox, words: str) -> None:
    play = Play(box)
    with pytest.raises(DeliveryError, match=words) as error:
        play.run()
    assert "obody else was written to" in str(error.value)
    assert "@" not in str(error.value)
    assert {to for to, _ in box.mailer.mails} == {AUTHOR}
    assert play.ledger.counts("bonds", ISSUE) == DeliveryCounts(planned=4)
    assert play.log.done == set()


def test_a_copy_whose_answer_was_lost_is_waited_for() -> None:
    lost = FakeMailer(answer=lambda number, _: Unknown(reply="lost") if number < 2 else Accepted(reply="250 ok"))
    assert Play(FakeBox(lost)).run() == DeliveryCounts(sent=4)


# ---- a real IMAP server ----


@pytest.fixture
def mailbox(imap_mailbox: Mailbox) -> Mailbox:
    """Give a mailbox with strangers' mail in it."""
    for number in range(3):
        imap_mailbox.deliver(b"Message-ID: <x%d@example.net>\r\nSubject: x\r\n\r\nx\r\n" % number)
    return imap_mailbox


def test_a_mail_is_found_by_its_message_id_and_stays_unseen(mailbox: Mailbox) -> None:
    wanted = TEMPLATE.message_id(TOKEN)
    look = ImapLookup(mailbox.url())
    assert look.find(wanted) is None
    # One whose id only holds the wanted one, too.
    mailbox.deliver(SENT.replace(wanted.encode(), b"<x" + wanted.encode()[1:]))
    assert look.find(wanted) is None
    mailbox.deliver(RELAYED + SENT)
    found = look.find(wanted)
    assert found is not None
    assert differences(SENT, found, LINK) == ()
    unseen = [path.name for path in mailbox.files() if ",S" in path.name.replace(":2", ",")]
    assert not [name for name in unseen if "S" in name.partition(":2,")[2]]


def test_a_folder_is_named_by_the_path(mailbox: Mailbox) -> None:
    mailbox.deliver(SENT, "Sent")
    assert ImapLookup(mailbox.url("Sent")).find(TEMPLATE.message_id(TOKEN)) is not None
    with pytest.raises(DeliveryError, match="no such folder"):
        ImapLookup(mailbox.url("No such")).find(TEMPLATE.message_id(TOKEN))


def test_a_wrong_password_says_so_and_never_what_it_is(mailbox: Mailbox) -> None:
    with pytest.raises(DeliveryError, match="the server refused") as error:
        ImapLookup(mailbox.url(password="s3cret")).find("<a@example.org>")
    assert "s3cret" not in "".join(map(str, (error.value, repr(error.value), error.value.__cause__)))
    assert PASSWORD not in repr(ImapLookup(mailbox.url()))


def test_an_id_that_could_break_out_of_a_search_is_never_asked_for() -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        ImapLookup("imaps://u:p@mail.example.org").find('<a"b\r\nx LOGOUT@example.org>')


def test_no_server_at_all_says_what_to_check() -> None:
    with pytest.raises(DeliveryError, match="can not be read: its server does not answer"):
        ImapLookup("imap://u:p@127.0.0.1:1").find("<a@example.org>")


@pytest.mark.parametrize(
    "url", ["", "https://x", "imaps://", "imaps://h:port", "imaps://host-only", "imap://u:p@far.example"]
)
def test_an_address_that_can_not_be_used_is_a_setting_to_mend(url: str) -> None:
    with pytest.raises(SettingsError, match="imaps://user"):
        ImapLookup(url)
