"""What the mailbox did to the list: read positions, handled messages, bounces, letters (port `InboxStore`)."""

import json
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, select

from digest.adapters.stores import tables
from digest.adapters.stores.askings import MOST_AN_HOUR, confirm_asking, forget_asking, record_asking
from digest.adapters.stores.database import insert_new, transaction, upsert
from digest.adapters.stores.mail_tokens import mail_of_token, reader_of_mail, reader_of_token
from digest.adapters.stores.people import change_wishes, take_off
from digest.adapters.stores.people_key import PeopleKey, read_people_key
from digest.errors import SettingsError
from digest.models.delivery import Subscriber
from digest.models.inbox import (
    Asks,
    Bounces,
    Changes,
    Complains,
    Confirms,
    Declines,
    Ignored,
    Incoming,
    Leaves,
    MailboxPosition,
    Writes,
)
from digest.text.bounce_scores import SOFT_LIMIT, unreachable, weight

_KEPT = timedelta(days=90)
"""Letters are hers to read in her mailbox; our copy of their words goes after a while."""

_positions = tables.inbox_positions.c
_letters = tables.letters.c
_bounces = tables.bounces.c
_mails = tables.deliveries.c


class SqlInboxStore:
    """InboxStore on a database opened as `people`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "people")`."""
        self._engine = engine

    @cached_property
    def _key(self) -> PeopleKey:
        return read_people_key(self._engine)

    def position(self, newsletter_id: str) -> MailboxPosition:
        """Return how far the mailbox was read, the beginning if it never was."""
        query = select(_positions.uid_validity, _positions.last_uid, _positions.polled_at)
        with transaction(self._engine, read_only=True) as connection:
            row = connection.execute(query.where(_positions.newsletter_id == newsletter_id)).mappings().first()
        return MailboxPosition(**dict(row)) if row else MailboxPosition()

    def move_on(self, newsletter_id: str, position: MailboxPosition) -> None:
        """Store how far the mailbox was read."""
        row = {name: getattr(position, name) for name in ("uid_validity", "last_uid", "polled_at")}
        with transaction(self._engine) as connection:
            upsert(connection, tables.inbox_positions, [{"newsletter_id": newsletter_id, **row}])

    def handle(self, newsletter_id: str, incoming: Incoming, *, now: datetime) -> str:
        """Do what a message asks for and remember it, both or neither; returns what became of it in a word."""
        # Read before: making the key takes a transaction of its own.
        key = self._key
        with transaction(self._engine) as connection:
            row = {"newsletter_id": newsletter_id, "message_key": incoming.message_key, "handled_at": now}
            if not insert_new(connection, tables.inbox_messages, row):
                return "seen"
            outcome = ""
            match incoming.meaning:
                case Ignored(reason=reason):
                    outcome = reason
                case Writes():
                    outcome = _keep_letter(connection, newsletter_id, incoming, incoming.meaning, now)
                case Leaves() | Complains() | Changes():
                    outcome = _told_by_token(connection, key, newsletter_id, incoming.meaning, now)
                case Asks() | Confirms() | Declines():
                    outcome = _joins(connection, key, newsletter_id, incoming.meaning, now)
                case Bounces():
                    outcome = _bounce(connection, key, newsletter_id, incoming.meaning, now)
            return outcome

    def came_back(self, newsletter_id: str) -> dict[str, int]:
        """Return how many mails of each issue came back after a server had taken them."""
        query = select(_bounces.issue_id, func.count()).where(_bounces.newsletter_id == newsletter_id)
        with transaction(self._engine, read_only=True) as connection:
            rows = connection.execute(query.group_by(_bounces.issue_id)).all()
        return {str(row[0]): int(row[1]) for row in rows}

    def letters(self, newsletter_id: str) -> tuple[Writes, ...]:
        """Return what readers wrote in the last weeks, newest first."""
        query = select(tables.letters).where(_letters.newsletter_id == newsletter_id)
        with transaction(self._engine, read_only=True) as connection:
            rows = connection.execute(query.order_by(_letters.handled_at.desc(), _letters.message_key)).mappings().all()
        return tuple(
            Writes(
                topic=row["topic"],
                text=row["words"],
                links=tuple(json.loads(row["links"])),
                wants_to_leave=bool(row["wants_to_leave"]),
            )
            for row in rows
        )


