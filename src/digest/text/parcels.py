"""An issue's editions as mails, and the mail of each row of the ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.models.delivery import Delivery, Parcel, Subscriber
from digest.models.edition import RenderedEdition
from digest.models.newsletter import Newsletter
from digest.models.sending import Signer
from digest.text.mailbox import ascii_address
from digest.text.mime import MessageTemplate, proven_template

NO_ASCII = "the address can not be used without SMTPUTF8"
NO_EDITION = "the issue has no edition in this reader's language"


def compose_editions(
    issue_id: str,
    newsletter: Newsletter,
    editions: Sequence[RenderedEdition],
    now: datetime,
    signer: Signer | None = None,
) -> dict[str, MessageTemplate]:
    """Compose each edition once, by its name; each is read back and proved. Raises as `proven_template`."""
    return {
        edition.name: proven_template(edition, newsletter, issue_id, now=now, signer=signer) for edition in editions
    }


def parcels_of(
    composed: Mapping[str, MessageTemplate],
    rows: Sequence[tuple[Delivery, Subscriber]],
    now: Callable[[], datetime],
) -> Iterator[Parcel | str]:
    """Give what `parcel_of` gives for each row, in their order; where mails are signed, that begins at once."""
    seal = next((template.seal for template in composed.values() if template.seal), None)
    if seal is None:
        return (parcel_of(composed, *row, now()) for row in rows)
    date = now()
    drafts = [_prepared(composed, *row, date) for row in rows]
    signatures = seal.signatures([draft.signed for draft in drafts if not isinstance(draft, str)])
    return (draft if isinstance(draft, str) else draft.whole(next(signatures)) for draft in drafts)


def parcel_of(
    composed: Mapping[str, MessageTemplate], delivery: Delivery, reader: Subscriber, date: datetime
) -> Parcel | str:
    """Return the mail, or why there is none."""
    found = _addressed(composed, delivery, reader)
    if isinstance(found, str):
        return found
    template, recipient = found
    message = template.message(recipient=recipient, token=delivery.token, date=date)
    return _parcel(template, delivery, recipient, message)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A parcel that waits for its signature."""

    whole: Callable[[bytes], Parcel]
    """Gives it, with the signature."""
    signed: bytes
    """What its signature is made of."""


def _prepared(
    composed: Mapping[str, MessageTemplate], delivery: Delivery, reader: Subscriber, date: datetime
) -> _Prepared | str:
    found = _addressed(composed, delivery, reader)
    if isinstance(found, str):
        return found
    template, recipient = found
    draft = template.draft(recipient=recipient, token=delivery.token, date=date)
    return _Prepared(lambda signature: _parcel(template, delivery, recipient, draft.message(signature)), draft.signed)


def _parcel(template: MessageTemplate, delivery: Delivery, recipient: str, message: bytes) -> Parcel:
    sender = template.envelope_sender(delivery.token)
    return Parcel(delivery=delivery, sender=sender, recipient=recipient, message=message)


def _addressed(
    composed: Mapping[str, MessageTemplate], delivery: Delivery, reader: Subscriber
) -> tuple[MessageTemplate, str] | str:
    """Return the edition and the address, or why there is none."""
    # The edition of the reader's audience where it has one, else that of the locale.
    template = composed.get(f"{delivery.locale}.{delivery.audience}") or composed.get(delivery.locale)
    if template is None:
        return NO_EDITION
    return (template, recipient) if (recipient := ascii_address(reader.address)) else NO_ASCII
