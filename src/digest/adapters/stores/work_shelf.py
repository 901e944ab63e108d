"""Records of the studies that issues name, and the author's decisions on citations, in the database `state`."""

from collections.abc import Sequence

from sqlalchemy import Engine, select

from digest.adapters.stores import state_tables as tables
from digest.adapters.stores.database import transaction, upsert
from digest.adapters.stores.record_json import decode_record, encode_record
from digest.errors import FileFormatError
from digest.models.article import CitationDecision
from digest.models.work import Work
from digest.works.notices import with_log


class SqlWorkStore:
    """`WorkStore` on a database opened as `state`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "state")`."""
        self._engine = engine
        self.broken_rows = 0

    def works(self, newsletter_id: str) -> tuple[Work, ...]:
        """Return all readable records, by DOI."""
        columns = tables.works.c
        query = select(columns.body).where(columns.newsletter_id == newsletter_id).order_by(columns.doi)
        with transaction(self._engine, read_only=True) as connection:
            bodies = connection.scalars(query).all()
        found = list[Work]()
        for body in bodies:
            try:
                found.append(decode_record(Work, body))
            except FileFormatError:
                self.broken_rows += 1
        return tuple(found)

    def save_works(self, newsletter_id: str, works: Sequence[Work]) -> None:
        """Store or replace records that have a DOI; when each notice was first seen is kept."""
        named = {work.doi: work for work in works if work.doi}
        if not named:
            return
        columns = tables.works.c
        query = select(columns.doi, columns.body).where(columns.newsletter_id == newsletter_id)
        with transaction(self._engine) as connection:
            stored = {row.doi: row.body for row in connection.execute(query.where(columns.doi.in_(named)))}
            rows = [
                {
                    "newsletter_id": newsletter_id,
                    "doi": doi,
                    "checked_at": work.notices_checked_at,
                    "body": encode_record(with_log(work, self._readable(stored.get(doi)))),
                }
                for doi, work in named.items()
            ]
            upsert(connection, tables.works, rows)

    def _readable(self, body: str | None) -> Work | None:
        """Return a stored record; a broken one is replaced like one that is not there."""
        try:
            return decode_record(Work, body) if body is not None else None
        except FileFormatError:
            return None

    def decisions(self, newsletter_id: str) -> tuple[CitationDecision, ...]:
        """Return what the author decided, by key."""
        columns = tables.citation_decisions.c
        query = select(tables.citation_decisions).where(columns.newsletter_id == newsletter_id).order_by(columns.key)
        with transaction(self._engine, read_only=True) as connection:
            return tuple(CitationDecision(**dict(row)) for row in connection.execute(query).mappings())

    def save_decision(self, decision: CitationDecision) -> None:
        """Store a decision; a later one on the same citation replaces it."""
        names = [column.name for column in tables.citation_decisions.columns]
        with transaction(self._engine) as connection:
            upsert(connection, tables.citation_decisions, [{name: getattr(decision, name) for name in names}])
