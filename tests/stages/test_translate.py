"""Asking an engine: only for what has no words, once for the same text, and never over a person's words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from digest.models.engine import EngineFailure, TranslationRequest, TranslationResult
from digest.models.glossary import Glossary, Term
from digest.models.issue import Issue
from digest.models.segment import Segment
from digest.stages.localise import checked, localise, translate
from digest.text.memory import Memory, memory_of
from fakes_engines import PHRASES, SENTENCES, TRANSLATED, FakeEngine
from fakes_text import issue, section, story

NONE = Glossary()
TERMS = Glossary(terms=(Term(en=("loneliness",), pt=("solidão",)), Term(en=("sleep",), pt=("sono",))))
FIRST, _, THIRD, _ = SENTENCES
SHOWN = issue(story(section("studies", *SENTENCES), title=" "))


class Counting(FakeEngine):
    """Keeps the requests too."""

    def __init__(self, phrases: dict[str, str] | None = None) -> None:
        super().__init__(phrases)
        self.asked: list[TranslationRequest] = []

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        self.asked += requests
        return super().translate(requests)


def run(
    shown: Issue, engine: Any, *existing: Segment, memory: Memory | None = None, glossary: Glossary = NONE
) -> tuple[Segment, ...]:
    past = memory or Memory()
    segments, _ = localise(shown, {}, existing, past, "pt_BR")
    return translate(shown, segments, engine, past, glossary, "pt_BR")[0]


def past(*pairs: tuple[str, str]) -> Memory:
    return memory_of(
        [[Segment(key=f"old/studies/{n}", source=a, target=b, state="approved") for n, (a, b) in enumerate(pairs)]]
    )


def test_what_has_no_words_is_drafted_and_never_approved() -> None:
    found = run(SHOWN, FakeEngine())

    assert tuple(one.target for one in found) == TRANSLATED
    assert {(one.state, one.origin) for one in found} == {("draft", "fake:1")}


def test_unchanged_text_costs_no_call_ever() -> None:
    engine = Counting()
    once = run(SHOWN, engine)
    again = run(SHOWN, engine, *once)
    approved = [replace(one, state="approved") for one in again]
    moved = issue(story(section("limitations", *reversed(SENTENCES)), title=" "))
    run(moved, engine, *again)
    run(issue(story(section("words", *SENTENCES), title=" ", key="post-9")), engine, memory=memory_of([approved]))

    assert again == once
    assert engine.calls == 1


def test_the_same_sentence_in_two_stories_is_asked_for_once() -> None:
    engine = Counting()
    two = issue(
        story(section("studies", FIRST, THIRD, FIRST), title=" "), story(section("words", FIRST), key="b", title=" ")
    )

    found = run(two, engine)

    assert [[one.text for one in request.passages] for request in engine.asked] == [[FIRST, THIRD]]
    assert [one.target for one in found] == [TRANSLATED[0], TRANSLATED[2], TRANSLATED[0], TRANSLATED[0]]


def test_a_persons_words_are_never_asked_for_or_replaced() -> None:
    engine = Counting()
    approved = Segment(key="post-1/studies/1", source=FIRST, target="Dela.", state="approved", origin="human")
    edited = replace(approved, key="post-1/studies/3", source=THIRD, state="needs_edit", previous_source="Other.")
    hers = (approved, edited)

    found = {one.key: one for one in run(SHOWN, engine, *hers)}

    kept = (found["post-1/studies/1"], replace(found["post-1/studies/3"], findings=()))
    assert kept == hers
    assert len(engine.asked[0].passages) == 2


def test_approved_words_of_an_engine_are_hers_when_the_source_changes() -> None:
    engine = Counting()
    approved = Segment(key="post-1/studies/1", source="Older text.", target="Texto.", state="approved", origin="fake:1")

    [found] = run(issue(story(section("studies", FIRST), title=" ")), engine, approved)

    assert (found.target, found.state, found.previous_source) == ("Texto.", "needs_edit", "Older text.")
    assert engine.calls == 0


def test_an_untouched_draft_is_made_again_when_its_source_changes() -> None:
    drafted = Segment(key="post-1/studies/1", source="Older text.", target="Texto.", state="draft", origin="fake:1")

    [found] = run(issue(story(section("studies", FIRST), title=" ")), FakeEngine(), drafted)

    assert (found.target, found.state, found.previous_source) == (TRANSLATED[0], "draft", None)


def test_only_the_sentences_of_a_changed_term_are_drafted_again() -> None:
    engine = Counting()
    once = run(SHOWN, engine, glossary=TERMS)
    changed = replace(TERMS, terms=(replace(TERMS.terms[0], pt=("isolamento",)), TERMS.terms[1]))
    run(SHOWN, engine, *once, glossary=changed)
    run(SHOWN, engine, *once, glossary=replace(TERMS, terms=TERMS.terms[:1]))

    assert [[one.text for one in request.passages] for request in engine.asked] == [list(SENTENCES), [THIRD]]
    assert [term.target for term in engine.asked[1].terms] == ["isolamento"]


def test_an_engine_is_shown_the_nearest_approved_sentences() -> None:
    engine = Counting()
    near = ("Loneliness may raise the risk of late death.", "A solidão pode elevar o risco de morte tardia.")
    run(SHOWN, engine, memory=past(near, ("Nothing like it at all.", "Nada.")))

    assert [(one.source, one.target) for one in engine.asked[0].examples] == [near]


def test_a_failing_engine_leaves_everything_as_it_is_and_is_told_once() -> None:
    class Broken:
        name = "broken"

        def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
            return tuple(EngineFailure(kind="key", reason="broken: no.", mend="Mend it.") for _ in requests)

    two = issue(story(section("studies", FIRST), title=" "), story(section("words", THIRD), key="b", title=" "))
    segments, _ = localise(two, {}, (), Memory(), "pt_BR")
    found, report = translate(two, segments, Broken(), Memory(), NONE, "pt_BR")

    assert found == segments
    assert [(one.what, one.mend) for one in report.problems] == [("broken: no.", "Mend it.")]


def test_without_an_engine_similar_words_are_filled_in_to_be_edited() -> None:
    near = ("Loneliness may raise the risk of late death.", "A solidão pode elevar o risco de morte tardia.")
    found = run(SHOWN, FakeEngine({}), memory=past(near))[2]

    assert (found.target, found.state, found.origin, found.previous_source) == (
        near[1],
        "needs_edit",
        "memory:87",
        near[0],
    )
    assert found.findings == ('memory warning "87 %: late -> early"',)


def test_other_numbers_are_filled_in_marked_and_cost_no_call() -> None:
    engine = Counting()
    shown = issue(story(section("studies", "We asked 412 adults about sleep."), title=" "))
    [found] = run(shown, engine, memory=past(("We asked 308 adults about sleep.", "Perguntamos a 308 adultos.")))

    assert (found.state, found.origin, engine.calls) == ("needs_edit", "memory:99", 0)
    assert found.findings[0] == 'memory warning "99 %: 308 -> 412"'


def test_words_filled_in_from_a_similar_sentence_go_when_the_sentence_goes() -> None:
    shown = issue(story(section("studies", "We asked 412 adults about sleep."), title=" "))
    filled = run(shown, FakeEngine({}), memory=past(("We asked 308 adults about sleep.", "Perguntamos a 308.")))

    assert run(issue(story(section("studies", FIRST), title=" ")), FakeEngine({}), *filled)[0].target == ""


def test_findings_stand_beside_drafts_and_go_when_the_words_are_mended() -> None:
    wrong = FakeEngine(PHRASES | {THIRD: THIRD})
    drafted = run(SHOWN, wrong)
    found = checked(SHOWN, drafted, NONE, "pt_BR")
    mended = replace(found[2], target=TRANSLATED[2], origin="human")

    assert found[0].findings == ()
    assert found[2].findings[0].startswith("unchanged error")
    assert checked(SHOWN, [mended], NONE, "pt_BR")[0].findings == ()
    assert checked(SHOWN, found, NONE, "pt_BR") == found
