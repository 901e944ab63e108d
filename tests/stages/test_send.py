"""Send: only what was approved, nobody twice, nobody left out, and sums that balance."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import DeliveryError, FileFormatError, NotApprovedError
from digest.models.delivery import Accepted, DeliveryCounts, HandOver, Refused, Subscriber, TryLater, Unknown
from digest.models.edition import PERSONAL_LINK, Approval, RenderedEdition
from digest.models.report import StageReport
from digest.models.sending import Signer
from digest.sending_ports import SendingTools
from digest.stages.send import dry_run, send
from digest.text.sending_rules import check_approval, combined_fingerprint
from digest.text.verdicts import IN_A_ROW, RETRY_PAUSES, Verdict, verdict
from fakes_send import EDITIONS, ISSUE, NOW, FakeLedger, FakeMailer, approval, edition, newsletter, reader, readers

OK = Accepted(reply="250 2.0.0 ok")
GONE = Refused(reply="550 5.1.1 user unknown")
QUOTA = Refused(reply="550 5.4.5 daily limit")
BUSY = TryLater(reply="451 4.3.0 busy")
FULL = TryLater(reply="452 4.2.2 mailbox full")
LOST = Unknown(reply="the connection was lost")


def run(
    ledger: FakeLedger,
    mailer: FakeMailer,
    *,
    editions: Sequence[RenderedEdition] = EDITIONS,
    approved: Approval | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[StageReport, DeliveryCounts]:
    tools = SendingTools(ledger=ledger, mailer=mailer, now=lambda: NOW, stop=stop)
    return send(ISSUE, newsletter(), editions, approved or approval(editions), tools)


def answers(*outcomes: HandOver, then: HandOver = OK) -> FakeMailer:
    return FakeMailer(answer=lambda number, _: outcomes[number] if number < len(outcomes) else then)


def test_everybody_gets_the_edition_of_their_language_once() -> None:
    people = readers(120)
    ledger, mailer = FakeLedger(people), FakeMailer()
    report, counts = run(ledger, mailer)
    assert counts == DeliveryCounts(sent=120)
    assert sorted(address for address, _ in mailer.mails) == sorted(one.address for one in people)
    languages = {one.address: one.locale.replace("_", "-") for one in people}
    assert all(f"Content-Language: {languages[to]}\r\n".encode() in data for to, data in mailer.mails)
    assert report.made == ("60 mails in en sent", "60 mails in pt_BR sent")
    assert report.problems == ()


def test_an_audience_with_an_edition_of_its_own_gets_that_one() -> None:
    own = replace(edition("pt_BR", text=f"um recado para o Brasil {PERSONAL_LINK}"), audience="brazil")
    editions = (*EDITIONS, own)
    people = [
        replace(reader(1, "pt_BR"), audience="brazil"),
        replace(reader(2, "pt_BR"), audience="expat"),
        replace(reader(3, "en"), audience="brazil"),
    ]
    mailer = FakeMailer()
    run(FakeLedger(people), mailer, editions=editions)
    written = dry_run(ISSUE, newsletter(), editions, [(one, "token") for one in people], tried := FakeMailer(), now=NOW)

    for mails in (mailer.mails, tried.mails):
        assert [address for address, data in mails if b"um recado para o Brasil" in data] == [people[0].address]
    assert len(mailer.mails) == len(tried.mails) == 3
    assert written.made == ("1 mails in en written, nothing sent", "2 mails in pt_BR written, nothing sent")


def test_an_edition_of_an_audience_has_to_be_approved_too() -> None:
    own = replace(edition("pt_BR"), audience="brazil")
    with pytest.raises(NotApprovedError, match=r"pt_BR\.brazil"):
        check_approval(ISSUE, newsletter(), (*EDITIONS, own), approval())
    check_approval(ISSUE, newsletter(), (*EDITIONS, own), approval((*EDITIONS, own)))


def test_an_edition_of_an_audience_stands_for_no_language() -> None:
    only_brazil = (EDITIONS[0], replace(EDITIONS[1], audience="brazil"))
    with pytest.raises(NotApprovedError, match="pt_BR"):
        check_approval(ISSUE, newsletter(), only_brazil, approval(only_brazil))


def test_every_message_is_marked_before_its_body_and_after_its_answer() -> None:
    ledger = FakeLedger(readers(3))
    run(ledger, FakeMailer())
    marks = [(one.subscriber_id, state) for one in ledger.subscribers for state in ("handing", "sent")]
    assert ledger.log == marks


def test_a_second_run_sends_nothing_and_does_not_even_connect() -> None:
    ledger = FakeLedger(readers(60))
    run(ledger, FakeMailer())
    again = FakeMailer()
    report, counts = run(ledger, again)
    assert again.mails == []
    assert again.opened == 0
    assert counts.sent == 60
    assert report.skipped == ("60 readers were sent this issue by an earlier run",)


def test_the_ledger_is_frozen_with_the_fingerprint_of_all_editions() -> None:
    ledger = FakeLedger(readers(1))
    run(ledger, FakeMailer())
    lines = "".join(f"{each.locale} {each.fingerprint}\n" for each in sorted(EDITIONS, key=lambda each: each.locale))
    assert ledger.fingerprint == hashlib.sha256(lines.encode()).hexdigest()
    assert combined_fingerprint(EDITIONS) == combined_fingerprint(EDITIONS[::-1]) == ledger.fingerprint


@pytest.mark.parametrize(
    ("editions", "approved", "reason"),
    [
        (EDITIONS, approval(issue_id="2026-11-19"), "2026-11-19"),
        (EDITIONS[:1], approval(EDITIONS[:1]), "pt_BR"),
        ((), approval(()), "en, pt_BR"),
        ((*EDITIONS, EDITIONS[0]), approval(), "doubled"),
        (EDITIONS, approval(EDITIONS[:1]), r"\(pt_BR\)"),
        ((EDITIONS[0], replace(EDITIONS[1], html=EDITIONS[1].html + " ")), approval(), r"\(pt_BR\)"),
        ((EDITIONS[0], replace(EDITIONS[1], subject="Other")), approval(), r"\(pt_BR\)"),
        (EDITIONS, approval((*EDITIONS, edition("pt_PT"))), r"\(pt_PT\)"),
    ],
)
def test_anything_but_the_approved_bytes_is_refused_before_anybody_is_frozen(
    editions: Sequence[RenderedEdition], approved: Approval, reason: str
) -> None:
    ledger, mailer = FakeLedger(readers(2)), FakeMailer()
    with pytest.raises(NotApprovedError, match=reason) as error:
        run(ledger, mailer, editions=editions, approved=approved)
    assert f"digest approve {ISSUE}" in str(error.value)
    assert (ledger.rows, mailer.opened) == ({}, 0)


def test_the_approved_bytes_pass() -> None:
    check_approval(ISSUE, newsletter(), EDITIONS[::-1], approval())


def test_an_edition_without_a_place_for_the_link_is_never_sent() -> None:
    broken = (replace(EDITIONS[0], text="no link"), EDITIONS[1])
    ledger = FakeLedger(readers(2))
    with pytest.raises(FileFormatError):
        run(ledger, FakeMailer(), editions=broken)
    assert ledger.rows == {}


@pytest.mark.parametrize(
    ("outcome", "state", "server_trouble"),
    [
        (OK, "sent", False),
        (GONE, "failed", False),
        (QUOTA, "planned", True),
        (Refused(reply="the sender is refused: 550 no"), "planned", True),
        (BUSY, "planned", True),
        (FULL, "planned", False),
        (LOST, "uncertain", True),
    ],
)
def test_what_an_answer_means(outcome: HandOver, state: str, server_trouble: bool) -> None:  # noqa: FBT001  a table
    decided = verdict(outcome)
    assert (decided.state, decided.server_trouble) == (state, server_trouble)
    assert isinstance(decided, Verdict)


def test_a_reader_that_is_refused_fails_and_the_rest_goes_on() -> None:
    ledger = FakeLedger(readers(10))
    report, counts = run(ledger, answers(OK, GONE, GONE, GONE, GONE))
    assert counts == DeliveryCounts(sent=6, failed=4)
    assert [problem.what for problem in report.problems] == ["4 messages were refused for good"]


@pytest.mark.parametrize("trouble", [BUSY, QUOTA])
def test_a_server_that_takes_nobody_is_left_alone_and_nobody_is_lost(trouble: HandOver) -> None:
    ledger, mailer = FakeLedger(readers(120)), answers(OK, OK, then=trouble)
    report, counts = run(ledger, mailer)
    assert counts == DeliveryCounts(sent=2, planned=118)
    assert len(mailer.mails) == 2 + IN_A_ROW
    (problem,) = report.problems
    assert problem.what == f"118 messages wait; the server said: {trouble.reply}"
    assert run(ledger, FakeMailer())[1] == DeliveryCounts(sent=120)


def test_full_mailboxes_at_the_front_do_not_keep_the_others_waiting() -> None:
    ledger, mailer = FakeLedger(readers(60)), answers(FULL, FULL, FULL, FULL)
    report, counts = run(ledger, mailer)
    assert counts == DeliveryCounts(sent=56, planned=4)
    assert len(mailer.mails) == 60
    assert report.problems[0].what == "4 messages wait"


def test_a_readers_server_that_always_says_later_is_asked_four_times_ever_more_rarely() -> None:
    ledger, mailer = FakeLedger(readers(2)), answers(then=FULL)
    for _ in range(len(RETRY_PAUSES)):
        assert run(ledger, mailer)[1].failed == 0
    assert run(ledger, mailer)[1] == DeliveryCounts(failed=2)
    assert len(mailer.mails) == 2 * (1 + len(RETRY_PAUSES))
    assert [verdict(FULL, tried).pause for tried in range(3)] == sorted(RETRY_PAUSES)
    assert verdict(BUSY, 99) == Verdict(state="planned", server_trouble=True)


def test_trouble_now_and_then_does_not_stop_a_run() -> None:
    ledger = FakeLedger(readers(9))
    _, counts = run(ledger, answers(BUSY, BUSY, OK, BUSY, BUSY, OK))
    assert counts == DeliveryCounts(sent=5, planned=4)


def test_lost_answers_are_reported_and_never_tried_again() -> None:
    ledger = FakeLedger(readers(5))
    report, counts = run(ledger, answers(LOST))
    assert counts == DeliveryCounts(sent=4, uncertain=1)
    assert report.problems[0].what == (
        "1 messages: the server may or may not have them; they are not sent again by themselves"
    )
    again = FakeMailer()
    assert run(ledger, again)[1] == counts
    assert again.mails == []


def test_a_server_that_loses_every_answer_is_left_alone() -> None:
    _, counts = run(FakeLedger(readers(50)), answers(then=LOST))
    assert counts == DeliveryCounts(uncertain=IN_A_ROW, planned=50 - IN_A_ROW)


@pytest.mark.parametrize("after", [0, 1, 7, 50, 51])
def test_a_stop_finishes_the_current_message_and_gives_the_rest_back(after: int) -> None:
    ledger, mailer = FakeLedger(readers(70)), FakeMailer()
    report, counts = run(ledger, mailer, stop=lambda: len(mailer.mails) >= after)
    assert counts == DeliveryCounts(**{"sent": after, "planned": 70 - after} if after else {"planned": 70})
    assert report.problems == ()
    assert report.skipped[-1] == f"{70 - after} readers wait for the next run, because this one was asked to stop"
    assert run(ledger, FakeMailer())[1] == DeliveryCounts(sent=70)


@pytest.mark.parametrize("after", [7, 120])
@pytest.mark.parametrize("ahead", [1, 2])
def test_signatures_are_made_ahead_and_the_order_and_the_stop_stay_as_they_are(after: int, ahead: int) -> None:
    signer = Signer(domain="example.org", selector="digest", sign=lambda data: hashlib.sha256(data).digest())
    ledger, mailer = FakeLedger(readers(120)), FakeMailer()
    tools = SendingTools(
        ledger=ledger,
        mailer=mailer,
        now=lambda: NOW,
        stop=lambda: len(mailer.mails) >= after,
        signer=signer,
        chunks_ahead=ahead,
    )
    _, counts = send(ISSUE, newsletter(), EDITIONS, approval(), tools)
    assert (counts.sent, counts.planned) == (after, 120 - after)
    assert [address for address, _ in mailer.mails] == [one.address for one in readers(after)]
    assert all(mail.startswith(b"DKIM-Signature: ") for _, mail in mailer.mails)


def test_who_left_meanwhile_is_not_written_to() -> None:
    ledger, mailer = FakeLedger(readers(4), left={"s00001"}), FakeMailer()
    report, counts = run(ledger, mailer)
    assert counts == DeliveryCounts(sent=3, suppressed=1)
    assert all("reader1@" not in address for address, _ in mailer.mails)
    assert report.skipped == ("1 readers left before it was sent",)


def test_an_address_that_needs_smtputf8_fails_with_the_reason() -> None:
    ledger = FakeLedger([reader(1, address="josé@example.net"), reader(2)])
    _, counts = run(ledger, FakeMailer())
    assert counts == DeliveryCounts(sent=1, failed=1)
    assert ledger.rows["s00001"].reply == "the address can not be used without SMTPUTF8"


def test_a_language_without_an_edition_stays_planned_and_is_reported() -> None:
    ledger = FakeLedger([reader(1, "fr"), reader(2)])
    report, counts = run(ledger, FakeMailer())
    assert counts == DeliveryCounts(sent=1, planned=1)
    assert any("no edition in this reader's language" in problem.what for problem in report.problems)


def test_sums_that_do_not_balance_make_the_run_red() -> None:
    class Leaky(FakeLedger):
        def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
            counts = super().counts(newsletter_id, issue_id)
            return replace(counts, sent=max(0, counts.sent - 1))

    class Short(FakeLedger):
        def freeze(self, *given: Any) -> DeliveryCounts:
            super().freeze(*given)
            del self.rows[self.subscribers.pop().subscriber_id]
            return self.counts(*given[:2])

        def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
            return replace(super().counts(newsletter_id, issue_id), frozen=3)

    for ledger in (Leaky(readers(3)), Short(readers(3))):
        with pytest.raises(DeliveryError, match="3 readers were frozen and 2 are accounted for"):
            run(ledger, FakeMailer())


def test_a_row_in_no_final_state_makes_the_run_red() -> None:
    class Stuck(FakeLedger):
        def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
            return DeliveryCounts(planned=0, claimed=1, handing=1)

    with pytest.raises(DeliveryError, match="2 of them in no final state"):
        run(Stuck(readers(2)), FakeMailer())


def test_no_report_shows_an_address() -> None:
    people = [*readers(20), reader(99, address="josé@example.net")]
    report, _ = run(FakeLedger(people), answers(OK, GONE, LOST, BUSY, FULL))
    assert "@" not in repr(report)


@settings(deadline=None)
@given(st.lists(st.sampled_from([OK, GONE, QUOTA, BUSY, FULL, LOST]), max_size=80), st.integers(0, 90))
def test_whatever_the_server_says_nobody_is_written_to_twice_and_the_sums_balance(
    outcomes: list[HandOver], stop_after: int
) -> None:
    ledger, mailer = FakeLedger(readers(70)), answers(*outcomes)
    _, counts = run(ledger, mailer, stop=lambda: len(mailer.mails) >= stop_after)
    assert counts.total == 70
    assert (counts.claimed, counts.handing) == (0, 0)
    taken = [to for (to, _), outcome in zip(mailer.mails, outcomes, strict=False) if outcome in (OK, LOST)]
    again = FakeMailer()
    _, counts = run(ledger, again)
    assert {to for to, _ in again.mails}.isdisjoint(taken)
    assert (counts.planned, counts.total) == (0, 70)


def test_a_dry_run_writes_everybody_and_touches_no_ledger() -> None:
    people: list[tuple[Subscriber, str]] = [(one, f"{number:032}") for number, one in enumerate(readers(5))]
    people += [(reader(8, "fr"), "a" * 32), (reader(9, address="josé@example.net"), "b" * 32)]
    mailer = FakeMailer()
    report = dry_run(ISSUE, newsletter(), EDITIONS, people, mailer, now=NOW)
    assert len(mailer.mails) == 5
    assert report.made == ("3 mails in en written, nothing sent", "2 mails in pt_BR written, nothing sent")
    assert len(report.skipped) == 2
    assert "@" not in repr(report)


def test_an_issue_whose_time_is_over_needs_a_new_approval() -> None:
    late = NOW + timedelta(days=5)
    ledger, mailer = FakeLedger(readers(2)), FakeMailer()
    tools = SendingTools(ledger=ledger, mailer=mailer, now=lambda: late, stop=lambda: False)
    with pytest.raises(NotApprovedError, match="too old to be sent by itself"):
        send(ISSUE, newsletter(), EDITIONS, approval(), tools)
    assert (ledger.rows, mailer.mails) == ({}, [])
    renewed = replace(approval(), approved_at=late - timedelta(hours=1))
    assert send(ISSUE, newsletter(), EDITIONS, renewed, tools)[1] == DeliveryCounts(sent=2)
    # What is finished is looked at again without a word, however old it is.
    assert send(ISSUE, newsletter(), EDITIONS, approval(), tools)[1] == DeliveryCounts(sent=2)


POLICY = Refused(reply="550 5.7.1 blocked by policy")


def test_ten_refusals_by_policy_among_the_first_stop_a_large_sending() -> None:
    pair: list[HandOver] = [POLICY, OK]
    ledger, mailer = FakeLedger(readers(400)), answers(*pair * 9, POLICY)
    report, counts = run(ledger, mailer)
    assert counts == DeliveryCounts(sent=9, planned=391)
    assert "10 of 19 messages were refused for what the sender is" in [problem.what for problem in report.problems]


def test_one_in_twenty_refused_by_policy_stops_a_sending_and_one_alone_does_not() -> None:
    greylisted = TryLater(reply="450 4.7.1 greylisted")
    assert run(FakeLedger(readers(30)), answers(greylisted))[1] == DeliveryCounts(sent=29, planned=1)
    spread: list[HandOver] = [POLICY, *[OK] * 9] * 40
    _, counts = run(FakeLedger(readers(400)), answers(*spread))
    assert 200 > counts.sent > 50
