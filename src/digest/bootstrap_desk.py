"""The composition root of the author's desk. What its first page does without is opened when another page asks for it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from digest import bootstrap, estimates
from digest.config import Config
from digest.desk.room import Room
from digest.models.delivery import DeliveryCounts
from digest.models.engine_use import EngineCost
from digest.models.inbox import Writes
from digest.models.newsletter import Newsletter

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from digest.adapters.stores.front_file import FrontFile
    from digest.pipeline import Workshop


@contextmanager
def author_room(config: Config, newsletter: Newsletter) -> Iterator[Room]:
    """Give what the author's desk works with; the list of readers is opened only while they are counted."""
    with ExitStack() as stack:

        @cache
        def opened() -> "Workshop":
            return stack.enter_context(bootstrap.workshop(config, newsletter))

        yield Room(
            newsletter=newsletter,
            opened=opened,
            watch=bootstrap.watched_files(config),
            front=front_memory(config, newsletter),
            exclusive=partial(bootstrap.exclusive, config),
            readers=lambda: _counted_readers(config, newsletter.newsletter_id),
            deliveries=lambda issue_id: _counted_deliveries(config, newsletter.newsletter_id, issue_id),
            came_back=lambda: _came_back(config, newsletter.newsletter_id),
            costs=lambda: _costs(config, newsletter.newsletter_id),
            letters=lambda: _letters(config, newsletter.newsletter_id),
        )


def front_memory(config: Config, newsletter: Newsletter) -> "FrontFile":
    """What the first page showed last."""
    from digest.adapters.stores.front_file import FrontFile
    from digest.adapters.stores.issue_folders import IssueFolders

    return FrontFile(
        config.folder / ".digest" / f"desk-{newsletter.newsletter_id}.json",
        IssueFolders(root=config.folder, several=len(config.newsletters) > 1),
        newsletter.newsletter_id,
        shared=bootstrap.watched_files(config, issues=False),
        people=None if "://" in config.people_url else Path(config.people_url),
    )


def remember_standing(config: Config, shop: "Workshop", issue_id: str) -> None:
    """Let the first page of the desk know where an issue stands that was just made. Raises StorageError."""
    from digest.desk.front import remember
    from digest.pipeline import open_issue

    remember(front_memory(config, shop.newsletter), issue_id, look=partial(open_issue, shop))


def _counted_readers(config: Config, newsletter_id: str) -> tuple[tuple[str, str, int], ...]:
    with bootstrap.subscribers(config) as store:
        return store.counts_by_locale(newsletter_id)


def _counted_deliveries(config: Config, newsletter_id: str, issue_id: str) -> DeliveryCounts:
    from digest.adapters.stores.ledger import SqlLedger

    with _people(config) as engine:
        return SqlLedger(engine).counts(newsletter_id, issue_id)


def _letters(config: Config, newsletter_id: str) -> tuple[Writes, ...]:
    from digest.adapters.stores.inbox import SqlInboxStore

    with _people(config) as engine:
        return SqlInboxStore(engine).letters(newsletter_id)


def _costs(config: Config, newsletter_id: str) -> dict[str, tuple[EngineCost, ...]]:
    with bootstrap.state_store(config) as store:
        uses = store.uses(newsletter_id)
    return {name: tuple(estimates.cost_of(use, config.engines) for use in used) for name, used in uses.items()}


def _came_back(config: Config, newsletter_id: str) -> dict[str, int]:
    from digest.adapters.stores.inbox import SqlInboxStore

    with _people(config) as engine:
        return SqlInboxStore(engine).came_back(newsletter_id)


@contextmanager
def _people(config: Config) -> "Iterator[Engine]":
    from digest.adapters.stores.database import open_database

    engine = open_database(config.people_url, "people", full_sync=config.full_sync)
    try:
        yield engine
    finally:
        engine.dispose()
