"""The author's desk: from the command to the first page, and from a save to the new words in the mail, in Chromium.

Prints one JSON line; the peers are the limits that a person feels: 1 s for the first page, 0.5 s for a save.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("src", "tests", "demo")]

import httpx  # noqa: E402 - the folders above come first
from playwright.sync_api import Page, sync_playwright  # noqa: E402 - the folders above come first

from browser import program  # noqa: E402
from desk_folder import ISSUE, a_folder, a_room  # noqa: E402
from digest.desk.front import up_to_date  # noqa: E402
from digest.pipeline import open_issue  # noqa: E402

SAVES = 9
FIRST_PAGE_LIMIT = 1.0
SAVE_LIMIT = 0.5


def main() -> None:
    figures = {f"{stories}_texts": measured(stories) for stories in (4, 40)}
    first, save = figures["4_texts"]["first_page_s"], figures["4_texts"]["save_s"]
    print(
        json.dumps(
            {
                "name": "desk",
                **figures,
                "first_page_of_limit": round(first / FIRST_PAGE_LIMIT, 2),
                "save_of_limit": round(save / SAVE_LIMIT, 2),
            }
        )
    )


def measured(stories: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        folder = a_folder(Path(place), stories=stories)
        known(folder)
        started = time.perf_counter()
        command = [sys.executable, "-m", "digest", "--folder", str(folder), "preview", "--no-browser", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
            assert process.stdout is not None
            link = re.findall(r"http\S+", process.stdout.readline())[0]
            try:
                return {"first_page_s": first_page(link, started), **in_browser(link)}
            finally:
                process.terminate()


def known(folder: Path) -> None:
    """Leave the folder as `digest prepare` does, and a desk that was open before."""
    with a_room(folder) as room:
        up_to_date(
            room.front, room.front.issue_ids(), look=lambda name: open_issue(room.shop, name), count=room.readers
        )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:1])}


def first_page(link: str, started: float) -> float:
    """Without a browser's own start: the page's last byte."""
    with httpx.Client(follow_redirects=True, timeout=30) as client:
        assert client.get(link).status_code == 200
    return round(time.perf_counter() - started, 3)


def in_browser(link: str) -> dict[str, float]:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page(viewport={"width": 1500, "height": 900})
        page.goto(link)
        page.goto(f"{link.partition('/enter')[0]}/issues/{ISSUE}")
        saves = [saved(page, number) for number in range(SAVES)]
        opened = [opening(page) for _ in range(SAVES)]
    return {"save_s": round(statistics.median(saves), 3), "open_editor_s": round(statistics.median(opened), 3)}


def saved(page: Page, number: int) -> float:
    """From the click on Save to the new words in the frame of the mail, on the page's own clock."""
    text = f"Frase medida {number}."
    opening(page)
    page.locator("#edit-text").fill(text)
    return float(page.evaluate(SAVE_AND_WAIT, text))


def opening(page: Page) -> float:
    return float(page.evaluate(OPEN_AND_WAIT))


OPEN_AND_WAIT = """() => new Promise((done) => {
  document.querySelector("#panel [data-close]")?.click();
  const from = performance.now();
  document.querySelector('a[data-edit][href*="locale=pt_BR"][href*="post-1%2Fstudies%2F2"], a[data-edit][href*="locale=pt_BR"][href*="post-1/studies/2"]').click();
  const look = () => document.activeElement?.id === "edit-text" ? done((performance.now() - from) / 1000) : setTimeout(look, 4);
  look();
})"""
SAVE_AND_WAIT = """(text) => new Promise((done) => {
  const from = performance.now();
  document.getElementById("save").click();
  const look = () => {
    const body = document.querySelector("iframe[data-locale=pt_BR]").contentDocument?.body;
    body && body.textContent.includes(text) ? done((performance.now() - from) / 1000) : setTimeout(look, 4);
  };
  look();
})"""


if __name__ == "__main__":
    main()
