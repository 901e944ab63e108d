"""What a run did, stage by stage; counts and reasons, never an address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.models.delivery import DeliveryCounts
from digest.models.engine_use import EngineUse

Outcome = Literal["done", "nothing_due", "waiting", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that went wrong without stopping the rest."""

    where: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """What one stage made and skipped."""

    stage: str
    made: Sequence[str] = ()
    """One line a thing made."""
    skipped: Sequence[str] = ()
    """One line a thing skipped, with the reason."""
    problems: tuple[Problem, ...] = ()
    used: tuple[EngineUse, ...] = ()
    """What engines were asked for."""


def joined(one: StageReport, other: StageReport) -> StageReport:
    """Return the report of two halves of one stage."""
    return StageReport(
        stage=one.stage,
        made=(*one.made, *other.made),
        skipped=(*one.skipped, *other.skipped),
        problems=one.problems + other.problems,
        used=one.used + other.used,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReceipt:
    """One run of one newsletter."""

    run_id: str
    newsletter_id: str
    started: datetime
    finished: datetime
    outcome: Outcome
    reason: str
    stages: tuple[StageReport, ...] = ()
    deliveries: DeliveryCounts = field(default_factory=DeliveryCounts)
    basis: str = ""
    """SHA-256 of all that the run started from, where a later run from the same may end with the same words."""
