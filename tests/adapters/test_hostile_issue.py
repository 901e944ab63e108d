"""Hostile words in every field of a study, of a note, and of the newsletter itself stay words."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from digest.models.article import Citation, Image
from digest.models.issue import Issue, Note, Reason, Section, Sentence, Story
from digest.models.newsletter import Newsletter
from digest.models.segment import Segment
from digest.stages.render import render
from digest.text.plain import one_line
from fakes_render import ISSUE, NEWSLETTER, POST, STUDY, sources, writer
from hostile_words import HOSTILE, Seen

LOCALES = ("pt_BR", "en")
LINKS = ("https://", "mailto:")
WRITER = writer()


def hostile_study(text: str, number: int) -> Story:
    """One study in full, one that is a line, one without a language."""
    return replace(
        STUDY,
        key=f"study-{number}",
        article_id=text,
        title=text,
        url=text,
        doi=text,
        language=("en", "he", text)[number],
        authors=(text,) * 5,
        published=datetime(2026, 10, 2, tzinfo=UTC),
        journal=text,
        categories=(text,),
        image=Image(url=text, alt=text, credit=text),
        copyright=text,
        comments_url=text,
        citations=(Citation(text=text, authors=text, title=text, year=1, doi=text, translations=((text, text),)),),
        titles=((text, text), ("pt", text)),
        references=((text, text), ("en", text)),
        free_url=text,
        label=(
            Reason(message=text, values=((text, text),)),
            Reason(message="Sample: “%(quote)s”", values=(("quote", text), ("source", text), ("date", text))),
            Reason(message="Published in the journal %(journal)s", values=(("journal", text), ("date", "2026-10-02"))),
        ),
        reasons=(Reason(message=text),),
        sections=tuple(
            Section(heading=heading, sentences=(Sentence(text=text),) * 2)
            for heading in ("studies", "implications", "limitations", "words")
        ),
        tier=(None, "also", "standard")[number],
    )


def hostile_issue(text: str) -> Issue:
    return replace(
        ISSUE,
        stories=(POST, *(hostile_study(text, number) for number in range(3))),
        notes=(Note(audience="everyone", language="en", sentences=(text, text)),),
        subject=(("en", text),),
        preheader=(("pt_BR", text),),
    )


def hostile_newsletter(text: str) -> Newsletter:
    legal = replace(NEWSLETTER.legal, name=text, address=text, professions=(("en", text),), register=text, crp=text)
    return replace(
        NEWSLETTER,
        titles=(("en", text), ("pt_BR", text)),
        author=text,
        site=text,
        reply_to=text,
        archive=text,
        legal=legal,
    )


@settings(deadline=None, max_examples=40)
@given(HOSTILE)
def test_a_study_may_hold_any_words_in_any_field(text: str) -> None:
    issue = hostile_issue(text)
    segments = tuple(
        Segment(key=key, source=source, target=text, state="approved", origin=text)
        for key, source in sources(issue.worded).items()
    )
    outcome = render(issue, {"pt_BR": segments}, hostile_newsletter(text), WRITER, locales=LOCALES)

    for edition in outcome.editions:
        page = Seen(edition.html)
        edition.html.encode()
        edition.text.encode()
        assert len(edition.subject.splitlines()) <= 1
        assert "\x00" not in edition.html + edition.text + edition.subject + edition.preheader
        assert not {"script", "b"} & set(page.tags)
        assert not {name for name in page.attributes if name.startswith("on")}
        assert [link for link in page.links if not link.startswith(LINKS)] == []
    shown = one_line(text)
    assert not shown or shown in one_line(" ".join(Seen(outcome.editions[1].html).words))
