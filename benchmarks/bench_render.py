"""Rendering both languages with every gate, warm: what the preview waits for after an edit. And the sizes of the mail.

The milliseconds are processor time of one thread, which is what a quiet machine takes by the clock.
The compile step, of a lead and 7 short items, is compared with MJML's own compiler from npm in the same run, where Node and the package are
(`scripts/node-packages`).
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from digest.adapters.rendering.editions import TemplateEditionWriter  # noqa: E402 - found on the path set above
from digest.adapters.rendering.mjml import MrmlCompiler  # noqa: E402 - the same
from digest.models.edition import RenderedEdition  # noqa: E402 - the same
from digest.models.edition_view import EditionView  # noqa: E402 - the same
from digest.models.issue import Issue, Section, SectionHeading, Sentence, Story  # noqa: E402 - the same
from digest.models.segment import Segment  # noqa: E402 - the same
from digest.resources import resource_dir  # noqa: E402 - the same
from digest.stages.render import render  # noqa: E402 - the same
from fakes_render import ISSUE, NEWSLETTER, POST, STUDY, sources  # noqa: E402 - the same

ROUNDS = 25
LOCALES = ("pt_BR", "en")
SENTENCE = "In this study, people who felt closer to somebody were more likely to say that they slept well, number {}."
PEER = """
const mjml = require('mjml'); const compile = mjml.default || mjml
const source = require('fs').readFileSync(process.argv[1], 'utf8')
;(async () => {
  const times = []
  for (let round = 0; round < 30; round++) {
    const started = process.cpuUsage()
    await compile(source)
    const used = process.cpuUsage(started); times.push((used.user + used.system) / 1000)
  }
  times.sort((a, b) => a - b); console.log(times[15])
})()
"""


class Recorder:
    """A compiler that keeps what it was given."""

    def __init__(self) -> None:
        self.mjml = ""

    def compile(self, mjml: str) -> str:
        """Compile as ever."""
        self.mjml = mjml
        return MrmlCompiler().compile(mjml)


class Views:
    """A writer that keeps what it was asked for, one view a language."""

    def __init__(self) -> None:
        self._asked: dict[str, EditionView] = {}

    @property
    def asked(self) -> tuple[EditionView, ...]:
        """What was asked for."""
        return tuple(self._asked.values())

    def write(self, view: EditionView) -> RenderedEdition:
        """Keep it, and write nothing."""
        self._asked[view.locale] = view
        return RenderedEdition(locale=view.locale, audience="", subject="", preheader="", html="", text="")


def short(number: int) -> Story:
    """A standard post: title, date, one sentence under each heading."""
    sections = tuple(
        Section(heading=section.heading, sentences=(Sentence(text=SENTENCE.format(number), anchors=(1,)),))
        for section in POST.sections
    )
    key = f"bonds-{number}"
    return replace(
        POST, key=key, image=None, categories=(), citations=(), copyright="", comments_url="", sections=sections
    )


def study(number: int) -> Story:
    """A full study: label, three headings of three sentences, her own words."""
    sentences = tuple(Sentence(text=SENTENCE.format(f"{number}.{each}")) for each in range(3))
    headings: tuple[SectionHeading, ...] = ("studies", "implications", "limitations", "words")
    sections = tuple(Section(heading=heading, sentences=sentences) for heading in headings)
    return replace(STUDY, key=f"study-{number}", sections=sections)


def issue_of(*stories: Story) -> tuple[Issue, dict[str, tuple[Segment, ...]]]:
    """An issue, and a translation of everything in it that is as long as what it translates."""
    segments = tuple(
        Segment(key=key, source=source, target=f"{source} ção", state="approved", origin="human")
        for key, source in sources(stories).items()
    )
    return replace(ISSUE, stories=stories), {"pt_BR": segments, "en": ()}


def median_ms(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        started = time.process_time()
        act()
        times.append(time.process_time() - started)
    return statistics.median(times) * 1000


def peer_ms(mjml: str) -> float | None:
    """Return what npm's mjml takes for the same document, or None where it is not installed."""
    prefix, node = HERE.parent / "tests" / "npm", shutil.which("node")
    if node is None or not (prefix / "node_modules" / "mjml").is_dir():
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".mjml", encoding="utf-8") as file:
        file.write(mjml)
        file.flush()
        done = subprocess.run([node, "-e", PEER, file.name], capture_output=True, text=True, check=True, cwd=prefix)
    return float(done.stdout)


def main() -> None:
    """Print one JSON line."""
    from mjml import mjml2html

    recorder = Recorder()
    writer = TemplateEditionWriter([resource_dir("templates")], recorder)

    def html_of(*stories: Story) -> int:
        issue, segments = issue_of(*stories)
        editions = render(issue, segments, NEWSLETTER, writer, locales=LOCALES).editions
        return max(len(edition.html.encode()) for edition in editions)

    def warm(first: Story, *others: Story) -> float:
        # Another headline each time, in both languages: what was rendered already is not rendered again.
        rounds = [issue_of(replace(first, title=f"{first.title}, part {number}"), *others) for number in range(ROUNDS)]
        asked = iter(rounds)

        def once() -> None:
            issue, segments = next(asked)
            render(issue, segments, NEWSLETTER, writer, locales=LOCALES)

        return median_ms(once)

    def written() -> float:
        # The demo's size: writing alone, a new headline in each language each time.
        issue, segments = issue_of(POST, short(0), study(1), study(2))
        views = Views()
        render(issue, segments, NEWSLETTER, views, locales=LOCALES)
        numbers = iter(range(ROUNDS + 1))

        def once() -> None:
            number = next(numbers)
            for view in views.asked:
                first = replace(view.posts[0], title=replace(view.posts[0].title, text=f"Headline {number}"))
                writer.write(replace(view, posts=(first, *view.posts[1:])))

        once()
        return median_ms(once)

    started = time.process_time()
    eight = html_of(POST, *(short(number) for number in range(7)))
    first = time.process_time() - started
    document = recorder.mjml
    one_more = html_of(POST, study(1), study(2)) - html_of(POST, study(1))
    twelve = [POST, *map(short, range(5)), *map(study, range(6))]
    twelve_ms = warm(*twelve)
    forty_ms = warm(POST, *map(short, range(19)), *map(study, range(20)))
    small_ms = written()
    ours = median_ms(lambda: mjml2html(document, disable_comments=True, fonts={}))
    peer = peer_ms(document)
    figures = {
        "name": "rendering both languages with every gate, warm",
        "milliseconds_writing_4_items": round(small_ms, 1),
        "limit_writing_4_items": 10,
        "milliseconds_12_items": round(twelve_ms, 1),
        "limit_12_items": 60,
        "milliseconds_40_items": round(forty_ms, 1),
        "limit_40_items": 150,
        "first_milliseconds": round(first * 1000, 1),
        "html_kb_lead_and_7": round(eight / 1024, 1),
        "limit_kb_lead_and_7": 36,
        "html_kb_one_more_study": round(one_more / 1024, 2),
        "limit_kb_one_more_study": 4,
        "compile_milliseconds": round(ours, 2),
        "npm_mjml_milliseconds": round(peer, 1) if peer else "not installed",
        "times_faster_than_npm_mjml": round(peer / ours) if peer else "not measured",
        "floor_times_faster": 30,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
