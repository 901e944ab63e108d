"""Writes the states of mails, along the arrows of the ledger and no others."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection, Dialect, Update, and_, bindparam, case, func, or_, update

from digest.adapters.stores import tables
from digest.adapters.stores.column_types import Instant, Words, as_milliseconds
from digest.adapters.stores.database import WriteMany
from digest.adapters.stores.driver import Driver
from digest.adapters.stores.upserts import by_place
from digest.errors import StateConflictError
from digest.models.delivery import Change, Delivery, DeliveryState
from digest.text.verdicts import LONGEST_PAUSE

LEGAL: Final[dict[DeliveryState, tuple[DeliveryState, ...]]] = {
    "handing": ("claimed",),
    "sent": ("handing",),
    "uncertain": ("handing",),
    "failed": ("claimed", "handing"),
    "planned": ("claimed", "handing"),
    "suppressed": ("claimed",),
}
"""What a row may be in before `write_changes` makes it this; `claimed` is made by `claim` only."""

_Kind = tuple[DeliveryState, bool]
"""What a row becomes, and whether it rests before it is tried again or is handed over with a key."""

_MAX_REPLY = 500
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")
_rows = tables.deliveries.c
_CLAIM_RANGE: Final = """
UPDATE deliveries SET state = 'claimed', run_id = ?
WHERE newsletter_id = ? AND issue_id = ? AND subscriber_id BETWEEN ? AND ?
AND state = 'planned' AND run_id <> ? AND (due_at IS NULL OR due_at <= ? OR (retries > 0 AND due_at > ?))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """A statement as one database's driver takes it, with the values of a row by place."""

    sql: str
    constants: tuple[object, ...]
    """What does not change from row to row."""
    pick: Callable[[tuple[object, ...]], tuple[object, ...]]
    """Chooses the values of a row, in their order, from the constants and `_GIVEN`."""


_INSTANT: Final = Instant()
_GIVEN: Final = ("newsletter", "issue", "reader", "own_run", "new_state", "new_reply", "again", "now")
"""What a row may bring."""


def write_changes(
    write: WriteMany, dialect: Dialect, changes: Sequence[Change], runs: dict[str, str], now: datetime
) -> None:
    """Write all of them or none. `runs` says which run sends each newsletter now. Raises StateConflictError."""
    grouped: dict[_Kind, list[Change]] = defaultdict(list)
    for change in changes:
        if change.delivery.newsletter_id not in runs or change.state not in LEGAL:
            raise conflict(change.state)
        grouped[change.state, is_special(change)].append(change)
    # Past SQLAlchemy's handling of values, which costs more than the database: all others are plain text.
    moment = _INSTANT.process_bind_param(now, dialect)
    for kind, of_kind in grouped.items():
        statement = _compiled(dialect, kind)
        pick, constants = statement.pick, statement.constants
        rows = [pick((*constants, *_given(change, runs, now, dialect), moment)) for change in of_kind]
        if write(statement.sql, rows) != len(rows):
            raise conflict(kind[0])


def is_special(change: Change) -> bool:
    """Whether a row rests before it is tried again, or is handed over with a key."""
    return change.pause is not None or (change.state == "handing" and change.reply != "")


def write_claims(driver: Driver, place: tuple[str, str, str], names: Sequence[str], state: DeliveryState) -> None:
    """Make the planned rows of these readers, in order, `claimed` or `suppressed` for (newsletter, issue, run)."""
    if not names:
        return
    statement = _compiled(driver.dialect, ("claimed", False))
    newsletter_id, issue_id, run_id = place
    pick, constants, rest = statement.pick, statement.constants, (run_id, state, "", None, None)
    rows = [pick((*constants, newsletter_id, issue_id, name, *rest)) for name in names]
    if driver.write(statement.sql, rows) != len(rows):
        raise conflict(state)


