"""Which locale a language tag or an `Accept-Language` header gets: any string is answered, Portuguese always as Portuguese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.i18n import accepted_locale, choose_locale

BOTH = ("en", "pt_BR")
SUBTAGS = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)
ORDERS = st.permutations(BOTH)


@given(st.sampled_from(["pt", "PT", "Pt", "por", "POR"]), st.lists(SUBTAGS, max_size=4), st.sampled_from("-_"), ORDERS)
def test_every_kind_of_portuguese_gets_brazilian(
    language: str, more: list[str], mark: str, available: list[str]
) -> None:
    assert choose_locale(mark.join([language, *more]), available) == "pt_BR"


@given(st.text(max_size=40), ORDERS)
def test_anything_else_gets_english(tag: str, available: list[str]) -> None:
    if not tag.strip().lower().startswith(("pt", "por")):
        assert choose_locale(tag, available) == "en"
    assert choose_locale(tag, available) in available


@given(st.from_regex(r"(?!pt|por)[a-z]{2,3}(-[A-Z]{2})?", fullmatch=True))
def test_every_other_language_gets_english(tag: str) -> None:
    assert choose_locale(tag, BOTH) == "en"


@given(st.text(max_size=60))
def test_the_choice_does_not_depend_on_case_marks_or_blanks(tag: str) -> None:
    assert (
        choose_locale(f" {tag.upper()} ", BOTH) == choose_locale(tag.lower().replace("-", "_"), BOTH)
        or not tag.isascii()
    )


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt_BR"),
        ("en-US,en;q=0.9,pt;q=0.8", "en"),
        ("fr-FR, pt;q=0.8, en;q=0.5", "pt_BR"),
        ("fr, de;q=0.5", "en"),
        ("en;q=0.3, pt-PT;q=0.7", "pt_BR"),
        ("pt;q=0, *", "en"),
        ("pt ; q = 0.5 , en ; q=0.4", "pt_BR"),
        ("pt;q=high, en;q=0.1", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_a_header_gets_the_first_wish_that_can_be_met(header: str, locale: str) -> None:
    assert accepted_locale(header, BOTH) == locale


@given(st.text(max_size=200))
def test_any_header_is_answered(header: str) -> None:
    assert accepted_locale(header, BOTH) in BOTH
