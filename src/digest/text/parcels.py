"""An issue's editions as mails, and the mail of each row of the ledger."""

from collections.abc import Mapping, Sequence
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


def parcel_of(
    composed: Mapping[str, MessageTemplate], delivery: Delivery, reader: Subscriber, date: datetime
) -> Parcel | str:
    """Return the mail, or why there is none."""
    # The edition of the reader's audience where it has one, else that of the locale.
    template = composed.get(f"{delivery.locale}.{delivery.audience}") or composed.get(delivery.locale)
    if template is None:
        return NO_EDITION
    recipient = ascii_address(reader.address)
    if recipient is None:
        return NO_ASCII
    message = template.message(recipient=recipient, token=delivery.token, date=date)
    return Parcel(
        delivery=delivery, sender=template.envelope_sender(delivery.token), recipient=recipient, message=message
    )
