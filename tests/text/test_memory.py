"""Approved words of past issues, found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.segment import Segment, SegmentState
from digest.text.memory import memory_of, normalised, place_of


def segment(key: str, source: str, target: str, state: SegmentState = "approved") -> Segment:
    return Segment(key=key, source=source, target=target, state=state, origin="human")


def test_the_same_source_is_found_whatever_its_quotes_and_spaces() -> None:
    memory = memory_of([[segment("post-1/studies/1", "It\u2019s  \u201cgood\u201d \u2013 yes.", "É bom.")]])

    assert memory.target('It\'s "good" - yes.', "post-2/studies/4") == "É bom."


@pytest.mark.parametrize("source", ["it's good.", "It is good", "Its good."])
def test_a_text_that_differs_in_a_letter_is_another_text(source: str) -> None:
    memory = memory_of([[segment("post-1/studies/1", "It's good.", "É bom.")]])

    assert memory.target(source, "post-2/studies/1") is None


@pytest.mark.parametrize("state", ["draft", "needs_edit", "untranslated"])
def test_only_approved_words_are_remembered(state: SegmentState) -> None:
    assert memory_of([[segment("post-1/title", "Ties", "Laços", state)]]).target("Ties", "post-2/title") is None


def test_an_empty_translation_is_none() -> None:
    assert memory_of([[segment("post-1/title", "Ties", " ")]]).target("Ties", "post-2/title") is None


def test_the_same_place_wins_over_a_newer_issue() -> None:
    memory = memory_of([[segment("post-1/tag/1", "Ties", "Vínculos")], [segment("post-2/title", "Ties", "Laços")]])

    assert memory.target("Ties", "post-3/tag/2") == "Vínculos"
    assert memory.target("Ties", "post-3/title") == "Laços"


def test_the_newest_issue_wins_where_no_place_is_the_same() -> None:
    memory = memory_of([[segment("post-1/tag/1", "Ties", "Vínculos")], [segment("post-2/title", "Ties", "Laços")]])

    assert memory.target("Ties", "post-3/studies/1") == "Laços"


def test_the_newest_of_one_place_wins() -> None:
    memory = memory_of([[segment("a/tag/1", "Ties", "Vínculos")], [segment("b/tag/2", "Ties", "Laços")]])

    assert memory.target("Ties", "c/tag/3") == "Laços"


def test_a_place_is_the_key_without_story_and_number() -> None:
    assert [place_of(key) for key in ("a/title", "a/tag/12", "a/studies/3", "a")] == ["title", "tag", "studies", ""]


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
