"""`digest inspect mail`: the mail that we send has no finding, and each planted fault has its own."""

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.cli.main import main
from digest.text.gates.mail import mail_findings
from digest.text.mime import message_template
from fakes_mails import filled
from golden_editions import golden
from golden_issue import GOLDEN_NEWSLETTER

READER = "reader@example.net"


@cache
def letter(locale: str = "pt_BR") -> bytes:
    (edition,) = (one for one in golden().editions if one.name == locale)
    template = message_template(edition, GOLDEN_NEWSLETTER, "2026-11-26")
    return template.message(recipient=READER, token="0" * 32, date=datetime(2026, 11, 26, 7, tzinfo=UTC))


def said(data: bytes) -> list[str]:
    return [f"{one.check} {one.severity}: {filled(one)}" for one in mail_findings(data)]


def put(old: str, new: str) -> bytes:
    assert old.encode() in letter(), old
    return letter().replace(old.encode(), new.encode(), 1)


def small(html: str, text: str = "Words", head: str = "") -> bytes:
    lines = (
        "From: A <a@example.org>", "To: <b@example.net>", "Date: Thu, 26 Nov 2026 07:00:00 +0000", "Subject: Bonds",
        "Message-ID: <1@example.org>", "MIME-Version: 1.0", "List-Id: <bonds.example.org>", "Content-Language: en",
        "Auto-Submitted: auto-generated", "List-Unsubscribe: <mailto:a@example.org>", head or "X-A: b",
        'Content-Type: multipart/alternative; boundary="b"', "", "--b", "Content-Type: text/plain; charset=utf-8", "",
        text, "--b", "Content-Type: text/html; charset=utf-8", "", html, "--b--", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("locale", ["pt_BR", "en"])
def test_the_letter_that_is_sent_has_no_finding(locale: str) -> None:
    assert said(letter(locale)) == []


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (lambda: put("Subject: ", "Subject: a\r\nSubject: "), "rfc error: The header Subject stands 2 times; it may stand once."),
        (lambda: put("Message-ID: ", "X-Message: "), "rfc error: The header Message-ID is missing."),
        (lambda: put("List-Id: ", "X-List: "), "rfc warning: A newsletter has the header List-Id."),
        (lambda: put("To: ", "To: other@example.net, "), "rfc error: The header To holds 2 addresses; a letter has one."),
        (lambda: put("To: ", "Bcc: other@example.net\r\nTo: "), "rfc error: The header Bcc would show who else gets the mail."),
        (lambda: put("Date: ", "Date: soon "), "rfc error: The header Date is not a date (RFC 5322)."),
        (lambda: put("Message-ID: <", "Message-ID: "), "rfc error: The header Message-ID is not left@right in angle brackets (RFC 5322)."),
        (lambda: put("@example.org>\r\nList-Unsub", "@elsewhere.example>\r\nList-Unsub"), "rfc warning: The Message-ID has another domain than From."),
        (lambda: put("From: ", "From: Ção "), "rfc error: A header holds letters that are not ASCII and not encoded (RFC 2047)."),
        (lambda: put("List-Unsubscribe: <mailto:", "List-Unsubscribe: =?utf-8?q?=3Cmailto=3A?= <mailto:"), "rfc error: List-Unsubscribe is encoded (RFC 2047): Gmail and Outlook then hide the button."),
        (lambda: put("List-Unsubscribe: <mailto:", "List-Unsubscribe: <http://"), "rfc error: List-Unsubscribe is neither an https nor a mailto address in angle brackets (RFC 2369)."),
        (lambda: put("List-Id: ", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: "), "rfc error: List-Unsubscribe-Post needs an https address in List-Unsubscribe (RFC 8058)."),
        (lambda: put("Content-Language: pt-BR", "Content-Language: en"), "rfc warning: Content-Language says en and the HTML pt-BR."),
        (lambda: put("multipart/alternative", "multipart/mixed"), "rfc warning: The mail is not multipart/alternative."),
        (lambda: put("quoted-printable\r\n\r\n", "quoted-printable\r\n\r\n" + "x" * 77 + "\r\n"), "rfc error: A line of text/plain in quoted-printable has 77 characters; RFC 2045 allows 76."),
        (lambda: put("quoted-printable\r\n\r\n", "quoted-printable\r\n\r\n" + "x" * 999 + "\r\n"), "rfc error: A line has 999 characters; 998 are allowed."),
        (lambda: put("quoted-printable\r\n\r\n", "quoted-printable\r\n\r\nFrom here\r\n"), "rfc warning: A line begins with “From ”, which some mailboxes change."),
        (lambda: put("\r\n\r\n--", "\n\n--"), "rfc error: Line ends are mixed; each has to be CR LF."),
        (lambda: letter().replace(b"\r\n", b"\n"), "rfc warning: Line ends are LF alone; on the way they have to be CR LF."),
        (lambda: b"Subject: a\x00\r\n\r\n", "rfc error: The mail holds a null byte."),
        (lambda: b"Subject: \r\nno header\r\n\r\n", "rfc error: A line among the headers is none."),
        (lambda: b"Subject: \r\n\r\nx", "rfc error: The subject is empty."),
        (lambda: b"Subject: x\r\n\r\nx", "rfc error: The mail needs a text part and an HTML part."),
        (lambda: small("<p>Words", head="X-Long: =?utf-8?q?" + "a" * 70 + "?="), "rfc error: An encoded word in X-Long has 82 characters; RFC 2047 allows 75."),
        (lambda: small("<p>Wörter"), "rfc error: The part text/html holds letters that are not ASCII and not encoded."),
        (lambda: small("<p>Words").replace(b"text/plain", b"text/x").replace(b"text/html", b"text/plain").replace(b"text/x", b"text/html"), "rfc error: The HTML part stands before the text part: the last part is shown (RFC 2046)."),
        (lambda: small("<p>Words").replace(b"--b--\r\n", b""), "rfc error: The parts of the mail do not fit together (RFC 2046)."),
        (lambda: small("<p>Words").replace(b"utf-8", b"x-unknown"), "rfc warning: The part text/plain is not in UTF-8."),
        (lambda: small("<p>Words").replace(b"utf-8", b"x-unknown"), "rfc error: The part text/plain can not be decoded."),
        (lambda: small("<p>Psicóloga").replace("ó".encode(), b"o"), "law_footer warning: A psychologist in Brazil shows the CRP number, such as CRP 06/12345."),
        (lambda: small("<p>Words"), "law_footer error: The HTML part has no link to unsubscribe."),
        (lambda: small("<p>Words"), "law_footer warning: There is no postal address."),
        (lambda: small("<p>Words"), "law_footer warning: There is no link to a legal notice."),
        (lambda: small("<p>Other"), "same_words error: The TXT part lacks words of the HTML part: other"),
        (lambda: small("<p>Words"), "accessibility error: The mail has no title: screen readers say it first."),
        (lambda: small('<a href="http://example.org/">Words</a>'), "links error: This link is not a whole https or mailto address: http://example.org/"),
        (lambda: small("<p>Words" + "<!--" + "x" * 99_000), "size error: The edition is 97 KB; Gmail clips near 102 KB."),
        (lambda: small("<form>Words</form>"), "client_support error: The mail uses “<form> element” (<form>), which has no place in a mail."),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named(data: Callable[[], bytes], finding: str) -> None:
    assert finding in said(data())


def test_no_finding_repeats_an_address() -> None:
    data = put("To: ", "To: other@example.net, ").replace(b"Date: ", b"Date: x ")

    assert not [line for line in said(data) if READER in line or "other@example.net" in line]


@settings(deadline=None, max_examples=30)
@given(st.binary(max_size=200), st.integers(min_value=0, max_value=2000))
def test_whatever_bytes_come_they_are_answered(noise: bytes, place: int) -> None:
    assert list(mail_findings(noise)) != []
    list(mail_findings(letter()[:place] + noise + letter()[place:]))


def test_the_command_answers_one_line_a_file_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(letter())
    bad.write_bytes(b"\xff\x00")
    lines = [json.dumps({"path": str(path)}) for path in (good, tmp_path / "gone.eml", bad)]
    typed = "\n".join((lines[0], "no JSON", *lines[1:])).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))

    assert main(["inspect", "mail", "--batch"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert answers[0] == {"findings": []}
    assert ["error" in answer for answer in answers] == [False, True, True, False]
    assert {"check", "severity", "where", "message"} == set(answers[3]["findings"][0])
