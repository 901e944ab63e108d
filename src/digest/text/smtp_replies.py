"""What a mail server's words may show, and whom they are about."""

import re

_ADDRESS = re.compile(r"""<?(?:"[^"\r\n]*"|[^\s<>"'(),;:\[\]]+)(?:@|%40|\+40|=40)[^\s<>"'(),;]+>?""", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_ENHANCED = re.compile(r"[245]\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})")
_CODE = re.compile(r"\d{3}")
LONGEST = 300


def scrubbed(reply: str) -> str:
    """One line without anything like an address (each is `<address>`), 300 characters at most.

    Servers quote the recipient in their replies; the ledger, reports and logs keep the words and not the reader.
    """
    return _ADDRESS.sub("<address>", _CONTROL.sub(" ", reply).strip())[:LONGEST]


def is_about_the_reader(reply: str) -> bool:
    """Whether a refusal concerns this one reader's mailbox rather than the sender or the server.

    By the subject of the enhanced status code (RFC 3463 section 3: x.1 addressing, x.2 mailbox); x.1.7 and x.1.8
    are the sender's address, and 4xx/5xx at policy, network and system (x.3 to x.7) would hit every reader the same.
    Without such a code a 5xx is the reader's and a 4xx the server's.
    """
    found = _ENHANCED.search(reply)
    if found is None:
        code = _CODE.search(reply)
        return code is not None and code[0].startswith("5")
    subject, detail = int(found["subject"]), int(found["detail"])
    return subject == 2 or (subject == 1 and detail not in {7, 8})
