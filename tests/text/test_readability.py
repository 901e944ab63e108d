"""Readability: syllables by vowels, Flesch for English, Martins for Portuguese, a band and the longest sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.readability import readability, syllables_in

PORTUGUESE = """
apego:3 água:2 solidão:3 saúde:3 casais:2 pessoa:3 história:3 quando:2 quem:1 guerra:2 ideia:3 muito:2 países:3 também:2
comunicação:5 ansiedade:5 mãe:1 não:1 noite:2 juiz:2 rainha:3 paciência:4 terapia:4 emoções:3 frequente:3 coração:3
aeroporto:5 leitura:3 família:3 viúva:3 dia:2 rua:2 ainda:3 saiu:2 conseguiu:3 seguem:2 aquilo:3 estudo:3 porque:2 línguas:2
"""
ENGLISH = """
attachment:3 people:2 love:1 couple:2 table:2 wanted:2 walked:1 therapy:3 study:2 studies:2 relationship:4 emotion:3 because:2
the:1 family:3 house:1 houses:2 beautiful:3 lives:1 makes:1 little:2 trial:2 being:2 social:2
"""


@pytest.mark.parametrize(("listed", "language"), [(PORTUGUESE, "pt_BR"), (ENGLISH, "en")])
def test_syllables_are_counted_by_vowels(listed: str, language: str) -> None:
    counted = {word: syllables_in(word, language) for word, _, _ in (one.partition(":") for one in listed.split())}
    assert counted == {word: int(number) for word, _, number in (one.partition(":") for one in listed.split())}


def test_plain_words_are_easy_and_learned_ones_hard() -> None:
    easy = readability("They met. They spoke. They slept well.", "en")
    hard = readability(
        "Attachment insecurity predicted physiological dysregulation during interpersonal conflict.", "en"
    )
    assert (easy and easy.band, hard and hard.band) == ("very easy", "very hard")


def test_the_same_words_in_portuguese_are_measured_by_its_own_constants() -> None:
    text = "Eles se encontraram ontem. Depois falaram muito e dormiram bem."
    portuguese, as_english = readability(text, "pt-BR"), readability(text, "en")
    assert portuguese
    assert as_english
    assert portuguese.score > as_english.score + 20


def test_the_two_longest_sentences_are_shown() -> None:
    read = readability("One two. One two three four. One. One two three.", "en")
    assert read
    assert read.longest == ("One two three four.", "One two three.")


@given(st.text(max_size=200), st.sampled_from(["en", "pt_BR", "fr", ""]))
def test_any_text_has_a_band_or_none(text: str, language: str) -> None:
    read = readability(text, language)
    assert read is None or read.band in {"very easy", "easy", "hard", "very hard"}
