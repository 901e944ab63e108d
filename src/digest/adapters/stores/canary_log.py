"""Which issues the author's own copy has proved."""

from datetime import datetime

from sqlalchemy import Engine, select, update

from digest.adapters.stores import tables
from digest.adapters.stores.database import transaction

_rows = tables.sendings.c


class SqlCanaryLog:
    """CanaryLog on a database opened as `people`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "people")`."""
        self._engine = engine

    def proved(self, newsletter_id: str, issue_id: str) -> bool:
        """Whether the author's own copy of a frozen issue arrived as it was sent."""
        query = select(_rows.canary_at).where(_rows.newsletter_id == newsletter_id, _rows.issue_id == issue_id)
        with transaction(self._engine, read_only=True) as connection:
            return connection.scalar(query) is not None

    def prove(self, newsletter_id: str, issue_id: str, *, now: datetime) -> None:
        """Remember that it did."""
        one = update(tables.sendings).where(_rows.newsletter_id == newsletter_id, _rows.issue_id == issue_id)
        with transaction(self._engine) as connection:
            connection.execute(one.values(canary_at=now))
