"""Gale and Church's alignment of two lists of sentences, by dynamic programming over "beads" of sentences."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.text.lexicon import meanings_of

_SHAPES: tuple[tuple[int, int, float], ...] = (
    (1, 1, 0.89),
    (1, 0, 0.0099),
    (0, 1, 0.0099),
    (2, 1, 0.045),
    (1, 2, 0.045),
    (2, 2, 0.011),
    (3, 1, 0.004),
    (1, 3, 0.004),
)
"""Sentences here, sentences there, and how often that happens (Gale and Church 1993, table 5; three and one are ours)."""

_VARIANCE = 6.8
"""Of the length of a translation, per character of its source (the same paper)."""
_LIKENESS_BONUS = 16.0
"""Nats for wholly shared numbers, names and words. This and the next four were chosen on the demo and on health text."""
_CHANCE = 0.1
"""Likeness that sentences have by chance."""
_UNLIKE = 3.5
"""Nats against each sentence that hardly shares anything with the other side."""
_STRANGE = 0.2
"""Likeness below which two sentences are strangers."""
_PLAIN = 0.4
"""Likeness that only translations of each other have: one pair in a hundred reaches it by chance."""
_OTHER_NUMBERS = 3.0
"""Nats against sentences whose numbers differ."""
_DELETED = 1.5
"""The deviation that a sentence without counterpart is charged for: as a pair of rather unequal lengths."""
_HOPELESS = 6.0
"""Deviation of lengths at which the words are not looked at any more."""
_PARAGRAPH = 2.0
"""Nats against a bead that begins a paragraph on one side only."""
_BAND = 40
"""Sentences that two texts may drift apart, beyond the difference of their lengths."""
_MOST = 600
"""Sentences a side; what is longer is not an article with a translation."""
_MOST_DRIFT = 100

_PREFIX = 4
_LONG_WORD = 5
_MARKS_TO_JUDGE = 6

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[\w,;] )[(\[\"'“‘]?([A-Z][^\W\d_]+|[A-Z]{2,})")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence with what is compared of it."""

    text: str
    marks: frozenset[str]
    """What a translation shares: numbers and names (twice, they count double), meanings, first letters of long words."""
    numbers: frozenset[str]
    """Without their marks: `308,849` and `308.849` are one."""
    opens: bool
    """Whether it begins a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bead:
    """`sources` sentences from index `source` say what `targets` sentences from index `target` say."""

    source: int
    sources: int
    target: int
    targets: int
    confidence: float
    moved: bool = False
    """Whether the order of the two texts does not support it."""


def line_of(text: str, *, opens: bool) -> Line:
    """Read one sentence; `opens` says that it begins a paragraph."""
    bare = _bare(text)
    numbers = frozenset(re.sub(r"\D", "", found) for found in _NUMBER.findall(bare))
    names = {found.casefold() for found in _NAME.findall(bare)}
    words = {word.casefold() for word in _WORD.findall(bare.replace("-", ""))}
    meanings = {meaning for word in words for meaning in meanings_of(word)}
    beginnings = {f"{word[:_PREFIX]}-" for word in words if len(word) >= _LONG_WORD}
    twice = {f"{sign} {anchor}" for anchor in numbers | names for sign in "12"}
    return Line(text=text, marks=frozenset(twice | meanings | beginnings), numbers=numbers, opens=opens)


def align_lines(sources: Sequence[Line], targets: Sequence[Line], *, growth: float) -> tuple[Bead, ...]:
    """Return the cheapest beads, in order, that cover both lists wholly.

    `growth` is characters of target for one of source. Lists too long or too unequal to be translations of each other
    come back as sentences without counterpart.
    """
    if max(len(sources), len(targets)) > _MOST or abs(len(sources) - len(targets)) > _MOST_DRIFT:
        return tuple(_unmatched(len(sources), len(targets)))
    came_from = _cheapest(sources, targets, growth)
    beads: list[Bead] = []
    i, j = len(sources), len(targets)
    while i or j:
        step, step_there = came_from[i, j]
        i, j = i - step, j - step_there
        here, there = sources[i : i + step], targets[j : j + step_there]
        confidence = bead_confidence(here, there, growth)
        beads.append(Bead(source=i, sources=step, target=j, targets=step_there, confidence=confidence))
    return tuple(reversed(beads))


def _unmatched(here: int, there: int) -> Iterator[Bead]:
    yield from (Bead(source=i, sources=1, target=0, targets=0, confidence=0.0) for i in range(here))
    yield from (Bead(source=here, sources=0, target=j, targets=1, confidence=0.0) for j in range(there))


def _cheapest(
    sources: Sequence[Line], targets: Sequence[Line], growth: float
) -> dict[tuple[int, int], tuple[int, int]]:
    """For each reachable pair of positions, the shape of the last bead on the cheapest way there."""
    costs: dict[tuple[int, int], float] = {(0, 0): 0.0}
    came_from: dict[tuple[int, int], tuple[int, int]] = {}
    for i, j in _cells(len(sources), len(targets)):
        for here, there, share in _SHAPES:
            before = costs.get((i - here, j - there))
            if before is None:
                continue
            cost = before - math.log(share) + _bead_cost(sources[i - here : i], targets[j - there : j], growth)
            if cost < costs.get((i, j), math.inf):
                costs[i, j] = cost
                came_from[i, j] = (here, there)
    return came_from


def _cells(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Positions near the diagonal: far from it lie only impossible pairs, and too many of them."""
    drift = _BAND + abs(rows - columns)
    for i in range(rows + 1):
        for j in range(max(0, i - drift), min(columns, i + drift) + 1):
            if i or j:
                yield i, j


