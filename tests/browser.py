"""Debian's Chromium for tests marked `browser`: one a module, pages that reach nothing outside this machine.

@pytest.mark.browser
def test_the_page_fits_a_phone(chromium: Browser) -> None:
    with opened(chromium, width=375, dark=True) as page:
        page.set_content(html)
        assert overflow(page) == 0
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NO_BROWSER = "no Chromium (Debian: apt install chromium-headless-shell)"
HEIGHT = 900
PHONE = 375
DESK = 700
_PICTURE = Path(__file__).parents[1] / "demo" / "site" / "img" / "waves.png"
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first takes half the time: the same pages, drawn without the window of a whole browser around them."""
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


def program() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


# Not for the whole session: while it is open its event loop counts as running, and asyncio.run() of other tests fails.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give a running Chromium."""
    path = program()
    if path is None:
        pytest.skip(NO_BROWSER)
    arguments = [_ALONE, "--force-color-profile=srgb", "--font-render-hinting=none"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=path, args=arguments) as browser:
        yield browser


@contextmanager
def opened(browser: Browser, *, width: int = DESK, dark: bool = False, scripts: bool = True) -> Iterator[Page]:
    """Open an empty page in a context of its own, and close both."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    try:
        # The machine may be busy with other tests.
        context.set_default_timeout(60_000)
        yield context.new_page()
    finally:
        context.close()


def overflow(page: Page) -> int:
    """Return by how many CSS pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def pictured(page: Page) -> None:
    """Let every picture of the example blog be one of the demo's."""
    page.route(re.compile(r"^https://blog\.example\.org/"), lambda route: route.fulfill(path=_PICTURE))
