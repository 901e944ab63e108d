"""The whole story at the desk by keys alone: both languages of the interface, on a computer and on a phone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser import PHONE, opened
from desk_browser import WIDE, desk_of, keep, median_of, moving, opening, press_on, saving, walk_to, write
from desk_folder import ISSUE, a_folder, a_room, served_desk
from digest import pipeline
from digest.models.article import Citation, Proposal

pytestmark = pytest.mark.browser

CITED = "A. Example: Sleep and bonds (2020)"
WRITTEN = ("Foi feito em um só país.", "Vale a pena ler devagar.")
SAYS = {
    "en": {
        "tongue": "a[hreflang=en]",
        "issues": "Issues",
        "blocked": "Something has to be mended first",
        "approved": "Approved",
        "ready": "Ready for your approval",
    },
    "pt_BR": {
        "tongue": "a[hreflang=pt-BR]",
        "issues": "Edições",
        "blocked": "Antes é preciso corrigir algo",
        "approved": "Aprovada",
        "ready": "À espera da sua aprovação",
    },
}
SAVES = 3


def with_a_doubt(folder: Path) -> Path:
    """Let the first post cite a study that two records may be."""
    proposals = tuple(
        Proposal(doi=f"10.5555/{name}", title=f"Sleep and bonds, {name}", authors="A. Example", year=2020)
        for name in ("one", "two")
    )
    citation = Citation(
        text=CITED, authors="A. Example", title="Sleep and bonds", year=2020, status="ask", proposals=proposals
    )
    with a_room(folder) as room:
        issue = pipeline.existing_issue(room.shop, ISSUE)
        first = replace(issue.stories[0], citations=(citation,))
        room.shop.issues.write_issue(replace(issue, stories=(first, *issue.stories[1:])))
        pipeline.render_issue(room.shop, ISSUE)
    return folder


@pytest.mark.no_cover
@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_from_the_first_look_to_the_approval_and_its_end_by_keys(
    chromium: Browser, tmp_path: Path, language: str, width: int
) -> None:
    says, look = SAYS[language], f"{language}-{width}"
    with desk_of(with_a_doubt(a_folder(tmp_path, stories=1))) as desk, opened(chromium, width=width) as page:
        page.goto(desk.link)
        walk_to(page, says["tongue"])
        expect(page.locator("h1")).to_have_text(says["issues"])
        walk_to(page, ".issue h2 a")
        expect(page.locator("#state")).to_have_text(says["blocked"])

        walk_to(page, "[data-ask] button", "2")
        expect(page.locator("[data-ask]")).to_have_count(0)
        assert "10.5555/two" in desk.file("issue.toml").read_text(encoding="utf-8")

        walk_to(page, "#in-post-90")
        expect(page.locator("#post-90")).to_be_visible()
        press_on(page, "#out-post-90")
        expect(page.locator("#post-90")).to_have_count(0)

        if width == PHONE:
            walk_to(page, '.jump a[href="#check"]')
        walk_to(page, "#check [data-edit]")
        write(page, WRITTEN[0])
        expect(page.locator("#check .told li.error")).to_have_count(1)
        walk_to(page, "#check [data-edit]")
        write(page, WRITTEN[1])
        expect(page.locator("#check .told li.error")).to_have_count(0)
        assert all(words in desk.file("pt_BR.po").read_text(encoding="utf-8") for words in WRITTEN)
        keep(page, f"story-mended-{look}")

        walk_to(page, "#approve")
        expect(page.locator("#state")).to_have_text(says["approved"])
        assert desk.file("approval.toml").exists()

        press_on(page, "#sentences-post-1 > summary")
        walk_to(page, '#stories [data-edit][href*="locale=pt_BR"]')
        write(page, "Isto o estudo viu.")
        expect(page.locator("#state")).to_have_text(says["ready"])
        expect(page.locator("#approval .warned")).to_be_visible()
        shown = page.frame_locator("iframe[data-locale=pt_BR]").locator("body")
        expect(shown).to_contain_text("Isto o estudo viu.")
        keep(page, f"story-ended-{look}")


@pytest.mark.parametrize("stories", [4, pytest.param(40, marks=pytest.mark.no_cover)])
def test_a_save_shows_the_new_words_in_a_time_that_is_told(
    chromium: Browser, tmp_path: Path, stories: int, record_property: Callable[[str, object], None]
) -> None:
    folder = a_folder(tmp_path, stories=stories)
    with served_desk(folder, token="t") as address, opened(chromium, width=WIDE) as page:
        page.goto(f"{address}/enter?token=t&to=/issues/{ISSUE}")
        saves = median_of(lambda number: saving(page, f"Frase medida {number}."), SAVES)
        opens = median_of(lambda _: opening(page), SAVES)
        steps = median_of(lambda _: moving(page), SAVES)
    record_property(f"measured desk, {stories} texts: save to visible, median of {SAVES}", f"{saves:.3f} s")
    record_property(f"measured desk, {stories} texts: click to editor, median of {SAVES}", f"{opens:.3f} s")
    record_property(f"measured desk, {stories} texts: text moved, median of {SAVES}", f"{steps:.3f} s")
    assert f"Frase medida {SAVES - 1}." in (folder / "issues" / ISSUE / "pt_BR.po").read_text(encoding="utf-8")
