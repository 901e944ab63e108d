"""Eight words in a row of an abstract that may not be printed are found, in every language."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from digest.models.issue import Issue, Section, Sentence, Story
from digest.models.work import WorkText
from digest.works.notice_findings import overlap_findings
from digest.works.overlap import verbatim_overlap
from works_examples import CROSSREF

SOURCE = "Couples who share their worries in the evening may sleep longer than couples who do not."
COPIED = "She says: couples who SHARE their worries in the evening, may sleep badly."
CLOSED = replace(
    CROSSREF,
    licence="publisher",
    abstracts=(
        WorkText(language="en", text=SOURCE, source="pubmed"),
        WorkText(
            language="pt",
            text="Casais que dividem as preocupações à noite podem dormir por mais tempo.",
            source="scielo",
        ),
    ),
)


def test_eight_words_in_a_row_are_found_and_seven_are_not() -> None:
    [(start, end)] = verbatim_overlap(COPIED, SOURCE)
    assert COPIED[start:end] == "couples who SHARE their worries in the evening, may sleep"
    assert verbatim_overlap("share their worries in the evening may", SOURCE) == ()
    assert verbatim_overlap("share their worries in the evening may sleep", SOURCE) != ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_spans_lie_in_the_text_in_order(text: str, source: str) -> None:
    last = 0
    for start, end in verbatim_overlap(text, f"{source} {text}"):
        assert last <= start < end <= len(text)
        last = end


def test_her_words_and_their_translation_are_compared_with_the_abstract_of_either_language() -> None:
    story = Story(
        key="study-1",
        kind="study",
        section="research",
        article_id="study-1",
        url="",
        language="en",
        title="T",
        authors=(),
        published=None,
        doi=CLOSED.doi,
        sections=(Section(heading="words", sentences=(Sentence(text=COPIED), Sentence(text="My own."))),),
    )
    issue = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=(story,))
    translated = [("study-1/words/2", "Casais que dividem as preocupacoes a noite podem dormir por isso.")]
    works = {"10.5555/sleep.1": CLOSED}

    found = overlap_findings(issue, works, translated, non_commercial=False)
    assert [(one.where, one.severity) for one in found] == [("study-1/words/1", "error"), ("study-1/words/2", "error")]
    free = {"10.5555/sleep.1": replace(CLOSED, licence="cc-by")}
    assert overlap_findings(issue, free, translated, non_commercial=False) == ()
