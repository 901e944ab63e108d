"""The proof of consent, one row an act. Rows are only ever added, and go with the reader who asks to be erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from digest.adapters.stores import tables
from digest.models.consent import Consent

_rows = tables.consents.c
_FIELDS = ("how", "wording", "language", "asked_at", "confirmed_at", "evidence")


def store_consent(connection: Connection, reader: tuple[str, str], consent: Consent, now: datetime) -> None:
    """Add an act of consent of (newsletter, subscriber); the very same act again is none."""
    known = read_consents(connection, reader[0], [reader[1]]).get(reader[1], ())
    if not consent.proves_something or consent in known:
        return
    row = {name: getattr(consent, name) for name in _FIELDS}
    row |= {"newsletter_id": reader[0], "subscriber_id": reader[1], "number": len(known) + 1, "recorded_at": now}
    connection.execute(tables.consents.insert().values(wording_sha256=consent.wording_sha256, **row))


def read_consents(
    connection: Connection, newsletter_id: str, subscriber_ids: Sequence[str]
) -> Mapping[str, tuple[Consent, ...]]:
    """Return the acts of consent of some readers by their id, oldest first."""
    found: dict[str, tuple[Consent, ...]] = {}
    query = (
        select(tables.consents)
        .where(_rows.newsletter_id == newsletter_id, _rows.subscriber_id.in_(subscriber_ids))
        .order_by(_rows.subscriber_id, _rows.number)
    )
    for row in connection.execute(query).mappings():
        consent = Consent(**{name: row[name] for name in _FIELDS})
        found[row["subscriber_id"]] = (*found.get(row["subscriber_id"], ()), consent)
    return found


def forget_consents(connection: Connection, newsletter_id: str, subscriber_id: str) -> None:
    """Delete what a reader agreed to, with the rest of what is known of her."""
    which = delete(tables.consents).where(_rows.newsletter_id == newsletter_id, _rows.subscriber_id == subscriber_id)
    connection.execute(which)
