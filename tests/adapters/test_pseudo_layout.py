"""Longer words, right-to-left letters and words that never end: the layout holds, and nothing escaped translation."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from playwright.sync_api import Browser

import catalogue_tool
from browser import opened, overflow
from digest.adapters.rendering.editions import TemplateEditionWriter
from digest.adapters.rendering.mjml import MrmlCompiler
from digest.i18n import load_words, words
from digest.models.edition import RenderedEdition
from digest.models.issue import Story
from digest.resources import resource_dir
from digest.views.edition import edition_view
from fakes_render import NEWSLETTER, POST, STUDY
from golden_issue import GOLDEN_ISSUE, GOLDEN_NEWSLETTER, GOLDEN_SEGMENTS

ROOT = Path(__file__).parents[2]
NARROW = 320
ENDLESS = "Donaudampfschiff" * 13


@cache
def pseudo_catalogue() -> Catalog:
    return catalogue_tool.pseudo(catalogue_tool.extracted(ROOT))


def pseudo_edition(place: Path) -> RenderedEdition:
    """The golden issue with every word of ours accented, longer and in brackets."""
    path = place / "en" / "LC_MESSAGES" / "digest.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, pseudo_catalogue())
    writer = TemplateEditionWriter([resource_dir("templates")], MrmlCompiler(), place)
    spoken = load_words("en", place)
    return writer.write(edition_view(GOLDEN_ISSUE, GOLDEN_SEGMENTS["en"], GOLDEN_NEWSLETTER, spoken))


def endless(story: Story) -> Story:
    sections = tuple(
        replace(section, sentences=tuple(replace(one, text=ENDLESS) for one in section.sentences))
        for section in story.sections
    )
    return replace(
        story,
        title=ENDLESS,
        authors=(ENDLESS,),
        journal=ENDLESS,
        categories=(ENDLESS,),
        copyright=ENDLESS,
        sections=sections,
    )


def test_every_word_of_ours_goes_through_the_catalogue(tmp_path: Path) -> None:
    plain = TemplateEditionWriter([resource_dir("templates")], MrmlCompiler()).write(
        edition_view(GOLDEN_ISSUE, GOLDEN_SEGMENTS["en"], GOLDEN_NEWSLETTER, words("en"))
    )
    pseudo = pseudo_edition(tmp_path)
    ours = ("Unsubscribe", "How sure", "The studies", "New research", "Also worth", "You get this", "minute", "A note")

    assert [word for word in ours if word.casefold() not in plain.text.casefold()] == []
    assert [word for word in ours if word in pseudo.text or word in pseudo.html] == []
    assert "⟦Üñsübsçrîbé ~" in pseudo.html
    assert "⟦BÝ ANA EXAMPLE" not in pseudo.text
    assert "⟦Bý Ana Example, November 20, 2026 ~" in pseudo.text


def narrow_editions(tmp_path: Path) -> Iterator[tuple[str, RenderedEdition]]:
    yield "pseudo", pseudo_edition(tmp_path)
    issue = replace(GOLDEN_ISSUE, stories=(endless(POST), endless(STUDY)), notes=())
    writer = TemplateEditionWriter([resource_dir("templates")], MrmlCompiler())
    yield "endless", writer.write(edition_view(issue, (), NEWSLETTER, words("en")))


@pytest.mark.browser
def test_nothing_runs_out_of_a_narrow_page(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, width=NARROW) as page:
        for name, edition in narrow_editions(tmp_path):
            page.set_content(edition.html)
            assert (name, overflow(page)) == (name, 0)
