"""Rendering one issue in both languages, warm: what the preview waits for after every edit."""

import json
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from digest.stages.render import render  # noqa: E402 - the same
from fakes_render import BY_LOCALE, ISSUE, NEWSLETTER, writer  # noqa: E402 - found on the path set above

ROUNDS = 60
LOCALES = ("pt_BR", "en")


def main() -> None:
    """Print one JSON line: the first render, which loads Jinja, Babel and mrml, and the median of the next ones."""
    editor = writer()
    started = time.perf_counter()
    outcome = render(ISSUE, BY_LOCALE, NEWSLETTER, editor, locales=LOCALES)
    first = time.perf_counter() - started
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        again = render(ISSUE, BY_LOCALE, NEWSLETTER, editor, locales=LOCALES)
        rounds.append(time.perf_counter() - started)
        assert again == outcome
    figures = {
        "name": "rendering both languages, warm",
        "milliseconds": round(statistics.median(rounds) * 1000, 2),
        "limit_milliseconds": 10,
        "first_milliseconds": round(first * 1000, 1),
        "html_kilobytes": round(max(len(one.html.encode()) for one in outcome.editions) / 1024, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
