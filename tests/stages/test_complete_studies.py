"""Cited studies are looked up once, what is doubtful is the author's to decide, and a failure costs nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import work_records as records
from digest.adapters.sources import crossref_work
from digest.models.article import Article, ArticleText, Citation, CitationDecision
from digest.stages.complete_studies import look_up
from digest.works.citations import citation_key
from digest.works.resolve import NO_TITLE, NO_TITLE_NOTHING
from fakes_stores import FakeStateStore
from fakes_works import FakeFinder, FakeWorkStore

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
WORK = crossref_work.works_of([records.crossref()], NOW)[0]
KNOWN = {"10.5555/sleep.1": WORK}
GOOD = Citation(
    text="Dr. Ann Example: …",
    authors="Dr. Ann Example",
    title="Shared worries and sleep in couples: A trial",
    year=2025,
)
DOUBTFUL = replace(GOOD, year=1999)
UNKNOWN = replace(GOOD, title="Nobody wrote a thing like this")


def post(*citations: Citation, **changes: Any) -> Article:
    article = Article(
        article_id="post-1",
        newsletter_id="bonds",
        source_key="source-1",
        section="posts",
        guid="1",
        authors=("A. Example",),
        published=NOW,
        first_seen=NOW,
        rights="own",
        text=ArticleText(url="https://blog.example.org/1", language="en", title="Post"),
        citations=citations,
        completed=True,
    )
    return replace(article, **changes)


def looked_up(article: Article, finder: FakeFinder, works: FakeWorkStore, now: datetime = NOW) -> Article:
    [after], _ = look_up([article], FakeStateStore(), works, finder, now=now)
    return after


def test_each_citation_ends_in_one_of_three_ways() -> None:
    works, finder = FakeWorkStore(), FakeFinder(known=KNOWN)
    after = looked_up(post(GOOD, DOUBTFUL, UNKNOWN), finder, works)

    assert [one.status for one in after.citations] == ["confirmed", "ask", "not_found"]
    assert [one.doi for one in after.citations] == ["10.5555/sleep.1", None, None]
    assert after.citations[1].proposals[0].doi == "10.5555/sleep.1"
    assert [one.text for one in after.citations] == [GOOD.text] * 3
    assert works.works("bonds") == (WORK,)


def test_a_study_named_without_its_title_is_compared_with_what_is_known_and_nobody_is_asked() -> None:
    works, finder = FakeWorkStore(), FakeFinder(known=KNOWN)
    named = Citation(text="Example e colaboradores (2025)", authors="Example e colaboradores", title="", year=2025)
    before = looked_up(post(named), finder, works)
    works.save_works("bonds", (WORK,))
    after = looked_up(post(named), finder, works)

    assert [(one.status, one.evidence[0].message) for one in before.citations] == [("not_found", NO_TITLE_NOTHING)]
    assert [(one.status, one.evidence[0].message) for one in after.citations] == [("ask", NO_TITLE)]
    assert after.citations[0].proposals[0].doi == "10.5555/sleep.1"
    assert finder.asked == []


def test_a_study_that_a_search_names_by_number_alone_gets_its_record() -> None:
    own = Citation(text="", authors="Example", title="Shared worries", year=2025)
    study = post(own, rights="third-party", guid="pubmed:9000001")
    works, finder = FakeWorkStore(), FakeFinder(known={"pmid:9000001": WORK})
    after = looked_up(study, finder, works)

    assert (after.work, after.doi) == (replace(WORK, first_seen=NOW), "10.5555/sleep.1")
    assert works.works("bonds") == (after.work,)
    assert looked_up(after, finder, works) == after
    assert finder.asked == ["pmid:9000001"]


def test_a_record_that_nobody_has_is_not_asked_for_at_every_run() -> None:
    own = Citation(text="", authors="Example", title="Shared worries", year=2025)
    study = post(own, rights="third-party", guid="pubmed:1")
    finder = FakeFinder()
    after = looked_up(study, finder, FakeWorkStore())
    looked_up(after, finder, FakeWorkStore(), NOW + timedelta(hours=1))
    assert finder.asked == ["pmid:1"]
    looked_up(after, finder, FakeWorkStore(), NOW + timedelta(days=31))
    assert finder.asked == ["pmid:1", "pmid:1"]


def test_a_link_without_words_is_told_by_its_record_and_one_beside_its_study_only_once() -> None:
    finder = FakeFinder(known=KNOWN)
    link = Citation(text="", authors="", title="", year=None, doi="10.5555/sleep.1")
    [told] = looked_up(post(link), finder, FakeWorkStore()).citations
    assert (told.authors, told.title, told.year) == ("Example, The Night Group", WORK.title, 2025)
    assert [one.text for one in looked_up(post(GOOD, link), finder, FakeWorkStore()).citations] == [GOOD.text]


def test_what_was_looked_up_is_not_asked_again_until_a_month_has_passed() -> None:
    works, finder = FakeWorkStore(), FakeFinder(known=KNOWN)
    after = looked_up(post(GOOD, DOUBTFUL, UNKNOWN), finder, works)
    finder.asked.clear()

    again = looked_up(after, finder, works, NOW + timedelta(days=1))
    assert (again, finder.asked) == (after, [])
    looked_up(after, finder, works, NOW + timedelta(days=31))
    assert finder.asked == [UNKNOWN.title]


def test_a_source_that_is_down_leaves_everything_unchecked_and_is_left_alone() -> None:
    finder = FakeFinder(down="Crossref: the site answered 500.")
    article = post(*(replace(GOOD, year=2000 + number) for number in range(9)))
    [after], report = look_up([article], FakeStateStore(), FakeWorkStore(), finder, now=NOW)

    assert after == article
    assert len(finder.asked) == 2
    assert [problem.what for problem in report.problems] == ["Crossref: the site answered 500."]


def test_a_decision_of_the_author_stands_above_what_is_found() -> None:
    works, finder = FakeWorkStore(), FakeFinder(known=KNOWN)
    for citation, doi in ((DOUBTFUL, "10.5555/sleep.1"), (GOOD, None)):
        decision = CitationDecision(newsletter_id="bonds", key=citation_key(citation), doi=doi, decided_at=NOW)
        works.save_decision(decision)
    after = looked_up(post(DOUBTFUL, GOOD), finder, works)

    assert [(one.status, one.doi, one.by_author) for one in after.citations] == [
        ("confirmed", "10.5555/sleep.1", True),
        ("not_found", None, True),
    ]
    assert finder.asked == []


def test_a_study_from_a_feed_gets_its_record_once() -> None:
    works, finder = FakeWorkStore(), FakeFinder(known=KNOWN)
    study = post(rights="third-party", section="research", doi="10.5555/sleep.1")
    after = looked_up(study, finder, works)

    assert after.work == replace(WORK, first_seen=NOW)
    assert after.journal == "Journal of Nights"
    looked_up(after, finder, works)
    assert finder.asked == ["10.5555/sleep.1"]
