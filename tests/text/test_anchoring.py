"""Anchors by likeness, for summaries that name none."""

from digest.text.anchoring import anchors_for

SOURCE = (
    "Couples who talk sleep better.",
    "We asked 412 adults.",
    "Loneliness was linked to poorer health.",
    "It rained.",
)


def test_the_likest_sentences_and_those_with_its_numbers_are_named() -> None:
    assert anchors_for("Loneliness and poorer health were linked in 412 people.", SOURCE) == (2, 3)


def test_a_sentence_that_is_like_none_has_no_anchor() -> None:
    assert anchors_for("Cats purr.", SOURCE) == ()
    assert anchors_for("", ()) == ()
