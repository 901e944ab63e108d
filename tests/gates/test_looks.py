"""The mail as Chromium shows it: both widths, every scheme, without pictures, without styles, twice as large.

The pictures lie in tests/out/looks afterwards: looking at them finds what no rule does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Page

from browser import DESK, HEIGHT, PHONE, opened, overflow, pictured
from digest.adapters.rendering.editions import TemplateEditionWriter
from digest.adapters.rendering.mjml import MrmlCompiler
from digest.models.edition import RenderedEdition
from digest.resources import resource_dir
from digest.stages.render import render
from golden_editions import LOCALES
from golden_issue import GOLDEN_ISSUE, GOLDEN_NEWSLETTER, GOLDEN_SEGMENTS
from npm_packages import official_html, package

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
LOOKS = ROOT / "tests" / "out" / "looks"
# Webmail has a main landmark of its own around the mail.
AXE = "axe.run(document, {resultTypes: ['violations'], rules: {'landmark-one-main': {enabled: false}, region: {enabled: false}}})"
DOUBLE_TEXT = """
const sizes = [...document.querySelectorAll("body *")].map((one) => [one, getComputedStyle(one)]).map(
  ([one, style]) => [one, parseFloat(style.fontSize), parseFloat(style.lineHeight)]);
for (const [one, size, line] of sizes) {
  one.style.fontSize = `${size * 2}px`;
  if (!isNaN(line)) one.style.lineHeight = `${line * 2}px`;
}
"""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way of looking at a mail."""

    name: str
    width: int = PHONE
    dark: bool = False
    forced: bool = False
    pictures: bool = True
    sheets: bool = True
    """Gmail drops every style sheet of a mail that it clips."""
    styles: bool = True
    double: bool = False


MODES = (
    Mode("phone"),
    Mode("desk", DESK),
    Mode("phone-dark", dark=True),
    Mode("desk-dark", DESK, dark=True),
    Mode("phone-forced-dark", forced=True),
    Mode("phone-no-pictures", pictures=False),
    Mode("phone-no-sheets", sheets=False),
    Mode("phone-no-styles", styles=False),
    Mode("phone-double-text", double=True),
)
NARROW = Mode("narrow", 320)


class Recorder:
    """A compiler that keeps the MJML it was given."""

    def __init__(self) -> None:
        self.documents: list[str] = []

    def compile(self, mjml: str) -> str:
        """Compile as ever."""
        self.documents.append(mjml)
        return MrmlCompiler().compile(mjml)


@cache
def rendered() -> tuple[dict[str, RenderedEdition], dict[str, str]]:
    """The golden editions, and the MJML of each, by name."""
    recorder = Recorder()
    writer = TemplateEditionWriter([resource_dir("templates")], recorder)
    outcome = render(GOLDEN_ISSUE, GOLDEN_SEGMENTS, GOLDEN_NEWSLETTER, writer, locales=LOCALES)
    editions = {edition.name: edition for edition in outcome.editions}
    return editions, dict(zip(editions, recorder.documents, strict=True))


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """Give one page for all, in which every picture is the same one."""
    with opened(chromium) as opened_page:
        pictured(opened_page)
        yield opened_page


def show(page: Page, html: str, mode: Mode) -> None:
    page.set_viewport_size({"width": mode.width, "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if mode.dark else "light")
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setAutoDarkModeOverride", {"enabled": mode.forced})
    if not mode.pictures:
        html = html.replace('src="https://', 'src="https://nowhere.invalid/')
    if not mode.sheets or not mode.styles:
        html = re.sub(r"<style[^>]*>.*?</style>", "", html, flags=re.DOTALL)
    if not mode.styles:
        # A picture is as wide as its attribute says when nothing makes it fit; the words still have to.
        html = re.sub(r"\sstyle=\"[^\"]*\"|<img[^>]*>", "", html)
    page.set_content(html)
    if mode.double:
        page.evaluate(DOUBLE_TEXT)


def shot(page: Page, name: str) -> bytes:
    LOOKS.mkdir(parents=True, exist_ok=True)
    return page.screenshot(path=LOOKS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_sticks_out_however_it_is_looked_at(page: Page, locale: str, mode: Mode) -> None:
    show(page, rendered()[0][locale].html, mode)
    shot(page, f"{locale}.{mode.name}")

    assert overflow(page) <= 0


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_sticks_out_of_the_narrowest_phone(page: Page, locale: str) -> None:
    show(page, rendered()[0][locale].html, NARROW)

    assert overflow(page) <= 0


def test_a_program_that_forces_dark_shows_a_dark_page(page: Page) -> None:
    html = rendered()[0]["en"].html
    corner: FloatRect = {"x": 0, "y": 0, "width": 4, "height": 4}
    show(page, html, Mode("light"))
    light = page.screenshot(clip=corner)
    show(page, html, Mode("forced", forced=True))

    assert page.screenshot(clip=corner) != light


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("locale", LOCALES)
def test_axe_finds_no_violation(page: Page, locale: str, dark: bool) -> None:  # noqa: FBT001 - a parameter of the test
    show(page, rendered()[0][locale].html, Mode("axe", DESK, dark=dark))
    page.add_script_tag(path=package("axe-core", "axe.min.js"))
    violations = page.evaluate(AXE)["violations"]

    assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in violations] == []


def test_axe_would_see_a_faint_text(page: Page) -> None:
    show(
        page, '<html lang="en"><title>a</title><h1 style="font-size:16px;color:#bbb;background:#fff">faint', Mode("axe")
    )
    page.add_script_tag(path=package("axe-core", "axe.min.js"))

    assert [one["id"] for one in page.evaluate(AXE)["violations"]] == ["color-contrast"]


def test_official_mjml_gives_the_same_picture(page: Page) -> None:
    editions, documents = rendered()
    modes = {"pt_BR": Mode("phone"), "en": Mode("desk-dark", DESK, dark=True)}
    for (locale, mode), official in zip(modes.items(), official_html([documents[one] for one in modes]), strict=True):
        show(page, editions[locale].html, mode)
        ours = page.screenshot(full_page=True)
        show(page, official, mode)
        theirs = shot(page, f"{locale}.{mode.name}.official")

        assert ours == theirs, f"{locale}, {mode.name}: see tests/out/looks"
