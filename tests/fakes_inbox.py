"""A mailbox in memory, held to the same contract as a real server."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from digest.models.inbox import MailboxPosition, RawMessage


@dataclass(slots=True)
class FakeInbox:
    """Inbox in memory; `renew` is what a server does that lost its numbers."""

    messages: list[bytes] = field(default_factory=list)
    uid_validity: int = 1
    first_uid: int = 1

    def deliver(self, message: bytes) -> None:
        self.messages.append(message)

    def renew(self) -> None:
        self.uid_validity, self.first_uid = self.uid_validity + 1, 1

    def new_messages(self, since: MailboxPosition) -> Iterator[RawMessage]:
        last = since.last_uid if since.uid_validity == self.uid_validity else 0
        for uid, data in enumerate(self.messages, self.first_uid):
            if uid > last:
                yield RawMessage(uid_validity=self.uid_validity, uid=uid, data=data)
