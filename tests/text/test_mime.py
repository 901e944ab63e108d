"""Composition: what is approved is what can be read back, and no receiver has to guess."""

import hashlib
import html as html_markup
import itertools
import quopri
import string
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import DeliveryError, FileFormatError, NotApprovedError, SettingsError
from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.text import encoded_word, quoted_printable
from digest.text.mailbox import Mailbox, ascii_address, parse_mailbox
from digest.text.mime import approved_parts, message_template, proven_template
from digest.text.smtp_replies import is_about_the_reader, scrubbed
from fakes_send import EDITIONS, ISSUE, NOW, edition, newsletter

TOKEN = "mfrggzdfmztwq2lknnwg23tpobyxe43u"

any_text = st.text(st.characters(exclude_categories=["Cs"]))
awkward = st.text(st.sampled_from(list(" \t.\r\n=_?<>FromFrom é—💬a")), max_size=400)
one_line = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip)


def composed(each: RenderedEdition = EDITIONS[1], **settings: str) -> bytes:
    template = message_template(each, newsletter(**settings), ISSUE)
    return template.message(recipient="reader@example.net", token=TOKEN, date=NOW)


def read(data: bytes) -> EmailMessage:
    """Read a mail as the standard library's newest policy does."""
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def unix(data: object) -> str:
    assert isinstance(data, bytes)
    return data.replace(b"\r\n", b"\n").decode("utf-8")


def assert_wire_safe(data: bytes) -> None:
    """7-bit, CRLF only, and no line that a relay or an mbox file would change."""
    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n")
    for line in data.split(b"\r\n"):
        assert not line.startswith((b".", b"From "))


@settings(deadline=None)
@given(any_text | awkward)
def test_quoted_printable_comes_back_whole_and_keeps_the_limits(text: str) -> None:
    encoded = quoted_printable.encode(text)
    assert unix(quopri.decodestring(encoded.encode("ascii"))) == text
    assert_wire_safe(encoded.encode("ascii"))
    for line in encoded.split("\r\n"):
        assert len(line) <= 76
        assert not line.endswith((" ", "\t"))
    assert "=_" not in encoded


@pytest.mark.parametrize("start", [".", "From ", "..", "From a"])
@pytest.mark.parametrize("filler", ["x", "é", "=", " "])
def test_a_full_line_that_needs_its_first_character_guarded_stays_within_76(start: str, filler: str) -> None:
    for length in range(60, 90):
        text = start + filler * length
        encoded = quoted_printable.encode(text)
        assert all(len(line) <= 76 for line in encoded.split("\r\n"))
        assert unix(quopri.decodestring(encoded.encode("ascii"))) == text


@settings(deadline=None)
@given(any_text | awkward, any_text | awkward, st.text(string.ascii_letters, min_size=1, max_size=200))
def test_a_splice_changes_no_byte_of_its_neighbours(before: str, after: str, link: str) -> None:
    parts = (
        quoted_printable.open_ended(before),
        quoted_printable.encode(link),
        quoted_printable.continued(after),
    )
    assert unix(quopri.decodestring("".join(parts).encode("ascii"))) == before + link + after
    assert all(len(line) <= 76 for line in "".join(parts).split("\r\n"))


@settings(deadline=None)
@given(any_text)
def test_encoded_words_come_back_whole_and_keep_the_limits(text: str) -> None:
    words = encoded_word.words(text)
    assert all(len(word) <= 75 for word in words)
    assert str(make_header(decode_header(" ".join(words)))) == text
    for word in words:
        # Each by itself is whole characters (RFC 2047 section 5).
        make_header(decode_header(word))


@settings(deadline=None)
@given(one_line | st.text(string.ascii_letters + " =?_.", min_size=1).filter(str.strip))
def test_a_subject_comes_back_whole_in_lines_of_76(subject: str) -> None:
    header = encoded_word.header("Subject", subject)
    lines = header.split("\r\n")
    assert all(len(line) <= 76 and line.strip() for line in lines)
    assert lines[0].startswith("Subject: ")
    assert all(line.startswith(" ") for line in lines[1:])
    assert str(make_header(decode_header(header.removeprefix("Subject: ").replace("\r\n", "")))) == subject


