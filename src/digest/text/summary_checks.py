"""A summary and the sentences it rests on, compared: in one language, sentence by sentence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from digest.models.issue import Section, Sentence
from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.checks import faithful, modality
from digest.text.checks.faithful import Claim
from digest.text.checks.numbers import numbers_in
from digest.text.checks.reading import Reading, reading_of
from digest.text.cues import states_limitation
from digest.text.findings import found

_CHECKS: tuple[Callable[[Claim], Iterator[Finding]], ...] = (
    faithful.numbers_from_source,
    faithful.hedge_floor,
    faithful.overclaim,
    faithful.causal_verbs,
    faithful.quote_verbatim,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRules:
    """What may be expected of a summary."""

    by_machine: bool = True
    """Whether an engine wrote it. A sentence without anchors was typed by the author, whoever wrote the rest."""
    may_quote: bool = True
    """Whether the source is her own or open: somebody else's words are no summary."""
    anchors_needed: bool = False
    """Whether a sentence has to name what it rests on, as the drafts of engines do."""
    anchors_guessed: bool = False
    """Whether the anchors were found by likeness, which is no proof."""


def check_summary(
    source: Sequence[str], sections: Sequence[Section], language: str, rules: SummaryRules | None = None
) -> tuple[Finding, ...]:
    """Return what the checks find; `source` are the numbered sentences, which anchors count from 1.

    `where` of each finding is `heading/number`. Target spans count code points of that sentence, source spans those of
    `anchored_text`; the findings of the whole summary name no words. What she writes under `words` is her own opinion:
    only borrowed words are looked for there.
    """
    given = rules or SummaryRules()
    everything = reading_of(" ".join(source), language)
    findings: list[Finding] = []
    for section in sections:
        for number, sentence in enumerate(section.sentences, start=1):
            if sentence.text.strip():
                here = f"{section.heading}/{number}"
                found_here = _sentence_findings(source, everything, section, sentence, language, given)
                findings += (replace(one, where=here) for one in found_here)
    told = [section for section in sections if section.heading != "words" and section.sentences]
    if told:
        summary = reading_of(" ".join(one.text for section in told for one in section.sentences), language)
        findings += _sample_stated(everything, summary, told[0].heading)
        findings += _hedged_somewhere(everything, summary, told[0].heading)
        findings += _limitations_present(source, told)
    return tuple(findings)


def anchored_text(source: Sequence[str], anchors: Sequence[int]) -> str:
    """Return the sentences that a summary sentence rests on, joined by single blanks; all of them where it names none."""
    named = [source[anchor - 1] for anchor in anchors if 1 <= anchor <= len(source)]
    return " ".join(named or source)


def _sentence_findings(
    source: Sequence[str],
    everything: Reading,
    section: Section,
    sentence: Sentence,
    language: str,
    rules: SummaryRules,
) -> Iterator[Finding]:
    claim = Claim(
        source=reading_of(anchored_text(source, sentence.anchors), language),
        made=reading_of(sentence.text, language),
        everything=everything,
        anchored=any(1 <= anchor <= len(source) for anchor in sentence.anchors),
        by_machine=rules.by_machine and bool(sentence.anchors or rules.anchors_needed),
    )
    if not rules.may_quote:
        yield from faithful.borrowed(claim)
    if section.heading == "words":
        return
    if rules.anchors_needed or sentence.anchors:
        yield from _anchored(source, sentence, rules)
    for check in _CHECKS:
        yield from check(claim)


def _anchored(source: Sequence[str], sentence: Sentence, rules: SummaryRules) -> Iterator[Finding]:
    if not sentence.anchors or any(not 1 <= anchor <= len(source) for anchor in sentence.anchors):
        message = N_("This sentence names no sentence of the source that it rests on: name one, or take it out.")
        yield found(
            "anchored", "warning" if rules.anchors_guessed else "error", message, target_at=((0, len(sentence.text)),)
        )


def _sample_stated(everything: Reading, summary: Reading, where: str) -> Iterator[Finding]:
    samples = faithful.samples_in(everything)
    if not samples:
        return
    said = {value for number in numbers_in(summary) for value in number.values} | faithful.spelled(summary)
    if not samples & said:
        message = N_("The source says how many took part and the summary does not: say it.")
        yield replace(found("sample_stated", "warning", message), where=where)


def _hedged_somewhere(everything: Reading, summary: Reading, where: str) -> Iterator[Finding]:
    said = modality.hedges(everything)
    if said and not faithful.is_cautious(summary):
        message = N_("The source is cautious and the summary nowhere is: keep words such as may or might.")
        yield replace(found("hedge_floor", "warning", message), where=where)


def _limitations_present(source: Sequence[str], told: Sequence[Section]) -> Iterator[Finding]:
    filled = {section.heading for section in told}
    if "limitations" not in filled and any(states_limitation(sentence) for sentence in source):
        message = N_("The source names limitations and the summary does not: write at least one.")
        yield replace(found("limitations_present", "error", message), where="limitations")
