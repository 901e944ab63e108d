"""Localising: whose words come first, and that none of the author's is overwritten, lost or approved for her."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models.article import Article, Image
from digest.models.issue import Issue
from digest.models.segment import Segment, SegmentState
from digest.stages import localise as stage
from digest.stages.localise import localise, needed
from digest.text.memory import Memory, memory_of
from fakes_text import article, article_text, issue, section, story

FIRST, SECOND = "Good company makes a hard week easier.", "Loneliness is not the same as living alone."
FIRST_PT, SECOND_PT = (
    "Uma boa companhia deixa uma semana difícil mais leve.",
    "Solidão não é o mesmo que viver sozinho.",
)
TWINS = article(
    article_text("# Studies", FIRST, "# Limitations", SECOND),
    twin=article_text("# Estudos", FIRST_PT, "# Limitações", SECOND_PT, title="Laços", language="pt-BR"),
)
EMPTY = Memory()


def segment(key: str, source: str, target: str = "", state: SegmentState = "approved", **fields: Any) -> Segment:
    known: dict[str, Any] = {"origin": "human" if target else ""}
    return Segment(key=key, source=source, target=target, state=state if target else "untranslated", **known | fields)


def remembered(*pairs: tuple[str, str]) -> Memory:
    return memory_of([[segment(f"old/studies/{n}", source, target) for n, (source, target) in enumerate(pairs)]])


def localised(
    shown: Issue, *existing: Segment, memory: Memory = EMPTY, known: Article | None = None, locale: str = "pt_BR"
) -> dict[str, Segment]:
    segments, _ = localise(shown, {"post-1": known} if known else {}, existing, memory, locale)
    assert len({one.key for one in segments}) == len(segments)
    return {one.key: one for one in segments}


def two_studies(*sentences: str) -> Issue:
    return issue(story(section("studies", *sentences), title=" "))


def test_every_text_of_a_post_is_needed_in_the_order_of_the_file() -> None:
    picture = Image(url="https://blog.example.org/a.png", alt="Two circles", credit="Picture: Ana")
    post = story(
        section("studies", "One.", " ", "Two."),
        section("limitations", "Three."),
        image=picture,
        categories=("Ties", "Health"),
        copyright="All rights reserved",
    )

    assert [(one.key, one.source) for one in needed(issue(post), "pt_BR")] == [
        ("post-1/title", "Ties"),
        ("post-1/image_alt", "Two circles"),
        ("post-1/image_credit", "Picture: Ana"),
        ("post-1/tag/1", "Ties"),
        ("post-1/tag/2", "Health"),
        ("post-1/studies/1", "One."),
        ("post-1/studies/3", "Two."),
        ("post-1/limitations/1", "Three."),
        ("post-1/copyright", "All rights reserved"),
    ]


def test_the_title_of_a_study_is_cited_and_not_translated() -> None:
    study = story(section("words", "My view."), kind="study")

    assert [one.key for one in needed(issue(study), "pt_BR")] == ["post-1/words/1"]


@pytest.mark.parametrize(("language", "locale"), [("en-GB", "en"), ("pt", "pt_BR"), ("pt-PT", "pt_BR")])
def test_a_story_needs_nothing_in_its_own_language(language: str, locale: str) -> None:
    segments, report = localise(issue(story(language=language)), {}, (), EMPTY, locale)

    assert segments == ()
    assert report.skipped == (f"post-1: written in the language of {locale}",)


def test_a_story_of_unknown_language_is_needed_everywhere() -> None:
    shown = issue(story(language="und"))

    assert [len(needed(shown, locale)) for locale in ("en", "pt_BR")] == [1, 1]


def test_past_words_come_before_her_own_translation_and_that_before_nothing() -> None:
    shown = two_studies(FIRST, SECOND, "Nobody wrote this before.")

    found = localised(shown, memory=remembered((FIRST, "Boa companhia ajuda.")), known=TWINS)

    assert list(found.values()) == [
        Segment(
            key="post-1/studies/1", source=FIRST, target="Boa companhia ajuda.", state="draft", origin="memory:100"
        ),
        Segment(key="post-1/studies/2", source=SECOND, target=SECOND_PT, state="draft", origin="parallel"),
        Segment(key="post-1/studies/3", source="Nobody wrote this before."),
    ]


def test_the_memory_is_what_past_files_approved() -> None:
    past = [[segment("old/studies/1", FIRST, "Boa.")], [segment("new/studies/1", SECOND, "Só.", "draft")]]

    memory = stage.remembered(past)

    assert memory.exact(SECOND, "post-1/studies/1") is None
    found = memory.exact(FIRST, "post-1/studies/1")
    assert found
    assert found.target == "Boa."


def test_the_report_counts_where_the_words_come_from() -> None:
    shown = two_studies(FIRST, SECOND, "Nobody wrote this before.")

    _, report = localise(shown, {"post-1": TWINS}, (), remembered((FIRST, "Ajuda.")), "pt_BR")

    assert report.made == ("post-1 in pt_BR: 1 from memory, 1 from the author's translation, 1 untranslated",)
    assert report.problems == ()


def test_the_title_and_a_tag_come_from_the_twin_too() -> None:
    both = replace(
        TWINS,
        text=replace(TWINS.text, categories=("Love",)),
        twin=replace(TWINS.twin, categories=("Amor",)) if TWINS.twin else None,
    )

    found = localised(issue(story(categories=("Love",))), known=both)

    assert [(one.target, one.origin) for one in found.values()] == [("Laços", "parallel"), ("Amor", "parallel")]


def test_a_twin_in_another_language_is_of_no_use() -> None:
    spanish = replace(TWINS, twin=replace(TWINS.twin, language="es") if TWINS.twin else None)

    assert localised(two_studies(FIRST), known=spanish)["post-1/studies/1"].state == "untranslated"


def test_a_doubtful_place_in_the_twin_is_a_finding() -> None:
    post = article(
        article_text("# Studies", "We asked 90 people.", "# Limitations", FIRST),
        twin=article_text("# Estudos", "Perguntamos a 19 pessoas.", "# Limitações", FIRST_PT, language="pt"),
    )

    found = localised(two_studies("We asked 90 people."), known=post)["post-1/studies/1"]

    assert (found.target, found.state) == ("Perguntamos a 19 pessoas.", "draft")
    assert found.findings == ('alignment warning "the place in your own translation is uncertain"',)


def test_a_translation_that_joins_two_sentences_is_shown_and_not_used() -> None:
    joined = "As palavras podem soar técnicas, mas a ideia por trás delas é familiar."
    post = article(
        article_text("The words may sound technical. The idea behind them is familiar.", FIRST),
        twin=article_text(joined, FIRST_PT, language="pt"),
    )

    found = localised(two_studies("The words may sound technical.", FIRST), known=post)

    assert found["post-1/studies/1"].state == "untranslated"
    assert found["post-1/studies/1"].findings == (
        f'alignment warning "your translation joins two sentences: {joined}"',
    )
    assert found["post-1/studies/2"].target == FIRST_PT


@pytest.mark.parametrize("state", ["approved", "draft", "needs_edit"])
def test_what_is_in_the_file_stays_exactly_as_it_is(state: SegmentState) -> None:
    mine = segment("post-1/studies/1", FIRST, "Do meu jeito.", state, findings=('length warning "long"',))

    assert localised(two_studies(FIRST), mine, memory=remembered((FIRST, "X")), known=TWINS)[mine.key] is mine


def test_an_empty_entry_is_filled() -> None:
    blank = segment("post-1/studies/1", FIRST)

    assert localised(two_studies(FIRST), blank, known=TWINS)[blank.key].target == FIRST_PT
    assert localised(two_studies(FIRST), blank)[blank.key] == blank


def test_a_changed_source_asks_for_an_edit_and_keeps_her_words() -> None:
    mine = segment("post-1/studies/1", "It was so.", "Foi assim.", findings=('length warning "long"',))

    found = localised(two_studies("It may be so."), mine, memory=remembered(("It may be so.", "X")))[mine.key]

    assert found == Segment(
        key=mine.key,
        source="It may be so.",
        target="Foi assim.",
        state="needs_edit",
        origin="human",
        previous_source="It was so.",
    )


def test_a_source_that_changes_twice_remembers_what_the_words_were_written_for() -> None:
    mine = segment("post-1/studies/1", "B.", "Foi assim.", "needs_edit", previous_source="A.")

    assert localised(two_studies("C."), mine)[mine.key].previous_source == "A."


def test_a_source_that_changes_back_is_a_draft_and_not_approved() -> None:
    mine = segment("post-1/studies/1", "B.", "Foi assim.", "needs_edit", previous_source="A.")

    assert localised(two_studies("A."), mine)[mine.key] == segment(mine.key, "A.", "Foi assim.", "draft")


def test_a_sentence_that_moved_takes_its_approval_with_it() -> None:
    old = [segment("post-1/studies/1", FIRST, "Um."), segment("post-1/studies/2", SECOND, "Dois.")]

    found = localised(two_studies("A new one.", FIRST, SECOND), *old, known=TWINS)

    assert [(one.key, one.target, one.state) for one in found.values()] == [
        ("post-1/studies/1", "", "untranslated"),
        ("post-1/studies/2", "Um.", "approved"),
        ("post-1/studies/3", "Dois.", "approved"),
    ]


def test_a_sentence_does_not_move_to_another_story() -> None:
    shown = issue(story(section("studies", FIRST), title="", key="post-2"))

    found = localised(shown, segment("post-1/studies/1", FIRST, "Um."))

    assert found["post-2/studies/1"].state == "untranslated"
    assert found["post-1/studies/1"].target == "Um."


def test_an_untouched_machine_draft_gives_way_to_the_right_one() -> None:
    draft = localised(two_studies(FIRST), known=TWINS)["post-1/studies/1"]

    found = localised(two_studies(SECOND), draft, known=TWINS)

    assert [(one.target, one.state) for one in found.values()] == [(SECOND_PT, "draft")]


def test_a_machine_draft_that_she_mended_is_hers() -> None:
    draft = localised(two_studies(FIRST), known=TWINS)["post-1/studies/1"]

    found = localised(two_studies(SECOND), replace(draft, target="Meu jeito."), known=TWINS)[draft.key]

    assert (found.target, found.state, found.previous_source) == ("Meu jeito.", "needs_edit", FIRST)


def test_her_words_for_what_is_no_longer_shown_are_kept_at_the_end() -> None:
    hers = [
        segment("post-1/studies/7", "Cut.", "Cortado."),
        segment("post-9/title", "Gone", "Foi-se", "needs_edit", previous_source="Go"),
        segment("post-1/studies/8", "Typed.", "Escrito.", "draft"),
    ]
    machine = segment("post-1/studies/9", "Made.", "Feito.", "draft", origin="parallel")

    segments, report = localise(two_studies(FIRST), {}, [machine, *hers], EMPTY, "pt_BR")

    assert list(segments[1:]) == hers
    assert report.made[-1] == "3 sentences no longer needed are kept at the end of pt_BR.po"


def test_kept_words_never_share_a_key_with_what_is_shown() -> None:
    old = [segment("post-1/studies/1", "Cut.", "Cortado."), segment("post-1/studies/2", FIRST, "Um.")]

    found = localised(two_studies(FIRST), *old)

    assert found["post-1/studies/1"].target == "Um."
    assert [one.target for key, one in found.items() if key.startswith("post-1/studies/1/kept-")] == ["Cortado."]


def test_kept_words_come_back_with_their_sentence() -> None:
    kept = segment("post-1/studies/1/kept-0123abcd", "Cut.", "Cortado.")

    found = localised(two_studies(FIRST, "Cut."), kept)

    assert list(found) == ["post-1/studies/1", "post-1/studies/2"]
    assert found["post-1/studies/2"] == replace(kept, key="post-1/studies/2")


TEXTS = st.sampled_from([FIRST, SECOND, "A.", "B.", "Ties", ""])
TARGETS = st.sampled_from(["", "Um.", "Dois.", FIRST_PT, SECOND_PT])
KEYS = st.sampled_from(
    ["post-1/studies/1", "post-1/studies/2", "post-1/limitations/1", "post-1/title", "post-1/tag/1", "post-2/title"]
)
STATES: st.SearchStrategy[SegmentState] = st.sampled_from(["untranslated", "draft", "needs_edit", "approved"])


@st.composite
def segments_of_a_file(draw: st.DrawFn) -> Segment:
    target, state = draw(TARGETS), draw(STATES)
    return Segment(
        key=draw(KEYS),
        source=draw(TEXTS),
        target=target,
        state=state if target else "untranslated",
        origin=draw(st.sampled_from(["human", "memory", "parallel", ""])) if target else "",
        previous_source=draw(TEXTS) if target and state == "needs_edit" else None,
    )


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    sections = (
        section("studies", *draw(st.lists(TEXTS, max_size=3))),
        section("limitations", *draw(st.lists(TEXTS, max_size=2))),
    )
    stories = [story(*sections, title=draw(TEXTS), categories=tuple(draw(st.lists(TEXTS, max_size=2))))]
    if draw(st.booleans()):
        stories.append(story(key="post-2", title=draw(TEXTS), language=draw(st.sampled_from(["en", "pt"]))))
    return issue(*stories)


MEMORIES = st.lists(st.tuples(TEXTS, TARGETS), max_size=3).map(lambda pairs: remembered(*pairs))
FILES = st.lists(segments_of_a_file(), max_size=8)


@settings(max_examples=200, deadline=None)
@given(issues(), FILES, MEMORIES, st.sampled_from([{}, {"post-1": TWINS}]))
def test_whatever_the_file_nothing_is_lost_or_approved_and_again_changes_nothing(
    shown: Issue, existing: list[Segment], memory: Memory, articles: dict[str, Article]
) -> None:
    segments, _ = localise(shown, articles, existing, memory, "pt_BR")

    assert localise(shown, articles, segments, memory, "pt_BR")[0] == segments
    keys = [one.key for one in segments]
    assert len(keys) == len(set(keys))
    wanted = needed(shown, "pt_BR")
    assert [(one.key, one.source) for one in segments[: len(wanted)]] == [(one.key, one.source) for one in wanted]

    approved = {(one.source, one.target) for one in existing if one.state == "approved"}
    assert {(one.source, one.target) for one in segments if one.state == "approved"} <= approved
    hers = {one.target for one in existing if one.state in {"approved", "needs_edit"}}
    assert hers <= {one.target for one in segments}

    unique = {
        one.key: one for one in reversed(existing) if (one.key, one.source) in {(w.key, w.source) for w in wanted}
    }
    after = {one.key: one for one in segments}
    assert all(after[key] == one for key, one in unique.items() if one.target and _first_of_its_key(one, existing))


def _first_of_its_key(one: Segment, existing: list[Segment]) -> bool:
    same = [other for other in existing if (other.key, other.source) == (one.key, one.source)]
    return len(same) == 1
