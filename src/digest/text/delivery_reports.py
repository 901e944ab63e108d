"""Delivery status notifications (RFC 3464, 6533) and feedback reports (RFC 5965): what they say, and of which mail."""

import re
from collections.abc import Iterator
from email.message import Message

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"\b([45])\d\d\b")
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = (
    "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/feedback-report",
)  # fmt: skip
_LONGEST = 20_000
_MAIL_SYSTEM = re.compile(r"(?i)mailer-daemon|postmaster|mail delivery (?:sub)?system")
_DELAYED = re.compile(r"(?i)\b(?:delayed|warning|not yet been delivered|will (?:be )?(?:keep|retr)\w*)\b")
_COPY = re.compile(
    r"(?im)^(?:-{2,}[ -]*(?:below this line|this is a copy|returned|original|unsent).*|(?:return-path|received):.*)$"
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


def bounce_of(message: Message) -> tuple[str, bool] | None:
    """Return (enhanced status code, whether it is final) of the worst recipient, or None where nothing failed."""
    found: list[tuple[str, bool]] = []
    for text in _texts(message, _STATUS_TYPES):
        found += [outcome for group in re.split(r"\r?\n\r?\n", text) if (outcome := _outcome(group))]
    return max(found, key=lambda outcome: (outcome[1], outcome[0])) if found else None


def old_bounce(message: Message, text: str) -> tuple[str, bool] | None:
    """Return what `bounce_of` does of a report older than RFC 3464 (qmail, Exim and others), None where it is none.

    `text` is the message's own. Only who has a token of ours may believe it: anybody can write so.
    """
    sender = f"{message.get('From', '')} {message.get('Return-Path', '')}"
    if not (_MAIL_SYSTEM.search(sender) or "<>" in sender or message.get("X-Failed-Recipients")):
        return None
    said = _COPY.split(text[:_LONGEST], maxsplit=1)[0]
    status = _status({"diagnostic-code": said}, final=True)
    if not status.startswith("4") and not (
        status == "5.0.0" and _DELAYED.search(f"{message.get('Subject', '')} {said}")
    ):
        return status, True
    return (status if status.startswith("4") else "4.0.0"), False


def returned_headers(message: Message) -> Iterator[str]:
    """Yield what a report gives back of the mail it is about."""
    yield from _texts(message, _RETURNED_TYPES)


def _outcome(group: str) -> tuple[str, bool] | None:
    """One recipient's fields (RFC 3464 section 2.3)."""
    fields = dict(re.findall(r"(?im)^([a-z-]+)\s*:\s*(.*(?:\r?\n[ \t].*)*)$", group))
    named = {name.casefold(): " ".join(value.split()) for name, value in fields.items()}
    action = named.get("action", "").casefold()
    if action not in ("failed", "delayed"):
        return None
    final = action == "failed"
    return _status(named, final=final), final


def _status(named: dict[str, str], *, final: bool) -> str:
    """The server's own words know more than a code that only names the class (as `5.0.0`)."""
    for text in (named.get("status", ""), named.get("diagnostic-code", "")):
        for match in _STATUS.finditer(text):
            if match[0][2:] != "0.0" and match[1] != "2":
                return match[0]
    code = _CODE.search(named.get("diagnostic-code", ""))
    if code:
        return f"{code[1]}.0.0"
    return "5.0.0" if final else "4.0.0"


def _texts(message: Message, types: tuple[str, ...]) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() in types:
            yield _as_text(part)


def _as_text(part: Message) -> str:
    """A part of a report as text, in whichever form the parser left it."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\r\n\r\n".join(str(inner)[:_LONGEST] for inner in payload if isinstance(inner, Message))
    decoded = part.get_payload(decode=True)
    if isinstance(decoded, bytes):
        return decoded[:_LONGEST].decode("utf-8", errors="replace")
    return str(payload)[:_LONGEST]
