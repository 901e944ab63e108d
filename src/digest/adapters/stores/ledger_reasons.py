"""Why the mails of an issue did not reach their readers, counted."""

from collections import Counter

from sqlalchemy import Engine, and_, case, func, or_, select

from digest.adapters.stores import tables
from digest.adapters.stores.database import transaction
from digest.models.delivery import ReasonCount
from digest.text.smtp_replies import reason_of

_rows = tables.deliveries.c
_readers = tables.subscribers.c
_out = tables.suppressions.c


def reason_counts(engine: Engine, newsletter_id: str, issue_id: str) -> tuple[ReasonCount, ...]:
    """Return how many mails are in a state that is not the good end, by reason, sorted; nobody can be told from it."""
    this = (_rows.newsletter_id == newsletter_id, _rows.issue_id == issue_id)
    answered = (
        select(_rows.state, _rows.reply, func.count())
        .where(*this, or_(_rows.state.in_(("failed", "uncertain")), and_(_rows.state == "planned", _rows.reply != "")))
        .group_by(_rows.state, _rows.reply)
    )
    why = case((_readers.status == "erased", "erased"), else_=func.coalesce(_out.reason, "unsubscribed"))
    same_reader = and_(_readers.newsletter_id == _rows.newsletter_id, _readers.subscriber_id == _rows.subscriber_id)
    same_address = and_(_out.newsletter_id == _readers.newsletter_id, _out.address_key == _readers.address_key)
    left = (
        select(why, func.count())
        .select_from(
            tables.deliveries.join(tables.subscribers, same_reader).outerjoin(tables.suppressions, same_address)
        )
        .where(*this, _rows.state == "suppressed")
        .group_by(why)
    )
    found: Counter[tuple[str, str]] = Counter()
    with transaction(engine, read_only=True) as connection:
        for state, reply, count in connection.execute(answered):
            found[state, reason_of(reply)] += count
        for reason, count in connection.execute(left):
            found["suppressed", reason] += count
    return tuple(
        ReasonCount(state=state, reason=reason, count=count) for (state, reason), count in sorted(found.items())
    )
