"""Reads what comes back to the mailbox: who leaves, what bounced, who complained, who wrote. Pure; hostile mail is normal.

A token proves whose mail it is: 32 characters that only the reader's own mails carry, and nobody without the key can make.
Addresses prove nothing and are not kept.
"""

import hashlib
import re
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from digest.models.inbox import Bounces, Complains, Ignored, Incoming, Leaves, Meaning, Writes
from digest.text import joining_mail
from digest.text.delivery_reports import (
    bounce_of,
    by_mail_system,
    readable,
    report_kind,
    returned_headers,
    says_undelivered,
    worded,
)
from digest.text.plain import one_line, shortened

LARGEST_BYTES = 256_000
"""So much of a message is read; reports come first in theirs."""

_MARK = r"(?P<token>[a-z2-7]{32})"
_TAGGED = re.compile(rf"\+{_MARK}@", re.IGNORECASE)
_UNSUBSCRIBE = re.compile(rf"\bunsubscribe\s+{_MARK}(?![a-z2-7])", re.IGNORECASE)
_OUR_ID = re.compile(rf"<{_MARK}\.[A-Za-z0-9-]+@", re.IGNORECASE)
_LEAVE = re.compile(
    r"\b(?:unsubscribe|stop (?:sending|e?mailing)|(?:remove|delete) me|take me off|opt[ -]?out|cancel (?:my|the|this) subscription"
    r"|(?:no longer|do ?n.?t|do not) (?:want|wish) to (?:receive|get)|no more e?mails|(?:leave|off) (?:the|your|this) list"
    r"|cancel(?:ar|e|amento)|descadastr\w+|desinscr\w+|desassin\w+|sair d[ae] (?:lista|newsletter)|quero sair"
    r"|me (?:tire|tira|remova|retire|exclua)|(?:remova|tire|retire|exclua)-me"
    r"|(?:remov|exclu|retir|tir)\w* (?:o )?meu (?:e-?mail|nome|endere[çc]o)|n(?:ã|a)o (?:quero|desejo|gostaria de) (?:mais )?receber"
    r"|pare(?:m)? de (?:me )?(?:enviar|mandar))\b",
    re.IGNORECASE,
)
_LEAVE_ALONE = re.compile(
    r"\W*(?:re: *)?(?:stop|remove|cancel(?: subscription)?|sair|remover|parar|excluir)(?:,? (?:please|por favor|obrigad[ao]))?\W*",
    re.IGNORECASE,
)
"""Words that ask to leave where they are all that somebody writes."""
_QUOTED = re.compile(r"(?m)^(?:>.*|.{0,200}(?:wrote|escreveu):\s*|-{2,}\s*(?:Original|Mensagem).*)$")
_LINK = re.compile(r"https?://[^\s<>\"]{4,500}")
_LONGEST_TEXT = 2_000
_MOST_LINKS = 5
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


def read_incoming(data: bytes, authserv_id: str = "") -> Incoming:
    """Read one message of at most `LARGEST_BYTES`; whatever the bytes, there is an answer.

    `authserv_id` is the name under which the mailbox's own server says who a sender is (RFC 8601).
    """
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(data[:LARGEST_BYTES])
        meaning = _meaning(message, authserv_id)
        identity, received = _identity(message, data), _received(message)
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError, IndexError):
        # The standard library's parser raises these for some hostile mail; it is hers to read, not ours.
        meaning, identity, received = Ignored(reason="the message can not be read"), data, None
    return Incoming(message_key=hashlib.sha256(identity).hexdigest(), received=received, meaning=meaning)


def _meaning(message: Message, authserv_id: str) -> Meaning:
    kind = report_kind(message)
    if kind == "feedback-report":
        token = _own_token(message)
        return Complains(token=token) if token else Ignored(reason="a complaint about a mail that is none of ours")
    if kind == "delivery-status":
        return _bounce(message)
    if (old := _old_bounce(message)) is not None:
        return old
    if _is_automatic(message):
        return Ignored(reason="an automatic answer")
    if token := _found(_UNSUBSCRIBE, _text(message, "Subject")):
        return Leaves(token=token)
    return _letter(message, authserv_id)