def write_claimed_range(driver: Driver, place: tuple[str, str, str], names: Sequence[str], now: datetime) -> None:
    """Make these readers' rows `claimed` in a SQLite file, where they are all that are planned and due between the ends.

    One statement takes a fifth of the time of fifty. A file has one writer at a time, so nothing comes in between.
    """
    newsletter_id, issue_id, run_id = place
    moments = as_milliseconds(now), as_milliseconds(now + LONGEST_PAUSE)
    values = (run_id, newsletter_id, issue_id, names[0], names[-1], run_id, *moments)
    if driver.write(_CLAIM_RANGE, [values]) != len(names):
        raise conflict("claimed")


def _given(change: Change, runs: dict[str, str], now: datetime, dialect: Dialect) -> tuple[object, ...]:
    """Return `_GIVEN` but for `now`, which comes last."""
    row = change.delivery
    again = None if change.pause is None else _INSTANT.process_bind_param(now + change.pause, dialect)
    newsletter_id = row.newsletter_id
    reply = clean_reply(change.reply)
    return newsletter_id, row.issue_id, row.subscriber_id, runs[newsletter_id], change.state, reply, again


@cache
def _compiled(dialect: Dialect, kind: _Kind) -> _Statement:
    compiled = _MARK[kind].compile(dialect=by_place(dialect))
    order, fixed = compiled.positiontup or [], {**compiled.params}
    own = [name for name in fixed if name not in _GIVEN]
    places = {name: place for place, name in enumerate([*own, *_GIVEN])}
    pick = itemgetter(*(places[name] for name in order))
    return _Statement(sql=str(compiled), constants=tuple(fixed[name] for name in own), pick=pick)


def write_decision(connection: Connection, delivery: Delivery, state: DeliveryState) -> None:
    """Write what became known of an uncertain mail. Raises StateConflictError."""
    names = {"newsletter": delivery.newsletter_id, "issue": delivery.issue_id, "reader": delivery.subscriber_id}
    if connection.execute(_RESOLVE, {**names, "new_state": state}).rowcount != 1:
        raise conflict(state)


def conflict(state: DeliveryState) -> StateConflictError:
    """Return the error of a row that is not where it should be."""
    return StateConflictError(f"A mail can not become {state}: another run has it, or it is past that. Run again.")


def clean_reply(reply: str) -> str:
    """Take addresses and control characters out of a server's words and shorten them."""
    if len(reply) <= _MAX_REPLY and reply.isprintable() and "@" not in reply and "  " not in reply:
        return reply.strip()
    words = reply[: 4 * _MAX_REPLY]
    if not words.isprintable():
        words = "".join(character if character.isprintable() else " " for character in words)
    words = " ".join(words.split())
    return (_ADDRESS.sub("<address>", words) if "@" in words else words)[:_MAX_REPLY]


def _row_update(*before: DeliveryState) -> Update:
    one = and_(
        _rows.newsletter_id == bindparam("newsletter"),
        _rows.issue_id == bindparam("issue"),
        _rows.subscriber_id == bindparam("reader"),
        or_(*(_rows.state == state for state in before)),
    )
    return update(tables.deliveries).where(one).values(state=bindparam("new_state"))


def _mark(after: DeliveryState, before: Sequence[DeliveryState]) -> Update:
    statement = _row_update(*before).where(_rows.run_id == bindparam("own_run")).values(reply=bindparam("new_reply"))
    return statement.values(handed_at=bindparam("now")) if after == "handing" else statement


def _mark_with_key() -> Update:
    """Hand over with a key. With the same key again it counts from the first time: that is how services count."""
    mark = bindparam("new_reply", type_=Words)
    again = func.substr(_rows.reply, 1, func.length(mark)) == mark
    first = case((again, _rows.handed_at), else_=bindparam("now", type_=Instant))
    return _mark("handing", LEGAL["handing"]).values(handed_at=first)


# Built once: building a statement costs more than running it, and each mail needs two.
_MARK: dict[_Kind, Update] = {(after, False): _mark(after, before) for after, before in LEGAL.items()}
_MARK["handing", True] = _mark_with_key()
_MARK["claimed", False] = _row_update("planned").values(run_id=bindparam("own_run"))
_MARK["planned", True] = _mark("planned", ("handing", "claimed")).values(
    due_at=bindparam("again"), retries=_rows.retries + 1
)
# Without a run id, so that the next run to ask is offered the row again.
_RESOLVE = _row_update("uncertain").values(run_id="")
