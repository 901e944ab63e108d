"""The headers and lines of a mail as the RFCs and the big receivers want them; no finding repeats an address."""

import re
from collections.abc import Iterator
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from digest.models.message import N_
from digest.models.segment import Severity

Fault = tuple[Severity, str, dict[str, str]]

LONGEST_LINE = 998
"""RFC 5322, section 2.1.1, without the line end."""
LONGEST_QUOTED_LINE = 76
"""RFC 2045, section 6.7."""
_ONCE = ("Date", "From", "Sender", "Reply-To", "To", "Cc", "Message-ID", "Subject", "MIME-Version", "Content-Type",
         "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Content-Language")  # fmt: skip
_NEEDED = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Content-Type", "List-Unsubscribe")
_WISHED = ("List-Id", "Content-Language", "Auto-Submitted")
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=")
_LONGEST_ENCODED_WORD = 75
_MESSAGE_ID = re.compile(r"<[^<>@\s]+@([^<>@\s]+)>")
_FIELD = re.compile(rb"[!-9;-~]+:")
_BREAKS_7BIT = re.compile(rb"[\x80-\xff]")


def header_faults(message: Message, head: bytes) -> Iterator[Fault]:
    """Yield what is wrong with the headers of a whole mail; `head` are their bytes as they stand."""
    names = [name.lower() for name in message.keys()]  # noqa: SIM118 - a message is no dict: keys repeat
    for name in _ONCE:
        if names.count(name.lower()) > 1:
            message_id = N_("The header %(name)s stands %(count)s times; it may stand once.")
            yield "error", message_id, {"name": name, "count": str(names.count(name.lower()))}
    for name in _NEEDED:
        if name.lower() not in names:
            yield "error", N_("The header %(name)s is missing."), {"name": name}
    for name in _WISHED:
        if name.lower() not in names:
            yield "warning", N_("A newsletter has the header %(name)s."), {"name": name}
    yield from _raw(head)
    yield from _mailboxes(message)
    yield from _dates_and_ids(message)
    yield from _unsubscribe(message)


def line_faults(data: bytes) -> Iterator[Fault]:
    """Yield what is wrong with the lines of a whole mail."""
    pairs, feeds, returns = data.count(b"\r\n"), data.count(b"\n"), data.count(b"\r")
    if returns > pairs or (pairs and feeds > pairs):
        yield "error", N_("Line ends are mixed; each has to be CR LF."), {}
    elif feeds and not pairs:
        yield "warning", N_("Line ends are LF alone; on the way they have to be CR LF."), {}
    if b"\x00" in data:
        yield "error", N_("The mail holds a null byte."), {}
    longest = max(map(len, re.split(rb"\r\n|\r|\n", data)), default=0)
    if longest > LONGEST_LINE:
        message = N_("A line has %(count)s characters; %(most)s are allowed.")
        yield "error", message, {"count": str(longest), "most": str(LONGEST_LINE)}
    if re.search(rb"(?m)^From ", data):
        yield "warning", N_("A line begins with “From ”, which some mailboxes change."), {}


def _raw(head: bytes) -> Iterator[Fault]:
    if _BREAKS_7BIT.search(head):
        yield "error", N_("A header holds letters that are not ASCII and not encoded (RFC 2047)."), {}
    for line in re.split(rb"\r\n|\r|\n", head):
        if line and not line.startswith((b" ", b"\t")) and not _FIELD.match(line):
            yield "error", N_("A line among the headers is none."), {}
            return


def _mailboxes(message: Message) -> Iterator[Fault]:
    for name in ("From", "To"):
        found = [address for _, address in getaddresses(map(str, message.get_all(name, []))) if address]
        if message.get(name) is not None and (len(found) != 1 or "@" not in found[0]):
            text = N_("The header %(name)s holds %(count)s addresses; a letter has one.")
            yield "error", text, {"name": name, "count": str(len(found))}
    if message.get("Bcc") is not None:
        yield "error", N_("The header Bcc would show who else gets the mail."), {}
    if message.get("Subject") is not None and not str(message["Subject"]).strip():
        yield "error", N_("The subject is empty."), {}
    for name, value in message.items():
        longest = max((len(word) for word in _ENCODED_WORD.findall(str(value))), default=0)
        if longest > _LONGEST_ENCODED_WORD:
            text = N_("An encoded word in %(name)s has %(count)s characters; RFC 2047 allows 75.")
            yield "error", text, {"name": name, "count": str(longest)}


def _dates_and_ids(message: Message) -> Iterator[Fault]:
    if message.get("Date") is not None:
        try:
            parsedate_to_datetime(str(message["Date"]))
        except (TypeError, ValueError, IndexError):
            yield "error", N_("The header Date is not a date (RFC 5322)."), {}
    if message.get("Message-ID") is None:
        return
    found = _MESSAGE_ID.fullmatch(str(message["Message-ID"]).strip())
    sender = next((address for _, address in getaddresses([str(message.get("From", ""))])), "")
    if not found:
        yield "error", N_("The header Message-ID is not left@right in angle brackets (RFC 5322)."), {}
    elif found[1].lower() != sender.rpartition("@")[2].lower():
        yield "warning", N_("The Message-ID has another domain than From."), {}


def _unsubscribe(message: Message) -> Iterator[Fault]:
    value = str(message.get("List-Unsubscribe", ""))
    targets = re.findall(r"<([^<>]*)>", value)
    if value and "=?" in value:
        yield "error", N_("List-Unsubscribe is encoded (RFC 2047): Gmail and Outlook then hide the button."), {}
    elif value and not all(target.strip().startswith(("https://", "mailto:")) for target in targets or [""]):
        yield "error", N_("List-Unsubscribe is neither an https nor a mailto address in angle brackets (RFC 2369)."), {}
    post = message.get("List-Unsubscribe-Post")
    if post is not None and str(post).strip() != "List-Unsubscribe=One-Click":
        yield "error", N_("List-Unsubscribe-Post is not “List-Unsubscribe=One-Click” (RFC 8058)."), {}
    if post is not None and not any(target.strip().startswith("https://") for target in targets):
        yield "error", N_("List-Unsubscribe-Post needs an https address in List-Unsubscribe (RFC 8058)."), {}
