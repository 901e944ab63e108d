"""A whole mail as it lies in an `.eml` file: everything that can be said of it without its author's settings."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.gates.edition import page_findings
from digest.text.gates.footer import bare_law_findings
from digest.text.gates.headers import LONGEST_QUOTED_LINE, Fault, header_faults, line_faults
from digest.text.gates.page import MailPage, read_page
from digest.text.gates.same_words import word_findings

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def mail_findings(data: bytes) -> Iterator[Finding]:
    """Yield what stands against a mail: RFC, size, links, client support, accessibility, law footer, equal words."""
    message = BytesParser(policy=compat32).parsebytes(data)
    head = _BLANK_LINE.split(data, maxsplit=1)[0]
    for severity, text, values in (*line_faults(data), *header_faults(message, head), *_structure(message)):
        yield Finding(check="rfc", severity=severity, message=text, values=tuple(values.items()), where="message")
    html, text_part = _body(message, "text/html"), _body(message, "text/plain")
    if html is None:
        return
    page = read_page(html)
    yield from page_findings(page, "html")
    yield from bare_law_findings(page, text_part or "", "footer")
    if text_part is not None:
        yield from word_findings(page, text_part, "text")
    yield from _languages(message, page)


def _structure(message: Message) -> Iterator[Fault]:
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    if message.defects or any(part.defects for part in message.walk()):
        yield "error", N_("The parts of the mail do not fit together (RFC 2046)."), {}
    if "text/html" not in kinds or "text/plain" not in kinds:
        yield "error", N_("The mail needs a text part and an HTML part."), {}
    elif message.get_content_type() != "multipart/alternative":
        yield "warning", N_("The mail is not multipart/alternative."), {}
    if {"text/html", "text/plain"} <= set(kinds) and kinds.index("text/html") < kinds.index("text/plain"):
        yield "error", N_("The HTML part stands before the text part: the last part is shown (RFC 2046)."), {}
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield from _text_part(part)


def _text_part(part: Message) -> Iterator[Fault]:
    kind = {"kind": part.get_content_type()}
    if str(part.get_content_charset() or "us-ascii").lower() not in {"utf-8", "us-ascii"}:
        yield "warning", N_("The part %(kind)s is not in UTF-8."), kind
    raw = str(part.get_payload())
    encoding = str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    if encoding in {"7bit", "8bit", "binary"} and not raw.isascii():
        yield "error", N_("The part %(kind)s holds letters that are not ASCII and not encoded."), kind
    longest = max(map(len, raw.splitlines()), default=0)
    if encoding == "quoted-printable" and longest > LONGEST_QUOTED_LINE:
        message = N_("A line of %(kind)s in quoted-printable has %(count)s characters; RFC 2045 allows 76.")
        yield "error", message, {**kind, "count": str(longest)}
    if part.get_content_disposition() != "attachment" and _decoded(part) is None:
        yield "error", N_("The part %(kind)s can not be decoded."), kind


def _body(message: Message, kind: str) -> str | None:
    parts = [part for part in message.walk() if part.get_content_type() == kind]
    return _decoded(parts[0]) or "" if parts else None


def _decoded(part: Message) -> str | None:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    try:
        return payload.decode(str(part.get_content_charset() or "utf-8")).replace("\r\n", "\n")
    except (LookupError, UnicodeDecodeError):
        return None


def _languages(message: Message, page: MailPage) -> Iterator[Finding]:
    header, lang = str(message.get("Content-Language", "")).strip(), page.root.get("lang") or ""
    if header and lang and header.lower() != lang.lower():
        yield Finding(
            check="rfc",
            severity="warning",
            message=N_("Content-Language says %(header)s and the HTML %(lang)s."),
            values=(("header", header[:40]), ("lang", lang[:40])),
            where="message",
        )
