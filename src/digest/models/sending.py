"""How mail leaves: the server, its limits, the signature, the author's own copy."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """The author's own mailbox: it gets each issue first, and what arrived there is compared with what was approved."""

    address: str = field(repr=False)
    imap_url: str = field(repr=False)
    wait_seconds: int
    """How long the mail may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The settings of `[sender]` and `[canary]`."""

    mailbox: str
    """RFC 5322 mailbox: `Name <local@domain>`."""
    reply_to: str = ""
    bounces: str = ""
    unsubscribe_url: str = ""
    smtp_url: str = field(default="", repr=False)
    resend_key: str = field(default="", repr=False)
    """Key of an account at Resend; where it is set, mails go there and not to `smtp_url`."""
    resend_url: str = "https://api.resend.com"
    sent_folder: str = field(default="", repr=False)
    """IMAP address of the mailbox that keeps what was sent, with the folder as its path; empty where there is none."""
    connections: int = 2
    per_minute: int = 0
    """Most mails a minute, 0 for as many as the server takes."""
    per_minute_per_domain: int = 0
    dkim_selector: str = ""
    dkim_key: str = field(default="", repr=False)
    canary: Canary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose DKIM signature it is; the key never shows in `repr`."""

    domain: str
    selector: str
    sign: Callable[[bytes], bytes] = field(repr=False)
    """RSASSA-PKCS1-v1_5 over SHA-256 of its argument."""
    side_by_side: Callable[[Sequence[bytes]], Iterator[bytes]] | None = field(default=None, repr=False)
    """`sign` of many, by several processors."""

    def signatures(self, messages: Sequence[bytes]) -> Iterator[bytes]:
        """Sign many messages, in their order."""
        return self.side_by_side(messages) if self.side_by_side else map(self.sign, messages)
