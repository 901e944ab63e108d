"""An approved issue through the real stage, ledger and mailer to a real SMTP server."""

import html as html_markup
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from digest.adapters.mailers.folder import FolderMailer
from digest.adapters.mailers.pacing import Pacer
from digest.adapters.mailers.smtp import SmtpMailer
from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.errors import StorageError
from digest.models.delivery import DeliveryCounts
from digest.models.edition import PERSONAL_LINK
from digest.models.report import StageReport
from digest.sending_ports import SendingTools
from digest.stages.send import dry_run, send
from digest.text.mime import approved_parts
from fakes_send import EDITIONS, ISSUE, NOW, approval, newsletter, readers
from smtp_server import HANG_UP, Answer, Post, obliging, running


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """A list of readers in a real database."""

    people: PeopleStore
    ledger: SqlLedger
    later: SqlLedger
    """The same, an hour on."""


@contextmanager
def list_of(path: Path, count: int) -> Iterator[List]:
    engine = open_database(path / "people.db", "people")
    try:
        people = PeopleStore(engine)
        for one in readers(count):
            people.add(one, now=NOW)
        later = SqlLedger(engine, clock=lambda: datetime.now(UTC) + timedelta(hours=1))
        yield List(people=people, ledger=SqlLedger(engine), later=later)
    finally:
        engine.dispose()


def deliver(ledger: SqlLedger, post: Post) -> tuple[StageReport, DeliveryCounts]:
    patient = Pacer(first_pause=0.01)
    mailer = SmtpMailer(f"smtp://127.0.0.1:{post.port}", timeout_seconds=20, dot_timeout_seconds=20, pacer=patient)
    tools = SendingTools(ledger=ledger, mailer=mailer, now=lambda: NOW, stop=lambda: False)
    return send(ISSUE, newsletter(), EDITIONS, approval(), tools)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    data = body.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.replace(b"\r\n", b"\n").decode("utf-8")


@pytest.mark.no_cover
def test_each_reader_gets_one_mail_whose_bytes_are_the_approved_ones(tmp_path: Path) -> None:
    with list_of(tmp_path, 60) as here, running(Post()) as post:
        report, counts = deliver(here.ledger, post)
        assert counts == DeliveryCounts(sent=60)
        assert report.problems == ()
        assert set(post.copies.values()) == {1}
        assert len(post.copies) == 60
        fingerprints = {each.locale.replace("_", "-"): each.fingerprint for each in EDITIONS}
        seen = set()
        for recipient, data in zip(post.recipients, post.messages, strict=True):
            message = message_from_bytes(data, policy=default)
            assert message.defects == []
            assert str(message["To"]) == recipient
            assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
            link = str(message["List-Unsubscribe"]).strip("<>")
            language = str(message["Content-Language"])
            back = replace(
                EDITIONS[0],
                subject=str(message["Subject"]),
                html=part(message, "html").replace(html_markup.escape(link), PERSONAL_LINK),
                text=part(message, "plain").replace(link, PERSONAL_LINK),
            )
            assert back.fingerprint == fingerprints[language]
            assert (back.subject, back.html, back.text) == approved_parts(data, link)
            seen.add(language)
        assert seen == {"en", "pt-BR"}


def test_the_link_of_a_received_mail_takes_its_reader_off_the_list(tmp_path: Path) -> None:
    with list_of(tmp_path, 3) as here, running(Post()) as post:
        deliver(here.ledger, post)
        link = str(message_from_bytes(post.messages[0], policy=default)["List-Unsubscribe"]).strip("<>")
        token = link.partition("unsubscribe%20")[2]
        assert here.people.unsubscribe_token("bonds", token, now=NOW)
        assert sum(number for _, _, number in here.people.counts_by_locale("bonds")) == 2
        assert here.people.add(replace(readers(1)[0], address=post.recipients[0]), now=NOW) == "suppressed"


