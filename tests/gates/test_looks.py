"""The mail as Chromium shows it."""

from functools import cache

import pytest
from playwright.sync_api import Browser

from browser import PHONE, opened, overflow
from digest.models.edition import RenderedEdition
from digest.stages.render import render
from fakes_render import BY_LOCALE, ISSUE, NEWSLETTER, writer
from golden_editions import LOCALES

pytestmark = pytest.mark.browser


@cache
def editions() -> tuple[RenderedEdition, ...]:
    return render(ISSUE, BY_LOCALE, NEWSLETTER, writer(), locales=LOCALES).editions


def test_nothing_sticks_out_of_a_phone(chromium: Browser) -> None:
    with opened(chromium, width=PHONE) as page:
        for edition in editions():
            page.set_content(edition.html)

            assert overflow(page) == 0
