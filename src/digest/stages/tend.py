"""Stage 10: what came back to the mailbox changes the list. Nothing is deleted there, and every message counts once."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from digest.models.inbox import Changes, Incoming, MailboxPosition, Writes
from digest.models.report import StageReport
from digest.ports_people import Inbox, InboxStore
from digest.text.incoming_mail import read_incoming
from digest.views.wishes import wishes_in

_AT_ONCE = 50
"""Messages after which it is written down how far the mailbox was read."""
_SAID = {
    "left": "left the list by their own link or mail",
    "changed": "chose another language or frequency by an answer",
    "gone": "taken off: their mailbox does not exist any more",
    "complained": "taken off: they marked a mail as spam",
    "unreachable": "taken off: three issues in a row did not arrive",
    "soft": "mails that did not arrive this time",
    "ours": "mails refused for reasons that are the sender's, not the reader's",
    "letter": "letters for you to read in your mailbox",
    "wants to leave": "letters that ask to leave without a token: see your mailbox, then `digest subscribers erase ADDRESS`",
    "nobody": "about readers who are not on the list any more",
    "joined": "said yes and are on the list",
    "declined": "said no, and what they were asked is forgotten",
    "asked": "wishes to get the newsletter: whoever is not barred is asked back",
    "not open": "answers to a question that is not open any more",
    "seen": "handled before",
}


def tend(
    newsletter_id: str,
    inbox: Inbox,
    store: InboxStore,
    *,
    now: Callable[[], datetime],
    authserv_id: str = "",
    locales: Sequence[str] = (),
) -> StageReport:
    """Handle every message that is new, in order; safe to repeat and to kill at any moment.

    `locales` are those that a reader may choose, in an answer to a mail.
    Raises DeliveryError where the mailbox can not be read; what was handled before stays handled.
    """
    before = store.position(newsletter_id)
    after, outcomes = before, Counter[str]()
    try:
        for number, message in enumerate(inbox.new_messages(before), 1):
            incoming = _understood(read_incoming(message.data, authserv_id), locales)
            outcomes[store.handle(newsletter_id, incoming, now=now())] += 1
            after = MailboxPosition(uid_validity=message.uid_validity, last_uid=message.uid, polled_at=before.polled_at)
            if number % _AT_ONCE == 0:
                store.move_on(newsletter_id, after)
    finally:
        # After a kill some are read again, and known by their Message-ID.
        if after is not before:
            store.move_on(newsletter_id, after)
    store.move_on(newsletter_id, replace(after, polled_at=now()))
    made = tuple(f"{number} {_SAID[outcome]}" for outcome, number in sorted(outcomes.items()) if outcome in _SAID)
    skipped = tuple(f"{number}: {outcome}" for outcome, number in sorted(outcomes.items()) if outcome not in _SAID)
    return StageReport(stage="tend", made=made, skipped=skipped)


def _understood(incoming: Incoming, locales: Sequence[str]) -> Incoming:
    """An answer to a mail of ours that says nothing but another language or frequency is no letter to read."""
    letter = incoming.meaning
    if isinstance(letter, Writes) and letter.answers and (wishes := wishes_in(letter.text, locales)):
        return replace(incoming, meaning=Changes(token=letter.answers, wishes=tuple(wishes.items())))
    return incoming
