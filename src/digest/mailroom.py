"""The composition root of sending: the ledger, the mail server, the signature, the author's own mailbox.

With `bootstrap` the only module that names adapters; they are imported where they are used.
"""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digest import bootstrap_vault, dispatch, receipts
from digest.bootstrap_people import check_mailbox
from digest.claims import PublishedLedger
from digest.config import Config
from digest.errors import DeliveryError, SettingsError
from digest.i18n import choose_locale
from digest.models.delivery import Delivery, DeliveryCounts
from digest.models.newsletter import Newsletter
from digest.models.report import StageReport
from digest.models.sending import Canary, Sending, Signer
from digest.pipeline import Workshop, existing_issue
from digest.ports import Mailer
from digest.sending_ports import SendingTools
from digest.version import VERSION

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from digest.adapters.http_api import ApiClient
    from digest.adapters.mailers.pacing import Pacer
    from digest.adapters.stores.ledger import SqlLedger
    from digest.canary import CanaryProof


def deliver(
    config: Config, shop: Workshop, issue_id: str, posting: Mailer | None = None
) -> tuple[StageReport, DeliveryCounts]:
    """Send an approved issue, by the mailer of the settings unless one is given. A second time it sends nothing.

    With a vault the list comes from there first and goes back after; each claim is there before its mails leave.
    """
    dispatch.approved_issue(shop, issue_id)
    using = posting or mailer(config.sending, open_network=config.allow_private_addresses)
    return bootstrap_vault.with_vault(config, ("people",), lambda: _deliver(config, shop, issue_id, using))


def _deliver(config: Config, shop: Workshop, issue_id: str, posting: Mailer) -> tuple[StageReport, DeliveryCounts]:
    from digest.adapters.stores.ledger import SqlLedger
    from digest.adapters.stores.ledger_groups import group_counts
    from digest.adapters.stores.ledger_reasons import reason_counts

    check_mailbox(config, shop.newsletter.newsletter_id, now=_now())
    with _people(config) as engine, _stop_signal() as asked_to_stop, _signing(config, shop.newsletter) as signing:
        canary = config.sending.canary
        rows = SqlLedger(engine)
        if config.sending.resend_key:
            _offer_again(rows, shop.newsletter.newsletter_id, issue_id)
            with suppress(DeliveryError):
                # What can not be asked stays uncertain, and the report says so.
                left = rows.uncertain(shop.newsletter.newsletter_id, issue_id)
                for row in _found_at_service(config, engine, left):
                    rows.resolve(row, "sent")
        ledger = PublishedLedger(rows, lambda run_id: bootstrap_vault.publish_claims(config, run_id))
        tools = SendingTools(
            ledger=ledger,
            mailer=posting,
            key_mark=_key_mark(config.sending),
            now=_now,
            stop=lambda: bool(asked_to_stop),
            signer=signing,
            # Each part that is claimed is published first, which takes longer than to sign it.
            chunks_ahead=2 if signing and not bootstrap_vault.is_carried(config, "people") else 1,
            canary=_canary_proof(engine, canary, posting) if canary else None,
            canary_address=canary.address if canary else "",
        )
        report, total = dispatch.deliver(shop, issue_id, tools)
        groups = group_counts(engine, shop.newsletter.newsletter_id, issue_id, now=_now())
        reasons = reason_counts(engine, shop.newsletter.newsletter_id, issue_id)
    if ledger.failure is not None:
        raise ledger.failure
    return receipts.with_groups(report, existing_issue(shop, issue_id), groups, reasons), total


def _key_mark(sending: Sending) -> str:
    from digest.adapters.mailers.resend import MARK

    return MARK if sending.resend_key else ""


def _offer_again(ledger: "SqlLedger", newsletter_id: str, issue_id: str) -> None:
    """Plan anew the uncertain mails whose key the service still knows: with the same key it sends none twice."""
    from digest.adapters.mailers.resend import KEY_WINDOW, MARK

    with ledger.sending(newsletter_id):
        # What a killed run was handing over is uncertain from here on.
        rows = ledger.uncertain(newsletter_id, issue_id)
        for row in rows:
            if row.reply.startswith(MARK) and row.handed_at is not None and _now() - row.handed_at < KEY_WINDOW:
                ledger.resolve(row, "planned")


def send_test(config: Config, shop: Workshop, issue_id: str, address: str) -> StageReport:
    """Send one marked copy of each edition to an address; the ledger is not touched."""
    from digest import copies

    signing = signer(config.sending, shop.newsletter.sender)
    return copies.send_test(
        shop,
        issue_id,
        address,
        mailer(config.sending, open_network=config.allow_private_addresses),
        signer=signing,
        now=_now(),
    )


def counts(config: Config, newsletter: Newsletter, issue_id: str) -> DeliveryCounts:
    """Return what became of the mails of an issue, all 0 where none was begun."""
    from digest.adapters.stores.ledger import SqlLedger

    with _people(config) as engine:
        return SqlLedger(engine).counts(newsletter.newsletter_id, issue_id)


def uncertain(config: Config, newsletter: Newsletter, issue_id: str) -> tuple[Delivery, ...]:
    """Return the mails of an issue that the server may or may not have."""
    from digest.adapters.stores.ledger import SqlLedger

    with _people(config) as engine:
        return SqlLedger(engine).uncertain(newsletter.newsletter_id, issue_id)


def resolve(config: Config, rows: Sequence[Delivery], state: Literal["sent", "planned"]) -> None:
    """Write what became known of uncertain mails. Raises StateConflictError."""
    from digest.adapters.stores.ledger import SqlLedger

    with _people(config) as engine:
        for row in rows:
            SqlLedger(engine).resolve(row, state)


