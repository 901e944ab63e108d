"""The sentences of a text, each with its section, its place in it and how much it is like the whole."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from digest.models.article import ArticleText
from digest.text.headings import BlockLabel, labels_of
from digest.text.language import STOP_WORDS
from digest.text.sentences import split_sentences

_STEM = 6
"""Letters of a word that count: enough to join "study" and "studies"."""
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One source sentence, where it stands and how well it would speak for the text."""

    number: int
    text: str
    label: BlockLabel
    stems: frozenset[str]
    centrality: float
    position: float
    """0 for the first of its section, 1 for the last."""
    first: bool
    """Whether nothing stands before it under its heading."""


def labelled_sentences(text: ArticleText) -> list[tuple[BlockLabel, str]]:
    """Return the sentences of the paragraphs and items with what they stand under, in order."""
    return [
        (label, sentence)
        for label, block in zip(labels_of(text.blocks), text.blocks, strict=True)
        if block.kind != "heading"
        for sentence in split_sentences(block.text, text.language)
    ]


def placed_sentences(text: ArticleText) -> tuple[Placed, ...]:
    """Return all sentences of a text, in order."""
    labelled = labelled_sentences(text)
    stems = [_stems(sentence) for _, sentence in labelled]
    centrality = _centralities(stems)
    size = Counter(label for label, _ in labelled)
    seen: Counter[BlockLabel] = Counter()
    placed = []
    for index, (label, sentence) in enumerate(labelled):
        placed.append(
            Placed(
                number=index + 1,
                text=sentence,
                label=label,
                stems=stems[index],
                centrality=centrality[index],
                position=seen[label] / max(1, size[label] - 1),
                first=not seen[label],
            )
        )
        seen[label] += 1
    return tuple(placed)


def _stems(sentence: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(sentence.lower()) if word not in STOP_WORDS)


def _centralities(sentences: Sequence[frozenset[str]]) -> list[float]:
    """Likeness of each sentence to the text's commonest words, from 0 to 1."""
    spread = Counter(stem for stems in sentences for stem in stems)
    # A word of one sentence says nothing about the text.
    weights = {stem: math.log(1 + count) for stem, count in spread.items() if count > 1}
    raw = [sum(weights.get(stem, 0.0) for stem in stems) / math.sqrt(len(stems) + 1) for stems in sentences]
    highest = max(raw, default=0.0)
    return [value / highest if highest else 0.0 for value in raw]


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """How much two sentences share, from 0 to 1."""
    shared = len(first & second)
    return shared / math.sqrt(len(first) * len(second)) if shared else 0.0
