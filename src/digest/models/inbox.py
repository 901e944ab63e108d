"""What comes back to the newsletter's mailbox, read. No address is kept in any of it but that of who wants to join."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """The token of a reader's own link: no further question is asked."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounces:
    """A mail did not arrive, or is late (RFC 3464)."""

    token: str
    status: str
    """Enhanced status code (RFC 3463), e.g. `5.1.1`; `5.0.0` or `4.0.0` where only the direction is known."""
    final: bool
    """Whether the server has given up; a delay is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complains:
    """A reader marked a mail as spam, and the provider reports it (RFC 5965)."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """Something for the author to read in her own mailbox: an answer, a question, an article to look at."""

    topic: str = field(repr=False)
    """Subject, one line."""
    text: str = field(repr=False)
    """What was written, without what was quoted, shortened."""
    links: tuple[str, ...] = ()
    wants_to_leave: bool = False
    """The words say so, but no token proves whose words they are: she decides."""
    answers: str = ""
    """The token of the mail of ours that is answered, which proves whose answer it is; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A reader, proved by the mail that was answered, wants another language or frequency."""

    token: str
    wishes: tuple[tuple[str, str], ...]
    """(name of a preference, value), as `Subscriber` has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Somebody wants the newsletter, from an address that the receiver proved to be theirs; they are asked back."""

    address: str = field(repr=False)
    locale: str
    evidence: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirms:
    """Whoever was asked said yes: the token of the question proves it."""

    token: str
    evidence: str = field(repr=False)
    """Message-ID and date of the answer, and who authenticated it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declines:
    """Whoever was asked said no."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Nothing to do, and why."""

    reason: str


Meaning = Leaves | Changes | Bounces | Complains | Writes | Asks | Confirms | Declines | Ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message of the mailbox."""

    message_key: str
    """SHA-256 over its Message-ID, or over all of it where it has none: the same message is handled once."""
    received: datetime | None
    meaning: Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPosition:
    """How far a mailbox was read (RFC 3501 section 2.3.1.1)."""

    uid_validity: int = 0
    last_uid: int = 0
    polled_at: datetime | None = None
    """The last time that it could be read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """A message as the mailbox holds it, its beginning where it is large."""

    uid_validity: int
    uid: int
    data: bytes = field(repr=False)
