"""The author's desk in Chromium: the command she types, her hands on the keys, and what she waits for."""

import os
import re
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from desk_folder import ISSUE
from measured import measured
from npm_packages import package

# The machine may be busy with other tests.
expect.set_options(timeout=60_000)
SHOTS = os.environ.get("DIGEST_SCREENSHOTS", "")
WIDE = 1500
MOST_TABS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A running command."""

    folder: Path
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
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=measured()) as process:
        assert process.stdout is not None
        link = re.findall(r"http\S+", process.stdout.readline())[0]
        try:
            yield Desk(folder=folder, link=link)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=10)


def keep(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def unusable(page: Page) -> list[str]:
    """What axe finds against a page; the mail in its frame has tests of its own. Needs scripts/node-packages."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(package("axe-core", "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def press_on(page: Page, selector: str, key: str = "Enter") -> None:
    """Do it as somebody without a mouse: the thing takes the focus and a key is pressed."""
    page.locator(selector).first.focus()
    page.keyboard.press(key)


def walk_to(page: Page, selector: str, key: str = "Enter") -> None:
    """Go there from where she is by the Tab key alone, see that it can be seen, and press a key."""
    page.locator(selector).first.wait_for(state="visible")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement?.matches(wanted) ?? false", selector):
            page.keyboard.press(key)
            return
    message = f"nobody gets to {selector} by keys"
    raise AssertionError(message)


def write(page: Page, text: str) -> None:
    """Put other words into the open editor and save them, by keys."""
    expect(page.locator("#edit-text")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel")).to_be_hidden()


def opening(page: Page) -> float:
    """From the click on a sentence to its editor, in seconds on the page's own clock."""
    return float(page.evaluate(_OPEN_AND_WAIT))


def saving(page: Page, text: str) -> float:
    """From the click on Save to the new words in the frame of the mail, in seconds on the page's own clock."""
    opening(page)
    page.locator("#edit-text").fill(text)
    return float(page.evaluate(_SAVE_AND_WAIT, text))


def moving(page: Page) -> float:
    """From the click on the arrow to the list in its new order, in seconds on the page's own clock."""
    return float(page.evaluate(_MOVE_AND_WAIT))


def median_of(act: Callable[[int], float], times: int) -> float:
    """The middle of so many measurements, in seconds."""
    return round(statistics.median(act(number) for number in range(times)), 3)


_OPEN_AND_WAIT = """() => new Promise((done) => {
  document.querySelector("#panel [data-close]")?.click();
  const from = performance.now();
  document.querySelector('a[data-edit][href*="locale=pt_BR"][href*="post-1%2Fstudies%2F2"], a[data-edit][href*="locale=pt_BR"][href*="post-1/studies/2"]').click();
  const look = () => document.activeElement?.id === "edit-text" ? done((performance.now() - from) / 1000) : setTimeout(look, 4);
  look();
})"""
_SAVE_AND_WAIT = """(text) => new Promise((done) => {
  const from = performance.now();
  document.getElementById("save").click();
  const look = () => {
    const body = document.querySelector("iframe[data-locale=pt_BR]").contentDocument?.body;
    body && body.textContent.includes(text) ? done((performance.now() - from) / 1000) : setTimeout(look, 4);
  };
  look();
})"""
_MOVE_AND_WAIT = """() => new Promise((done) => {
  const first = () => document.querySelector(".story").id;
  const before = first();
  const from = performance.now();
  document.querySelector(".story button[value=down]").click();
  const look = () => first() === before ? setTimeout(look, 4) : done((performance.now() - from) / 1000);
  look();
})"""
