"""Views of an issue for the tests of the preview, the words of its page, and a reader of pages."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from digest.models.edition import RenderedEdition
from digest.models.issue import Reason
from digest.web.static import (
    PreviewSection,
    PreviewSentence,
    PreviewStory,
    PreviewTranslation,
    PreviewView,
    preview_files,
)

TEMPLATES = Path(__file__).parents[1] / "templates"


class PlainWords:
    """Says every message as it is, or as it was told."""

    lang = "en"

    def __init__(self, told: dict[str, str] | None = None) -> None:
        self._told = told or {}

    def gettext(self, message: str) -> str:
        return self._told.get(message, message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return singular if number == 1 else plural

    def date(self, day: date) -> str:
        return day.isoformat()


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def an_edition(locale: str = "en", text: str = "Bonds\n") -> RenderedEdition:
    html = (
        '<!doctype html><html><head lang="x"><style>p{color:#111}'
        "@media (prefers-color-scheme: dark){p{color:#eee}}"
        "@media screen and ( prefers-color-scheme:dark ){p{background:#222}}</style></head>"
        f"<body><p>{locale}</p></body></html>"
    )
    return RenderedEdition(
        locale=locale, subject=f"Subject {locale}", preheader=f"First {locale}", html=html, text=text
    )


def a_story(text: str = "It may hurt.") -> PreviewStory:
    translation = PreviewTranslation(
        locale="pt_BR", text="Pode ferir.", state="draft", origin="fxtranslate:0.5.0/en-pt", findings=("hedging -",)
    )
    sentence = PreviewSentence(
        key="post-1/studies/1", text=text, sources=("Loneliness may hurt us.",), translations=(translation,)
    )
    return PreviewStory(
        key="post-1",
        kind="post",
        title="Loneliness",
        url="https://blog.example.org/1",
        language="en",
        sections=(PreviewSection(heading="studies", sentences=(sentence,)),),
        reasons=(Reason(message="Newest %(limit)s.", values=(("limit", "2"),)),),
    )


def a_view(**changes: object) -> PreviewView:
    view = PreviewView(
        newsletter="Bonds",
        issue_id="2026-11-26",
        due=date(2026, 11, 26),
        state="ready",
        editions=(an_edition("pt_BR"), an_edition("en")),
        stories=(a_story(),),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def index(view: PreviewView, told: dict[str, str] | None = None) -> str:
    return preview_files(view, templates_dir=TEMPLATES, words=PlainWords(told))["index.html"].decode()