@settings(deadline=None)
@given(one_line)
def test_the_newest_policy_reads_the_subject_the_same(subject: str) -> None:
    data = encoded_word.header("Subject", subject).encode("ascii") + b"\r\n\r\n"
    assert str(message_from_bytes(data, policy=default)["Subject"]) == subject


def test_a_long_plain_subject_is_folded_and_not_encoded() -> None:
    subject = "What a secure bond does for sleep, for pain, for work and for the way in which children grow up"
    header = encoded_word.header("Subject", subject)
    assert "=?" not in header
    assert header.count("\r\n") == 1


def test_a_word_too_long_for_a_line_is_encoded() -> None:
    header = encoded_word.header("Subject", "see " + "x" * 100)
    assert all(len(line) <= 76 for line in header.split("\r\n"))
    assert str(make_header(decode_header(header.removeprefix("Subject: ").replace("\r\n", "")))) == "see " + "x" * 100


@pytest.mark.parametrize("each", EDITIONS, ids=lambda each: each.locale)
def test_text_comes_first_and_both_parts_are_what_was_approved(each: RenderedEdition) -> None:
    data = composed(each)
    message = read(data)
    assert_wire_safe(data)
    assert message.get_content_type() == "multipart/alternative"
    text, markup = message.iter_parts()
    assert (text.get_content_type(), markup.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content_charset() == markup.get_content_charset() == "utf-8"
    link = f"mailto:letters@example.org?subject=unsubscribe%20{TOKEN}"
    assert unix(text.get_payload(decode=True)) == each.text.replace(PERSONAL_LINK, link)
    assert unix(markup.get_payload(decode=True)) == each.html.replace(PERSONAL_LINK, html_markup.escape(link))
    assert str(message["Subject"]) == each.subject


@settings(deadline=None)
@given(any_text | awkward, any_text | awkward, any_text | awkward, any_text | awkward, one_line)
def test_the_fingerprint_survives_whatever_the_words_are(a: str, b: str, c: str, d: str, subject: str) -> None:
    each = edition(subject=subject, html=a + PERSONAL_LINK + b, text=c + PERSONAL_LINK + d)
    proven_template(each, newsletter(), ISSUE, now=NOW)
    data = composed(each)
    assert_wire_safe(data)
    subject_back, markup, text = approved_parts(data, message_template(each, newsletter(), ISSUE).personal_link(TOKEN))
    assert replace(each, subject=subject_back, html=markup, text=text).fingerprint == each.fingerprint


def test_the_headers_that_a_letter_needs() -> None:
    message = read(composed(reply_to="A. Example <author@example.org>"))
    expected = {
        "From": "Laços & Cia <letters@example.org>",
        "To": "reader@example.net",
        "Date": "Thu, 26 Nov 2026 07:30:00 +0000",
        "Message-ID": f"<{TOKEN}.2026-11-26@example.org>",
        "Reply-To": '"A. Example" <author@example.org>',
        "List-Id": "<bonds.example.org>",
        "List-Unsubscribe": f"<mailto:author@example.org?subject=unsubscribe%20{TOKEN}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "OOF",
        "Content-Language": "pt-BR",
        "MIME-Version": "1.0",
    }
    assert {name: str(message[name]) for name in expected} == expected
    assert all(len(message.get_all(name, [])) == 1 for name in [*expected, "Subject", "Content-Type"])
    # One-click needs an HTTPS endpoint (RFC 8058), and there is none.
    assert message["List-Unsubscribe-Post"] is None


def test_the_unsubscribe_header_is_one_plain_ascii_line() -> None:
    name = "a" * 60
    data = composed(sender=f"{name}@letters.example.org")
    line = next(line for line in data.split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
    assert line == f"List-Unsubscribe: <mailto:{name}@letters.example.org?subject=unsubscribe%20{TOKEN}>".encode()


def test_only_the_personal_parts_differ_between_readers() -> None:
    template = message_template(EDITIONS[0], newsletter(), ISSUE)
    one = template.message(recipient="one@example.net", token="a" * 32, date=NOW)
    two = template.message(recipient="two@example.net", token="b" * 32, date=NOW)
    # Decoded, for the link may be broken over two lines.
    same = quopri.decodestring(one).replace(b"one@", b"two@").replace(b"a" * 32, b"b" * 32)
    assert same == quopri.decodestring(two)
    assert template.message(recipient="one@example.net", token="a" * 32, date=NOW) == one


def test_the_fingerprint_is_the_one_of_the_approved_edition() -> None:
    each = EDITIONS[0]
    subject, markup, text = approved_parts(composed(each), f"mailto:letters@example.org?subject=unsubscribe%20{TOKEN}")
    digest = hashlib.sha256()
    for part in (subject, markup, text):
        digest.update(b"%d:" % len(part.encode()) + part.encode())
    assert digest.hexdigest() == each.fingerprint


@pytest.mark.parametrize("recipient", ["a@example.org\r\nBcc: b@example.net", "é@example.org", "a b@example.org", ""])
def test_a_recipient_can_not_break_out_of_the_header(recipient: str) -> None:
    template = message_template(EDITIONS[0], newsletter(), ISSUE)
    with pytest.raises(ValueError, match="can not stand in a header") as raised:
        template.message(recipient=recipient, token=TOKEN, date=NOW)
    assert "example" not in str(raised.value)


@pytest.mark.parametrize("token", ["", "a b", "a\r\nb", "a@b", "x" * 65])
def test_a_token_has_to_be_plain(token: str) -> None:
    template = message_template(EDITIONS[0], newsletter(), ISSUE)
    with pytest.raises(ValueError, match="token"):
        template.message(recipient="reader@example.net", token=token, date=NOW)


@pytest.mark.parametrize(
    "broken",
    [
        edition(html="<p>no place</p>"),
        edition(text=f"{PERSONAL_LINK} {PERSONAL_LINK}"),
        edition(subject="two\nlines"),
        edition(subject="\t"),
    ],
)
def test_what_can_not_be_sent_says_which_file_to_mend(broken: RenderedEdition) -> None:
    with pytest.raises(FileFormatError, match=r"rendered/en.*digest prepare"):
        message_template(broken, newsletter(), ISSUE)


@pytest.mark.parametrize("sender", ["", "nobody", "A <a@example.org>, B <b@example.org>", "á@example.org", "<a@b c>"])
def test_the_sender_has_to_be_one_mailbox(sender: str) -> None:
    with pytest.raises(SettingsError, match="from"):
        message_template(EDITIONS[0], newsletter(sender=sender), ISSUE)


def test_a_changed_mail_is_noticed() -> None:
    with pytest.raises(DeliveryError, match="once a part"):
        approved_parts(composed(), "mailto:somebody@example.org")
    with pytest.raises(DeliveryError, match="two parts"):
        approved_parts(b"Subject: x\r\n\r\nbody\r\n", "mailto:somebody@example.org")


def test_a_composer_that_changes_a_byte_is_refused() -> None:
    marks = map(str, itertools.count())

    class Shifting(RenderedEdition):
        """Never the same twice."""

        @property
        def fingerprint(self) -> str:
            return next(marks)

    each = EDITIONS[0]
    shifting = Shifting(locale="en", subject=each.subject, preheader="", html=each.html, text=each.text)
    with pytest.raises(NotApprovedError, match="would differ"):
        proven_template(shifting, newsletter(), ISSUE, now=NOW)


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("letters@example.org", "", "letters@example.org"),
        ("<letters@example.org>", "", "letters@example.org"),
        ('"Bonds, Inc." <letters@example.org>', "Bonds, Inc.", "letters@example.org"),
        ('"A \\"B\\"" <letters@example.org>', 'A "B"', "letters@example.org"),
        ("Laços e afeto <letters@bücher.example.org>", "Laços e afeto", "letters@xn--bcher-kva.example.org"),
    ],
)
def test_a_mailbox_is_read_as_it_is_written(written: str, name: str, address: str) -> None:
    assert parse_mailbox(written) == Mailbox(name=name, address=address)


