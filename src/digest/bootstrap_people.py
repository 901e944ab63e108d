"""The composition root for the mailbox: settings in, stage 10 out. With `bootstrap` the only module that names adapters."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from digest.config import Config
from digest.errors import DeliveryError, DigestError, SettingsError
from digest.models.delivery import DeliveryCounts
from digest.models.report import Problem, StageReport

if TYPE_CHECKING:
    from digest.adapters.stores.inbox import SqlInboxStore

_TOO_OLD = timedelta(hours=24)
"""After so long without a look into the mailbox somebody may have left whom a send would reach."""
_SKEW = timedelta(hours=1)
"""So far two machines' clocks may be apart."""


def tend_mailbox(config: Config, newsletter_id: str) -> StageReport:
    """Stage 10. Raises SettingsError where no mailbox is set, DeliveryError where it can not be read."""
    from digest.adapters.inboxes.imap import ImapInbox
    from digest.stages import tend

    if not config.inbox_url:
        message = "No mailbox is set. Put imaps://user:password@host/INBOX into imap of the table [inbox]."
        raise SettingsError(message)
    locales = [one.locales for one in config.newsletters if one.newsletter_id == newsletter_id]
    with _store(config) as store:
        return tend.tend(
            newsletter_id,
            ImapInbox(config.inbox_url),
            store,
            now=lambda: datetime.now(UTC),
            authserv_id=config.authserv_id,
            locales=locales[0] if locales else (),
        )


def tend_if_set(config: Config, newsletter_id: str) -> list[StageReport]:
    """Stage 10 as a part of a run: where it fails the rest goes on, and the report says why."""
    if not config.inbox_url:
        return []
    try:
        return [tend_mailbox(config, newsletter_id)]
    except DigestError as error:
        return [StageReport(stage="tend", problems=(Problem(where="mailbox", what=str(error)),))]


def studies_suggested(config: Config, newsletter_id: str) -> tuple[str, ...]:
    """Return the names of the studies that readers wrote about, and no word of what they wrote."""
    from digest.works.suggested import studies_suggested as of_letters

    if not config.inbox_url:
        return ()
    with _store(config) as store:
        return of_letters(store.letters(newsletter_id))


def check_mailbox(config: Config, newsletter_id: str, *, now: datetime) -> None:
    """Raise DeliveryError if the mailbox was not read lately: nobody who asked to leave may get another mail."""
    if not config.inbox_url:
        return
    with _store(config) as store:
        polled = store.position(newsletter_id).polled_at
    # A moment still to come was written by a clock that was wrong, and says nothing.
    if polled is None or not -_SKEW <= now - polled <= _TOO_OLD:
        since = f"since {polled:%Y-%m-%d %H:%M} UTC" if polled else "yet"
        message = (
            f"Nothing is sent: the mailbox could not be read {since}, and somebody may have asked to leave. "
            "Run `digest tend`, mend what it says, and send again."
        )
        raise DeliveryError(message)


@contextmanager
def _store(config: Config) -> Iterator["SqlInboxStore"]:
    from digest.adapters.stores.database import open_database
    from digest.adapters.stores.inbox import SqlInboxStore

    engine = open_database(config.people_url, "people", full_sync=config.full_sync)
    try:
        yield SqlInboxStore(engine)
    finally:
        engine.dispose()


def fates(config: Config, newsletter_id: str, issue_ids: Iterable[str]) -> dict[str, tuple[DeliveryCounts, int]]:
    """Return of each issue that was begun to be sent what became of its mails, and how many came back later.

    Raises StorageError. Makes no list of readers where there is none.
    """
    from digest.adapters.stores.database import open_database
    from digest.adapters.stores.inbox import SqlInboxStore
    from digest.adapters.stores.ledger import SqlLedger

    if "://" not in config.people_url and not Path(config.people_url).exists():
        return {}
    engine = open_database(config.people_url, "people", full_sync=config.full_sync)
    try:
        ledger, came_back = SqlLedger(engine), SqlInboxStore(engine).came_back(newsletter_id)
        counted = {name: ledger.counts(newsletter_id, name) for name in issue_ids}
    finally:
        engine.dispose()
    return {name: (counts, came_back.get(name, 0)) for name, counts in counted.items() if counts.total}
