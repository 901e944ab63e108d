"""The list of readers. Addresses leave this file only inside a Subscriber, whose `repr` hides them."""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, select, update

from digest.adapters.stores import tables
from digest.adapters.stores.addresses import MailAddress, read_address
from digest.adapters.stores.database import forget_for_good, insert_new, transaction
from digest.adapters.stores.people_key import PeopleKey, read_people_key
from digest.models.delivery import Subscriber

_readers = tables.subscribers.c


class PeopleStore:
    """SubscriberStore on a database opened as `people`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "people")`."""
        self._engine = engine

    @cached_property
    def _key(self) -> PeopleKey:
        return read_people_key(self._engine)

    def add(self, subscriber: Subscriber, *, now: datetime) -> str:
        """Return `added`, `updated` or `suppressed`. Raises SettingsError for an address that can not be used.

        A mailbox that is on the list keeps its subscriber id, and its evidence of consent where no new one is given.
        """
        address = read_address(subscriber.address)
        address_key = self._key.address_key(address)
        with transaction(self._engine) as connection:
            if _is_suppressed(connection, subscriber.newsletter_id, address_key):
                return "suppressed"
            known = _by_address_key(connection, subscriber.newsletter_id, address_key)
            if known is None:
                self._insert(connection, subscriber, address, now)
                return "added"
            _change(connection, known, _preferences(subscriber, address))
            return "updated"

    def erase(self, newsletter_id: str, address: str, *, now: datetime) -> bool:
        """Wipe what is known of a reader and keep a keyed hash on the suppression list; False if unknown.

        The ledger's rows stay: they know the reader by a random id only.
        """
        wiped = {"address": None, "address_key": None, "name": "", "timezone": "", "audience": "", "locale": ""}
        wiped |= {"consent_text": "", "consent_at": None, "status": "erased"}
        known = self._leave(newsletter_id, address, wiped, reason="erased", now=now)
        if known:
            forget_for_good(self._engine)
        return known

    def counts_by_locale(self, newsletter_id: str) -> tuple[tuple[str, str, int], ...]:
        """(locale, audience, number) of the readers who get mail, sorted."""
        query = (
            select(_readers.locale, _readers.audience, func.count())
            .where(_readers.newsletter_id == newsletter_id, _readers.status == "active")
            .group_by(_readers.locale, _readers.audience)
        )
        with transaction(self._engine, read_only=True) as connection:
            return tuple(sorted((locale, audience, number) for locale, audience, number in connection.execute(query)))

    def active(self, newsletter_id: str) -> tuple[Subscriber, ...]:
        """Everybody who gets mail, in the order of their ids."""
        query = select(tables.subscribers).where(
            _readers.newsletter_id == newsletter_id, _readers.status == "active", _readers.address.is_not(None)
        )
        with transaction(self._engine, read_only=True) as connection:
            rows = connection.execute(query.order_by(_readers.subscriber_id)).mappings().all()
        return tuple(read_subscriber(row) for row in rows)

    def unsubscribe(self, newsletter_id: str, address: str, *, now: datetime) -> bool:
        """Take a reader off the list; False if unknown."""
        return self._leave(newsletter_id, address, {"status": "unsubscribed"}, reason="unsubscribed", now=now)

    def unsubscribe_token(self, newsletter_id: str, token: str, *, now: datetime) -> bool:
        """Take the reader off the list whom a personal link or a mail's own token belongs to; False if unknown.

        Safe to repeat: the second click on the same link says True, too.
        """
        with transaction(self._engine) as connection:
            known = _by_token(connection, newsletter_id, token)
            if known is None:
                return False
            if known["status"] == "active":
                _change(connection, known, {"status": "unsubscribed"})
                _suppress(connection, known, "unsubscribed", now)
            return True

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        """Return the token of a reader's own link."""
        return self._key.reader_token(newsletter_id, subscriber_id)

    def find(self, newsletter_id: str, address: str) -> Subscriber | None:
        """Return the reader who gets mail at an address, or None. Raises SettingsError."""
        address_key = self._key.address_key(read_address(address))
        with transaction(self._engine, read_only=True) as connection:
            known = _by_address_key(connection, newsletter_id, address_key)
        return None if known is None or known["status"] != "active" else read_subscriber(known)

    def _insert(self, connection: Connection, subscriber: Subscriber, address: MailAddress, now: datetime) -> None:
        fixed = {
            "newsletter_id": subscriber.newsletter_id,
            "subscriber_id": subscriber.subscriber_id,
            "token": self._key.reader_token(subscriber.newsletter_id, subscriber.subscriber_id),
            "address_key": self._key.address_key(address),
            "consent_text": "",
            "status": "active",
            "created_at": now,
        }
        connection.execute(tables.subscribers.insert().values(**(fixed | _preferences(subscriber, address))))

    def _leave(self, newsletter_id: str, address: str, change: dict[str, Any], *, reason: str, now: datetime) -> bool:
        address_key = self._key.address_key(read_address(address))
        with transaction(self._engine) as connection:
            known = _by_address_key(connection, newsletter_id, address_key)
            if known is None:
                return False
            _suppress(connection, known, reason, now)
            _change(connection, known, change)
            return True


