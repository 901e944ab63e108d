"""Which language a text is in, and when nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.language import UNKNOWN, identify, likely_language, primary_subtag, same_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Loneliness may raise the risk of an early death.", "en"),
        ("A solidão pode aumentar o risco de morte precoce.", "pt"),
        ("Os casais que participam de pesquisas talvez sejam diferentes dos outros.", "pt"),
        ("Couples who take part in research might differ from those who do not.", "en"),
        ("Los estudios de la soledad y el apego en una pareja con hijos", "und"),
        ("Le risque de mourir est plus grand dans cette étude", "und"),
        ("Die Studie ist nicht mit der anderen zu vergleichen", "und"),
        ("John Bowlby, 1969", "und"),
        ("EFT", "und"),
        ("12 345 < 6", "und"),
        ("", "und"),
    ],
)
def test_a_text_is_in_the_language_of_its_small_words(text: str, expected: str) -> None:
    language, confidence = identify(text)

    assert language == expected
    assert (confidence > 0) == (expected != "und")


def test_more_text_makes_more_sure() -> None:
    sentence = "It is the bond that matters to us. "

    assert identify(sentence * 3)[1] > identify(sentence)[1]


def test_a_long_text_of_two_languages_is_not_sure() -> None:
    half_and_half = "the of and to is that for with was de que os da não por mais foi são"

    assert identify(half_and_half)[1] < 0.5


@given(st.text(max_size=500))
def test_any_text_has_an_answer(text: str) -> None:
    language, confidence = identify(text)

    assert language in {"en", "pt", "und"}
    assert 0.0 <= confidence <= 1.0


@pytest.mark.parametrize(("first", "second"), [("pt", "pt_BR"), ("pt-PT", "PT_br"), ("en-GB", "en"), ("es", "es-419")])
def test_a_region_makes_no_other_language(first: str, second: str) -> None:
    assert same_language(first, second)
    assert same_language(second, first)


@pytest.mark.parametrize(("first", "second"), [("en", "pt_BR"), ("", ""), ("und", "und"), ("", "en"), ("e", "en")])
def test_different_and_unknown_languages_are_not_the_same(first: str, second: str) -> None:
    assert not same_language(first, second)
    assert not same_language(second, first)


def test_the_primary_subtag_stands_before_either_mark() -> None:
    assert (primary_subtag(" pt-BR "), primary_subtag("pt_BR"), primary_subtag("EN"), primary_subtag("")) == (
        "pt",
        "pt",
        "en",
        "",
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "O sono importa.",
        "O casal come junto.",
        "O par se une.",
        "O apego inseguro tem sido relacionado a dificuldades no sono.",
        "As dificuldades do casal.",
    ],
)
def test_a_word_that_a_neighbour_has_too_makes_no_portuguese_sentence_foreign(sentence: str) -> None:
    assert likely_language(sentence) in {"pt", UNKNOWN}
