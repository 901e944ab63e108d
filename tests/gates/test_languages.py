"""The Portuguese mail says nothing in English, and the other way round, but for titles of works and marked passages."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from digest.text.gates.page import is_element, own_text, read_page
from golden_editions import golden
from golden_issue import GOLDEN_ISSUE

if TYPE_CHECKING:
    from lxml.etree import _Element

# Small words that the other language has not: a sentence of some length has one.
ENGLISH = frozenset(
    "the and of with for this that from are is was were you your by to in on how what about read their they not or"
    " it have has been who which more than".split()
)
PORTUGUESE = frozenset(
    "que não uma um com para dos das você pelo pela seu sua ou é são em nos nas ao à mais quem como sobre este esta"
    " foi foram também".split()
)
FOREIGN = {"pt_BR": ENGLISH, "en": PORTUGUESE}


def titles() -> list[str]:
    """Titles of works and journals, which stay as they are in every language."""
    stories = GOLDEN_ISSUE.stories
    cited = [text for story in stories for one in story.citations for text in (one.title, one.text)]
    return sorted(filter(None, [*cited, *(one.journal for one in stories)]), key=len, reverse=True)


def unmarked(element: "_Element", lang: str) -> Iterator[str]:
    """The words of a page that are not marked as another language; a tail belongs to what is around it."""
    if element.get("lang", lang) != lang:
        return
    yield own_text(element)
    yield from (element.get(name) or "" for name in ("alt", "title", "aria-label"))
    for child in element:
        if is_element(child) and child.tag not in {"style", "script"}:
            yield from unmarked(child, lang)


def foreign_words(text: str, locale: str) -> list[str]:
    for title in titles():
        text = text.replace(title, " ")
    words = re.findall(r"[^\W\d_]+", re.sub(r"\S+@\S+|https?:\S+", " ", text).casefold())
    return [word for word in words if word in FOREIGN[locale]]


@pytest.mark.parametrize("locale", ["pt_BR", "en"])
def test_a_mail_speaks_one_language_where_nothing_is_marked(locale: str) -> None:
    (edition,) = (one for one in golden().editions if one.name == locale)
    page = read_page(edition.html)
    shown = "\n".join((edition.subject, edition.preheader, *unmarked(page.root, page.root.get("lang") or "")))

    assert foreign_words(shown, locale) == []


def test_a_sentence_in_the_other_language_would_be_noticed() -> None:
    assert foreign_words("Read the full post", "pt_BR") == ["read", "the"]
    assert foreign_words("Você recebe este e-mail", "en") == ["você", "este"]