def _bead_cost(here: Sequence[Line], there: Sequence[Line], growth: float) -> float:
    if not here or not there:
        return -math.log(_tail(_DELETED))
    deviation = _deviation(here, there, growth)
    cost = -math.log(_tail(deviation))
    if deviation > _HOPELESS:
        return cost
    cost -= _LIKENESS_BONUS * (_likeness(here, there) - _CHANCE)
    cost += _UNLIKE * _strangers(here, there)
    if _numbers(here) != _numbers(there):
        cost += _OTHER_NUMBERS
    if here[0].opens != there[0].opens:
        cost += _PARAGRAPH
    # A bead over the end of a paragraph joins what the author parted.
    return cost + _PARAGRAPH * sum(line.opens for line in (*here[1:], *there[1:]))


def _deviation(here: Sequence[Line], there: Sequence[Line], growth: float) -> float:
    """How many standard deviations the lengths are apart."""
    length, length_there = (sum(len(line.text) for line in lines) for lines in (here, there))
    mean = (length + length_there / growth) / 2
    return abs(length_there - length * growth) / math.sqrt(max(1.0, mean) * _VARIANCE)


def _tail(deviation: float) -> float:
    """Two-sided tail of the normal distribution, never zero."""
    return max(math.erfc(deviation / math.sqrt(2)), 1e-12)


def _likeness(here: Sequence[Line], there: Sequence[Line]) -> float:
    """Shared marks, as a share of the side that has fewer, from 0 to 1."""
    one, other = _marks(here), _marks(there)
    return len(one & other) / max(min(len(one), len(other)), _MARKS_TO_JUDGE)


def _marks(lines: Sequence[Line]) -> frozenset[str]:
    first, *others = lines
    return first.marks.union(*(line.marks for line in others)) if others else first.marks


def _strangers(here: Sequence[Line], there: Sequence[Line]) -> int:
    """How many sentences of a bead, long enough to judge, have hardly anything in common with the other side."""
    return sum(
        len(line.marks) >= _MARKS_TO_JUDGE and _likeness((line,), others) < _STRANGE
        for (line,), others in _against_the_rest(here, there)
    )


def _against_the_rest(here: Sequence[Line], there: Sequence[Line]) -> list[tuple[tuple[Line], Sequence[Line]]]:
    """Each sentence of a bead with what the other side says."""
    return [*(((line,), there) for line in here), *(((line,), here) for line in there)]


def _numbers(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset[str]().union(*(line.numbers for line in lines))


def bead_confidence(here: Sequence[Line], there: Sequence[Line], growth: float) -> float:
    """How far a bead is to be trusted, from 0 to 1: lengths, numbers, shared words, and how plain its shape is."""
    if not here or not there:
        return 0.0
    lengths = max(0.0, 1.0 - _deviation(here, there, growth) / 4)
    agree = 1.0 if _numbers(here) == _numbers(there) else 0.4
    shape = {2: 1.0, 3: 0.9}.get(len(here) + len(there), 0.6)
    # The weakest sentence of a bead decides: the others may carry a stranger with them.
    likeness = min(_likeness(*pair) for pair in _against_the_rest(here, there))
    words = min(1.0, likeness / _PLAIN)
    return round(lengths * agree * shape * words, 3)


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