@settings(deadline=None)
@given(one_line.map(lambda name: " ".join(name.split())))
def test_a_display_name_comes_back_whole(name: str) -> None:
    line = Mailbox(name=name, address="letters@example.org").header("From")
    # Not by policy.default, which sets a space between the encoded-words of a phrase in Python 3.11.
    written, address = parseaddr(line.removeprefix("From: ").replace("\r\n", ""))
    assert address == "letters@example.org"
    assert str(make_header(decode_header(written))) == name
    assert all(len(each) <= 76 for each in line.split("\r\n"))


@pytest.mark.parametrize(
    "address", ["é@example.org", "a@", "@example.org", "a@b@example.org", f"a@{'x' * 64}.org", "a"]
)
def test_addresses_that_need_more_than_ascii_are_told_apart(address: str) -> None:
    assert ascii_address(address) is None


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("550 5.1.1 <jo@example.net>: user unknown", "550 5.1.1 <address>: user unknown"),
        ("550 jo@example.net\r\nnot here", "550 <address> not here"),
        ('550 "jo d"@example.net gone', "550 <address> gone"),
        ("550 b+jo=40example.net@example.org no", "550 <address> no"),
        ("250 ok", "250 ok"),
    ],
)
def test_addresses_are_taken_out_of_replies(reply: str, shown: str) -> None:
    assert scrubbed(reply) == shown


