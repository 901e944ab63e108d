"""Which texts are nearly the same."""

import random

from hypothesis import given
from hypothesis import strategies as st

from digest.works.shingles import Index, contained, share, shingles

WORDS = [f"word{number}" for number in range(3_000)]


def text(seed: int, words: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def test_a_half_a_teaser_and_an_edited_copy_are_found_and_other_texts_are_not() -> None:
    index = Index()
    for seed in range(60):
        index.add(f"text-{seed}", shingles(text(seed)))
    words = text(7).split()
    edited = " ".join("changed" if number % 25 == 0 else word for number, word in enumerate(words))

    for copy in (" ".join(words[:200]), " ".join(words[:70]), edited, f"Read it first at another place. {text(7)}"):
        name, found = index.nearest("new", shingles(copy))
        assert name == "text-7"
        assert found >= 0.6
    assert index.nearest("new", shingles(text(999)))[1] < 0.1


def test_a_text_of_a_few_words_is_like_nothing() -> None:
    assert contained("one two three", "one two three") == 0.0
    assert share(frozenset(), frozenset()) == 0.0


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_goes_both_ways_and_stays_between_none_and_all(one: str, other: str) -> None:
    assert contained(one, other) == contained(other, one)
    assert 0.0 <= contained(one, other) <= 1.0