def found(config: Config, newsletter: Newsletter, rows: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Return those of the mails that the service, or the folder of what was sent, has. Raises SettingsError, DeliveryError."""
    if config.sending.resend_key:
        with _people(config) as engine:
            return _found_at_service(config, engine, rows)
    from digest.adapters.inboxes.imap_lookup import ImapLookup
    from digest.text.mime import message_id

    if not config.sending.sent_folder:
        raise SettingsError("No folder of sent mail is set. Put its IMAP address into `sent_folder` of [sender].")
    folder = ImapLookup(config.sending.sent_folder)
    return tuple(row for row in rows if folder.find(message_id(newsletter, row.issue_id, row.token)) is not None)


def _found_at_service(config: Config, engine: "Engine", rows: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Return those of the mails that the service says it took. Raises DeliveryError."""
    from digest.adapters.mailers.resend_lookup import ResendLookup, Sought
    from digest.adapters.stores.people import PeopleStore

    store, sending = PeopleStore(engine), config.sending
    sought = [
        Sought(token=row.token, address=address, handed_at=row.handed_at)
        for row in rows
        if row.handed_at and (address := store.address_of(row.newsletter_id, row.subscriber_id))
    ]
    client = _api_client(sending, open_network=config.allow_private_addresses)
    tokens = ResendLookup(sending.resend_key, client, url=sending.resend_url).found(sought)
    return tuple(row for row in rows if row.token in tokens)


def _canary_proof(engine: "Engine", canary: Canary, posting: Mailer) -> "CanaryProof":
    """Return what sends the author's own copy and looks at it when it arrives. Raises SettingsError."""
    from digest.adapters.inboxes.imap_lookup import ImapLookup
    from digest.adapters.stores.canary_log import SqlCanaryLog
    from digest.canary import CanaryProof

    return CanaryProof(
        mailer=posting,
        mailbox=ImapLookup(canary.imap_url),
        log=SqlCanaryLog(engine),
        wait_seconds=canary.wait_seconds,
        now=_now,
        sleep=time.sleep,
    )


@contextmanager
def _people(config: Config) -> "Iterator[Engine]":
    from digest.adapters.stores.database import open_database

    engine = open_database(config.people_url, "people", full_sync=config.full_sync)
    try:
        yield engine
    finally:
        engine.dispose()


def mailer(sending: Sending, *, open_network: bool = False) -> Mailer:
    """Return what hands mails over. Raises SettingsError where nothing is set."""
    from digest.adapters.mailers.pacing import Pacer

    pacer = Pacer(rate=_a_second(sending.per_minute), per_domain=_a_second(sending.per_minute_per_domain))
    if sending.resend_key:
        from digest.adapters.mailers.resend import ResendMailer

        client = _api_client(sending, open_network=open_network)
        return ResendMailer(
            sending.resend_key, client, url=sending.resend_url, connections=sending.connections, pacer=pacer
        )
    return _smtp(sending, pacer)


def _api_client(sending: Sending, *, open_network: bool) -> "ApiClient":
    from digest.adapters.http_api import ApiClient

    return ApiClient(user_agent=f"digest/{VERSION}", allow_private_addresses=open_network, at_once=sending.connections)


def _smtp(sending: Sending, pacer: "Pacer") -> Mailer:
    from digest.adapters.mailers.smtp import SmtpMailer

    if not sending.smtp_url:
        message = "No mail server is set. Put its address into DIGEST_SMTP_URL, or use --dry-run."
        raise SettingsError(message)
    return SmtpMailer(sending.smtp_url, connections=sending.connections, pacer=pacer)


def signer(sending: Sending, mailbox: str) -> Signer | None:
    """Return who signs, None where the provider does. Raises SettingsError."""
    if not sending.dkim_selector or not sending.dkim_key:
        return None
    from digest.adapters.mailers.dkim_key import load_signer
    from digest.text.mailbox import parse_mailbox

    sender = parse_mailbox(mailbox)
    domain = sender.domain if sender else ""
    return load_signer(sending.dkim_key, domain=domain, selector=sending.dkim_selector)


@contextmanager
def _signing(config: Config, newsletter: Newsletter) -> Iterator[Signer | None]:
    """Give who signs many mails, side by side."""
    alone = signer(config.sending, newsletter.sender)
    if alone is None:
        yield None
        return
    from digest.adapters.mailers.signing import SigningProcesses

    with closing(SigningProcesses(config.sending.dkim_key, alone.sign)) as processes:
        yield replace(alone, side_by_side=processes.signatures)


def _now() -> datetime:
    return datetime.now(UTC)


def _a_second(per_minute: int) -> float | None:
    return per_minute / 60 if per_minute else None


@contextmanager
def _stop_signal() -> Iterator[list[int]]:
    """SIGINT and SIGTERM let the current message end instead of leaving it uncertain."""
    asked: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda received, _frame: asked.append(received)) for number in numbers]
    try:
        yield asked
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def dry_run(config: Config, shop: Workshop, issue_id: str, folder: Path) -> StageReport:
    """Write one mail per reader as a file; the ledger is not touched."""
    from digest.adapters.mailers.folder import FolderMailer
    from digest.adapters.stores.people import PeopleStore

    with _people(config) as engine:
        store = PeopleStore(engine)
        newsletter = shop.newsletter
        readers = [
            (
                replace(reader, locale=choose_locale(reader.locale, newsletter.locales)),
                store.reader_token(newsletter.newsletter_id, reader.subscriber_id),
            )
            for reader in store.active(newsletter.newsletter_id)
        ]
        return dispatch.write_mails(shop, issue_id, readers, FolderMailer(folder), now=_now())
