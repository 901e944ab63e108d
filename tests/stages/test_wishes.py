"""A reader chooses language and frequency with the words that the footer prints, in any language of the newsletter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.i18n import words
from digest.views.wishes import choices, wishes_in

LOCALES = ("pt_BR", "en")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_that_the_footer_prints_is_understood(locale: str) -> None:
    printed = choices(words(locale), LOCALES)

    assert printed == {"pt_BR": ("inglês", "uma vez por mês", "todas as edições"),
                       "en": ("Portuguese", "once a month", "every issue")}[locale]  # fmt: skip
    other = next(one for one in LOCALES if one != locale)
    assert [wishes_in(word, LOCALES) for word in printed] == [
        {"locale": other}, {"frequency": "monthly"}, {"frequency": "every"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("english", {"locale": "en"}),
        ("\n  Em INGLES, por favor.\n\nBeatriz", {"locale": "en"}),
        ("Portugues e uma vez por mes", {"locale": "pt_BR", "frequency": "monthly"}),
        ("Hello, in Portuguese please! Thank you", {"locale": "pt_BR"}),
        ("português (Brasil)", {"locale": "pt_BR"}),
        ("Brazilian Portuguese", {"locale": "pt_BR"}),
        ("“Once a month”", {"frequency": "monthly"}),
        ("English, Portuguese", {}),
        ("I read your last post in English and liked it.", {}),
        ("Portuguese. What is attachment?", {}),
        ("Hello\nPortuguese", {}),
        ("French", {}),
        ("", {}),
        ("english " * 50, {}),
    ],
)
def test_an_answer_means_what_it_says_and_nothing_else(text: str, wishes: dict[str, str]) -> None:
    assert wishes_in(text, LOCALES) == wishes


def test_where_there_is_one_language_only_the_frequency_is_offered() -> None:
    assert choices(words("en"), ("en",)) == ("once a month", "every issue")


@given(st.text(max_size=120))
def test_any_text_may_come(text: str) -> None:
    assert set(wishes_in(text, LOCALES)) <= {"locale", "frequency"}
