"""The static preview keeps hostile text where it belongs: in text."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import FileFormatError
from digest.models.edition import RenderedEdition
from digest.models.issue import Candidate, Reason
from digest.models.segment import Finding
from digest.web.static import (
    PreviewSection,
    PreviewSentence,
    PreviewStory,
    PreviewTranslation,
    PreviewView,
)
from fakes_preview import Page, a_story, a_view, an_edition, index

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}%(name)s"


def hostile_view(text: str) -> PreviewView:
    translation = PreviewTranslation(
        locale="pt_BR", text=text, state="needs_edit", origin=text, previous_source=text, findings=(text,)
    )
    sentence = PreviewSentence(key=text, text=text, sources=(text,), translations=(translation,))
    story = PreviewStory(
        key=text,
        kind="study",
        title=text,
        url=text,
        language=text,
        sections=(PreviewSection(heading="studies", sentences=(sentence,)),),
        others=(sentence,),
        label=(Reason(message=text),),
        reasons=(Reason(message=text, values=(("name", text),)),),
        findings=(Finding(check=text, severity="info", message=text, where=text, values=(("locale", text),)),),
        for_author_only=text,
    )
    candidate = Candidate(article_id=text, title=text, url=text, section=text, published=None, reasons=story.reasons)
    edition = RenderedEdition(locale="en", subject=text, preheader=text, html="<p>", text=text)
    return a_view(newsletter=text, issue_id=text, editions=(edition,), stories=(story,), candidates=(candidate,))


def test_hostile_text_is_only_text() -> None:
    page = Page(index(hostile_view(HOSTILE)))
    assert not page.all("script")
    assert not page.all("img")
    assert page.words.count("<script>alert(1)</script>") > 10
    assert "49" not in re.sub(r"[0-9a-f]{12}", "", page.words)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "https://", "http://[", "/a", ""])
def test_what_is_no_link_to_the_web_is_no_link(url: str) -> None:
    view = a_view(stories=(replace(a_story(), url=url),))
    assert all(not url or link["href"] != url for link in Page(index(view)).all("a"))
    assert not [link for link in Page(index(view)).all("a") if link.get("target") == "_blank"]


@settings(deadline=None, max_examples=20)
@given(st.text(max_size=30))
def test_any_text_gives_a_page_with_the_same_elements(text: str) -> None:
    expected = [tag for tag, _ in Page(index(hostile_view("x"))).tags]
    found = [tag for tag, _ in Page(index(hostile_view(text or "x"))).tags]
    assert [tag for tag in found if tag not in {"a", "blockquote", "details", "summary"}] == [
        tag for tag in expected if tag not in {"a", "blockquote", "details", "summary"}
    ]


@pytest.mark.parametrize("locale", ["../x", "en/x", "", "en.html/.."])
def test_a_locale_can_not_lead_out_of_the_folder(locale: str) -> None:
    with pytest.raises(FileFormatError, match="is not a locale"):
        index(a_view(editions=(an_edition(locale),)))
