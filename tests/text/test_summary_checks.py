"""Summaries: every sentence rests on the source, and a limitation that the source names is not dropped."""

from digest.models.issue import Section, Sentence
from digest.text.summary_checks import SummaryRules, check_summary

SOURCE = (
    "We asked 120 couples about their sleep.",
    "Couples who felt close were more likely to sleep well.",
    "The sample was small and the study can not show causes.",
)


def section(heading: str, text: str, *anchors: int) -> Section:
    return Section(heading=heading, sentences=(Sentence(text=text, anchors=anchors),))  # type: ignore[arg-type]


STUDIES = section("studies", "In this study 120 couples were asked about their sleep.", 1)
LIMITATIONS = section("limitations", "The sample was small.", 3)


def test_a_sound_summary_has_no_findings() -> None:
    assert check_summary(SOURCE, (STUDIES, LIMITATIONS), "en") == ()


def test_dropped_limitations_are_an_error_only_where_the_source_names_some() -> None:
    found = check_summary(SOURCE, (STUDIES,), "en")
    assert [(one.check, one.severity) for one in found] == [("limitations_present", "error")]
    assert check_summary(SOURCE[:1], (STUDIES,), "en") == ()


def test_a_sentence_without_anchor_is_an_error_of_a_machine_and_a_note_to_the_author() -> None:
    summary = (section("studies", "In this study 120 couples were asked.", 9), LIMITATIONS)
    assert [(one.check, one.severity, one.where) for one in check_summary(SOURCE, summary, "en")] == [
        ("anchored", "error", "studies/1")
    ]
    own = check_summary(SOURCE, summary, "en", SummaryRules(by_machine=False))
    assert [one.severity for one in own] == ["info"]
