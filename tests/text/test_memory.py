"""Approved words of past issues, found again."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.models.segment import Segment, SegmentState
from digest.text.memory import Memory, _ratio, _words, memory_of, normalised, place_of


def segment(key: str, source: str, target: str, state: SegmentState = "approved") -> Segment:
    return Segment(key=key, source=source, target=target, state=state, origin="human")


def target(memory: Memory, source: str, key: str) -> str | None:
    found = memory.exact(source, key)
    return found.target if found else None


def test_the_same_source_is_found_whatever_its_quotes_and_spaces() -> None:
    memory = memory_of([[segment("post-1/studies/1", "It\u2019s  \u201cgood\u201d \u2013 yes.", "É bom.")]])

    assert target(memory, 'It\'s "good" - yes.', "post-2/studies/4") == "É bom."


@pytest.mark.parametrize("source", ["it's good.", "It is good", "Its good."])
def test_a_text_that_differs_in_a_letter_is_another_text(source: str) -> None:
    memory = memory_of([[segment("post-1/studies/1", "It's good.", "É bom.")]])

    assert target(memory, source, "post-2/studies/1") is None


@pytest.mark.parametrize("state", ["draft", "needs_edit", "untranslated"])
def test_only_approved_words_are_remembered(state: SegmentState) -> None:
    assert target(memory_of([[segment("post-1/title", "Ties", "Laços", state)]]), "Ties", "post-2/title") is None


def test_an_empty_translation_is_none() -> None:
    assert target(memory_of([[segment("post-1/title", "Ties", " ")]]), "Ties", "post-2/title") is None


def test_the_same_place_wins_over_a_newer_issue() -> None:
    memory = memory_of([[segment("post-1/tag/1", "Ties", "Vínculos")], [segment("post-2/title", "Ties", "Laços")]])

    assert target(memory, "Ties", "post-3/tag/2") == "Vínculos"
    assert target(memory, "Ties", "post-3/title") == "Laços"


def test_the_newest_issue_wins_where_no_place_is_the_same() -> None:
    memory = memory_of([[segment("post-1/tag/1", "Ties", "Vínculos")], [segment("post-2/title", "Ties", "Laços")]])

    assert target(memory, "Ties", "post-3/studies/1") == "Laços"


def test_the_newest_of_one_place_wins() -> None:
    memory = memory_of([[segment("a/tag/1", "Ties", "Vínculos")], [segment("b/tag/2", "Ties", "Laços")]])

    assert target(memory, "Ties", "c/tag/3") == "Laços"


def test_a_place_is_the_key_without_story_and_number() -> None:
    assert [place_of(key) for key in ("a/title", "a/tag/12", "a/studies/3", "a")] == ["title", "tag", "studies", ""]


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


PAST = memory_of(
    [
        [
            segment("old/studies/1", "The first study asked 308 adults about sleep.", "O primeiro estudo ouviu 308."),
            segment("old/studies/2", "It found a weak link.", "Encontrou uma ligação fraca."),
            segment("old/limitations/1", "It found a weak link.", "Achou um elo fraco."),
        ]
    ]
)


def test_a_sentence_between_the_same_neighbours_is_surer_than_the_same_sentence() -> None:
    first = "The first study asked 308 adults about sleep."
    in_context = PAST.exact("It found a weak link.", "new/words/9", first)
    elsewhere = PAST.exact("It found a weak link.", "new/limitations/2", "Another one.")

    assert in_context
    assert elsewhere
    assert (in_context.percent, in_context.target) == (101, "Encontrou uma ligação fraca.")
    assert (elsewhere.percent, elsewhere.target) == (100, "Achou um elo fraco.")


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("The first study asked 412 adults about sleep.", ("308 -> 412",)),
        ("The first study asked 1,412 adults about sleep!", ("308 -> 1,412", "sleep. -> sleep!")),
        ("The first study, asked 308 adults about sleep.", ("study -> study,",)),
    ],
)
def test_the_same_but_for_numbers_or_punctuation_is_told_with_what_changed(
    source: str, changed: tuple[str, ...]
) -> None:
    found = PAST.but_for_numbers(source)

    assert found
    assert (found.percent, found.changed) == (99, changed)


@pytest.mark.parametrize("source", ["308", "", "!!", "The first study asked no adults about sleep."])
def test_other_words_or_none_are_not_the_same_but_for_numbers(source: str) -> None:
    assert PAST.but_for_numbers(source) is None


def test_a_similar_sentence_is_found_with_its_changed_words_marked() -> None:
    [found] = PAST.similar("The second study asked 308 adults about dreams.")

    assert (found.percent, found.changed) == (75, ("first -> second", "sleep. -> dreams."))
    assert PAST.similar("The second trial asked 308 adults about dreams.") == ()


@pytest.mark.parametrize("source", ["", "?", "word " * 200_000, "\u202e\x00", "{c1} %(a)s {{x}}"])
def test_whatever_is_asked_the_memory_answers(source: str) -> None:
    assert PAST.similar(source) == ()
    assert PAST.exact(source, "a/b/1") is None


WORDS = st.lists(st.sampled_from("the study found no link between sleep and 3 adults".split()), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@example(known=[["the"] * 3], asked=["the"] * 7, least=60)
@given(st.lists(WORDS, max_size=12), WORDS, st.sampled_from([60, 75, 90]))
def test_the_index_finds_whatever_comparing_with_all_would_find(
    known: list[list[str]], asked: list[str], least: int
) -> None:
    sources = [" ".join(words) for words in known]
    memory = memory_of([[segment(f"a/studies/{n}", source, "x") for n, source in enumerate(sources)]])

    found = memory.similar(" ".join(asked), least=least, most=100)

    near = {source for source in sources if _ratio(tuple(asked), _words(source), least / 100)}
    assert {match.source for match in found} == near
