"""What comes back to the mailbox is told apart by what it proves, and whatever the bytes, there is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.inbox import Bounces, Complains, Ignored, Leaves, Writes
from digest.text.bounce_scores import unreachable, weight
from digest.text.incoming_mail import read_incoming
from mails_back import TOKEN, complaint, letter, old_report, report


@pytest.mark.parametrize(
    "subject", [f"unsubscribe {TOKEN}", f"Re: UNSUBSCRIBE {TOKEN.upper()}", f"=?utf-8?q?unsubscribe_{TOKEN}?="]
)
def test_the_token_of_a_personal_link_takes_its_reader_off(subject: str) -> None:
    assert read_incoming(letter(subject)).meaning == Leaves(token=TOKEN)


@pytest.mark.parametrize(
    "subject",
    [
        *("unsubscribe", "Please remove me", "STOP", "Cancel my subscription", "please stop emailing me"),
        *("cancelar", "Sair", "Re: sair", "Quero sair da lista", "Cancele minha inscrição", "remover, por favor"),
        *("Descadastre-me", "Não desejo mais receber", "Exclua meu e-mail", "Me tira da lista"),
    ],
)
def test_words_alone_take_nobody_off_and_are_told_to_the_author(subject: str) -> None:
    meaning = read_incoming(letter(subject, "reader@example.net")).meaning
    assert isinstance(meaning, Writes)
    assert meaning.wants_to_leave


@pytest.mark.parametrize("subject", ["Sair do luto", "A stop on the way", "Parar de fumar", "O que fica depois"])
def test_a_letter_that_only_uses_such_a_word_asks_for_nothing(subject: str) -> None:
    meaning = read_incoming(letter(subject, "Obrigada pelo texto.")).meaning
    assert isinstance(meaning, Writes)
    assert not meaning.wants_to_leave


def test_a_letter_is_hers_to_read_without_what_it_quotes() -> None:
    body = "Have you read https://example.org/study?\n\nOn 26 Nov Bonds wrote:\n> unsubscribe https://example.org/old"
    meaning = read_incoming(letter("A question", body)).meaning
    assert meaning == Writes(
        topic="A question", text="Have you read https://example.org/study?", links=("https://example.org/study?",)
    )


@pytest.mark.parametrize("headers", ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "X-Autoreply: yes\n"])
def test_a_vacation_note_changes_nothing(headers: str) -> None:
    assert read_incoming(letter(f"Out: unsubscribe {TOKEN}", headers=headers)).meaning == Ignored(
        reason="an automatic answer"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (report("5.1.1"), ("5.1.1", True, "gone")),
        (report("5.2.1"), ("5.2.1", True, "gone")),
        (report("5.2.2"), ("5.2.2", True, "soft")),
        (report("4.4.1", action="delayed"), ("4.4.1", False, "soft")),
        (report("5.7.1"), ("5.7.1", True, "ours")),
        (report("5.0.0", said="smtp; 550 5.7.515 not authenticated"), ("5.7.515", True, "ours")),
        (report("5.0.0", said="smtp; 550 5.1.1 unknown user"), ("5.1.1", True, "gone")),
        (report("5.0.0", said="smtp; 554 no"), ("5.0.0", True, "soft")),
        (report("5.1.8", said="smtp; 550 5.1.8 sender's domain unknown"), ("5.1.8", True, "ours")),
        (report("4.7.0", action="delayed", said="smtp; 421-4.7.0 unusual rate"), ("4.7.0", False, "ours")),
        # As Gmail, Exchange and Postfix write them.
        (
            report("5.1.1", said="smtp; 550-5.1.1 The account does not exist.\n 550 5.1.1 Learn more"),
            ("5.1.1", True, "gone"),
        ),
        (report("5.1.10", said="smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found"), ("5.1.10", True, "gone")),
        (report("5.4.4", said="X-Postfix; Host or domain name not found. type=AAAA"), ("5.4.4", True, "gone")),
        (report("5.0.0", said="smtp; 552 5.2.2 over quota [192.0.2.1]"), ("5.2.2", True, "soft")),
        (
            report("5.1.1").replace(b"message/delivery-status", b"message/global-delivery-status"),
            ("5.1.1", True, "gone"),
        ),
    ],
)
def test_a_report_says_whose_mail_it_was_and_what_it_means(data: bytes, expected: tuple[str, bool, str]) -> None:
    meaning = read_incoming(data).meaning
    assert isinstance(meaning, Bounces)
    assert (meaning.token, meaning.status, meaning.final, weight(meaning)) == (TOKEN, *expected)


def test_the_address_a_report_was_sent_to_tells_more_than_what_it_returns() -> None:
    other = "y" * 32
    meaning = read_incoming(report("5.1.1", to=f"bounces+{other}@example.org")).meaning
    assert isinstance(meaning, Bounces)
    assert meaning.token == other


EXIM = "Mail Delivery System <Mailer-Daemon@mx.example.net>"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            old_report("Hi. This is qmail.\n\n<a@example.net>:\nSorry, no mailbox by that name. (#5.1.1)"),
            ("5.1.1", True, "gone"),
        ),
        (old_report("<a@example.net>:\n5.6.7.8 does not like recipient.\nGiving up."), ("5.0.0", True, "soft")),
        (old_report("host mx [192.0.2.1]: 550 5.7.1 blocked", sender=EXIM), ("5.7.1", True, "ours")),
        (old_report("SMTP error after RCPT TO: 552 mailbox full", sender=EXIM), ("5.2.2", True, "soft")),
        (
            old_report("It has not yet been delivered.", sender=EXIM, subject="Warning: delayed 24 hours"),
            ("4.0.0", False, "soft"),
        ),
        (
            old_report("451 4.4.1 no answer", sender="x@example.net", headers="Return-Path: <>\n"),
            ("4.4.1", False, "soft"),
        ),
        (
            old_report(
                "no such user",
                sender="x@example.net",
                headers="X-Failed-Recipients: a@example.net\nAuto-Submitted: auto-replied\n",
            ),
            ("5.1.1", True, "gone"),
        ),
        (old_report("550 5.1.1 unknown", to="letters@example.org"), ("5.1.1", True, "gone")),
    ],
)
def test_a_report_in_no_form_is_read_by_what_the_server_says_and_not_by_our_own_words(
    data: bytes, expected: tuple[str, bool, str]
) -> None:
    meaning = read_incoming(data).meaning
    assert isinstance(meaning, Bounces)
    assert (meaning.token, meaning.status, meaning.final, weight(meaning)) == (TOKEN, *expected)


@pytest.mark.parametrize(
    ("said", "status", "counts"),
    [
        # Of a reader who is gone, as Exim, Exchange, Exchange Online, Yahoo, Domino, sendmail, qmail and Brazilian hosts say it.
        ("a@example.net: Unrouteable address", "5.1.1", "gone"),
        ("all relevant MX records point to non-existent hosts", "5.1.2", "gone"),
        ("The recipient name is not recognized", "5.1.1", "gone"),
        ("550 5.4.1 Recipient address rejected: Access denied. [AA.example]", "5.1.1", "gone"),
        ("This user doesn't have a yahoo.com account (a@example.net) [0]", "5.1.1", "gone"),
        ("554 30 Sorry, your message can not be delivered. This mailbox is disabled (554.30).", "5.1.1", "gone"),
        ("User ana (a@example.net) not listed in Domino Directory", "5.1.1", "gone"),
        ("550 <a@example.net>... Host unknown (Name server: no data known)", "5.1.2", "gone"),
        ("550 <a@example.net>: Recipient address rejected: User unknown in local recipient table", "5.1.1", "gone"),
        ("550 Usuário inexistente", "5.1.1", "gone"),
        ("550 A conta de e-mail não existe", "5.1.1", "gone"),
        # Full, or no more than no: counted, and off after three issues.
        ("Sorry, your message cannot be delivered. This account is over quota.", "5.2.2", "soft"),
        ("552 Caixa postal do destinatário cheia", "5.2.2", "soft"),
        ("550 5.5.0 Requested action not taken: mailbox unavailable", "5.5.0", "soft"),
        ("554 Message looping (received 6 times)", "5.0.0", "soft"),
        ("452 user unknown at the moment", "4.0.0", "soft"),
        # About the sender, whatever else it says: never held against the reader.
        ("554 Message not allowed - [PH01] Email not accepted for policy reasons.", "5.7.1", "ours"),
        ("550 SC-001 unfortunately, messages from [192.0.2.1] weren't sent: on our block list. User unknown", "5.7.1", "ours"),
        ("550 Mensagem recusada por política de spam", "5.7.1", "ours"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["words", "report"])
def test_words_tell_what_a_vague_code_leaves_open(said: str, status: str, counts: str, form: str) -> None:
    data = old_report(said) if form == "words" else report("5.0.0", said=f"smtp; {said}")
    meaning = read_incoming(data).meaning
    assert isinstance(meaning, Bounces)
    assert (meaning.status, weight(meaning)) == (status, counts)


@pytest.mark.parametrize("subject", ["Undeliverable: Bonds", "Delivery Failure", "RE: Bonds : não entregue"])
def test_what_a_machine_writes_to_the_address_of_one_mail_needs_no_name_of_a_machine(subject: str) -> None:
    meaning = read_incoming(old_report("No such user here.", sender="gate@mx.example.net", subject=subject)).meaning
    assert isinstance(meaning, Bounces)
    assert weight(meaning) == "gone"


def test_a_report_that_is_sloppy_about_its_fields_is_read_all_the_same() -> None:
    for action, status in (("failed (bad destination)", "5.1.1"), ("failure", "553 no such user")):
        meaning = read_incoming(report(status, action=action, said="")).meaning
        assert isinstance(meaning, Bounces)
        assert (meaning.status, meaning.final) == ("5.1.1", True)
    without = report("5.1.1").partition(b"Final-Recipient")[0] + b"\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\n"
    meaning = read_incoming(without + f"Message-ID: <{TOKEN}.2026-11-26@example.org>\r\n\r\n--B--\r\n".encode()).meaning
    assert meaning == Bounces(token=TOKEN, status="5.0.0", final=True)


def test_a_report_of_success_in_words_is_no_failure() -> None:
    assert not isinstance(
        read_incoming(old_report("Your mail arrived.", subject="Delivery report: success")).meaning, Bounces
    )


def test_words_like_a_report_that_no_mail_system_wrote_or_that_name_no_mail_of_ours_are_none() -> None:
    by_a_person = old_report("550 5.1.1 unknown", sender="reader@example.net", to="letters@example.org")
    of_another_mail = old_report("550 5.1.1 unknown").replace(TOKEN.encode(), b"somebody-else")
    assert not isinstance(read_incoming(by_a_person).meaning, Bounces)
    assert not isinstance(read_incoming(of_another_mail).meaning, Bounces)


def test_a_report_of_success_or_of_another_mail_changes_nothing() -> None:
    assert isinstance(read_incoming(report("2.0.0", action="delivered")).meaning, Ignored)
    foreign = report("5.1.1").replace(TOKEN.encode(), b"somebody-else")
    assert isinstance(read_incoming(foreign).meaning, Ignored)


def test_a_complaint_names_its_mail() -> None:
    assert read_incoming(complaint()).meaning == Complains(token=TOKEN)


def test_one_message_has_one_key_and_another_another() -> None:
    keys = {read_incoming(letter("A", number=number)).message_key for number in (1, 1, 2)}
    assert len(keys) == 2
    nameless = [read_incoming(data).message_key for data in (b"Subject: a\r\n\r\n", b"Subject: b\r\n\r\n")]
    assert len(set(nameless)) == 2


@given(st.binary(max_size=500), st.integers(0, 3))
def test_whatever_the_bytes_there_is_an_answer(data: bytes, shape: int) -> None:
    whole = (data, report("5.1.1")[:200] + data, complaint()[:300] + data, letter("x")[:60] + data)[shape]
    read_incoming(whole)


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: multipart/report; boundary=B\r\n\r\n"
        + b"--B\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n" * 2000,
        b"Subject: =?x-unknown?b?////?=\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Date: Thu, 99 Foo 99999 99:99:99 +9999\r\nSubject: a\r\n\r\na",
        b"To: " + b"a+" * 50_000 + b"@example.org\r\n\r\n",
        b"Message-ID: \xff\xfe\r\n\r\nx",
    ],
)
def test_hostile_mail_is_read_like_any_other(data: bytes) -> None:
    assert read_incoming(data).message_key


def test_three_issues_in_a_row_and_not_fewer_make_a_reader_unreachable() -> None:
    assert unreachable([True, True, True, False])
    assert not unreachable([True, True])
    assert not unreachable([True, False, True, True])