def _keep_letter(connection: Connection, newsletter_id: str, incoming: Incoming, letter: Writes, now: datetime) -> str:
    connection.execute(delete(tables.letters).where(_letters.handled_at < now - _KEPT))
    row: dict[str, Any] = {
        "newsletter_id": newsletter_id,
        "message_key": incoming.message_key,
        "handled_at": now,
        "topic": letter.topic,
        "words": letter.text,
        "links": json.dumps(letter.links),
        "wants_to_leave": int(letter.wants_to_leave),
    }
    upsert(connection, tables.letters, [row])
    return "wants to leave" if letter.wants_to_leave else "letter"


def _told_by_token(
    connection: Connection, key: PeopleKey, newsletter_id: str, meaning: Leaves | Complains | Changes, now: datetime
) -> str:
    known = reader_of_token(connection, key, newsletter_id, meaning.token)
    match meaning:
        case Leaves():
            return _leave(connection, known, "unsubscribed", "left", now)
        case Complains():
            return _leave(connection, known, "complained", "complained", now)
        case Changes(wishes=wishes):
            return "changed" if change_wishes(connection, known, dict(wishes)) else "nobody"


def _leave(connection: Connection, known: RowMapping | None, reason: str, outcome: str, now: datetime) -> str:
    if known is None or known["status"] == "erased":
        return "nobody"
    take_off(connection, known, reason, now)
    return outcome


def _joins(
    connection: Connection, key: PeopleKey, newsletter_id: str, meaning: Asks | Confirms | Declines, now: datetime
) -> str:
    match meaning:
        case Asks():
            return _asks(connection, key, newsletter_id, meaning, now)
        case Confirms(token=token, evidence=evidence):
            whose = (newsletter_id, token)
            return "joined" if confirm_asking(connection, key, whose, evidence=evidence, now=now) else "not open"
        case Declines(token=token):
            return "declined" if forget_asking(connection, newsletter_id, token) else "not open"


def _asks(connection: Connection, key: PeopleKey, newsletter_id: str, wish: Asks, now: datetime) -> str:
    reader = Subscriber(
        subscriber_id="", newsletter_id=newsletter_id, address=wish.address, locale=wish.locale, frequency="every"
    )
    try:
        record_asking(connection, key, reader, evidence=wish.evidence, now=now, most_an_hour=MOST_AN_HOUR)
    except SettingsError:
        return "asks from an address that can not be used"
    return "asked"


def _bounce(connection: Connection, key: PeopleKey, newsletter_id: str, bounce: Bounces, now: datetime) -> str:
    mail = mail_of_token(connection, key, newsletter_id, bounce.token)
    if mail is None:
        # Perhaps a question: whoever it was put to does not exist.
        if bounce.final:
            forget_asking(connection, newsletter_id, bounce.token)
        return "nobody"
    known = reader_of_mail(connection, newsletter_id, mail)
    if known is None or known["status"] != "active":
        return "nobody"
    verdict = weight(bounce)
    issue_id, subscriber_id = mail
    row = {"newsletter_id": newsletter_id, "issue_id": issue_id, "subscriber_id": subscriber_id}
    upsert(connection, tables.bounces, [{**row, "status": bounce.status, "weight": verdict, "at": now}])
    if verdict == "soft" and _never_arrives(connection, newsletter_id, subscriber_id):
        verdict, outcome = "gone", "unreachable"
    else:
        outcome = verdict
    if verdict == "gone":
        take_off(connection, known, "bounced", now)
    return outcome


def _never_arrives(connection: Connection, newsletter_id: str, subscriber_id: str) -> bool:
    """Whether the newest issues that were handed over for a reader all came back."""
    came_back = select(_bounces.issue_id).where(
        _bounces.newsletter_id == newsletter_id, _bounces.subscriber_id == subscriber_id, _bounces.weight == "soft"
    )
    newest = (
        select(_mails.issue_id)
        .where(
            _mails.newsletter_id == newsletter_id,
            _mails.subscriber_id == subscriber_id,
            _mails.state.in_(("sent", "uncertain")),
        )
        .order_by(_mails.issue_id.desc())
        .limit(SOFT_LIMIT)
    )
    failed = set(connection.scalars(came_back))
    return unreachable([issue_id in failed for issue_id in connection.scalars(newest)])
