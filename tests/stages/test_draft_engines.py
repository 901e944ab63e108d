"""Drafting with a language model: what it may write, what is kept of it, and what is never paid for twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from digest.models.article import Heading
from digest.models.engine import (
    EngineFailure,
    FailureKind,
    Summarised,
    SummaryRequest,
    SummaryResult,
    SummarySentence,
)
from digest.models.issue import Issue, Sentence
from digest.stages.draft import draft
from fakes_text import article, article_text, issue, story

POST = article_text(
    "# The studies",
    "The first review brought together 148 studies on close ties.",
    "# Implications",
    "Small gestures between people may be worth noticing.",
    "# Limitations",
    "The sample was small, so it may not describe everyone.",
)


def sentence(heading: Heading, text: str, *anchors: int) -> SummarySentence:
    return SummarySentence(heading=heading, text=text, anchors=anchors)


ANSWER = Summarised(
    sentences=(
        sentence("studies", "In this study, 148 reports were read.", 1),
        sentence("limitations", "The sample was small.", 3),
    ),
    origin="model:1",
    notes=("a sentence for studies was left out: it cites nothing",),
)


@dataclass
class Model:
    """Gives one answer to everything and keeps what it was asked."""

    answer: SummaryResult
    name: str = "model:1"
    asked: list[SummaryRequest] = field(default_factory=list)

    def summarise(self, requests: Sequence[SummaryRequest]) -> tuple[SummaryResult, ...]:
        self.asked += requests
        return tuple(self.answer for _ in requests)


def failure(kind: FailureKind) -> EngineFailure:
    return EngineFailure(kind=kind, reason="model: it failed.", mend="Do this.")


def drafted(model: Model, rights: str = "own", shown: Issue | None = None) -> Issue:
    return draft(shown or issue(story()), {"post-1": article(POST, rights=rights)}, summariser=model)[0]


def test_a_models_summary_is_kept_with_its_anchors_and_its_name() -> None:
    made, report = draft(issue(story()), {"post-1": article(POST)}, summariser=Model(ANSWER))

    studies, limitations = made.stories[0].sections
    assert studies.sentences == (Sentence(text="In this study, 148 reports were read.", anchors=(1,)),)
    assert (studies.origin, limitations.heading) == ("model:1", "limitations")
    assert report.made == ("post-1: 2 sentences under studies, limitations, drafted by model:1",)
    assert [problem.what for problem in report.problems] == [
        "A sentence for studies was left out: it cites nothing.",
        "Nothing was found for the heading implications; it is left out.",
    ]


@pytest.mark.parametrize("rights", ["third-party", "cc0", "cc-by"])
def test_what_somebody_elses_study_means_is_never_asked_of_a_model(rights: str) -> None:
    model = Model(ANSWER)
    drafted(model, rights)

    assert [one.headings for one in model.asked] == [("studies", "limitations")]
    assert [one.quotable for one in model.asked] == [rights != "third-party"]


def test_text_that_has_its_summary_is_never_paid_for_again() -> None:
    model = Model(ANSWER)
    made = drafted(model)

    assert drafted(model, shown=made) == made
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "answer", [Summarised(sentences=(), origin="model:1"), failure("refused"), failure("unusable")]
)
def test_a_text_the_model_can_not_summarise_is_not_sent_a_second_time(answer: SummaryResult) -> None:
    model = Model(answer)
    made = drafted(model, "third-party")

    assert drafted(model, "third-party", made) == made
    assert len(model.asked) == 1
    assert [one.sentences for one in made.stories[0].sections] == [(), ()]


@pytest.mark.parametrize("kind", ["timeout", "key", "busy", "quota"])
def test_what_may_work_later_is_tried_by_the_next_run(kind: FailureKind) -> None:
    model = Model(failure(kind))
    made = drafted(model, "third-party")

    assert made == issue(story())
    drafted(model, "third-party", made)
    assert len(model.asked) == 2


def test_where_a_model_fails_her_own_post_is_extracted_and_the_reason_told() -> None:
    made, report = draft(issue(story()), {"post-1": article(POST)}, summariser=Model(failure("quota")))

    assert {one.origin for one in made.stories[0].sections} == {"extractive"}
    [problem] = report.problems
    assert problem.what == "model: it failed. Sentences were taken from the text instead."
    assert problem.mend == "Do this."


def test_somebody_elses_open_text_is_quoted_as_theirs() -> None:
    made = draft(issue(story()), {"post-1": article(POST, rights="cc-by")})[0]

    texts = [one.text for section in made.stories[0].sections for one in section.sentences]
    assert texts == [
        "“The first review brought together 148 studies on close ties.”",
        "“The sample was small, so it may not describe everyone.”",
    ]


def test_a_summary_without_the_limitations_of_its_source_is_told() -> None:
    answer = Summarised(sentences=ANSWER.sentences[:1], origin="model:1")
    _, report = draft(issue(story()), {"post-1": article(POST)}, summariser=Model(answer))

    assert "post-1/limitations" in [problem.where for problem in report.problems]
