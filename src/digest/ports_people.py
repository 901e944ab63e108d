"""What the commands and the stage that keep the list of readers ask of the outside. At most five methods each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from digest.models.consent import Entry, Joining, Leaving
from digest.models.inbox import Incoming, MailboxPosition, RawMessage


class SubscriberStore(Protocol):
    """The list, for the commands of the author."""

    def take(
        self, newsletter_id: str, joining: Sequence[Joining], leaving: Sequence[Leaving], *, now: datetime
    ) -> tuple[str, ...]:
        """All in one transaction; `added`, `updated` or `suppressed` (she left) for each who joins."""
        ...

    def change(self, newsletter_id: str, address: str, wishes: Mapping[str, str]) -> bool:
        """Set some preferences; False if nobody gets mail at the address."""
        ...

    def entries(self, newsletter_id: str, address: str | None = None) -> Iterator[Entry]:
        """What is held about one reader, or about all who are not erased."""
        ...

    def erase(self, newsletter_id: str, address: str, *, now: datetime) -> bool:
        """Forget a reader and keep a keyed hash on the suppression list; False if unknown."""
        ...

    def counts_by_locale(self, newsletter_id: str) -> tuple[tuple[str, str, int], ...]:
        """(locale, audience, number), sorted."""
        ...


class Inbox(Protocol):
    """Tend: the newsletter's mailbox, read and left as it is."""

    def new_messages(self, since: MailboxPosition) -> Iterator[RawMessage]:
        """Yield what came since, oldest first; all of it where the mailbox was made anew. Raises DeliveryError."""
        ...


class InboxStore(Protocol):
    """Tend: what the messages did to the list."""

    def position(self, newsletter_id: str) -> MailboxPosition:
        """How far the mailbox was read."""
        ...

    def move_on(self, newsletter_id: str, position: MailboxPosition) -> None:
        """Store how far it was read."""
        ...

    def handle(self, newsletter_id: str, incoming: Incoming, *, now: datetime) -> str:
        """Do what a message asks for, once; what became of it in a word."""
        ...
