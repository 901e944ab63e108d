"""What the author decides about a citation, and the last look before sending, on a real folder."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_folder import ISSUE, a_folder, a_room
from digest import pipeline, studies
from digest.errors import NotApprovedError
from digest.models.article import Citation, Proposal
from digest.models.edition import Approval
from digest.models.work import Notice
from digest.pipeline import Workshop
from digest.works.notice_findings import UNCHECKED
from fakes_works import FakeFinder
from works_examples import CROSSREF

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PROPOSAL = Proposal(doi="10.5555/sleep.1", title="Shared worries", authors="Example", year=2025)
ASKED = Citation(text="Example (2025)", authors="A. Example", title="", year=2025, status="ask", proposals=(PROPOSAL,))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    with a_room(a_folder(tmp_path)) as room:
        issue = pipeline.existing_issue(room.shop, ISSUE)
        first = replace(issue.stories[0], citations=(ASKED,))
        room.shop.issues.write_issue(replace(issue, stories=(first, *issue.stories[1:])))
        yield replace(room.shop, finder=FakeFinder(known={"10.5555/sleep.1": CROSSREF}))


def test_a_decision_is_written_into_the_issue_and_remembered(shop: Workshop) -> None:
    key = pipeline.existing_issue(shop, ISSUE).stories[0].key
    studies.decide_citation(shop, ISSUE, key, 1, "10.5555/sleep.1", now=NOW)

    [citation] = pipeline.existing_issue(shop, ISSUE).stories[0].citations
    assert (citation.status, citation.doi, citation.by_author) == ("confirmed", "10.5555/sleep.1", True)
    assert [decision.doi for decision in shop.works.decisions("bonds")] == ["10.5555/sleep.1"]
    studies.decide_citation(shop, ISSUE, key, 1, None, now=NOW)
    assert pipeline.existing_issue(shop, ISSUE).stories[0].citations[0].status == "not_found"


@pytest.mark.parametrize(("story", "number", "doi"), [("nobody", 1, None), ("", 2, None), ("", 1, "10.5555/other")])
def test_only_what_was_asked_can_be_decided(shop: Workshop, story: str, number: int, doi: str | None) -> None:
    key = story or pipeline.existing_issue(shop, ISSUE).stories[0].key
    with pytest.raises(NotApprovedError):
        studies.decide_citation(shop, ISSUE, key, number, doi, now=NOW)


def test_the_last_look_before_sending_holds_what_was_retracted_or_not_checked_for_long(shop: Workshop) -> None:
    key = pipeline.existing_issue(shop, ISSUE).stories[0].key
    studies.decide_citation(shop, ISSUE, key, 1, "10.5555/sleep.1", now=NOW)
    issue = pipeline.existing_issue(shop, ISSUE)
    only = replace(issue, stories=issue.stories[:1])
    studies.hold_if_retracted(shop, only, now=NOW)

    down = replace(shop, finder=FakeFinder(down="Crossref: the site answered 500."))
    soon = NOW + timedelta(hours=5)
    studies.hold_if_retracted(down, only, now=soon)
    with pytest.raises(NotApprovedError, match="could not be checked"):
        studies.hold_if_retracted(down, only, now=(CROSSREF.notices_checked_at or NOW) + timedelta(days=3))
    retracted = replace(CROSSREF, titles=tuple(replace(one, text=f"RETRACTED: {one.text}") for one in CROSSREF.titles))
    gone = replace(shop, finder=FakeFinder(known={"10.5555/sleep.1": retracted}))
    with pytest.raises(NotApprovedError, match="was retracted"):
        studies.hold_if_retracted(gone, only, now=soon)


@pytest.mark.parametrize("languages", [1, 2])
def test_a_correction_first_seen_right_before_sending_becomes_an_item_of_the_next_issue_once(
    shop: Workshop, languages: int
) -> None:
    key = pipeline.existing_issue(shop, ISSUE).stories[0].key
    studies.decide_citation(shop, ISSUE, key, 1, "10.5555/sleep.1", now=NOW)
    marks = (("en", "0" * 64),)
    approval = Approval(
        issue_id=ISSUE, approved_by="ana@example.org", approved_at=NOW, how="command", fingerprints=marks
    )
    # The second language was approved when the notice had been seen: the first one's readers are told all the same.
    both = replace(approval, approved_at=NOW + timedelta(hours=23), since=NOW)
    shop.rendered.write_approval("bonds", both if languages == 2 else approval)
    correction = Notice(kind="correction", doi="10.5555/c", date="", source="crossref")
    finder = FakeFinder(known={"10.5555/sleep.1": replace(CROSSREF, notices=(correction,))})
    slot = NOW + timedelta(hours=22)
    studies.hold_if_retracted(replace(shop, finder=finder), pipeline.existing_issue(shop, ISSUE), now=slot)

    # The next run asks nobody, for the answer is fresh; with nobody to ask it is the same.
    for quiet in (replace(shop, finder=None), shop):
        made = studies.watch_sent(quiet, now=slot + timedelta(hours=1)).made
        assert [line.partition(":")[0] for line in made] == ([] if quiet is shop else ["correction-10-5555-sleep-1"])


def test_why_a_study_was_not_chosen_is_told(shop: Workshop) -> None:
    [line] = studies.explain(shop, "10.5555/nobody", now=NOW)
    assert "no source has brought it" in line
    study = next(article for article in shop.articles.articles("bonds") if article.rights != "own")
    told = studies.explain(shop, study.article_id, now=NOW)
    assert any("Place 1 of" in line for line in told)


def test_readers_suggestions_are_kept_once_each(shop: Workshop) -> None:
    names = ("doi:10.5555/sleep.1", "pmid:1")
    assert len(studies.take_suggestions(shop, names, now=NOW).made) == 2
    assert studies.take_suggestions(shop, names, now=NOW).made == ()
    assert {one.doi for one in shop.articles.articles("bonds") if one.section == "suggestions"} == {
        "10.5555/sleep.1",
        None,
    }
    assert studies.take_suggestions(shop, (), now=NOW).made == ()


def test_a_citation_that_nobody_could_look_up_yet_is_said(shop: Workshop) -> None:
    issue = pipeline.existing_issue(shop, ISSUE)
    open_one = Citation(text="Example: A title (2025)", authors="Example", title="A title", year=2025)
    shop.issues.write_issue(
        replace(issue, stories=(replace(issue.stories[0], citations=(open_one,)), *issue.stories[1:]))
    )
    said = [one.message for one in pipeline.open_issue(shop, ISSUE).outcome.findings if one.check == "citation"]
    assert said == [UNCHECKED]
    silent = replace(shop, finder=None)
    assert not [one for one in pipeline.open_issue(silent, ISSUE).outcome.findings if one.check == "citation"]
