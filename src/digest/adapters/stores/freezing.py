"""Freezes the readers of an issue: one row each, in numbered batches, in the edition that serves them best."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, select, update

from digest.adapters.stores import tables
from digest.adapters.stores.people_key import PeopleKey

BATCH: Final = 50
"""Rows of one batch; fixed when frozen, so that a claim finds its rows by an index that never changes."""

_PAGE = 100 * BATCH  # read at once, so that memory does not grow with the list
_readers = tables.subscribers.c


def freeze_rows(
    connection: Connection, key: PeopleKey, issue: tuple[str, str], locales: Sequence[str], now: datetime
) -> None:
    """Plan a mail to every active reader who is not suppressed, and write down how many they are.

    `issue` is (newsletter, issue).
    """
    newsletter_id, issue_id = issue
    total = 0
    editions: dict[str, str] = {}
    for page in _pages(connection, newsletter_id):
        rows = [
            {
                "newsletter_id": newsletter_id,
                "issue_id": issue_id,
                "subscriber_id": reader["subscriber_id"],
                "batch_no": rank // BATCH,
                "locale": _edition(editions, reader["locale"], locales),
                "audience": reader["audience"],
                "state": "planned",
                "token": key.delivery_token(newsletter_id, issue_id, reader["subscriber_id"]),
                "run_id": "",
                "reply": "",
                "changed_at": now,
            }
            for rank, reader in enumerate(page, total)
        ]
        connection.execute(tables.deliveries.insert(), rows)
        total += len(rows)
    frozen = update(tables.sendings).where(
        tables.sendings.c.newsletter_id == newsletter_id, tables.sendings.c.issue_id == issue_id
    )
    connection.execute(frozen.values(total=total))


def _pages(connection: Connection, newsletter_id: str) -> Iterator[Sequence[RowMapping]]:
    out = tables.suppressions.c
    left = select(out.reason).where(out.newsletter_id == newsletter_id, out.address_key == _readers.address_key)
    query = (
        select(_readers.subscriber_id, _readers.locale, _readers.audience)
        .where(_readers.newsletter_id == newsletter_id, _readers.status == "active", ~left.exists())
        .order_by(_readers.subscriber_id)
        .limit(_PAGE)
    )
    page = connection.execute(query).mappings().all()
    while page:
        yield page
        page = connection.execute(query.where(_readers.subscriber_id > page[-1]["subscriber_id"])).mappings().all()


def _edition(chosen: dict[str, str], locale: str, locales: Sequence[str]) -> str:
    if locale not in chosen:
        # A reader whose locale has no edition still gets the issue, in the nearest one there is.
        from digest.i18n import choose_locale

        chosen[locale] = locale if locale in locales else choose_locale(locale, tuple(locales))
    return chosen[locale]
