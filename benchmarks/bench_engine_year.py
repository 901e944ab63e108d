"""A simulated year of weekly issues, each prepared daily: what the engines are asked, and that nothing is asked twice."""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from digest.models.engine import Draft, Translated, TranslationRequest, TranslationResult  # noqa: E402
from digest.models.glossary import Glossary  # noqa: E402 - found on the path set above
from digest.models.issue import Issue  # noqa: E402 - the same
from digest.models.segment import Segment  # noqa: E402 - the same
from digest.stages.localise import localise, remembered, translate  # noqa: E402 - the same
from fakes_text import issue, section, story  # noqa: E402 - the same

WEEKS, RUNS = 52, 7
EDITED = 0.1
"""Share of sentences that the author changes in the source after the first run."""
EUROS_PER_MILLION = 20.0
"""DeepL Pro, as published."""
WORDS = (
    "close ties help people sleep and heal while loneliness wears them down in small ways that studies of couples show "
    "over many years with several hundred adults who answered questions about trust fear care anger and hope"
).split()


class Counter:
    """Translates anything and counts."""

    name = "counter"

    def __init__(self) -> None:
        self.calls = self.characters = 0

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        self.calls += len(requests)
        self.characters += sum(len(one.text) for request in requests for one in request.passages)
        return tuple(
            Translated(
                drafts=tuple(Draft(key=p.key, text=f"Em português: {p.text}", origin=self.name) for p in r.passages)
            )
            for r in requests
        )


def sentence(rng: random.Random) -> str:
    return f"{' '.join(rng.choices(WORDS, k=rng.randint(9, 24))).capitalize()} in {rng.randint(20, 900)} people."


def written(rng: random.Random, week: int) -> Issue:
    post = [section(name, *(sentence(rng) for _ in range(4))) for name in ("studies", "implications", "limitations")]
    common = {"copyright": "All rights reserved.", "categories": ("Couples", "Health")}
    made = issue(story(*post, key=f"post-{week}", title=sentence(rng), **common))
    studies = tuple(
        story(section("words", *(sentence(rng) for _ in range(3))), key=f"study-{week}-{n}", kind="study")
        for n in (1, 2)
    )
    return replace(made, issue_id=f"week-{week:02}", stories=(*made.stories, *studies))


def edited(rng: random.Random, shown: Issue) -> Issue:
    def change(text: str) -> str:
        return text.replace("people", "adults and children") if rng.random() < EDITED else text

    return replace(
        shown,
        stories=tuple(
            replace(
                one,
                sections=tuple(
                    replace(part, sentences=tuple(replace(s, text=change(s.text)) for s in part.sentences))
                    for part in one.sections
                ),
            )
            for one in shown.stories
        ),
    )


def main() -> None:
    """Print one JSON line."""
    rng = random.Random(7)
    engine, past = Counter(), []
    needed = repeated = 0
    for week in range(WEEKS):
        shown = written(rng, week)
        memory = remembered(past)
        segments: tuple[Segment, ...] = ()
        for run in range(RUNS):
            before = engine.calls
            changed = run == 1
            shown = edited(rng, shown) if changed else shown
            segments, _ = localise(shown, {}, segments, memory, "pt_BR")
            segments, _ = translate(shown, segments, engine, memory, Glossary(), "pt_BR")
            repeated += engine.calls - before if run > 1 else 0
        needed += sum(len(one.source) for one in segments)
        past.append([replace(one, state="approved") for one in segments])
    assert repeated == 0, "unchanged text was asked for again"
    figures = {
        "name": "engine calls over a simulated year, prepared daily",
        "issues": WEEKS,
        "runs": WEEKS * RUNS,
        "calls": engine.calls,
        "characters": engine.characters,
        "characters_of_the_issues": needed,
        "calls_for_unchanged_text": repeated,
        "euros_at_20_a_million": round(engine.characters * EUROS_PER_MILLION / 1e6, 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
