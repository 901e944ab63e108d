"""The whole story at the desk: the command she types, Chromium, both languages, a computer and a phone, keys alone."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import opened, overflow
from desk_folder import ISSUE, SOLIDAO, a_folder, a_room, served_desk
from digest import pipeline
from digest.models.article import Citation, Proposal
from npm_packages import package

pytestmark = pytest.mark.browser

# The machine may be busy with other tests.
expect.set_options(timeout=20_000)
SHOTS = os.environ.get("DIGEST_SCREENSHOTS", "")
WIDE = 1500
WRITTEN = ("Foi feito em um só país.", "Isto foi feito em um só país.", "Vale a pena ler devagar.")
OPEN_TEXTS = len(WRITTEN)
CITED = "A. Example: Sleep and bonds (2020)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A running command."""

    folder: Path
    process: "subprocess.Popen[str]"
    link: str

    @property
    def issue(self) -> str:
        return f"{self.link.partition('/enter')[0]}/issues/{ISSUE}"

    @property
    def port(self) -> str:
        return str(re.findall(r":(\d+)/", self.link)[0])

    def file(self, name: str) -> Path:
        return self.folder / "issues" / ISSUE / name


@contextmanager
def desk_of(folder: Path, *, port: str = "0") -> Iterator[Desk]:
    command = [sys.executable, "-m", "digest", "--folder", str(folder), "preview", "--no-browser", "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        link = re.findall(r"http\S+", process.stdout.readline())[0]
        try:
            yield Desk(folder=folder, process=process, link=link)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=10)


def keep(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def unusable(page: Page) -> list[str]:
    """What axe finds against a page; the mail in its frame has tests of its own. Needs scripts/node-packages."""
    page.evaluate(package("axe-core", "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def press_on(page: Page, selector: str, key: str = "Enter") -> None:
    """Do it as somebody without a mouse: the thing takes the focus and a key is pressed."""
    page.locator(selector).first.focus()
    page.keyboard.press(key)


def mail(page: Page, locale: str) -> str:
    return page.frame_locator(f"iframe[data-locale={locale}]").locator("body").inner_text()


def write(page: Page, text: str) -> None:
    expect(page.locator("#edit-text")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel")).to_be_hidden()


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


def test_from_the_first_look_to_the_approval_and_back_by_keys_in_portuguese(chromium: Browser, tmp_path: Path) -> None:
    with desk_of(with_a_doubt(a_folder(tmp_path))) as desk, opened(chromium, width=WIDE) as page:
        page.goto(desk.link)
        press_on(page, "text=Português")
        expect(page.locator("h1")).to_have_text("Edições")
        keep(page, "issues-pt")
        press_on(page, ".issue h2 a")
        expect(page.locator("#state")).to_have_text("Antes é preciso corrigir algo")

        keep(page, "citation-pt")
        page.locator("[data-ask] button").first.focus()
        page.keyboard.press("2")
        expect(page.locator("[data-ask]")).to_have_count(0)
        assert "10.5555/two" in desk.file("issue.toml").read_text(encoding="utf-8")

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
        assert WRITTEN[0] in desk.file("pt_BR.po").read_text(encoding="utf-8")
        expect(page.frame_locator("iframe[data-locale=pt_BR]").locator("body")).to_contain_text(WRITTEN[2])

        press_on(page, "#approve")
        expect(page.locator("#state")).to_have_text("Aprovada")
        keep(page, "desk-approved-pt")
        assert desk.file("approval.toml").exists()

        page.frame_locator("iframe[data-locale=pt_BR]").get_by_text(SOLIDAO).first.click(position={"x": 4, "y": 40})
        expect(page.locator("#panel blockquote").first).to_contain_text("Loneliness may raise")
        expect(page.locator("[data-use]")).to_have_count(1)
        keep(page, "editor-pt")
        write(page, "A solidão talvez pese.")
        expect(page.locator("#state")).to_have_text("À espera da sua aprovação")
        expect(page.locator("#approval .warned")).to_be_visible()
        press_on(page, "#undo")
        expect(page.locator("#state")).to_have_text("Aprovada")
        press_on(page, "#withdraw")
        expect(page.locator("#state")).to_have_text("À espera da sua aprovação")

        press_on(page, "#down-post-1")
        expect(page.locator(".story").first).to_have_id("post-2")
        expect(page.locator("#down-post-1")).to_be_focused()
        press_on(page, "#in-post-90")
        expect(page.locator("#post-90")).to_be_visible()

        page.locator("#post-1 h3").drag_to(page.locator("#post-2 h3"))
        expect(page.locator(".story").first).to_have_id("post-1")
        page.reload()
        expect(page.locator(".story").first).to_have_id("post-1")
        keep(page, "desk-dragged-pt")


def test_on_a_phone_in_english_no_word_is_lost_whatever_happens(chromium: Browser, tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    with opened(chromium, width=375, dark=True) as page:
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

            page.locator("#check [data-edit]").first.click()
            page.locator("#edit-text").fill("Não perca isto.")
            desk.process.kill()
            desk.process.wait()
            page.locator("#save").click()
            expect(page.locator("#edit-form .said")).to_contain_text("does not answer")
            expect(page.locator("#edit-text")).to_have_value("Não perca isto.")
            port = desk.port
        with desk_of(folder, port=port) as desk:
            page.locator("#save").click()
            expect(page.locator("#edit-form .said")).to_contain_text("earlier sitting")
            page.goto(desk.link)
            page.goto(desk.issue)
            page.locator("#check [data-edit]").first.click()
            expect(page.locator("#edit-text")).to_have_value("Não perca isto.")
            page.locator("#save").click()
            expect(page.locator("#panel")).to_be_hidden()
            assert "Não perca isto." in desk.file("pt_BR.po").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [WIDE, 375])
def test_every_page_can_be_used_by_everybody_in_light_and_dark(chromium: Browser, tmp_path: Path, width: int) -> None:
    pages = ("", f"issues/{ISSUE}", "status", f"issues/{ISSUE}/edit?locale=pt_BR&key=post-1%2Fstudies%2F2", "nowhere")
    with (
        served_desk(a_folder(tmp_path), token="t") as address,
        opened(chromium, width=width, dark=width != WIDE) as page,
    ):
        page.goto(f"{address}/enter?token=t&to=/language?to=pt_BR")
        for path in pages:
            page.goto(f"{address}/{path}")
            for summary in page.locator("summary").all():
                summary.click()
            keep(page, f"axe-{width}-{path.partition('/')[0].partition('?')[0] or 'list'}")
            assert unusable(page) == []
            assert overflow(page) == 0
        page.context.clear_cookies()
        page.goto(address)
        assert unusable(page) == []
