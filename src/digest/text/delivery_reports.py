"""Delivery status notifications (RFC 3464, 6533) and feedback reports (RFC 5965): what they say, and of which mail."""

import re
from collections.abc import Iterator
from email.message import Message

from digest.text.bounce_words import status_of

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"\b([45])\d\d\b")
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = (
    "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/feedback-report",
)  # fmt: skip
_LONGEST = 20_000
_MAIL_SYSTEM = re.compile(r"(?i)mailer-daemon|postmaster|mdaemon|mail delivery (?:sub)?system")
_FAILED = re.compile(
    r"(?i)undeliver|not be delivered|non-?delivery|delivery (?:status|report|failure|failed)|returned mail|failure notice"
    r"|n[ãa]o (?:foi |p[ôo]de \w+ )?entregue|devolvid|falha na entrega"
)
_DELAYED = re.compile(
    r"(?i)\b(?:delayed|warning|not yet been delivered|will (?:be )?(?:keep|retr)\w*|attempts will continue|ainda n[ãa]o foi)\b"
)
_ARRIVED = re.compile(r"(?i)\b(?:success|successfully|was delivered|entregue com sucesso)\b")
_COPY = re.compile(
    r"(?im)^(?:[-> |*]*(?:below (?:this line|is a copy)|(?:this|here|included) is a copy|a copy of the original"
    r"|(?:message|returned|original|unsent)[^\n]*(?:-{2,}|follows|below|as received|attached)|your message reads)"
    r"|(?:return-path|received):).*$"
)
"""Where the mail that came back begins: what stands there are our words, not the server's."""


def report_kind(message: Message) -> str:
    """Return `delivery-status`, `feedback-report`, or an empty text for what is no report (RFC 6522)."""
    if message.get_content_type() != "multipart/report":
        return ""
    kind = str(message.get_param("report-type", "") or "").casefold()
    if kind in ("delivery-status", "global-delivery-status"):
        return "delivery-status"
    if kind == "feedback-report":
        return kind
    types = {part.get_content_type() for part in message.walk()}
    return "delivery-status" if types & set(_STATUS_TYPES) else ""


def bounce_of(message: Message, subject: str, text: str) -> tuple[str, bool] | None:
    """Return (enhanced status code, whether it is final) of the worst recipient, or None where nothing failed.

    A report that names no recipient at all, as some servers write, is read by its words (`subject`, `text`).
    """
    found: list[tuple[str, bool]] = []
    said = "\n\n".join(_texts(message, _STATUS_TYPES))
    for group in re.split(r"\r?\n[ \t]*\r?\n", said):
        found += [outcome] if (outcome := _outcome(group)) else []
    if not found and not re.search(r"(?im)^action\s*:", said):
        return worded(subject, text)
    return max(found, key=lambda outcome: (outcome[1], outcome[0])) if found else None


def by_mail_system(message: Message) -> bool:
    """Whether a mail system wrote a message, as those before RFC 3464 show it."""
    sender = f"{message.get('From', '')} {message.get('Return-Path', '')}"
    return bool(_MAIL_SYSTEM.search(sender) or "<>" in sender or message.get("X-Failed-Recipients"))


def says_undelivered(subject: str) -> bool:
    """Whether a subject says so. Enough only where nobody but machines write."""
    return _FAILED.search(subject) is not None


def worded(subject: str, text: str) -> tuple[str, bool] | None:
    """Return what `bounce_of` does of a report in words alone (qmail, Exim and others), None for one of success.

    `text` is the message's own. Only who has a token of ours may believe it: anybody can write so.
    """
    said = _COPY.split(text[:_LONGEST], maxsplit=1)[0]
    if _ARRIVED.search(subject):
        return None
    status = _status({"diagnostic-code": said}, final=True)
    if status.startswith("5.0.0") and _DELAYED.search(f"{subject} {said}"):
        status = "4.0.0"
    return status, not status.startswith("4")


def returned_headers(message: Message) -> Iterator[str]:
    """Yield what a report gives back of the mail it is about."""
    yield from _texts(message, _RETURNED_TYPES)


def _outcome(group: str) -> tuple[str, bool] | None:
    """One recipient's fields (RFC 3464 section 2.3)."""
    fields = dict(re.findall(r"(?im)^([a-z-]+)\s*:\s*(.*(?:\r?\n[ \t].*)*)$", group))
    named = {name.casefold(): " ".join(value.split()) for name, value in fields.items()}
    # Some servers write "failure", or add a comment.
    action = named.get("action", "").casefold()
    if not action.startswith(("fail", "delayed")):
        return None
    final = action.startswith("fail")
    return _status(named, final=final), final


def _status(named: dict[str, str], *, final: bool) -> str:
    """The server's own words know more than a code that only names the class (as `5.0.0`)."""
    said = named.get("diagnostic-code", "")
    for text in (named.get("status", ""), said):
        for match in _STATUS.finditer(text):
            if match[0][2:] != "0.0" and match[1] != "2":
                return status_of(match[0], said)
    code = _CODE.search(f"{named.get('status', '')} {said}")
    vague = f"{code[1]}.0.0" if code else "5.0.0" if final else "4.0.0"
    return status_of(vague, f"{named.get('status', '')} {said}")


def _texts(message: Message, types: tuple[str, ...]) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() in types:
            yield _as_text(part)


def _as_text(part: Message) -> str:
    """A part of a report as text, in whichever form the parser left it."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\r\n\r\n".join(_written(inner)[:_LONGEST] for inner in payload if isinstance(inner, Message))
    decoded = part.get_payload(decode=True)
    if isinstance(decoded, bytes):
        return decoded[:_LONGEST].decode("utf-8", errors="replace")
    return str(payload)[:_LONGEST]


def _written(inner: Message) -> str:
    """Return fields, and words after them, as they stand there: RFC 6533 has them in UTF-8."""
    fields = "\r\n".join(f"{name}: {readable(value)}" for name, value in inner.raw_items())
    payload = inner.get_payload()
    return f"{fields}\r\n\r\n{readable(payload)}" if isinstance(payload, str) and payload else fields


def readable(text: str) -> str:
    """Return a text of the parser with its bytes outside ASCII read as UTF-8."""
    return str(text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