def _bounce(message: Message) -> Meaning:
    token = _in_headers(message, _TAGGED) or _own_token(message)
    found = bounce_of(message, _text(message, "Subject"), _body(message))
    if not token:
        return Ignored(reason="a report about a mail that is none of ours")
    if found is None:
        return Ignored(reason="a report that says nothing of a failure")
    return Bounces(token=token, status=found[0], final=found[1])


def _old_bounce(message: Message) -> Bounces | None:
    """A report older than RFC 3464, of a mail that is ours without doubt.

    To an address that has a token only machines write, so there its subject is enough.
    """
    token, by_machine = _in_headers(message, _TAGGED), by_mail_system(message)
    if not (token or by_machine):
        return None
    subject = _text(message, "Subject")
    if not (by_machine or says_undelivered(subject)):
        return None
    text = _body(message)
    found, token = worded(subject, text), token or _found(_OUR_ID, text)
    return Bounces(token=token, status=found[0], final=found[1]) if found and token else None


def _letter(message: Message, authserv_id: str) -> Meaning:
    subject, text = one_line(_text(message, "Subject")), _body(message)
    written = _QUOTED.split(text, maxsplit=1)[0].strip() if text else ""
    joining = joining_mail.answer(message, subject, written) or joining_mail.request(message, subject, authserv_id)
    if joining is not None:
        return joining
    if not subject and not written:
        return Ignored(reason="an empty message")
    return Writes(
        topic=shortened(subject, 200),
        text=written[:_LONGEST_TEXT],
        links=tuple(dict.fromkeys(_LINK.findall(written)))[:_MOST_LINKS],
        answers=_found(_OUR_ID, f"{message.get('In-Reply-To', '')} {message.get('References', '')}"),
        wants_to_leave=_asks_to_leave(subject) or _asks_to_leave(written[:200]),
    )


def _asks_to_leave(words: str) -> bool:
    return bool(_LEAVE.search(words) or _LEAVE_ALONE.fullmatch(words.partition("\n")[0]))


def _is_automatic(message: Message) -> bool:
    """Vacation notes and the like (RFC 3834)."""
    submitted = _text(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
    precedence = _text(message, "Precedence").casefold()
    return submitted not in ("", "no") or precedence in ("bulk", "auto_reply", "junk") or any(map(message.get, marks))


def _own_token(message: Message) -> str:
    """The token of the mail that a report returns, told by our Message-ID."""
    return next((token for text in returned_headers(message) if (token := _found(_OUR_ID, text))), "")


def _in_headers(message: Message, pattern: re.Pattern[str]) -> str:
    values = (str(value) for name in _RECIPIENTS for value in message.get_all(name, []))
    return next((token for value in values if (token := _found(pattern, value))), "")


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text[:10_000])
    return match["token"].lower() if match else ""


def _text(message: Message, name: str) -> str:
    """A header as text; encoded words are read, and what can not be read is left as it is."""
    raw = (value for field, value in message.raw_items() if field.casefold() == name.casefold())
    value = readable(next(raw, ""))
    try:
        return str(policy.default.header_factory(name, value.replace("\r", "").replace("\n", "")))
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return value


def _body(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _decoded(payload, part.get_content_charset() or "utf-8")
    return ""


def _decoded(payload: bytes, charset: str) -> str:
    try:
        text = payload.decode(charset, errors="replace")
    except LookupError:
        text = payload.decode("utf-8", errors="replace")
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


def _identity(message: Message, data: bytes) -> bytes:
    name = str(message.get("Message-ID", "")).strip()
    return name.encode("utf-8", "surrogateescape") if name else data


def _received(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(message.get("Date", "")))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
