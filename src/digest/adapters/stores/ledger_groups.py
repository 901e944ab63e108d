"""What became of an issue in each group of readers."""

from datetime import datetime

from sqlalchemy import Engine, and_, case, func, select

from digest.adapters.stores import tables
from digest.adapters.stores.database import transaction
from digest.adapters.stores.ledger_rows import is_due
from digest.models.delivery import GroupCount

_rows = tables.deliveries.c


def group_counts(engine: Engine, newsletter_id: str, issue_id: str, *, now: datetime) -> tuple[GroupCount, ...]:
    """Return how many mails of each locale and audience are in each state, sorted; none before the issue is frozen."""
    waits = and_(_rows.state == "planned", ~is_due(now))
    state = case((and_(waits, _rows.retries > 0), "retrying"), (waits, "later"), else_=_rows.state)
    group = (_rows.locale, _rows.audience, state.label("state"))
    query = (
        select(*group, func.count())
        .where(_rows.newsletter_id == newsletter_id, _rows.issue_id == issue_id)
        .group_by(*group)
        .order_by(*group)
    )
    with transaction(engine, read_only=True) as connection:
        found = connection.execute(query).all()
    return tuple(
        GroupCount(locale=locale, audience=audience, state=name, count=count) for locale, audience, name, count in found
    )
