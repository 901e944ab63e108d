"""Write the pictures of the README anew: `.venv/bin/python scripts/pictures.py` (needs Chromium). Look before you commit."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SHOWN = (("pt_BR", 375, False), ("en", 700, True))
TALL = 1000

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from playwright.sync_api import sync_playwright  # noqa: E402 - found on the path set above

from browser import opened, pictured, program  # noqa: E402 - the same
from golden_editions import golden  # noqa: E402 - the same


def main() -> None:
    """Write one picture an edition shown."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    editions = {edition.name: edition for edition in golden().editions}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=program(), args=["--no-sandbox", "--force-color-profile=srgb"]
        ) as browser,
    ):
        for name, width, dark in SHOWN:
            with opened(browser, width=width, dark=dark) as page:
                page.set_viewport_size({"width": width, "height": TALL})
                pictured(page)
                page.set_content(editions[name].html)
                page.screenshot(path=PICTURES / f"mail-{name}-{'dark' if dark else 'light'}.png")


if __name__ == "__main__":
    main()
