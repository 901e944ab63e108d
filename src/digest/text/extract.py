"""A summary made of the text's own sentences, under the author's three headings.

For research text the end says more than the lead, and the caveats are what a summary must not drop, so limitations are
chosen first and hedged sentences are preferred. Cue words, likeness to the whole text (centroid), position and maximal
marginal relevance (Carbonell and Goldstein 1998) choose; nothing is rephrased, and a heading that the text does not
fill stays empty. A sentence that leans on another ("This result ...") is taken together with it, or not at all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from digest.models.article import HEADINGS, ArticleText, Heading
from digest.models.issue import Section, Sentence
from digest.text.choosing import Choice
from digest.text.cues import caveat_score, cue_score, hedged, is_aside, mapped_heading, states_limitation
from digest.text.leaning import counts_on, leans, speaks_of_its_study, vague
from digest.text.placed import Placed, labelled_sentences, placed_sentences
from digest.text.telling import main_results, states_aim, states_sample

_FIRST_CHOSEN: tuple[Heading, ...] = ("limitations", "implications", "studies")
_SHORTEST = 4
"""Words; less is a label or a reference, not a statement."""
_LONGEST = 90
"""Words; more is a list or a broken page."""
_CAVEAT = 0.4
"""Caveat score of a sentence that says what is not known, not only "may"."""
_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*(?:\[[\d,;–\s-]+\])?\Z")


def source_sentences(text: ArticleText) -> tuple[str, ...]:
    """Return all sentences of the paragraphs and items, in order; anchors count them from 1."""
    return tuple(sentence for _, sentence in labelled_sentences(text))


def extract(text: ArticleText, sentences: int) -> tuple[Section, ...]:
    """Return up to `sentences` verbatim sentences a heading, in the order studies, implications, limitations.

    Each sentence is anchored in its own source sentence, keeps its place in the original order and stands under one
    heading only. With the author's headings in the text each section speaks for itself; a heading she did not write
    is filled by cue words from what stands outside her sections (limitations: from anywhere). A heading for which
    nothing is found is left out.
    """
    placed = placed_sentences(text)
    used: set[int] = set()
    chosen: dict[Heading, list[Placed]] = {}
    for heading in _FIRST_CHOSEN:
        usable = [one for one in placed if one.number not in used and _is_statement(one.text)]
        choice = Choice(usable=usable, worth=partial(_worth, heading=heading), alone=partial(_alone, heading=heading))
        candidates = _candidates(heading, usable)
        chosen[heading] = choice.best(candidates, sentences, room=sentences)
        if heading == "limitations" and candidates and sentences and not chosen[heading]:
            # A caveat that leans is better than none.
            chosen[heading] = [choice.worthiest(candidates)]
        used.update(sentence.number for sentence in chosen[heading])
    return tuple(
        Section(heading=heading, sentences=tuple(_verbatim(one) for one in _in_order(chosen[heading])))
        for heading in HEADINGS
        if chosen[heading]
    )


def extract_best(text: ArticleText, total: int) -> tuple[Section, ...]:
    """Return up to `total` verbatim sentences of a whole text under the headings that their words speak for.

    For texts of research, which state their result and their doubts at the end: a quarter of the sentences (one at
    least) is kept for what is not known or not sure, the rest is chosen by what it is for (the first results, who took
    part), cue words, likeness to the whole, place and novelty.
    """
    usable = [one for one in placed_sentences(text) if one.label != "other" and _is_statement(one.text)]
    caveats = [one for one in usable if caveat_score(one.text) > 0]
    careful = Choice(usable=usable, worth=_caveat_worth, alone=_alone_in_research)
    chosen = careful.best(caveats, max(1, total // 4), room=total)
    if not chosen and caveats and total:
        chosen = [careful.worthiest(caveats)]
    telling = Choice(usable=usable, worth=partial(_whole_worth, purpose=_purposes(usable)), alone=_alone_in_research)
    chosen += telling.best(usable, total, room=total, before=chosen)
    headings = _headings_for(_in_order(chosen), telling)
    return tuple(
        Section(heading=heading, sentences=tuple(_verbatim(one) for one, given in headings if given == heading))
        for heading in HEADINGS
        if any(given == heading for _, given in headings)
    )


def _in_order(chosen: Iterable[Placed]) -> list[Placed]:
    return sorted(chosen, key=lambda one: one.number)


def _verbatim(sentence: Placed) -> Sentence:
    return Sentence(text=sentence.text, anchors=(sentence.number,))


def _headings_for(chosen: Sequence[Placed], choice: Choice) -> list[tuple[Placed, Heading]]:
    """A sentence and what it leans on stay together; where one of them is a caveat, all are."""
    headings = {one.number: _heading_for(one) for one in chosen}
    for one in chosen:
        support = choice.support(one)
        if support is not None and support.number in headings:
            pair = {headings[support.number], headings[one.number]}
            shared = "limitations" if "limitations" in pair else headings[support.number]
            headings |= {support.number: shared, one.number: shared}
    return [(one, headings[one.number]) for one in chosen]


def _heading_for(sentence: Placed) -> Heading:
    if sentence.label in HEADINGS:
        return sentence.label
    if caveat_score(sentence.text) >= _CAVEAT:
        return "limitations"
    return mapped_heading(sentence.text) or "studies"


def _caveat_worth(sentence: Placed) -> float:
    return (
        1.5 * caveat_score(sentence.text)
        + 0.2 * sentence.position
        + 0.2 * sentence.centrality
        - _loss(sentence, alone=_alone_in_research(sentence))
    )


def _purposes(usable: Sequence[Placed]) -> Mapping[int, float]:
    """What a sentence is worth, by number, for what it is for: the first results most, then who took part; the aim least."""
    results = main_results([one.text if caveat_score(one.text) < _CAVEAT else "" for one in usable])
    worth = {one.number: -0.2 for one in usable if states_aim(one.text)}
    sample = next((one for one in usable if states_sample(one.text)), None)
    gains = [(usable[place], gain) for place, gain in zip(results, (0.4, 0.2), strict=False)]
    for one, gain in [*gains, *([(sample, 0.2)] if sample else [])]:
        worth[one.number] = worth.get(one.number, 0.0) + gain
    return worth


def _whole_worth(sentence: Placed, purpose: Mapping[int, float]) -> float:
    cues = max(cue_score(sentence.text, heading) for heading in HEADINGS)
    return (
        0.35 * sentence.centrality
        + 0.2 * cues
        + 0.3 * sentence.position**2
        + 0.15 * caveat_score(sentence.text)
        + purpose.get(sentence.number, 0.0)
        - _loss(sentence, alone=_alone_in_research(sentence))
    )


def _loss(sentence: Placed, *, alone: bool) -> float:
    """What a sentence loses that says less alone: it leans on the one before it, or asks."""
    return 0.15 * (not alone) + 0.3 * sentence.text.endswith("?")


def _alone(sentence: Placed, heading: Heading) -> bool:
    """Whether a sentence of a post can be read alone under a heading."""
    text = sentence.text
    if heading != "studies" and speaks_of_its_study(text):
        # The studies stand above it.
        return True
    return not (leans(text) or vague(text) or counts_on(text))


def _alone_in_research(sentence: Placed) -> bool:
    """Whether a sentence of a study can be read alone: "this review" is the study itself."""
    return speaks_of_its_study(sentence.text) or not leans(sentence.text)


def _candidates(heading: Heading, usable: Iterable[Placed]) -> tuple[Placed, ...]:
    own = tuple(s for s in usable if s.label == heading)
    if own:
        return own
    if heading == "limitations":
        return tuple(s for s in usable if s.label != "other" and states_limitation(s.text))
    return tuple(s for s in usable if s.label == "introduction" and mapped_heading(s.text) == heading)


def _is_statement(sentence: str) -> bool:
    """Whether it can stand alone: no label, no title in a list, no broken page."""
    words = len(sentence.split())
    return _SHORTEST <= words <= _LONGEST and _ENDED.search(sentence) is not None and not is_aside(sentence)


def _worth(sentence: Placed, heading: Heading) -> float:
    worth = 0.4 * sentence.centrality + 0.3 * cue_score(sentence.text, heading) + 0.2 * sentence.position
    if hedged(sentence.text):
        worth += 0.3 if heading == "limitations" else 0.1
    return worth - _loss(sentence, alone=_alone(sentence, heading))
