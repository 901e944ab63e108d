"""Looking a sentence up among 50,000 approved ones: the same, the same but for numbers, and similar."""

import json
import random
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))

from digest.models.segment import Segment  # noqa: E402 - found on the path set above
from digest.text.memory import memory_of  # noqa: E402 - the same

SEGMENTS, LOOKUPS, VOCABULARY = 50_000, 300, 12_000
LIMIT = 20


def main() -> None:
    """Print one JSON line; words are drawn as often as words of a language are (Zipf)."""
    rng = random.Random(5)
    words = ["".join(rng.choices("aeioubcdlmnprst", k=rng.randint(2, 11))) for _ in range(VOCABULARY)]
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]

    def sentence() -> str:
        return " ".join(rng.choices(words, weights, k=rng.randint(8, 32))).capitalize() + "."

    segments = [
        Segment(key=f"p{n // 20}/studies/{n % 20 + 1}", source=sentence(), target="x", state="approved")
        for n in range(SEGMENTS)
    ]
    started = time.perf_counter()
    memory = memory_of([segments])
    memory.similar(segments[0].source)
    memory.but_for_numbers("Of 3.")
    built = time.perf_counter() - started
    spent = []
    for number in range(LOOKUPS):
        source = sentence() if number % 2 else changed(rng, segments[rng.randrange(SEGMENTS)].source)
        started = time.perf_counter()
        memory.exact(source, "a/studies/1") or memory.but_for_numbers(source) or memory.similar(source)
        spent.append((time.perf_counter() - started) * 1000)
    figures = {
        "name": "memory look-up in 50,000 segments",
        "milliseconds": round(statistics.median(spent), 2),
        "milliseconds_95": round(sorted(spent)[int(LOOKUPS * 0.95)], 2),
        "limit_milliseconds": LIMIT,
        "index_seconds_once": round(built, 2),
    }
    print(json.dumps(figures))


def changed(rng: random.Random, source: str) -> str:
    words = source.split()
    words[rng.randrange(len(words))] = "changed"
    return " ".join(words)


if __name__ == "__main__":
    main()
