"""Writes the states of mails, along the arrows of the ledger and no others."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, cast

from sqlalchemy import Connection, Dialect, Update, and_, bindparam, or_, update

from digest.adapters.stores import tables
from digest.adapters.stores.column_types import Moment
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
"""What a row becomes, and whether it rests before it is tried again."""

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


def write_changes(connection: Connection, changes: Sequence[Change], runs: dict[str, str], now: datetime) -> None:
    """Write all of them or none. `runs` says which run sends each newsletter now. Raises StateConflictError."""
    grouped: dict[_Kind, list[dict[str, object]]] = defaultdict(list)
    for change in changes:
        run_id = runs.get(change.delivery.newsletter_id)
        if run_id is None or change.state not in LEGAL:
            raise conflict(change.state)
        row = _row(change.delivery, change.state, now) | {"own_run": run_id, "new_reply": clean_reply(change.reply)}
        if change.pause is not None:
            row["again"] = now + change.pause
        grouped[change.state, change.pause is not None].append(row)
    for kind, rows in grouped.items():
        if _execute(connection, kind, rows) != len(rows):
            raise conflict(kind[0])


def _execute(connection: Connection, kind: _Kind, rows: list[dict[str, object]]) -> int:
    """Run a statement for several rows and count those it changed.

    Past SQLAlchemy's handling of values, which costs more than the database: all values are plain text, and the
    moments are turned here into what the database stores.
    """
    statement = _compiled(connection.dialect, kind)
    moment = _stored(connection, rows[0]["now"])
    values = [{**statement.constants, **row, "now": moment} for row in rows]
    if kind[1]:
        values = [{**row, "again": _stored(connection, row["again"])} for row in values]
    order = statement.order
    if order is None:
        return connection.exec_driver_sql(statement.sql, values).rowcount
    return connection.exec_driver_sql(statement.sql, [tuple(row[name] for name in order) for row in values]).rowcount


def _stored(connection: Connection, moment: object) -> str | datetime | None:
    return _MOMENT.process_bind_param(cast("datetime", moment), connection.dialect)


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
    if not reply:
        return reply
    printable = "".join(character if character.isprintable() else " " for character in reply[: 4 * _MAX_REPLY])
    return _ADDRESS.sub("<address>", " ".join(printable.split()))[:_MAX_REPLY]


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


# Built once: building a statement costs more than running it, and each mail needs two.
_MARK: dict[_Kind, Update] = {(after, False): _mark(after, before) for after, before in LEGAL.items()}
_MARK["planned", True] = _mark("planned", ("handing", "claimed")).values(
    due_at=bindparam("again"), retries=_rows.retries + 1
)
# Without a run id, so that the next run to ask is offered the row again.
_RESOLVE = _row_update("uncertain").values(run_id="")