def read_subscriber(row: RowMapping) -> Subscriber:
    """Read a row of `subscribers` that has an address."""
    return Subscriber(
        subscriber_id=row["subscriber_id"],
        newsletter_id=row["newsletter_id"],
        address=row["address"],
        locale=row["locale"],
        audience=row["audience"],
        timezone=row["timezone"],
        name=row["name"],
        consent_text=row["consent_text"],
        consent_at=row["consent_at"],
        frequency=row["frequency"],
    )


def _preferences(subscriber: Subscriber, address: MailAddress) -> dict[str, object]:
    consent: dict[str, object] = {}
    if subscriber.consent_text or subscriber.consent_at:
        consent = {"consent_text": subscriber.consent_text, "consent_at": subscriber.consent_at}
    return {
        "address": address.sent_to,
        "locale": subscriber.locale,
        "audience": subscriber.audience,
        "timezone": subscriber.timezone,
        "name": subscriber.name,
        "frequency": subscriber.frequency,
        **consent,
    }


def _by_address_key(connection: Connection, newsletter_id: str, address_key: str) -> RowMapping | None:
    query = select(tables.subscribers).where(
        _readers.newsletter_id == newsletter_id, _readers.address_key == address_key
    )
    return connection.execute(query).mappings().first()


def _by_token(connection: Connection, newsletter_id: str, token: str) -> RowMapping | None:
    rows = tables.deliveries.c
    of_mail = select(rows.subscriber_id).where(rows.newsletter_id == newsletter_id, rows.token == token)
    query = select(tables.subscribers).where(
        _readers.newsletter_id == newsletter_id,
        (_readers.token == token) | _readers.subscriber_id.in_(of_mail),
    )
    return connection.execute(query).mappings().first()


def _is_suppressed(connection: Connection, newsletter_id: str, address_key: str) -> bool:
    rows = tables.suppressions.c
    query = select(rows.reason).where(rows.newsletter_id == newsletter_id, rows.address_key == address_key)
    return connection.scalar(query) is not None


def _suppress(connection: Connection, known: RowMapping, reason: str, now: datetime) -> None:
    row = {"newsletter_id": known["newsletter_id"], "address_key": known["address_key"], "reason": reason, "at": now}
    insert_new(connection, tables.suppressions, row)


def _change(connection: Connection, known: RowMapping, change: dict[str, Any]) -> None:
    statement = update(tables.subscribers).where(
        _readers.newsletter_id == known["newsletter_id"], _readers.subscriber_id == known["subscriber_id"]
    )
    connection.execute(statement.values(**change))
