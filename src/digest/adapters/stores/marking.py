"""Writes the states of mails, along the arrows of the ledger and no others."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Update, and_, bindparam, case, func, or_, update

from digest.adapters.stores import tables
from digest.adapters.stores.column_types import Moment, Words
from digest.adapters.stores.database import WriteMany
from digest.errors import StateConflictError
from digest.models.delivery import Change, Delivery, DeliveryState

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """A statement as one database's driver takes it."""

    sql: str
    order: tuple[str, ...] | None
    """Names of the values where they are given by place."""
    constants: dict[str, object]


_MOMENT: Final = Moment()


def write_changes(
    write: WriteMany, dialect: Dialect, changes: Sequence[Change], runs: dict[str, str], now: datetime
) -> None:
    """Write all of them or none. `runs` says which run sends each newsletter now. Raises StateConflictError."""
    grouped: dict[_Kind, list[Change]] = defaultdict(list)
    for change in changes:
        if change.delivery.newsletter_id not in runs or change.state not in LEGAL:
            raise conflict(change.state)
        special = change.pause is not None or (change.state == "handing" and change.reply != "")
        grouped[change.state, special].append(change)
    moment = _stored(now, dialect)
    for kind, of_kind in grouped.items():
        statement = _compiled(dialect, kind)
        shared = {**statement.constants, "new_state": kind[0], "now": moment}
        rows = [{**shared, **_own(change, runs, now, dialect)} for change in of_kind]
        if write(statement.sql, _as_taken(statement, rows)) != len(rows):
            raise conflict(kind[0])


def write_claims(
    write: WriteMany,
    dialect: Dialect,
    place: tuple[str, str, str],
    names: Sequence[str],
    state: DeliveryState,
    now: datetime,
) -> None:
    """Make the planned rows of these readers `claimed` or `suppressed` for (newsletter, issue, run)."""
    if not names:
        return
    statement = _compiled(dialect, ("claimed", False))
    newsletter_id, issue_id, run_id = place
    shared = {**statement.constants, "new_state": state, "now": _stored(now, dialect), "own_run": run_id}
    shared |= {"newsletter": newsletter_id, "issue": issue_id}
    if write(statement.sql, _as_taken(statement, [{**shared, "reader": name} for name in names])) != len(names):
        raise conflict(state)


def _own(change: Change, runs: dict[str, str], now: datetime, dialect: Dialect) -> dict[str, object]:
    row = change.delivery
    values: dict[str, object] = {
        "newsletter": row.newsletter_id,
        "issue": row.issue_id,
        "reader": row.subscriber_id,
        "own_run": runs[row.newsletter_id],
        "new_reply": clean_reply(change.reply),
    }
    if change.pause is not None:
        values["again"] = _stored(now + change.pause, dialect)
    return values


def _as_taken(statement: _Statement, rows: list[dict[str, object]]) -> Sequence[Any]:
    """Return the values as the driver takes them: by place or by name."""
    order = statement.order
    return rows if order is None else [tuple([row[name] for name in order]) for row in rows]


def _stored(moment: datetime, dialect: Dialect) -> str | datetime | None:
    """Past SQLAlchemy's handling of values, which costs more than the database: all others are plain text."""
    return _MOMENT.process_bind_param(moment, dialect)


@cache
def _compiled(dialect: Dialect, kind: _Kind) -> _Statement:
    compiled = _MARK[kind].compile(dialect=dialect)
    order = tuple(compiled.positiontup) if compiled.positiontup else None
    return _Statement(sql=str(compiled), order=order, constants=dict(compiled.params))


def write_decision(connection: Connection, delivery: Delivery, state: DeliveryState, now: datetime) -> None:
    """Write what became known of an uncertain mail. Raises StateConflictError."""
    if connection.execute(_RESOLVE, _row(delivery, state, now)).rowcount != 1:
        raise conflict(state)


def conflict(state: DeliveryState) -> StateConflictError:
    """Return the error of a row that is not where it should be."""
    return StateConflictError(f"A mail can not become {state}: another run has it, or it is past that. Run again.")


def clean_reply(reply: str) -> str:
    """Take addresses and control characters out of a server's words and shorten them."""
    words = reply[: 4 * _MAX_REPLY]
    if not words.isprintable():
        words = "".join(character if character.isprintable() else " " for character in words)
    words = " ".join(words.split())
    return (_ADDRESS.sub("<address>", words) if "@" in words else words)[:_MAX_REPLY]


def _row(delivery: Delivery, state: DeliveryState, now: datetime) -> dict[str, object]:
    names = {"newsletter": delivery.newsletter_id, "issue": delivery.issue_id, "reader": delivery.subscriber_id}
    return {**names, "new_state": state, "now": now}


def _row_update(*before: DeliveryState) -> Update:
    one = and_(
        _rows.newsletter_id == bindparam("newsletter"),
        _rows.issue_id == bindparam("issue"),
        _rows.subscriber_id == bindparam("reader"),
        or_(*(_rows.state == state for state in before)),
    )
    return update(tables.deliveries).where(one).values(state=bindparam("new_state"), changed_at=bindparam("now"))


def _mark(after: DeliveryState, before: Sequence[DeliveryState]) -> Update:
    statement = _row_update(*before).where(_rows.run_id == bindparam("own_run")).values(reply=bindparam("new_reply"))
    return statement.values(handed_at=bindparam("now")) if after == "handing" else statement


def _mark_with_key() -> Update:
    """Hand over with a key. With the same key again it counts from the first time: that is how services count."""
    mark = bindparam("new_reply", type_=Words)
    again = func.substr(_rows.reply, 1, func.length(mark)) == mark
    first = case((again, _rows.handed_at), else_=bindparam("now", type_=Moment))
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
