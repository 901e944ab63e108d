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
from playwright.sync_api import sync_playwright  # noqa: E402 - the folders above come first

from browser import program  # noqa: E402
from desk_browser import moving, opening, saving  # noqa: E402
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
                "save_of_40_of_limit": round(figures["40_texts"]["save_s"] / SAVE_LIMIT, 2),
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
        saves = [saving(page, f"Frase medida {number}.") for number in range(SAVES)]
        opened = [opening(page) for _ in range(SAVES)]
        moved = [moving(page) for _ in range(SAVES)]
    figures = {"save": saves, "open_editor": opened, "move_text": moved}
    return {
        f"{name}{best}_s": round(of(times), 3)
        for name, times in figures.items()
        for best, of in (("", statistics.median), ("_best", min))
    }


if __name__ == "__main__":
    main()
