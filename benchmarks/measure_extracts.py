"""What extracts keep: caveats, the words of a plain summary, and no sentence without the one it leans on.

    python benchmarks/measure_extracts.py [ARTICLES.jsonl] [--sentences 4]

A line has `article`, `summary` (the plain summary that a person wrote; may be missing), `lang`, and perhaps `caveats` (the
numbers of the sentences that are caveats; else they are told by their words) and `part`; without a file, the project's own
made-up abstracts are measured, those that the choice was made with (`tune`) and the others (`held-out`) apart. Beside the extract stand the first sentences, the last ones, and the same
cue words, likeness, place and novelty without the rules on caveats and on sentences that lean.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from digest.text.leaning import leans, speaks_of_its_study  # noqa: E402 - found on the path set above
from digest.text.placed import Placed  # noqa: E402
from extract_set import METHODS, OWN, Measured, Method, articles, shared_runs  # noqa: E402

# Not the list that the extract chooses by: what a reader would call a caveat.
CAVEAT = re.compile(
    r"limit|uncertain|unclear|not clear|unknown|do not know|low[- ](?:quality|certainty)|(?:certainty|quality).*low|small|few |insufficient"
    r"|more (?:research|trials|studies)|further|needed|can ?not (?:say|tell)|in one city|differ|bias|caution|may\b|might|not seem"
    r"|incert|não está claro|não esteja claro|não se sabe|baixa|pequen|pouc|insuficiente|mais (?:pesquisas|estudos)|necessári"
    r"|não é possível|não parece|viés|cautela|talvez|uma só cidade|generaliz|diferentes",
    re.IGNORECASE,
)


def alone(chosen: Sequence[Placed]) -> int:
    """How many sentences lean on one that was not taken."""
    numbers = {one.number for one in chosen}
    leaning = [one for one in chosen if leans(one.text) and not speaks_of_its_study(one.text) and not one.first]
    return sum(one.number - 1 not in numbers for one in leaning)


def is_caveat(one: Placed, measured: Measured) -> bool:
    if measured.caveats is not None:
        return one.number in measured.caveats
    return CAVEAT.search(one.text) is not None


def main() -> None:
    """Print one JSON line a method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=OWN)
    parser.add_argument("--sentences", type=int, default=4)
    arguments = parser.parse_args()
    texts = list(articles(arguments.path))
    for part in sorted({one.part for one in texts}):
        for name, method in METHODS.items():
            print(json.dumps(figures(name, method, [one for one in texts if one.part == part], arguments.sentences)))


def figures(name: str, method: Method, texts: Sequence[Measured], sentences: int) -> dict[str, object]:
    taken = [(one, method(one.text, sentences)) for one in texts]
    compared = [(one.summary, " ".join(said.text for said in chosen)) for one, chosen in taken if one.summary]
    caveats = sum(any(is_caveat(said, one) for said in chosen) for one, chosen in taken)
    return {
        "name": f"extracts of {sentences} sentences: {name}",
        "part": texts[0].part,
        "articles": len(texts),
        "with_a_caveat": f"{100 * caveats / max(1, len(texts)):.0f} %",
        "leaning_alone": sum(alone(chosen) for _, chosen in taken),
        **{
            f"ROUGE_{length}": round(
                100 * sum(shared_runs(*pair, length) for pair in compared) / max(1, len(compared)), 1
            )
            for length in (1, 2)
        },
    }


if __name__ == "__main__":
    main()