@settings(deadline=None)
@given(any_text, st.integers(0, 3000))
def test_no_reply_shows_an_address_whatever_stands_around_it(noise: str, length: int) -> None:
    shown = scrubbed(f"550 {'x ' * (length // 2)}<jo.reader@example.net> {noise}")
    assert "jo.reader" not in shown
    assert len(shown) <= 300
    assert shown.isprintable() or "\n" not in shown


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("550 5.1.1 user unknown", True),
        ("452 4.2.2 mailbox full", True),
        ("550 no such user", True),
        ("450 4.1.2 domain not found", True),
        ("550 5.1.8 bad sender", False),
        ("550 5.4.5 daily limit", False),
        ("550 5.7.1 blocked", False),
        ("550 blocked 62.4.2.2", True),
        ("451 try later", False),
        ("554 transaction failed", False),
        ("the sender is refused: 550 no", False),
        ("the connection was lost", False),
    ],
)
def test_a_refusal_is_about_the_reader_or_about_us(reply: str, expected: bool) -> None:  # noqa: FBT001  a table
    assert is_about_the_reader(reply) is expected


def test_the_date_is_written_with_its_offset() -> None:
    data = message_template(EDITIONS[0], newsletter(), ISSUE).message(
        recipient="reader@example.net", token=TOKEN, date=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert b"Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n" in data


def test_feedback_figures_name_the_issue_and_the_list_and_never_the_reader() -> None:
    mail = read(composed())
    assert mail["Feedback-ID"] == f"{ISSUE}:digest:bonds:example.org"
    assert TOKEN not in mail["Feedback-ID"]


def test_one_click_is_offered_only_where_a_page_answers() -> None:
    each = replace(newsletter(), unsubscribe_url="https://lists.example.org/u/")
    data = message_template(EDITIONS[1], each, ISSUE).message(recipient="reader@example.net", token=TOKEN, date=NOW)
    page, by_mail = (
        f"<https://lists.example.org/u/{TOKEN}>",
        f"<mailto:letters@example.org?subject=unsubscribe%20{TOKEN}>",
    )
    # Never encoded, and folded only between the two.
    assert f"\r\nList-Unsubscribe: {page},\r\n {by_mail}\r\n".encode() in data
    assert data.count(b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") == 1
    assert_wire_safe(data)
    assert approved_parts(data, f"https://lists.example.org/u/{TOKEN}")[0] == EDITIONS[1].subject
    assert b"List-Unsubscribe-Post" not in composed()


def test_a_bounce_comes_back_to_an_address_that_tells_whose_mail_it_was() -> None:
    template = message_template(EDITIONS[0], replace(newsletter(), bounces="bounces@mail.example.org"), ISSUE)
    assert template.envelope_sender(TOKEN) == f"bounces+{TOKEN}@mail.example.org"
    assert len(template.envelope_sender(TOKEN).partition("@")[0]) <= 64
    assert message_template(EDITIONS[0], newsletter(), ISSUE).envelope_sender(TOKEN) == "letters@example.org"
