"""Looking cited studies up among local candidates: speed, and how often what is confirmed is right."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from citation_set import FULL, citation_set  # noqa: E402 - found on the path set above
from digest.adapters.sources.crossref_work import works_of  # noqa: E402 - the same
from digest.models.resolution import Confirmed  # noqa: E402 - the same
from digest.works.candidates import Candidates  # noqa: E402 - the same
from digest.works.read_citations import read_citations  # noqa: E402 - the same

CITATIONS = 1_000
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def main() -> None:
    """Print one JSON line."""
    records, cited = citation_set(seed=7, works_count=CITATIONS * 11 // 10)
    cited = cited[:CITATIONS]
    index = Candidates(works_of(records, NOW))
    started = time.perf_counter()
    answers = [read_citations([one.text], index) for one in cited]
    seconds = time.perf_counter() - started
    dois = [{found.work.doi for _, found in answer if isinstance(found, Confirmed)} for answer in answers]
    right = sum(one.doi in found for one, found in zip(cited, dois, strict=True))
    wrong = sum(len(found - {one.doi}) for one, found in zip(cited, dois, strict=True))
    full = [
        one.doi in found
        for one, found in zip(cited, dois, strict=True)
        if one.doi and one.kind.partition("/")[0] in FULL
    ]
    figures = {
        "name": "looking up cited studies among local candidates",
        "citations": len(cited),
        "candidates": len(index.works),
        "citations_per_second": round(len(cited) / seconds),
        "floor_per_second": 200,
        "precision_of_confirmed": round(right / (right + wrong), 4),
        "recall_on_full_titles": round(sum(full) / len(full), 4),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
