"""Marked copies of an issue for one address, to look at in a real mail program; they count nowhere."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digest.errors import DeliveryError, NotApprovedError, SettingsError
from digest.i18n import words
from digest.models.delivery import Accepted, Delivery, HandOver, Parcel, Subscriber
from digest.models.edition import RenderedEdition
from digest.models.newsletter import Newsletter
from digest.models.report import StageReport
from digest.models.sending import Signer
from digest.pipeline import Workshop, open_issue
from digest.ports import Mailer
from digest.text.mailbox import parse_mailbox
from digest.text.parcels import compose_editions, parcel_of

TOKEN = "a-test-copy-unsubscribes-nobody"  # noqa: S105  it opens nothing


def send_test(
    shop: Workshop, issue_id: str, address: str, mailer: Mailer, *, signer: Signer | None, now: datetime
) -> StageReport:
    """Send one marked copy of each edition. Raises NotApprovedError, SettingsError, DeliveryError.

    What is not approved goes to the author's own addresses only: no machine text leaves for anybody else.
    """
    newsletter = shop.newsletter
    state = open_issue(shop, issue_id).review.state
    editions = shop.rendered.read_rendered(newsletter.newsletter_id, issue_id)
    if not editions:
        raise NotApprovedError(f"The issue {issue_id} is not rendered yet. Run `digest prepare` first.")
    if state != "approved" and address.casefold() not in _own_addresses(newsletter):
        raise NotApprovedError(
            f"The issue {issue_id} is not approved, so a copy may go to you alone. Use one of the approvers' addresses."
        )
    parcels = _parcels(issue_id, newsletter, [marked(each) for each in editions], address, signer, now)
    outcomes: list[HandOver] = []

    def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        del beginning
        outcomes.extend(outcome for _, outcome in settled)
        return True

    with mailer.open():
        mailer.send(iter(parcels), journal)
    refused = [outcome.reply for outcome in outcomes if not isinstance(outcome, Accepted)]
    if refused:
        raise DeliveryError(f"{len(refused)} of {len(parcels)} test copies were not taken: {refused[0]}")
    return StageReport(stage="send", made=tuple(f"a test copy of {each.name} sent" for each in editions))


def marked(edition: RenderedEdition) -> RenderedEdition:
    """Return the edition with a subject that nobody takes for the issue itself."""
    word = words(edition.locale).gettext("Test")
    return replace(edition, subject=f"[{word}] {edition.subject}")


def _own_addresses(newsletter: Newsletter) -> set[str]:
    boxes = (parse_mailbox(text) for text in (newsletter.sender, newsletter.reply_to) if text)
    return {name.casefold() for name in newsletter.approvers} | {box.address.casefold() for box in boxes if box}


def _parcels(
    issue_id: str,
    newsletter: Newsletter,
    editions: Sequence[RenderedEdition],
    address: str,
    signer: Signer | None,
    now: datetime,
) -> list[Parcel]:
    found = []
    for name, template in compose_editions(issue_id, newsletter, editions, now, signer).items():
        row = Delivery(
            issue_id=issue_id,
            newsletter_id=newsletter.newsletter_id,
            subscriber_id="",
            locale=name,
            state="planned",
            token=TOKEN,
        )
        reader = Subscriber(
            subscriber_id="", newsletter_id=newsletter.newsletter_id, address=address, locale=template.locale
        )
        parcel = parcel_of({name: template}, row, reader, now)
        if isinstance(parcel, str):
            raise SettingsError(f"The address for the test copy can not be used: {parcel}.")
        found.append(parcel)
    return found
