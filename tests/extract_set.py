"""Abstracts with the plain summaries that people wrote of them, and the published way of extracting to compare with."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.models.article import HEADINGS, ArticleText
from digest.text.cues import cue_score
from digest.text.extract import extract_best
from digest.text.placed import Placed, likeness, placed_sentences
from fakes_text import article_text

OWN = Path(__file__).parent / "text" / "abstracts.jsonl"
NOVELTY = 0.35
Method = Callable[[ArticleText, int], Sequence[Placed]]


def first(text: ArticleText, wanted: int) -> Sequence[Placed]:
    return placed_sentences(text)[:wanted]


def last(text: ArticleText, wanted: int) -> Sequence[Placed]:
    return placed_sentences(text)[-wanted:]


def cue_words(text: ArticleText, wanted: int) -> Sequence[Placed]:
    """The method of the published comparison: cue words, centroid, position, maximal marginal relevance."""
    left, chosen = list(placed_sentences(text)), list[Placed]()
    while left and len(chosen) < wanted:
        best = max(left, key=lambda one: marginal(one, chosen))
        left.remove(best)
        chosen.append(best)
    return sorted(chosen, key=lambda one: one.number)


def marginal(one: Placed, chosen: Sequence[Placed]) -> float:
    cues = max(cue_score(one.text, heading) for heading in HEADINGS)
    worth = 0.35 * one.centrality + 0.2 * cues + 0.45 * one.position**2
    return (1 - NOVELTY) * worth - NOVELTY * max((likeness(one.stems, other.stems) for other in chosen), default=0.0)


def ours(text: ArticleText, wanted: int) -> Sequence[Placed]:
    anchors = {one.anchors[0] for section in extract_best(text, wanted) for one in section.sentences}
    return [one for one in placed_sentences(text) if one.number in anchors]


METHODS: dict[str, Method] = {"first": first, "last": last, "cue words": cue_words, "extract": ours}


def shared_runs(summary: str, extract: str, length: int) -> float:
    """F1 of the shared runs of `length` words."""
    mine, theirs = grams(extract, length), grams(summary, length)
    shared = sum((mine & theirs).values())
    return 2 * shared / max(1, mine.total() + theirs.total())


def grams(text: str, length: int) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(*(words[start:] for start in range(length)), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One line of the file."""

    text: ArticleText
    summary: str
    caveats: Sequence[int] | None
    part: str


def articles(path: Path) -> Iterator[Measured]:
    for line in path.read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        text = article_text(value["article"], language=value["lang"])
        part = value.get("part", "")
        yield Measured(text=text, summary=value.get("summary", ""), caveats=value.get("caveats"), part=part)
