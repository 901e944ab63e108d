"""Pairs: is there a translation, in the language it claims, of a credible length, with spans that say where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.checks.reading import LONGEST
from digest.text.findings import finding_line, identified, words_at
from digest.text.pair_checks import check_pair

ENGLISH = "The researchers found that lonely people slept worse than people with close friends."
SAME = "It is just so."
PORTUGUESE = "Os pesquisadores observaram que pessoas solitárias dormiam pior do que pessoas com amigos próximos."


def checks(source: str, target: str, source_lang: str = "en", target_lang: str = "pt_BR") -> list[str]:
    return [finding.check for finding in check_pair(source, target, source_lang, target_lang)]


def test_a_good_pair_has_no_findings_in_either_direction() -> None:
    assert checks(ENGLISH, PORTUGUESE) == []
    assert checks(PORTUGUESE, ENGLISH, "pt-BR", "en") == []


def test_a_missing_translation_is_one_error() -> None:
    assert checks(ENGLISH, " \n ") == ["untranslated"]
    assert checks("", "") == []


def test_a_translation_of_nothing_is_an_error() -> None:
    assert checks(" ", PORTUGUESE) == ["length"]


def test_an_unchanged_text_is_one_error() -> None:
    assert checks(ENGLISH, ENGLISH) == ["unchanged"]
    assert checks(PORTUGUESE, PORTUGUESE, "pt_BR", "en") == ["unchanged"]


def test_names_and_numbers_may_stay_as_they_are() -> None:
    assert checks("Holt-Lunstad J, 2010", "Holt-Lunstad J, 2010") == []


@pytest.mark.parametrize(
    "target",
    [
        "Los investigadores encontraron que las personas solas dormían peor que las que tienen amigos cercanos.",
        "Les chercheurs ont constaté que les personnes seules dormaient moins bien que celles qui ont des amis.",
        "I ricercatori hanno scoperto che le persone sole dormivano peggio delle persone con amici stretti.",
        "Die Forscher fanden heraus, dass einsame Menschen schlechter schliefen als Menschen mit engen Freunden.",
    ],
)
def test_a_third_language_is_an_error(target: str) -> None:
    assert "language" in checks(ENGLISH, target)
    assert "language" in checks(PORTUGUESE, target, "pt_BR", "en")


def test_a_cut_translation_is_a_warning() -> None:
    assert "length" in checks(ENGLISH, PORTUGUESE[:45])
    assert "length" in checks(PORTUGUESE, ENGLISH[:45], "pt", "en")


def test_an_explained_translation_is_a_warning() -> None:
    assert "length" in checks(ENGLISH, f"{PORTUGUESE} {PORTUGUESE}")


def test_doubled_words_are_named() -> None:
    target = PORTUGUESE.replace("dormiam", "dormiam dormiam")
    finding = check_pair(ENGLISH, target, "en", "pt_BR")[0]
    assert finding.check == "doubled_words"
    assert words_at(target, finding.target_spans) == "dormiam dormiam"


@pytest.mark.parametrize(
    ("source", "target", "check"),
    [
        ("They slept well (in both years).", "Dormiram bem nos dois anos).", "brackets_quotes"),
        ('She said "we talk" to them.', "Ela disse a eles que “conversamos.", "brackets_quotes"),
        ("They slept well in both years.", "Dormiram bem  nos dois anos.", "double_space"),
    ],
)
def test_small_slips_are_an_info_only(source: str, target: str, check: str) -> None:
    assert [(one.check, one.severity) for one in check_pair(source, target, "en", "pt_BR")] == [(check, "info")]


@pytest.mark.parametrize(
    ("source", "target", "part"),
    [
        (
            "People who sleep badly feel lonely the next day and do not know why.",
            "As pessoas que dormem mal se sentem sós the next day and do not know why.",
            "the next day and do not know why",
        ),
        (
            "O estudo acompanhou casais durante dois anos e mostrou que a solidão diminuiu com o tempo.",
            "The study followed couples for two years and it showed that the e que a solidão diminuiu com o tempo.",
            "e que a solidão diminuiu com o tempo",
        ),
    ],
)
def test_a_part_that_stayed_in_the_other_language_is_a_warning(source: str, target: str, part: str) -> None:
    languages = ("en", "pt_BR") if source.startswith("People") else ("pt_BR", "en")
    finding = next(one for one in check_pair(source, target, *languages) if one.check == "language")
    assert finding.severity == "warning"
    assert part in words_at(target, finding.target_spans)


def test_a_title_does_not_make_a_sentence_foreign() -> None:
    title = "The Body Keeps the Score: Brain, Mind and Body in the Healing of Trauma"
    assert checks(f"The author wrote {title} in 2014.", f"O autor escreveu {title} em 2014.") == []
    assert "language" in checks(f"The author wrote {title} in 2014.", f"The author wrote {title} on 2014.")


def test_a_title_may_stay_in_its_own_language() -> None:
    source = "In 2014 a book on trauma and on the people who live with it came out: The Body and the Score of the Mind."
    target = "Em 2014 saiu um livro sobre o trauma e sobre as pessoas que convivem com ele: The Body and the Score of the Mind."
    assert "language" not in checks(source, target)


def test_brackets_and_quotation_marks_of_another_form_are_the_same() -> None:
    assert checks('She said "yes" [twice].', "Ela disse “sim” (duas vezes).") == []


def test_a_huge_text_is_an_error_and_not_a_long_wait() -> None:
    assert "length" in checks("a " * LONGEST, "b " * LONGEST)


@pytest.mark.parametrize(
    "part",
    ["Silva, ", "Abc and Def, ", "1,1", "1 000 ", "x", "X", "9", "não ", "talvez ser ", "<a ", "a@", "est á a ", "%("],
)
def test_text_that_repeats_itself_for_pages_is_read_at_once(part: str) -> None:
    assert "length" in checks(part * LONGEST, f"{part * LONGEST}!")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_checks_and_spans_lie_inside(source: str, target: str) -> None:
    for pair in (("en", "pt_BR"), ("pt", "en"), ("xx", "")):
        for finding in check_pair(source, target, *pair):
            for spans, text in ((finding.source_spans, source), (finding.target_spans, target)):
                assert all(0 <= start <= end <= len(text) for start, end in spans)
            assert "\n" not in finding_line(finding, source, target)


def test_a_finding_reads_in_a_po_file_as_check_severity_and_words() -> None:
    finding = check_pair(SAME, SAME, "en", "pt")[0]
    assert finding_line(finding, SAME, SAME) == 'unchanged error "It is just so." / "It is just so."'
    missing = check_pair("Some words.", "", "en", "pt")[0]
    assert finding_line(missing, "Some words.", "") == 'untranslated error "Some words." / -'


def test_the_id_of_a_finding_changes_with_its_words_and_its_place() -> None:
    finding = check_pair("Some words.", "", "en", "pt")[0]
    marks = {
        identified(finding, source, "", where=where, locale=locale).finding_id
        for source, where, locale in (
            ("Some words.", "a/studies/1", "pt_BR"),
            ("Some words!", "a/studies/1", "pt_BR"),
            ("Some words.", "a/studies/2", "pt_BR"),
            ("Some words.", "a/studies/1", "en"),
        )
    }
    assert len(marks) == 4
