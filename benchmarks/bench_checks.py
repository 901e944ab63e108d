"""All checks on one pair of sentences, both directions, with a glossary: an issue of 200 sentences has to feel instant."""

import json
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests"), str(HERE)]

from measure_checks import OWN, pairs_of  # noqa: E402

from digest.text.glossary import read_glossary  # noqa: E402 - found on the path set above
from digest.text.pair_checks import check_pair  # noqa: E402

SEED = HERE.parent / "locales" / "glossary.csv"
ROUNDS = 12


def main() -> None:
    """Print one JSON line: the median of one pair, and how long ten thousand pairs take."""
    glossary = read_glossary("glossary.csv", SEED.read_bytes())
    pairs = list(pairs_of([OWN]))
    taken = []
    began = time.process_time()
    for _ in range(ROUNDS):
        for pair in pairs:
            started = time.perf_counter()
            check_pair(pair.source, pair.target, pair.source_lang, pair.target_lang, glossary)
            taken.append(time.perf_counter() - started)
    used = time.process_time() - began
    figures = {
        "name": "all checks on one pair",
        "median_milliseconds": round(statistics.median(taken) * 1000, 3),
        "limit_milliseconds": 0.5,
        "p99_milliseconds": round(statistics.quantiles(taken, n=100)[98] * 1000, 3),
        "seconds_for_10000": round(statistics.fmean(taken) * 10_000, 2),
        "processor_seconds_for_10000": round(used / len(taken) * 10_000, 2),
        "characters": round(statistics.fmean(len(pair.source) + len(pair.target) for pair in pairs)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
