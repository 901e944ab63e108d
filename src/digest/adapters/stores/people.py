"""The list of readers. Addresses leave this file only inside a Subscriber, whose `repr` hides them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, select, update

from digest.adapters.stores import tables
from digest.adapters.stores.consents import forget_consents, read_consents, store_consent
from digest.adapters.stores.database import forget_for_good, insert_new, transaction, upsert
from digest.adapters.stores.mail_tokens import reader_of_token
from digest.adapters.stores.people_key import PeopleKey, read_people_key
from digest.models.consent import PREFERENCES, Consent, Entry, Joining, Leaving
from digest.models.delivery import Subscriber
from digest.text.addresses import MailAddress, read_address

_PAGE = 500
_readers = tables.subscribers.c


class PeopleStore:
    """SubscriberStore on a database opened as `people`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "people")`."""
        self._engine = engine

    @cached_property
    def _key(self) -> PeopleKey:
        return read_people_key(self._engine)

    def add(self, subscriber: Subscriber, *, now: datetime, consent: Consent | None = None) -> str:
        """Return `added`, `updated` or `suppressed`. Raises SettingsError for an address that can not be used.

        A mailbox that is on the list keeps its subscriber id; the act of consent is added to those that are known.
        """
        joining = Joining(subscriber=subscriber, consent=consent)
        return self.take(subscriber.newsletter_id, [joining], [], now=now)[0]

    def take(
        self, newsletter_id: str, joining: Sequence[Joining], leaving: Sequence[Leaving], *, now: datetime
    ) -> tuple[str, ...]:
        """Put readers on the list and keep mailboxes out of it, known or not: all in one transaction.

        Says what became of each who joins, as `add` does. Who is kept out is not among those who join.
        """
        addresses = [read_address(one.subscriber.address) for one in joining]
        # Read before: making the key takes a transaction of its own.
        key = self._key
        out = [(key.address_key(read_address(one.address)), one.complained) for one in leaving]
        with transaction(self._engine) as connection:
            for address_key, complained in out:
                _keep_out(connection, newsletter_id, address_key, "complained" if complained else "imported", now)
            return tuple(
                put_on_list(connection, key, one, address, now) for one, address in zip(joining, addresses, strict=True)
            )

    def change(self, newsletter_id: str, address: str, wishes: Mapping[str, str]) -> bool:
        """Set some of a reader's preferences (`name`, `locale`, ...); False if nobody gets mail at the address."""
        address_key = self._key.address_key(read_address(address))
        with transaction(self._engine) as connection:
            return change_wishes(connection, _by_address_key(connection, newsletter_id, address_key), dict(wishes))

    def entries(self, newsletter_id: str, address: str | None = None) -> Iterator[Entry]:
        """Yield what is held about one reader, or about all, in the order of their ids; not of those erased."""
        query = select(tables.subscribers).where(_readers.newsletter_id == newsletter_id, _readers.status != "erased")
        if address is not None:
            query = query.where(_readers.address_key == self._key.address_key(read_address(address)))
        after = ""
        while True:
            page = query.where(_readers.subscriber_id > after).order_by(_readers.subscriber_id).limit(_PAGE)
            with transaction(self._engine, read_only=True) as connection:
                rows = connection.execute(page).mappings().all()
                consents = read_consents(connection, newsletter_id, [row["subscriber_id"] for row in rows])
            if not rows:
                return
            yield from (_entry(row, consents.get(row["subscriber_id"], ())) for row in rows)
            after = rows[-1]["subscriber_id"]

    def erase(self, newsletter_id: str, address: str, *, now: datetime) -> bool:
        """Wipe what is known of a reader and keep a keyed hash on the suppression list; False if unknown.

        The ledger's rows stay: they know the reader by a random id only.
        """
        wiped = {"address": None, "address_key": None, "name": "", "timezone": "", "audience": "", "locale": ""}
        wiped |= {"status": "erased"}
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
        # Read before: making the key takes a transaction of its own.
        key = self._key
        with transaction(self._engine) as connection:
            known = reader_of_token(connection, key, newsletter_id, token)
            if known is None:
                return False
            take_off(connection, known, "unsubscribed", now)
            return True

    def reader_token(self, newsletter_id: str, subscriber_id: str) -> str:
        """Return the token of a reader's own link."""
        return self._key.reader_token(newsletter_id, subscriber_id)

    def address_of(self, newsletter_id: str, subscriber_id: str) -> str | None:
        """Return where a reader gets mail, also one who left since; None for one who was erased."""
        query = select(_readers.address).where(
            _readers.newsletter_id == newsletter_id, _readers.subscriber_id == subscriber_id
        )
        with transaction(self._engine, read_only=True) as connection:
            address: str | None = connection.scalar(query)
        return address

    def find(self, newsletter_id: str, address: str) -> Subscriber | None:
        """Return the reader who gets mail at an address, or None. Raises SettingsError."""
        address_key = self._key.address_key(read_address(address))
        with transaction(self._engine, read_only=True) as connection:
            known = _by_address_key(connection, newsletter_id, address_key)
        return None if known is None or known["status"] != "active" else read_subscriber(known)

    def _leave(self, newsletter_id: str, address: str, change: dict[str, Any], *, reason: str, now: datetime) -> bool:
        address_key = self._key.address_key(read_address(address))
        with transaction(self._engine) as connection:
            known = _by_address_key(connection, newsletter_id, address_key)
            if known is None:
                return False
            _suppress(connection, known, reason, now)
            _change(connection, known, change)
            if change["status"] == "erased":
                forget_consents(connection, newsletter_id, known["subscriber_id"])
            return True


def put_on_list(
    connection: Connection,
    key: PeopleKey,
    joining: Joining,
    address: MailAddress,
    now: datetime,
    *,
    wished: bool = False,
) -> str:
    """Put one reader on the list: `added`, `updated`, or `suppressed` for who left.

    Where they `wished` it themselves and proved that, who left is back, but for who once complained.
    """
    subscriber, address_key = joining.subscriber, key.address_key(address)
    if _is_suppressed(connection, subscriber.newsletter_id, address_key, wished=wished):
        return "suppressed"
    known = _by_address_key(connection, subscriber.newsletter_id, address_key)
    if known is None:
        _insert(connection, key, subscriber, address, now)
    else:
        wishes = {name: getattr(subscriber, name) for name in joining.said}
        back = {"status": "active"} if wished else {}
        _change(connection, known, {"address": address.sent_to, **wishes, **back})
    if joining.consent is not None:
        subscriber_id = known["subscriber_id"] if known else subscriber.subscriber_id
        store_consent(connection, (subscriber.newsletter_id, subscriber_id), joining.consent, now)
    return "updated" if known else "added"


def _insert(
    connection: Connection, key: PeopleKey, subscriber: Subscriber, address: MailAddress, now: datetime
) -> None:
    fixed = {
        "newsletter_id": subscriber.newsletter_id,
        "subscriber_id": subscriber.subscriber_id,
        "token": key.reader_token(subscriber.newsletter_id, subscriber.subscriber_id),
        "address_key": key.address_key(address),
        "status": "active",
        "created_at": now,
    }
    wishes = {name: getattr(subscriber, name) for name in PREFERENCES}
    connection.execute(tables.subscribers.insert().values(address=address.sent_to, **fixed, **wishes))


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
        frequency=row["frequency"],
    )


def _entry(row: RowMapping, consents: tuple[Consent, ...]) -> Entry:
    fields = ("address", "name", "locale", "audience", "timezone", "frequency", "status")
    return Entry(since=row["created_at"], consents=consents, **{name: row[name] for name in fields})


def _by_address_key(connection: Connection, newsletter_id: str, address_key: str) -> RowMapping | None:
    query = select(tables.subscribers).where(
        _readers.newsletter_id == newsletter_id, _readers.address_key == address_key
    )
    return connection.execute(query).mappings().first()


def take_off(connection: Connection, known: RowMapping, reason: str, now: datetime) -> None:
    """Write to a reader no more; where she left before, only a complaint changes anything."""
    if known["status"] == "active":
        _change(connection, known, {"status": "unsubscribed"})
    if known["status"] == "active" or reason == "complained":
        _suppress(connection, known, reason, now)


def change_wishes(connection: Connection, known: RowMapping | None, wishes: dict[str, Any]) -> bool:
    """Set preferences of a reader; False where nobody gets mail."""
    if known is None or known["status"] != "active":
        return False
    _change(connection, known, wishes)
    return True


def _is_suppressed(connection: Connection, newsletter_id: str, address_key: str, *, wished: bool) -> bool:
    rows = tables.suppressions.c
    which = (rows.newsletter_id == newsletter_id, rows.address_key == address_key)
    if wished:
        connection.execute(delete(tables.suppressions).where(*which, rows.reason != "complained"))
    return connection.scalar(select(rows.reason).where(*which)) is not None


def _keep_out(connection: Connection, newsletter_id: str, address_key: str, reason: str, now: datetime) -> None:
    _bar(connection, newsletter_id, address_key, reason, now)
    known = _by_address_key(connection, newsletter_id, address_key)
    if known is not None and known["status"] == "active":
        _change(connection, known, {"status": "unsubscribed"})


def _suppress(connection: Connection, known: RowMapping, reason: str, now: datetime) -> None:
    _bar(connection, known["newsletter_id"], known["address_key"], reason, now)


def _bar(connection: Connection, newsletter_id: str, address_key: str, reason: str, now: datetime) -> None:
    """Put a mailbox on the suppression list; the first reason stays, but that a complaint is for ever."""
    row = {"newsletter_id": newsletter_id, "address_key": address_key, "reason": reason, "at": now}
    if reason == "complained":
        upsert(connection, tables.suppressions, [row])
    else:
        insert_new(connection, tables.suppressions, row)


def _change(connection: Connection, known: RowMapping, change: dict[str, Any]) -> None:
    statement = update(tables.subscribers).where(
        _readers.newsletter_id == known["newsletter_id"], _readers.subscriber_id == known["subscriber_id"]
    )
    connection.execute(statement.values(**change))
