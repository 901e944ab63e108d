"""Somebody else's abstract is quoted only where its licence allows it, with the name of who wrote it."""

import html
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digest.i18n import words
from digest.models.article import Article, ArticleText
from digest.models.issue import Issue, Section, Sentence, Story
from digest.models.segment import Segment
from digest.models.work import TextRights, WorkText
from digest.stages.complete_studies import readable
from digest.stages.draft import draft
from digest.stages.render import render
from digest.text.memory import memory_of
from digest.text.needs import Needed
from digest.text.offers import offered, offers_for
from digest.views.passages import tongue
from digest.views.story import story_view
from digest.works.notice_findings import overlap_findings
from digest.works.open_abstract import CREDIT, CREDIT_CC0
from digest.works.story_of import story_of
from fakes_render import NEWSLETTER, writer
from works_examples import CROSSREF

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ABSTRACT = (
    "Background: Couples who share their worries in the evening may sleep better.\n\n"
    "Results: In 128 couples those who talked before bed slept longer than those who waited.\n\n"
    "Conclusions: We can not say whether this holds for couples who live apart, because none of them took part."
)
PORTUGUESE = (
    "Introdução: Casais que dividem as preocupações à noite podem dormir melhor.\n\n"
    "Resultados: Em 128 casais, quem conversou antes de dormir dormiu mais do que quem esperou.\n\n"
    "Conclusões: Não podemos dizer se isso vale para casais que moram separados, pois nenhum deles participou."
)


def study(licence: TextRights, *languages: str) -> Article:
    texts = {"en": ABSTRACT, "pt": PORTUGUESE}
    abstracts = tuple(WorkText(language=one, text=texts[one], source="scielo") for one in languages or ("en",))
    return Article(
        article_id="study",
        newsletter_id="bonds",
        source_key="search",
        section="research",
        guid="1",
        authors=("Ann B. Example",),
        published=NOW,
        first_seen=NOW,
        rights="third-party",
        text=ArticleText(url="https://journal.example.org/1", language="en", title=CROSSREF.title),
        doi=CROSSREF.doi,
        completed=True,
        work=replace(CROSSREF, licence=licence, licence_url="", abstracts=abstracts),
    )


def drafted(article: Article, *, non_commercial: bool = False) -> Story:
    known = readable(article, non_commercial=non_commercial)
    issue = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=NOW.date(), stories=(story_of(article, ()),))
    made, _ = draft(issue, {article.article_id: known}, sentences_per_heading=2)
    return made.stories[0]


def words_of(story: Story) -> str:
    return " ".join(one.text for section in story.sections for one in section.sentences)


@pytest.mark.parametrize(
    ("licence", "declared", "quoted"),
    [
        ("cc0", False, True), ("cc-by", False, True), ("cc-by-nc", False, False), ("cc-by-nc", True, True),
        ("cc-by-nd", False, False), ("cc-by-nd", True, False), ("cc-by-nc-nd", True, False), ("cc-by-sa", True, False),
        ("publisher", True, False), ("unknown", True, False),
    ],
)  # fmt: skip
def test_an_abstract_is_quoted_where_it_may_be_printed_and_translated(
    licence: TextRights, *, declared: bool, quoted: bool
) -> None:
    story = drafted(study(licence), non_commercial=declared)

    assert bool(story.sections) == bool(story.credit) == quoted
    assert ("“In 128 couples those who talked" in words_of(story)) == quoted
    # What it means for readers is hers to say, and the labels of the record are nobody's sentence.
    assert "implications" not in {section.heading for section in story.sections}
    assert "Results:" not in words_of(story)


def test_the_credit_names_authors_licence_and_where_it_stands() -> None:
    [credit] = drafted(study("cc-by")).credit
    assert credit.message == CREDIT
    assert dict(credit.values) == {
        "authors": "Example, The Night Group",
        "licence": "CC BY",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert [one.message for one in drafted(study("cc0")).credit] == [CREDIT_CC0]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Excerpts from the abstract by Example, The Night Group, licensed CC BY: "),
        ("pt_BR", "Trechos do resumo de Example, The Night Group, traduzidos; o original tem a licença CC BY: "),
    ],
)
def test_readers_of_both_languages_see_whose_words_these_are(locale: str, said: str) -> None:
    story = drafted(study("cc-by"))
    segments = [
        Segment(key=f"study/{section.heading}/{number}", source=one.text, target="“Dito.”", state="draft")
        for section in story.sections
        for number, one in enumerate(section.sentences, start=1)
    ]
    view = story_view(story, "standard", tongue(segments, NEWSLETTER, words(locale)))
    assert view.excerpt_note == f"{said}https://creativecommons.org/licenses/by/4.0/"


def test_every_mail_shows_the_credit_beside_the_words() -> None:
    story = drafted(study("cc-by"))
    segments = [
        Segment(key=f"study/{section.heading}/{number}", source=one.text, target="“Dito.”", state="draft")
        for section in story.sections
        for number, one in enumerate(section.sentences, start=1)
    ]
    issue = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=NOW.date(), stories=(story,))
    outcome = render(issue, {"en": (), "pt_BR": segments}, NEWSLETTER, writer(), locales=("en", "pt_BR"))
    said = {"en": "Excerpts from the abstract by Example", "pt_BR": "Trechos do resumo de Example"}
    assert {edition.locale for edition in outcome.editions} == {"en", "pt_BR"}
    for edition in outcome.editions:
        assert said[edition.locale] in html.unescape(" ".join(edition.html.split()))
        assert said[edition.locale] in " ".join(edition.text.split())


def test_her_own_words_need_no_credit() -> None:
    hers = Section(heading="words", sentences=(Sentence(text="I like it."),))
    story = replace(drafted(study("cc-by")), sections=(hers,))
    assert story_view(story, "standard", tongue((), NEWSLETTER, words("en"))).excerpt_note == ""


def test_the_journals_own_translation_is_offered_before_any_machine() -> None:
    known = readable(study("cc-by", "en", "pt"), non_commercial=False)
    source = "“In 128 couples those who talked before bed slept longer than those who waited.”"
    segment = offered(Needed(key="study/studies/1", source=source), offers_for(known, memory_of(()), "pt_BR"))
    assert segment.target == "“Em 128 casais, quem conversou antes de dormir dormiu mais do que quem esperou.”"
    assert (segment.state, segment.origin) == ("draft", "parallel")


def test_words_that_may_be_printed_but_not_translated_are_a_finding() -> None:
    def found(licence: TextRights) -> int:
        article = study(licence)
        words = Sentence(text="In 128 couples those who talked before bed slept longer than those who waited.")
        story = replace(story_of(article, ()), sections=(Section(heading="words", sentences=(words,)),))
        issue = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=NOW.date(), stories=(story,))
        work = article.work
        assert work is not None
        return len(overlap_findings(issue, {work.doi or "": work}, (), non_commercial=False))

    assert [found("cc-by"), found("cc-by-nd"), found("unknown")] == [0, 1, 1]
