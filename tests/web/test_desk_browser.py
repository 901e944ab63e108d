"""What the story at the desk leaves out: a mouse, the files edited elsewhere, servers that die, and everybody's eyes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import HEIGHT, PHONE, opened, overflow
from desk_browser import WIDE, desk_of, keep, press_on, unusable, write
from desk_folder import ISSUE, SOLIDAO, a_folder, served_desk
from dying_desk import DyingDesks, dying_desks

pytestmark = pytest.mark.browser

WRITTEN = ("Foi feito em um só país.", "Isto foi feito em um só país.", "Vale a pena ler devagar.")
OPEN_TEXTS = len(WRITTEN)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_the_mail_is_clicked_texts_are_dragged_and_steps_taken_back(chromium: Browser, tmp_path: Path) -> None:
    with desk_of(a_folder(tmp_path)) as desk, opened(chromium, width=WIDE) as page:
        page.goto(desk.link)
        page.goto(f"{desk.issue.rpartition('/issues')[0]}/language?to=pt_BR&back=/issues/{ISSUE}")

        press_on(page, "#check [data-jump]")
        shown = page.frame_locator("iframe[data-locale=pt_BR]").locator("body")
        assert shown.evaluate("() => CSS.highlights.has('desk')")

        page.locator("#check [data-edit]").last.focus()
        outside = desk.file("pt_BR.po")
        outside.write_text(f"# seen\n{outside.read_text(encoding='utf-8')}", encoding="utf-8")
        expect(page.locator("#toast")).to_contain_text("fora desta página")
        expect(page.locator("#check [data-edit]").last).to_be_focused()

        for number, words in enumerate(WRITTEN):
            press_on(page, "#check [data-edit]")
            write(page, words)
            expect(page.locator("#check .told li.error")).to_have_count(OPEN_TEXTS - 1 - number)
        press_on(page, "#approve")
        expect(page.locator("#state")).to_have_text("Aprovada")
        keep(page, "desk-approved-pt")

        page.frame_locator("iframe[data-locale=pt_BR]").get_by_text(SOLIDAO).first.click(position={"x": 4, "y": 40})
        expect(page.locator("#panel blockquote").first).to_contain_text("Loneliness may raise")
        expect(page.locator("[data-use]")).to_have_count(1)
        keep(page, "editor-pt")
        write(page, "A solidão talvez pese.")
        expect(page.locator("#state")).to_have_text("À espera da sua aprovação")
        press_on(page, "#undo")
        expect(page.locator("#state")).to_have_text("Aprovada")
        press_on(page, "#withdraw")
        expect(page.locator("#state")).to_have_text("À espera da sua aprovação")

        press_on(page, "#down-post-1")
        expect(page.locator(".story").first).to_have_id("post-2")
        expect(page.locator("#down-post-1")).to_be_focused()
        expect(page.locator("#desk[data-busy]")).to_have_count(0)
        page.locator("#post-1 h3").drag_to(page.locator("#post-2 h3"))
        expect(page.locator(".story").first).to_have_id("post-1")
        page.reload()
        expect(page.locator(".story").first).to_have_id("post-1")
        keep(page, "desk-dragged-pt")
        press_on(page, "#down-post-1")
        press_on(page, "#down-post-1")
        expect(page.locator("#down-post-1")).to_be_disabled()
        expect(page.locator(".story").last).to_have_id("post-1")

        press_on(page, "#note-brazil > summary")
        page.locator("#note-text-brazil").fill("Oi.")
        press_on(page, "#note-save-brazil")
        expect(page.locator("#views [name=see]")).to_have_count(5)
        page.locator("label[for='see-pt_BR.brazil']").click()
        expect(page.frame_locator("iframe[data-edition='pt_BR.brazil']").locator("body")).to_contain_text("Oi.")


@pytest.fixture(scope="module")
def desks() -> Iterator[DyingDesks]:
    """Desks that are killed."""
    with dying_desks() as found:
        yield found


def test_on_a_phone_in_english_no_word_is_lost_whatever_happens(
    chromium: Browser, tmp_path: Path, desks: DyingDesks
) -> None:
    folder = a_folder(tmp_path)
    with opened(chromium, width=PHONE, dark=True) as page:
        with desk_of(folder) as desk:
            page.goto(desk.link)
            assert overflow(page) == 0
            page.goto(desk.issue)
            assert overflow(page) == 0
            keep(page, "desk-phone-en")

            page.locator("#check [data-edit]").first.click()
            keep(page, "editor-phone-en")
            po = desk.file("pt_BR.po")
            page.locator("#edit-text").fill("Minhas palavras.")
            po.write_text(po.read_text(encoding="utf-8").replace(SOLIDAO, "Outra frase de fora."), encoding="utf-8")
            expect(page.locator("#toast")).to_contain_text("changed outside this page")
            expect(page.frame_locator("iframe[data-locale=pt_BR]").locator("body")).to_contain_text(
                "Outra frase de fora."
            )
            expect(page.locator("#edit-text")).to_have_value("Minhas palavras.")

            key, seen = (page.locator(f"#edit-form [name={name}]").input_value() for name in ("key", "seen"))
            form: dict[str, str | float | bool] = {
                "locale": "pt_BR",
                "key": key,
                "seen": seen,
                "text": "Palavras da outra aba.",
            }
            origin = {"Origin": desk.link.partition("/enter")[0]}
            assert page.request.post(f"{desk.issue}/edit", form=form, headers=origin).ok
            page.locator("#save").click()
            expect(page.locator(".conflict")).to_contain_text("Palavras da outra aba.")
            expect(page.locator("#edit-text")).to_have_value("Minhas palavras.")
            keep(page, "conflict-phone-en")
            page.locator("#save").click()
            expect(page.locator("#panel")).to_be_hidden()
            assert "Minhas palavras." in po.read_text(encoding="utf-8")
            expect(page.locator("#check .told li.error")).to_have_count(OPEN_TEXTS - 1)

            port = desk.port

        # The desk that answers now dies while it writes, after the last save and before the file is in its place.
        dying = desks.open("pt_BR.po", folder, port)
        page.goto(dying.link)
        page.goto(desk.issue)
        before = po.read_bytes()
        page.locator("#check [data-edit]").first.click()
        page.locator("#edit-text").fill("Não perca isto.")
        page.locator("#save").click()
        expect(page.locator("#edit-form .said")).to_contain_text("does not answer")
        expect(page.locator("#edit-text")).to_have_value("Não perca isto.")
        assert dying.end() < 0
        assert po.read_bytes() == before
        with desk_of(folder, port=port) as desk:
            page.locator("#save").click()
            expect(page.locator("#edit-form .said")).to_contain_text("earlier sitting")
            page.goto(desk.link)
            page.goto(desk.issue)
            page.locator("#check [data-edit]").first.click()
            expect(page.locator("#edit-text")).to_have_value("Não perca isto.")
            page.locator("#save").click()
            expect(page.locator("#panel")).to_be_hidden()
            assert "Não perca isto." in po.read_text(encoding="utf-8")


PAGES = ("", f"issues/{ISSUE}", "status", f"issues/{ISSUE}/edit?locale=pt_BR&key=post-1%2Fstudies%2F2", "nowhere")


def test_every_page_can_be_used_by_everybody_in_light_and_dark(chromium: Browser, tmp_path: Path) -> None:
    with served_desk(a_folder(tmp_path), token="t") as address, opened(chromium, width=WIDE) as page:
        page.goto(f"{address}/enter?token=t&to=/language?to=pt_BR")
        for path in PAGES:
            page.goto(f"{address}/{path}")
            for summary in page.locator("summary").all():
                summary.click()
            no_complaint(page, path.partition("/")[0].partition("?")[0] or "list")
        page.context.clear_cookies()
        page.goto(address)
        no_complaint(page, "refused")


def no_complaint(page: Page, name: str) -> None:
    """Look at a page as a phone and a computer show it, by day and by night."""
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert overflow(page) == 0
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            keep(page, f"axe-{width}-{scheme}-{name}")
            assert unusable(page) == []