def test_a_second_send_sends_nothing(tmp_path: Path) -> None:
    with list_of(tmp_path, 10) as here, running(Post()) as post:
        deliver(here.ledger, post)
        connections = post.connections
        report, counts = deliver(here.ledger, post)
        assert counts == DeliveryCounts(sent=10)
        assert report.made == ()
        assert (post.connections, len(post.messages)) == (connections, 10)


def every(period: int, phase: str, reply: str) -> Answer:
    """Misbehave each time a multiple of the period is reached in a phase."""
    return lambda reached, number, _: reply if reached == phase and number % period == 0 else ""


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (every(5, "RCPT", "550 5.1.1 unknown"), DeliveryCounts(sent=16, failed=4)),
        (every(5, "RCPT", "450 4.2.2 full"), DeliveryCounts(sent=16, retrying=4)),
        (every(7, "MAIL", "421 4.7.0 enough for one connection"), DeliveryCounts(sent=20)),
        (every(7, "DATA", HANG_UP), DeliveryCounts(sent=20)),
        (every(5, "DOT", HANG_UP), DeliveryCounts(sent=16, uncertain=4)),
        (every(1, "MAIL", "451 4.3.2 maintenance"), DeliveryCounts(planned=20)),
    ],
)
def test_a_server_in_trouble_gets_nobody_written_to_twice(
    tmp_path: Path, answer: Answer, expected: DeliveryCounts
) -> None:
    with list_of(tmp_path, 20) as here, running(Post(answer=answer, keeps_what_it_drops=True)) as post:
        _, counts = deliver(here.ledger, post)
        assert counts == expected
        post.answer = obliging
        _, counts = deliver(here.ledger, post)
        assert counts == replace(expected, sent=expected.sent + expected.planned, planned=0)
        _, counts = deliver(here.later, post)
        assert counts == replace(expected, sent=expected.sent + expected.still_to_send, planned=0, retrying=0)
        assert set(post.copies.values()) == {1}
        assert len(post.copies) == 20 - expected.failed


def test_a_dry_run_makes_the_same_mails_and_leaves_the_ledger_alone(tmp_path: Path) -> None:
    with list_of(tmp_path, 4) as here:
        found = [here.people.find("bonds", one.address) for one in readers(4)]
        people = [(one, here.people.reader_token("bonds", one.subscriber_id)) for one in found if one]
        folder = tmp_path / "out"
        dry_run(ISSUE, newsletter(), EDITIONS, people, FolderMailer(folder), now=NOW)
        names = sorted(path.name for path in folder.iterdir())
        assert [name[:3] for name in names] == ["001", "002", "003", "004"]
        assert not any("@" in name or "reader" in name for name in names)
        for path in folder.iterdir():
            data = path.read_bytes()
            link = str(message_from_bytes(data, policy=default)["List-Unsubscribe"]).strip("<>")
            subject, markup, text = approved_parts(data, link)
            assert replace(EDITIONS[0], subject=subject, html=markup, text=text).fingerprint in {
                each.fingerprint for each in EDITIONS
            }
        with running(Post()) as post:
            assert deliver(here.ledger, post)[1] == DeliveryCounts(sent=4)


def test_a_disk_that_fills_up_while_sending_leaves_one_mail_in_doubt_and_nobody_gets_two(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def filling(phase: str, number: int, _recipient: str) -> str:
        if phase == "DOT" and number == 20:
            size = (tmp_path / "people.db-wal").stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10_000, hard))
        return ""

    with list_of(tmp_path, 60) as here, running(Post(answer=filling)) as post:
        try:
            with pytest.raises(StorageError):
                deliver(here.ledger, post)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert 20 <= len(post.messages) < 60
        post.answer = obliging
        _, counts = deliver(here.ledger, post)
        assert counts.sent + counts.uncertain == 60
        assert counts.uncertain <= 1
        assert set(post.copies.values()) == {1}
        assert len(post.copies) == 60
