"""What engines were asked for, in numbers: never a text."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineUse:
    """What one kind of work asks of one engine; characters are of text, without instructions."""

    work: str
    """`summaries` or `translations`."""
    engine: str
    """As `Summariser.name` and `Translator.name`, e.g. `anthropic:model`."""
    calls: int
    sent: int
    """Characters."""
    received: int


def summed(uses: Iterable[EngineUse]) -> tuple[EngineUse, ...]:
    """Return one use for each work and engine, in the order in which they first appear."""
    found: dict[tuple[str, str], EngineUse] = {}
    for use in uses:
        before = found.get((use.work, use.engine), replace(use, calls=0, sent=0, received=0))
        found[use.work, use.engine] = replace(
            before,
            calls=before.calls + use.calls,
            sent=before.sent + use.sent,
            received=before.received + use.received,
        )
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineCost:
    """What a use costs."""

    use: EngineUse
    paid: bool
    """Whether the engine asks for money at all."""
    price: float = 0.0
    """More or less, in the currency of the prices in the settings; 0 where they name none."""
