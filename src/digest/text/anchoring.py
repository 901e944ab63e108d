"""Which sentences of a text a summary sentence rests on, by shared words and numbers, where nobody says it."""

import math
import re
from collections.abc import Sequence

from digest.text.language import STOP_WORDS

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_STEM = 6
_LIKE = 0.18
_MOST = 3


def anchors_for(sentence: str, source: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers (from 1) of the likeliest source sentences, in order; none where nothing is alike.

    Up to three by their words; then those that have a number of the sentence which is still without a place.
    """
    stems = _stems(sentence)
    likeness = {number: _likeness(stems, _stems(other)) for number, other in enumerate(source, start=1)}
    ranked = sorted(likeness, key=lambda number: (-likeness[number], number))
    chosen = [number for number in ranked[:_MOST] if likeness[number] >= _LIKE]
    left = set(_NUMBER.findall(sentence)) - {found for one in chosen for found in _NUMBER.findall(source[one - 1])}
    for number in ranked:
        numbers = left.intersection(_NUMBER.findall(source[number - 1]))
        if numbers:
            chosen.append(number)
            left -= numbers
    return tuple(sorted(set(chosen)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.lower()) if word not in STOP_WORDS)


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    shared = len(first & second)
    return shared / math.sqrt(len(first) * len(second)) if shared else 0.0
