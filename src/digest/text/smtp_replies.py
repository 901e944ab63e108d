"""What a mail server's words may show, and whom they are about."""

import re

_ADDRESS = re.compile(r"""<?(?:"[^"\r\n]*"|[^\s<>"'(),;:\[\]]+)(?:@|%40|\+40|=40)[^\s<>"'(),;]+>?""", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_ENHANCED = re.compile(r"\d{3}[ -][245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_MAILBOX_STATUS = re.compile(r"\d{3}[ -][45]\.(?:1\.(?!0*[78](?!\d))|2\.)\d{1,3}")
_MAILBOX_CODE = re.compile(r"55[0-3](?!\d)")
_REASON = re.compile(r"(?:the sender is refused: )?\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3}(?![\d.]))?(?!\d)")
_READ = 2000
LONGEST = 300


def scrubbed(reply: str) -> str:
    """One line without anything like an address (each is `<address>`), 300 characters at most.

    Servers quote the recipient in their replies; the ledger, reports and logs keep the words and not the reader.
    """
    words = _CONTROL.sub(" ", reply[:_READ]).strip()
    if len(reply) > _READ:
        # The cut may have taken the @ off an address.
        words = words.rpartition(" ")[0]
    return _ADDRESS.sub("<address>", words)[:LONGEST]


def is_about_the_reader(reply: str) -> bool:
    """Whether a refusal concerns this one reader's mailbox rather than the sender or the server.

    By the subject of the enhanced status code (RFC 3463 section 3): x.1 addressing and x.2 mailbox, but for x.1.7 and
    x.1.8, the sender's address; policy, network and system (x.3 to x.7) would hit every reader the same. Without such
    a code only 550 to 553 are about a mailbox (RFC 5321 section 4.2.3). Words that begin with no code never are.
    """
    if _ENHANCED.match(reply):
        return _MAILBOX_STATUS.match(reply) is not None
    return _MAILBOX_CODE.match(reply) is not None


def reason_of(reply: str) -> str:
    """Return the codes that a reply begins with, else our own words for what happened: never the server's words."""
    codes = _REASON.match(reply)
    return codes[0].replace("-", " ") if codes else reply.partition(":")[0][:80]
