"""Who asks for the newsletter is known by the receiver's own verdict, and who says yes by the token of the question."""

import pytest

from digest.models.inbox import Asks, Confirms, Declines, Ignored, Writes
from digest.text.incoming_mail import read_incoming
from mails_back import TOKEN, letter

OURS = "mx.example.org"
QUESTION = f"In-Reply-To: <{TOKEN}.confirm@example.org>\n"
PROVED = f"Authentication-Results: {OURS}; spf=pass; dmarc=pass (p=none) header.from=example.net\n"
FORGED = "Authentication-Results: mx.attacker.example.net; dmarc=pass header.from=example.net\n"


@pytest.mark.parametrize(
    "subject", [f"confirm {TOKEN}", f"Re: CONFIRM {TOKEN.upper()}", f"=?utf-8?q?confirm_{TOKEN}?="]
)
def test_the_mail_that_the_link_writes_is_a_yes_with_its_proof(subject: str) -> None:
    meaning = read_incoming(letter(subject, headers=PROVED)).meaning
    assert isinstance(meaning, Confirms)
    assert meaning.token == TOKEN
    assert "Message-ID: <letter-1@example.net>; Date: Thu, 26 Nov 2026" in meaning.evidence
    assert "dmarc=pass" in meaning.evidence
    assert "example.net" not in repr(meaning)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("YES", Confirms),
        ("Sim, quero receber no meu e-mail!\n\nEm qui., 26 de nov. de 2026, Laços escreveu:\n> não", Confirms),
        ("Yes please.\n\nOn Thu Bonds wrote:\n> If you do not want it", Confirms),
        ("Não, obrigada.", Declines),
        ("No, thanks", Declines),
        ("Sim... mas não agora", Writes),
        ("Who are you?", Writes),
        ("Oi, Ana! Sim, quero.", Confirms),
        ("Bom dia,\n\nsim!", Confirms),
        ("Com certeza", Confirms),
        ("Quero", Confirms),
        ("Pode mandar :)", Confirms),
        # They begin as a yes does, and are none.
        ("Quero saber quem pediu isso.", Writes),
        ("Pode me dizer o que é isto?", Writes),
        ("I do wonder who put me there", Writes),
        ("Ok, what is this?", Writes),
        ("Yesterday I did not ask for anything", Writes),
    ],
)
def test_a_plain_answer_counts_as_what_it_says_and_no_question_is_a_consent(answer: str, kind: type) -> None:
    assert isinstance(read_incoming(letter("Re: Please confirm", answer, headers=QUESTION)).meaning, kind)


def test_an_empty_answer_or_a_holiday_note_is_no_consent() -> None:
    assert isinstance(read_incoming(letter("Re: Please confirm", headers=QUESTION)).meaning, Writes)
    note = read_incoming(letter("Yes", "YES", headers=f"{QUESTION}Auto-Submitted: auto-replied\n"))
    assert note.meaning == Ignored(reason="an automatic answer")


@pytest.mark.parametrize(
    ("subject", "locale"),
    [
        ("Subscribe", "en"),
        ("assinar", "pt_BR"),
        ("Quero assinar a newsletter", "pt_BR"),
        ("=?utf-8?q?Inscri=C3=A7=C3=A3o!?=", "pt_BR"),
    ],
)
def test_who_asks_for_it_is_asked_back_where_the_receiver_proved_the_sender(subject: str, locale: str) -> None:
    meaning = read_incoming(letter(subject, headers=PROVED), OURS).meaning
    assert isinstance(meaning, Asks)
    assert (meaning.address, meaning.locale) == ("reader@example.net", locale)
    assert "reader" not in repr(meaning)


@pytest.mark.parametrize(
    "headers",
    [
        "",
        FORGED,
        FORGED + PROVED,
        PROVED.replace("dmarc=pass", "dmarc=fail"),
        PROVED.replace("header.from=example.net", "header.from=other.example.net"),
        f"{PROVED}From: other@example.org\n",
    ],
)
def test_nobody_can_have_somebody_else_asked(headers: str) -> None:
    meaning = read_incoming(letter("subscribe", headers=headers), OURS).meaning
    assert meaning == Ignored(reason="asks for the newsletter from an address that nobody proved")


def test_where_no_verdict_is_trusted_the_wish_is_a_letter_for_the_author() -> None:
    assert isinstance(read_incoming(letter("subscribe", headers=PROVED)).meaning, Writes)
