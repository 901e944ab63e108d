"""Who was asked whether they want the newsletter and has not answered yet. What these say is the same for everybody."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, delete, func, select, update

from digest.adapters.stores import tables
from digest.adapters.stores.database import transaction, upsert
from digest.adapters.stores.people import put_on_list
from digest.adapters.stores.people_key import PeopleKey, new_token, read_people_key
from digest.models.asking import Asking, Question
from digest.models.consent import PREFERENCES, Consent, Joining
from digest.models.delivery import Subscriber
from digest.text.addresses import read_address

OPEN_FOR: Final = timedelta(days=14)
"""Then the question and the address are forgotten."""
AGAIN_AFTER: Final = timedelta(hours=24)
"""A second question to the same mailbox would be a nuisance that strangers could make."""
MOST_AN_HOUR: Final = 60
"""Questions that mails from outside can cause."""
_rows = tables.askings.c
_out = tables.suppressions.c


class SqlAskings:
    """The open questions, on a database opened as `people`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "people")`."""
        self._engine = engine

    def ask(self, subscriber: Subscriber, *, evidence: str, now: datetime) -> None:
        """Have somebody asked; the same whether they are on the list, were asked or are barred. Raises SettingsError."""
        read_address(subscriber.address)
        key = read_people_key(self._engine)
        with transaction(self._engine) as connection:
            record_asking(connection, key, subscriber, evidence=evidence, now=now)

    def unsent(self, newsletter_id: str) -> tuple[Asking, ...]:
        """Return the questions that are still to be mailed, oldest first."""
        query = select(tables.askings).where(_rows.newsletter_id == newsletter_id, _rows.sent_at.is_(None))
        with transaction(self._engine, read_only=True) as connection:
            rows = connection.execute(query.order_by(_rows.asked_at, _rows.token)).mappings().all()
        return tuple(Asking(subscriber=_subscriber(row), token=row["token"], asked_at=row["asked_at"]) for row in rows)

    def begin(self, asking: Asking, question: Question, now: datetime) -> None:
        """Remember what exactly is asked, durably and before the mail leaves: nobody is asked twice by a crash."""
        self._change(asking, {"wording": question.wording, "language": question.language, "sent_at": now})

    def put_back(self, asking: Asking) -> None:
        """Have it mailed by a later run: the server did not take it."""
        self._change(asking, {"sent_at": None})

    def drop(self, asking: Asking) -> None:
        """Forget a question that can not be delivered."""
        with transaction(self._engine) as connection:
            forget_asking(connection, asking.subscriber.newsletter_id, asking.token)

    def _change(self, asking: Asking, values: Mapping[str, object]) -> None:
        which = _of_token(asking.subscriber.newsletter_id, asking.token)
        with transaction(self._engine) as connection:
            connection.execute(update(tables.askings).where(*which).values(**values))


def record_asking(
    connection: Connection,
    key: PeopleKey,
    subscriber: Subscriber,
    *,
    evidence: str,
    now: datetime,
    most_an_hour: int | None = None,
) -> None:
    """Open a question, unless there is one of today, the hour is full, or the person once complained."""
    connection.execute(delete(tables.askings).where(_rows.asked_at < now - OPEN_FOR))
    newsletter_id, address = subscriber.newsletter_id, read_address(subscriber.address)
    address_key = key.address_key(address)
    barred = select(_out.reason).where(_out.newsletter_id == newsletter_id, _out.address_key == address_key)
    open_since = select(_rows.asked_at).where(_rows.newsletter_id == newsletter_id, _rows.address_key == address_key)
    asked_at = connection.scalar(open_since)
    if connection.scalar(barred) == "complained" or (asked_at is not None and now - asked_at < AGAIN_AFTER):
        return
    if most_an_hour is not None and _lately(connection, newsletter_id, now) >= most_an_hour:
        return
    row: dict[str, Any] = {name: getattr(subscriber, name) for name in PREFERENCES}
    row |= {"newsletter_id": newsletter_id, "address_key": address_key, "address": address.sent_to}
    row |= {"token": new_token(), "wording": "", "language": "", "evidence": evidence, "asked_at": now, "sent_at": None}
    upsert(connection, tables.askings, [row])


def confirm_asking(
    connection: Connection, key: PeopleKey, whose: tuple[str, str], *, evidence: str, now: datetime
) -> bool:
    """Put on the list who said yes, with the proof, also after they had left; False where no question is open."""
    query = select(tables.askings).where(
        *_of_token(*whose), _rows.sent_at.is_not(None), _rows.asked_at > now - OPEN_FOR
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return False
    asked = f"asked for: {row['evidence']}; " if row["evidence"] else ""
    consent = Consent(
        how="confirmed",
        wording=row["wording"],
        language=row["language"],
        asked_at=row["asked_at"],
        confirmed_at=now,
        evidence=f"{asked}answered: {evidence}",
    )
    said = frozenset(name for name in PREFERENCES if row[name])
    joining = Joining(subscriber=_subscriber(row), consent=consent, said=said)
    put_on_list(connection, key, joining, read_address(row["address"]), now, wished=True)
    forget_asking(connection, *whose)
    return True


def forget_asking(connection: Connection, newsletter_id: str, token: str) -> bool:
    """Forget a question and the address; False where it is not open."""
    return bool(connection.execute(delete(tables.askings).where(*_of_token(newsletter_id, token))).rowcount)


def _lately(connection: Connection, newsletter_id: str, now: datetime) -> int:
    query = select(func.count()).where(_rows.newsletter_id == newsletter_id, _rows.asked_at > now - timedelta(hours=1))
    return connection.scalar(query) or 0


def _of_token(newsletter_id: str, token: str) -> tuple[Any, Any]:
    return _rows.newsletter_id == newsletter_id, _rows.token == token


def _subscriber(row: RowMapping) -> Subscriber:
    wishes = {name: row[name] for name in PREFERENCES}
    return Subscriber(
        subscriber_id=secrets.token_hex(8), newsletter_id=row["newsletter_id"], address=row["address"], **wishes
    )
