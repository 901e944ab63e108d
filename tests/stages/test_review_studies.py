"""Retractions are asked for before an approval, before sending and weekly; "could not check" is its own answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from digest.errors import NotApprovedError
from digest.models.article import Article, Citation
from digest.models.issue import Issue, Story
from digest.models.work import Notice, Work
from digest.stages import curate, review_studies
from digest.works.evidence import NOTICES
from fakes_works import FakeFinder, FakeWorkStore
from works_examples import CROSSREF

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DOI = "10.5555/sleep.1"
RETRACTION = Notice(kind="retraction", doi="10.5555/r", date="2026-11-01", source="crossref")
CORRECTION = replace(RETRACTION, kind="correction")
GOOD = replace(CROSSREF, notices_checked_at=NOW)
RETRACTED = replace(GOOD, notices=(RETRACTION,))


def story(**changes: object) -> Story:
    basis = Story(
        key="study-1",
        kind="study",
        section="research",
        article_id="study-1",
        url="",
        language="en",
        title="Shared worries",
        authors=(),
        published=None,
        doi=DOI,
    )
    return replace(basis, **changes)  # type: ignore[arg-type]


def issue(*stories: Story) -> Issue:
    return Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=stories)


def severities(one: Issue, *works: Work) -> list[str]:
    return [finding.severity for finding in review_studies.findings(one, works)]


def test_a_retraction_is_an_error_and_other_notices_are_warnings() -> None:
    assert severities(issue(story()), RETRACTED) == ["error"]
    assert severities(issue(story()), replace(GOOD, notices=(CORRECTION,))) == ["warning"]
    assert severities(issue(story()), GOOD) == []
    assert severities(issue(story())) == []


def test_a_retracted_study_that_a_post_cites_counts_too() -> None:
    post = story(kind="post", doi=None, citations=(Citation(text="", authors="", title="", year=None, doi=DOI),))
    assert severities(issue(post), RETRACTED) == ["error"]


def test_a_citation_to_decide_is_a_warning() -> None:
    asked = Citation(text="A (2010)", authors="A", title="", year=2010, status="ask")
    assert severities(issue(story(kind="post", doi=None, citations=(asked,)))) == ["warning"]


def test_an_approval_asks_first_and_says_what_could_not_be_checked() -> None:
    store = FakeWorkStore()
    with pytest.raises(NotApprovedError, match=r"10\.5555/sleep\.1.*--unchecked"):
        review_studies.ask_first(issue(story()), store, FakeFinder(down="Crossref: 500."), accepted=False, now=NOW)
    review_studies.ask_first(issue(story()), store, FakeFinder(down="Crossref: 500."), accepted=True, now=NOW)

    review_studies.ask_first(issue(story()), store, FakeFinder(known={DOI: RETRACTED}), accepted=False, now=NOW)
    assert severities(issue(story()), *store.works("bonds")) == ["error"]


def test_a_fresh_answer_is_not_asked_for_again() -> None:
    store, finder = FakeWorkStore(), FakeFinder(known={DOI: GOOD})
    for hours in (0, 0.5, 3):
        review_studies.check([DOI], "bonds", store, finder, now=NOW + timedelta(hours=hours))
    assert finder.asked == [DOI, DOI]


def test_a_source_that_is_down_is_left_alone_after_two_failures() -> None:
    finder = FakeFinder(down="Crossref: 500.")
    checked = review_studies.check([f"10.5555/{n}" for n in range(9)], "bonds", FakeWorkStore(), finder, now=NOW)
    assert (len(finder.asked), len(checked.unchecked)) == (2, 9)


def test_studies_that_were_sent_are_asked_about_once_a_week_the_longest_unasked_first() -> None:
    old = replace(GOOD, doi="10.5555/old", notices_checked_at=NOW - timedelta(days=9))
    sent = issue(story(), story(key="b", doi="10.5555/old"), story(key="c", doi="10.5555/never"))
    assert review_studies.to_watch([sent], [GOOD, old], NOW) == ("10.5555/never", "10.5555/old")


def test_a_late_notice_becomes_an_item_of_the_next_issue_that_does_not_block_itself_whoever_saw_it() -> None:
    store = FakeWorkStore()
    store.save_works("bonds", [replace(GOOD, notices_checked_at=NOW - timedelta(days=8))])
    sent = [(NOW - timedelta(days=8), issue(story()))]
    # Another issue that names the study is about to be approved: the approval is refused, and the news is kept.
    review_studies.ask_first(issue(story()), store, FakeFinder(known={DOI: RETRACTED}), accepted=False, now=NOW)
    [work] = store.works("bonds")
    [item] = review_studies.late_notices("bonds", sent, [work], (), NOW)
    made, _ = curate.curate([item], (), (), None, newsletter_id="bonds", due=date(2026, 12, 3), now=NOW)

    assert made
    [drafted] = made.stories
    assert drafted.section == "corrections"
    assert drafted.label[0].message == NOTICES["retraction"]
    assert "notice" in drafted.reasons[0].message
    assert severities(made, work) == []
    later = NOW + timedelta(days=8)
    review_studies.check([DOI], "bonds", store, FakeFinder(known={DOI: RETRACTED}), now=later)
    assert review_studies.late_notices("bonds", sent, store.works("bonds"), [item], later) == ()


def test_each_further_notice_of_a_study_is_an_item_of_its_own() -> None:
    store, sent = FakeWorkStore(), [(NOW - timedelta(days=9), issue(story()))]
    items: list[Article] = []
    for day, notices in enumerate(((CORRECTION,), (CORRECTION, replace(CORRECTION, doi="10.5555/2")), (RETRACTION,))):
        now = NOW + timedelta(days=day)
        review_studies.check([DOI], "bonds", store, FakeFinder(known={DOI: replace(GOOD, notices=notices)}), now=now)
        items += review_studies.late_notices("bonds", sent, store.works("bonds"), items, now)
    assert [item.guid for item in items] == [f"correction:{DOI}", f"correction-2:{DOI}", f"retraction-3:{DOI}"]
    assert len({item.article_id for item in items}) == 3


def test_what_an_approval_saw_is_no_news_after_it() -> None:
    store = FakeWorkStore()
    corrected = replace(GOOD, notices=(CORRECTION,), notices_checked_at=NOW + timedelta(seconds=2))
    review_studies.ask_first(issue(story()), store, FakeFinder(known={DOI: corrected}), accepted=False, now=NOW)
    assert review_studies.late_notices("bonds", [(NOW, issue(story()))], store.works("bonds"), (), NOW) == ()
