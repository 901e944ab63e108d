"""What extracts keep: caveats, the words of a plain summary, and no sentence without the one it leans on.

    python benchmarks/measure_extracts.py [ARTICLES.jsonl] [--sentences 4]

A line has `article`, `summary` (the plain summary that a person wrote; may be missing) and `lang`; without a file, the
project's own made-up abstracts are measured. Beside the extract stand the first sentences, the last ones, and the same
cue words, likeness, place and novelty without the rules on caveats and on sentences that lean.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from digest.models.article import HEADINGS, ArticleText  # noqa: E402 - found on the path set above
from digest.text.cues import cue_score  # noqa: E402
from digest.text.extract import extract_best  # noqa: E402
from digest.text.leaning import leans, speaks_of_its_study  # noqa: E402
from digest.text.placed import Placed, likeness, placed_sentences  # noqa: E402
from fakes_text import article_text  # noqa: E402

OWN = HERE.parent / "tests" / "text" / "abstracts.jsonl"
# Not the list that the extract chooses by: what a reader would call a caveat.
CAVEAT = re.compile(
    r"limit|uncertain|unclear|not clear|unknown|do not know|low[- ](?:quality|certainty)|(?:certainty|quality).*low|small|few |insufficient"
    r"|more (?:research|trials|studies)|further|needed|can ?not (?:say|tell)|in one city|differ|bias|caution|may\b|might|not seem"
    r"|incert|não está claro|não esteja claro|não se sabe|baixa|pequen|pouc|insuficiente|mais (?:pesquisas|estudos)|necessári"
    r"|não é possível|não parece|viés|cautela|talvez|uma só cidade|generaliz|diferentes",
    re.IGNORECASE,
)
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


def alone(chosen: Sequence[Placed]) -> int:
    """How many sentences lean on one that was not taken."""
    numbers = {one.number for one in chosen}
    leaning = [one for one in chosen if leans(one.text) and not speaks_of_its_study(one.text) and not one.first]
    return sum(one.number - 1 not in numbers for one in leaning)


def articles(path: Path) -> Iterator[tuple[ArticleText, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        yield article_text(value["article"], language=value["lang"]), value.get("summary", "")


def main() -> None:
    """Print one JSON line a method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=OWN)
    parser.add_argument("--sentences", type=int, default=4)
    arguments = parser.parse_args()
    texts = list(articles(arguments.path))
    for name, method in METHODS.items():
        taken = [method(text, arguments.sentences) for text, _ in texts]
        told = [
            (summary, " ".join(one.text for one in chosen)) for (_, summary), chosen in zip(texts, taken, strict=True)
        ]
        compared = [pair for pair in told if pair[0]]
        caveats = sum(any(CAVEAT.search(one.text) for one in chosen) for chosen in taken)
        figures = {
            "name": f"extracts of {arguments.sentences} sentences: {name}",
            "articles": len(texts),
            "with_a_caveat": f"{100 * caveats / max(1, len(texts)):.0f} %",
            "leaning_alone": sum(alone(chosen) for chosen in taken),
            **{
                f"ROUGE_{length}": round(
                    100 * sum(shared_runs(*pair, length) for pair in compared) / max(1, len(compared)), 1
                )
                for length in (1, 2)
            },
        }
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
