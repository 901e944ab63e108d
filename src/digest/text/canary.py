"""Compares the author's own copy, as it arrived, with what was sent: the proof before anybody else gets the issue."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from digest.errors import DeliveryError
from digest.text.mime import approved_parts

KEPT_HEADERS = (
    "From",
    "Reply-To",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Content-Language",
)
_METHOD = re.compile(r"(?:^|[;\s])(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def differences(sent: bytes, received: bytes, personal_link: str) -> tuple[str, ...]:
    """Say what a server on the way changed, and what the receiver's checks of the sender found wrong.

    `sent` and `received` are whole mails; `personal_link` is the link that stands in the sent one.
    """
    before, after = (message_from_bytes(mail, policy=compat32) for mail in (sent, received))
    return (*_words(sent, received, personal_link), *_headers(before, after), *_authentication(after))


def is_judged(received: bytes) -> bool:
    """Whether the receiver's server says what it found of SPF, DKIM or DMARC."""
    found = message_from_bytes(received, policy=compat32).get_all("Authentication-Results", [])
    return bool(found) and _METHOD.search(_COMMENT.sub(" ", str(found[0]))) is not None


def _words(sent: bytes, received: bytes, link: str) -> tuple[str, ...]:
    try:
        was, now = approved_parts(sent, link), approved_parts(received, link)
    except (DeliveryError, UnicodeError, IndexError):
        return ("it has other parts than it was sent with, or its links were rewritten",)
    names = ("subject", "HTML", "text")
    return tuple(
        f"the {name} is not what was approved" for name, old, new in zip(names, was, now, strict=True) if old != new
    )


def _headers(before: Message, after: Message) -> tuple[str, ...]:
    return tuple(f"the header {name} was changed" for name in KEPT_HEADERS if _all(before, name) != _all(after, name))


def _all(message: Message, name: str) -> list[str]:
    return [" ".join(str(value).split()) for value in message.get_all(name, [])]


def _authentication(after: Message) -> tuple[str, ...]:
    """Read the receiver's own verdict (RFC 8601): the first such header, for any later one may be forged.

    Where DMARC was checked it decides, for it takes SPF and DKIM together; else one of the two has to pass.
    """
    found = after.get_all("Authentication-Results", [])
    if not found:
        return ()
    results: dict[str, set[str]] = {}
    for method, result in _METHOD.findall(_COMMENT.sub(" ", str(found[0]))):
        results.setdefault(method.lower(), set()).add(result.lower())
    deciding = [results["dmarc"]] if "dmarc" in results else list(results.values())
    if not deciding or any("pass" in each for each in deciding):
        return ()
    said = ", ".join(f"{method}={'/'.join(sorted(each))}" for method, each in sorted(results.items()))
    return (f"the receiver does not trust the sender ({said})",)
