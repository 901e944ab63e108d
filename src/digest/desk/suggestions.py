"""What was approved before for the same or a similar sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from digest.models.segment import Segment
from digest.text.memory import normalised

LIKE_ENOUGH = 0.6
SHOWN = 3
_CLOSE_LOOKS = 40
"""How many sources that share words are compared letter by letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An approved translation of a past issue."""

    source: str
    target: str
    percent: int
    """How much of the source is the same; 100 is the same sentence."""


def suggestions(source: str, past: Iterable[Sequence[Segment]]) -> tuple[Suggestion, ...]:
    """Return the closest approved translations, the best first; of one sentence the latest one counts."""
    wanted = normalised(source)
    known = {
        normalised(one.source): one
        for segments in past
        for one in segments
        if one.state == "approved" and one.target.strip()
    }
    words = set(wanted.casefold().split())
    shared = sorted(known, key=lambda text: -_overlap(words, text))[:_CLOSE_LOOKS]
    rated = [(SequenceMatcher(None, wanted, text, autojunk=False).ratio(), text) for text in shared]
    best = sorted((pair for pair in rated if pair[0] >= LIKE_ENOUGH), reverse=True)[:SHOWN]
    return tuple(
        Suggestion(source=known[text].source, target=known[text].target, percent=int(ratio * 100))
        for ratio, text in best
    )


def _overlap(words: set[str], text: str) -> float:
    other = set(text.casefold().split())
    return len(words & other) / (len(words | other) or 1)
