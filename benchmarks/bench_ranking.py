"""Ranking 5,000 candidate studies against an author's profile."""

import json
import random
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from digest.works.ranking import chosen, profile_of, rank  # noqa: E402 - found on the path set above
from ranking_set import author_year, noise  # noqa: E402 - the same

STUDIES = 5_000
TODAY = date(2026, 11, 24)


def main() -> None:
    """Print one JSON line: seconds for 5,000, and how often the study she wrote about is among the first 8 of 200."""
    rng = random.Random(11)
    posts = author_year(rng)
    profile = profile_of(post.liked for post in posts)
    studies = noise(rng, STUDIES, TODAY)
    started = time.perf_counter()
    ranked = rank(studies, profile, today=TODAY)
    listed = chosen(ranked, {one.name: one for one in studies}, 8)
    seconds = time.perf_counter() - started
    assert len(listed) == 8
    found = []
    for number in range(4, len(posts)):
        around = [posts[number].study, *noise(rng, 199, posts[number].when)]
        best = rank(around, profile_of(post.liked for post in posts[:number]), today=posts[number].when)
        found.append(posts[number].study.name in chosen(best, {one.name: one for one in around}, 8))
    figures = {
        "name": "ranking studies for one author",
        "studies": STUDIES,
        "seconds": round(seconds, 3),
        "limit_seconds": 1,
        "recall_at_8_of_200": round(sum(found) / len(found), 3),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
