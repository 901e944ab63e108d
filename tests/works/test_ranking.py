"""The study she would write about is among the first; every choice has its reason; the same input gives the same order."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models.interests import Interests
from digest.models.work import Notice, Work, WorkText
from digest.works.apa import apa_line
from digest.works.ranking import Liked, Profile, Rankable, beside_the_usual, chosen, profile_of, rank
from digest.works.study_filters import ANIMALS, LANGUAGE, MUTED, NO_STUDY, RETRACTED, TOO_OLD, refusal
from ranking_set import AUTHOR_TOPICS, author_year, half_hers, noise
from works_examples import CROSSREF

TODAY = date(2026, 11, 25)


def study(
    name: str, title: str, *, abstract: str = "", journal: str = "J", language: str = "en", days: int = 10
) -> Rankable:
    return Rankable(
        name=name,
        title=title,
        abstract=abstract,
        journal=journal,
        language=language,
        published=TODAY - timedelta(days=days),
    )


POSTS = profile_of(
    [
        Liked(
            kind="post", name="On loneliness", text="Loneliness in couples far from home. Loneliness hurts.", when=TODAY
        ),
        Liked(kind="topic", name="attachment", text="attachment insecurity"),
    ]
)


@pytest.mark.parametrize("near", [0, pytest.param(20, marks=pytest.mark.no_cover)])
def test_the_study_she_wrote_about_is_among_the_first_eight_of_two_hundred(near: int) -> None:
    """Her posts in time order: the profile is made of the earlier ones only; `near` others are partly about her topics."""
    places = []
    rng = random.Random(3)
    posts = author_year(rng)
    for number in range(4, len(posts)):
        earlier = [one.liked for one in posts[:number]]
        when = posts[number].when
        studies = [posts[number].study, *half_hers(rng, near, when), *noise(rng, 199 - near, when)]
        rng.shuffle(studies)
        ranked = rank(studies, profile_of(earlier), today=posts[number].when)
        listed = chosen(ranked, {one.name: one for one in studies}, 8)
        places.append(posts[number].study.name in listed)

    assert len(places) >= 8
    assert sum(places) / len(places) >= 0.9
    assert len(AUTHOR_TOPICS) > 5


def test_the_reason_is_her_own_words_and_whose_they_are() -> None:
    [best, other] = rank([study("a", "Loneliness of couples"), study("b", "Bridges of steel")], POSTS, today=TODAY)

    assert best.name == "a"
    assert {because.term for because in best.because} >= {"loneliness", "couple"}
    assert {because.source for because in best.because} == {"On loneliness"}
    assert other.because == ()


def test_a_newer_study_comes_first_where_nothing_else_differs() -> None:
    ranked = rank([study("old", "Loneliness", days=600), study("new", "Loneliness", days=1)], POSTS, today=TODAY)
    assert [one.name for one in ranked] == ["new", "old"]


def test_no_bonus_outranks_the_topic() -> None:
    strong = replace(study("strong", "Cooking", days=1), strong_design=True, journal="Known")
    ranked = rank(
        [strong, study("topic", "Loneliness", days=300)], replace(POSTS, journals=frozenset({"known"})), today=TODAY
    )
    assert ranked[0].name == "topic"


def test_two_of_a_journal_are_enough_while_there_are_others() -> None:
    same = [
        study(f"s{number}", f"Loneliness {word}", journal="Same") for number, word in enumerate(("one", "two", "three"))
    ]
    other = study("other", "Loneliness and attachment insecurity in couples", journal="Other", days=400)
    ranked = rank([*same, other], POSTS, today=TODAY)
    listed = chosen(ranked, {one.name: one for one in (*same, other)}, 3)
    assert "other" in listed
    assert len(listed) == 3


def test_one_place_is_kept_for_work_in_portuguese() -> None:
    english = [study(f"e{number}", f"Loneliness couples {number}", journal=f"J{number}") for number in range(9)]
    portuguese = study("pt", "Solidão", abstract="Loneliness was asked about once.", language="pt", days=300)
    ranked = rank([*english, portuguese], POSTS, today=TODAY)
    studies = {one.name: one for one in (*english, portuguese)}
    assert "pt" in chosen(ranked, studies, 8)


def test_one_place_is_for_something_outside_her_usual_topics() -> None:
    profile = profile_of(
        [Liked(kind="topic", name=name, text=name) for name in ("loneliness", "couples", "forgiveness")]
    )
    usual = [study(f"u{number}", f"Loneliness couples {number}", journal=f"J{number}") for number in range(12)]
    other = study("other", "Forgiveness", journal="Other", days=700)
    studies = {one.name: one for one in (*usual, other)}
    ranked = rank(tuple(studies.values()), profile, today=TODAY)
    taken = tuple(one.name for one in usual[:8])
    assert beside_the_usual(ranked, taken) == "other"
    assert beside_the_usual(ranked, (*taken, "other")) == ""


def test_a_skip_counts_against_and_a_pick_for() -> None:
    picked = profile_of(
        [Liked(kind="pick", name="P", text="forgiveness"), Liked(kind="skip", name="S", text="neurology")]
    )
    ranked = rank([study("s", "Neurology"), study("p", "Forgiveness"), study("n", "Bridges")], picked, today=TODAY)
    assert [one.name for one in ranked] == ["p", "n", "s"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=12), st.randoms(use_true_random=False))
def test_the_order_does_not_hang_on_the_order_of_the_input(texts: list[str], rng: random.Random) -> None:
    studies = [study(f"s{number}", text, abstract=text) for number, text in enumerate(texts)]
    shuffled = rng.sample(studies, len(studies))
    names = {one.name: one for one in studies}
    first, second = rank(studies, POSTS, today=TODAY), rank(shuffled, POSTS, today=TODAY)
    assert [one.name for one in first] == [one.name for one in second]
    listed = chosen(first, names, 8)
    assert listed == chosen(second, names, 8)
    assert len(listed) == len(set(listed)) == min(8, len(studies))


def test_nothing_to_rank_and_nothing_known_are_no_failure() -> None:
    assert rank([], POSTS, today=TODAY) == ()
    [only] = rank([study("a", "Anything")], Profile(weights={}, sources={}), today=TODAY)
    assert only.score == 0


WANTED = Interests(muted=("rats", "erotic plasticity"))


@pytest.mark.parametrize(
    ("work", "text", "language", "age", "message"),
    [
        (replace(CROSSREF, types=("Published Erratum",)), "", "en", 1, NO_STUDY),
        (replace(CROSSREF, types=("Journal Article", "Editorial")), "", "en", 1, NO_STUDY),
        (replace(CROSSREF, notice_of=("10.5555/x",)), "", "en", 1, NO_STUDY),
        (replace(CROSSREF, notices=(Notice(kind="retraction", doi=None, date="", source="pubmed"),)), "", "en", 1, RETRACTED),
        (replace(CROSSREF, titles=(WorkText(language="en", text="RETRACTED: A", source="crossref"),)), "", "en", 1, RETRACTED),
        (replace(CROSSREF, keywords=("Animals",)), "", "en", 1, ANIMALS),
        (None, "", "en", 2_000, TOO_OLD),
        (None, "", "de", 1, LANGUAGE),
        (None, "On Rats and people", "en", 1, MUTED),
        (None, "Erotic plasticity of couples", "en", 1, MUTED),
        (None, "Erratic plasticity", "", 1, ""),
        (replace(CROSSREF, keywords=("Animals", "Humans"), types=("Review", "Editorial")), "", "pt-BR", 1, ""),
    ],
)  # fmt: skip
def test_what_is_no_study_for_her_is_not_offered_and_the_reason_is_told(
    work: Work | None, text: str, language: str, age: int, message: str
) -> None:
    found = refusal(work, text, language, TODAY - timedelta(days=age), WANTED, today=TODAY)
    assert (found.message if found else "") == message


def test_a_reference_is_one_line_of_apa_in_each_locale() -> None:
    people = "Example, A. B., & The Night Group (2025). Shared worries and sleep in couples: A trial. "
    assert apa_line(CROSSREF, "en") == people + "Journal of Nights, 12(3), 101–119. https://doi.org/10.5555/sleep.1"
    assert apa_line(CROSSREF, "pt_BR").startswith("Example, A. B. e The Night Group (2025).")
    bare = Work(titles=(WorkText(language="en", text="Why?", source="feed"),))
    assert (apa_line(bare, "en"), apa_line(bare, "pt_BR")) == ("Why? (n.d.).", "Why? (s.d.).")
