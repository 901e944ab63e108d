"""A study as readers see it: title in their language, one reference, the label with its source, the free version."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

import work_records as records
from digest import i18n
from digest.adapters.sources import crossref_work, europepmc_work, pubmed_work, scielo_work
from digest.models.article import Article, ArticleText
from digest.models.edition_view import Passage, StoryView
from digest.models.issue import Story
from digest.models.source import Source
from digest.stages.curate import curate
from digest.views.passages import tongue
from digest.views.story import story_view
from digest.works.merge import merged
from fakes_render import NEWSLETTER

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SCIELO = scielo_work.work_of(records.scielo(doi="10.5555/sleep.1"), NOW)
assert SCIELO
[WORK] = merged(
    [
        SCIELO,
        crossref_work.works_of([records.crossref()], NOW)[0],
        pubmed_work.works_of(records.pubmed(), NOW)[0][0],
        europepmc_work.works_of({"resultList": {"result": [records.europepmc()]}}, NOW)[0],
    ]
)
SOURCE = Source(
    key="s", newsletter_id="bonds", kind="pubmed", url="https://eutils.example.org", section="research",
    language=None, limit=2, minimum_interval_minutes=30,
)  # fmt: skip
ARTICLE = Article(
    article_id="study-1",
    newsletter_id="bonds",
    source_key="s",
    section="research",
    guid="g",
    authors=("Ann B. Example",),
    published=NOW,
    first_seen=NOW,
    rights="third-party",
    text=ArticleText(
        url="https://doi.org/10.5555/sleep.1", language="en", title="Shared worries and sleep in couples: A trial"
    ),
    teaser="The abstract of somebody else.",
    doi=WORK.doi,
    work=WORK,
)


@pytest.fixture(scope="module")
def story() -> Story:
    issue, _ = curate([ARTICLE], [SOURCE], (), None, newsletter_id="bonds", due=date(2026, 11, 26), now=NOW)
    assert issue
    return issue.stories[0]


def view(story: Story, locale: str) -> StoryView:
    return story_view(story, "standard", tongue((), NEWSLETTER, i18n.words(locale)))


def test_the_title_is_the_one_published_in_the_readers_language_with_the_original_beside_it(story: Story) -> None:
    portuguese, english = view(story, "pt_BR"), view(story, "en")
    assert (portuguese.title.text, portuguese.title.lang) == ("Preocupações divididas e sono em casais: um ensaio", "")
    original = Passage(text="Shared worries and sleep in couples: A trial", lang="en", dir="ltr")
    assert portuguese.original_title == original
    assert (english.title.text, english.original_title) == (original.text, None)


def test_the_reference_is_of_the_locale_and_the_free_version_is_linked(story: Story) -> None:
    english, portuguese = view(story, "en").reference, view(story, "pt_BR").reference
    assert english
    assert portuguese
    assert english.text.startswith("Example, A. B., & The Night Group (2025).")
    assert portuguese.text.startswith("Example, A. B. e The Night Group (2025).")
    assert (english.lang, portuguese.lang) == ("", "en")
    assert view(story, "en").free_url == "https://www.scielo.example.org/a?tlng=pt"


def test_the_label_is_in_words_and_says_who_says_so_and_when(story: Story) -> None:
    label = ["".join(piece.text for piece in line) for line in view(story, "pt_BR").label]
    assert label[0] == "Tipo de estudo: ensaio controlado randomizado (um sorteio decidiu quem recebeu o quê)"
    assert label[-1] == "Segundo PubMed, SciELO e Crossref, 25 de novembro de 2026"
    typed = replace(story, label=(replace(story.label[0], values=(("source", "X"), ("date", "soon"))),))
    assert len(view(typed, "en").label) == 1


def test_the_abstract_of_somebody_else_is_nowhere(story: Story) -> None:
    assert "We asked 128" not in repr(view(story, "en"))
    assert story.sections == ()
