"""Summaries: every sentence rests on the source, no number, cause or promise is added, no caveat dropped."""

import pytest

from digest.models.issue import Section, Sentence
from digest.text.summary_checks import SummaryRules, anchored_text, check_summary

SOURCE = (
    "We asked 120 couples about their sleep in a cross-sectional survey.",
    "Closeness was associated with better sleep, and it may protect the heart.",
    "The sample was small and the study can not show causes.",
)
PORTUGUESE = (
    "Perguntamos a 120 casais sobre o sono em um estudo transversal.",
    "A proximidade esteve associada a um sono melhor e pode proteger o coração.",
    "A amostra foi pequena e o estudo não pode mostrar causas.",
)


def section(heading: str, text: str, *anchors: int) -> Section:
    return Section(heading=heading, sentences=(Sentence(text=text, anchors=anchors),))  # type: ignore[arg-type]


STUDIES = section("studies", "In this study 120 couples were asked; closeness may protect the heart.", 1, 2)
LIMITATIONS = section("limitations", "The sample was small.", 3)


def found(
    text: str, *anchors: int, source: tuple[str, ...] = SOURCE, language: str = "en", rules: SummaryRules | None = None
) -> dict[str, str]:
    """(check -> severity) of one sentence between two sound ones."""
    sections = (STUDIES, section("implications", text, *anchors), LIMITATIONS)
    checked = check_summary(source, sections, language, rules)
    return {one.check: one.severity for one in checked if one.where == "implications/1"}


def test_a_sound_summary_has_no_findings() -> None:
    assert check_summary(SOURCE, (STUDIES, LIMITATIONS), "en") == ()


def test_a_verbatim_summary_has_no_findings() -> None:
    for source, language in ((SOURCE, "en"), (PORTUGUESE, "pt_BR")):
        sections = (
            section("studies", source[0], 1),
            section("implications", source[1], 2),
            section("limitations", source[2], 3),
        )
        assert check_summary(source, sections, language) == ()


def test_dropped_limitations_are_an_error_only_where_the_source_names_some() -> None:
    dropped = check_summary(SOURCE, (STUDIES,), "en")
    assert [(one.check, one.severity) for one in dropped] == [("limitations_present", "error")]
    assert "limitations_present" not in {one.check for one in check_summary(SOURCE[1:2], (STUDIES,), "en")}
    assert check_summary(SOURCE, (section("words", "I like it."),), "en") == ()


@pytest.mark.parametrize(
    ("text", "anchors", "language", "check", "severity"),
    [
        ("It was asked of 140 couples.", (1,), "en", "numbers_from_source", "error"),
        ("Closeness was 31 % better, perhaps.", (2,), "en", "numbers_from_source", "error"),
        ("Closeness protects the heart.", (2,), "en", "hedge_floor", "warning"),
        ("This proves that closeness may help.", (2,), "en", "overclaim", "warning"),
        ("It will help everyone, perhaps.", (2,), "en", "overclaim", "warning"),
        ("Closeness may be what causes better sleep.", (2,), "en", "causal_verbs", "error"),
        ("They said “we sleep so much better now”.", (1,), "en", "quote_verbatim", "error"),
        ("It rests on nothing.", (9,), "en", "anchored", "error"),
        ("Foram 140 casais.", (1,), "pt_BR", "numbers_from_source", "error"),
        ("A proximidade protege o coração.", (2,), "pt_BR", "hedge_floor", "warning"),
        ("Isso sempre ajuda, talvez.", (2,), "pt_BR", "overclaim", "warning"),
        ("A proximidade talvez cause, ou melhor, causa um sono melhor.", (2,), "pt_BR", "causal_verbs", "error"),
    ],
)
def test_what_the_source_does_not_say_is_found(
    text: str, anchors: tuple[int, ...], language: str, check: str, severity: str
) -> None:
    source = SOURCE if language == "en" else PORTUGUESE
    assert found(text, *anchors, source=source, language=language).get(check) == severity


def test_a_cause_is_a_warning_where_the_study_was_randomised() -> None:
    source = (
        "Couples were randomised to two groups of 60 couples.",
        "The therapy was associated with trust.",
        SOURCE[2],
    )
    assert found("The therapy causes trust.", 2, source=source) == {"causal_verbs": "warning"}


def test_the_author_may_bring_a_number_of_her_own() -> None:
    assert found("In my practice I see 3 couples a day.") == {"numbers_from_source": "info"}
    assert found("I see 3 couples.", rules=SummaryRules(anchors_needed=True)).keys() >= {"anchored"}


def test_a_missing_sample_and_a_summary_that_is_nowhere_cautious_are_warnings() -> None:
    sections = (section("studies", "Couples were asked about sleep.", 1), LIMITATIONS)
    assert {(one.check, one.severity) for one in check_summary(SOURCE, sections, "en")} == {
        ("sample_stated", "warning"),
        ("hedge_floor", "warning"),
    }


def test_eight_words_of_somebody_else_are_an_error_even_in_her_own_words() -> None:
    rules = SummaryRules(may_quote=False)
    text = "I read: closeness was associated with better sleep, and it may protect."
    checked = check_summary(SOURCE, (section("words", text),), "en", rules)
    assert [(one.check, one.severity) for one in checked] == [("overlap", "error")]
    assert text[slice(*checked[0].target_spans[0])] == "closeness was associated with better sleep, and it may protect"
    assert check_summary(SOURCE, (section("words", "Closeness was associated with sleep."),), "en", rules) == ()


def test_spans_of_the_source_count_in_the_anchored_sentences() -> None:
    checked = check_summary(SOURCE, (section("implications", "Closeness protects the heart.", 2),), "en")
    hedge = next(one for one in checked if one.where == "implications/1")
    text = anchored_text(SOURCE, (2,))
    assert [text[slice(*span)] for span in hedge.source_spans] == ["may"]


@pytest.mark.parametrize(
    ("text", "source", "language"),
    [
        ("Closeness improves sleep.", (SOURCE[0], "Closeness was associated with better sleep."), "en"),
        ("A proximidade melhora o sono.", (PORTUGUESE[0], "A proximidade esteve associada a um sono bom."), "pt_BR"),
    ],
)
def test_an_association_told_as_an_effect_is_a_warning(text: str, source: tuple[str, ...], language: str) -> None:
    assert found(text, 2, source=source, language=language)["causal_verbs"] == "warning"


@pytest.mark.parametrize(
    ("said", "limitation", "source", "language"),
    [
        ("In this study 120 couples were asked.", "It can not say what causes what.", SOURCE, "en"),
        ("Neste estudo, foram ouvidos 120 casais.", "Ele não permite dizer o que causa o quê.", PORTUGUESE, "pt_BR"),
    ],
)
def test_who_says_what_is_not_known_is_cautious(
    said: str, limitation: str, source: tuple[str, ...], language: str
) -> None:
    told = (section("studies", said, 1), section("limitations", limitation, 3))
    assert "hedge_floor" not in {one.check for one in check_summary(source, told, language)}
