"""A summary and the sentences it rests on, compared: in one language, sentence by sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from digest.models.issue import Section, Sentence
from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.cues import states_limitation
from digest.text.findings import found


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRules:
    """What may be expected of a summary."""

    by_machine: bool = True
    """Whether an engine wrote it; the author may bring numbers of her own."""
    may_quote: bool = True
    """Whether the source is her own or open: somebody else's words are no summary."""


def check_summary(
    source: Sequence[str], sections: Sequence[Section], language: str, rules: SummaryRules | None = None
) -> tuple[Finding, ...]:
    """Return what the checks find; `source` are the numbered sentences, which anchors count from 1.

    `where` of each finding is `heading/number`. Target spans count code points of that sentence, source spans those of
    its anchored sentences joined by single blanks; the findings of the whole summary name no words.
    """
    _ = language
    given = rules or SummaryRules()
    findings: list[Finding] = []
    for section in sections:
        for number, sentence in enumerate(section.sentences, start=1):
            here = f"{section.heading}/{number}"
            findings += (replace(one, where=here) for one in _sentence_findings(source, sentence, given))
    return (*findings, *_limitations_present(source, sections))


def _sentence_findings(source: Sequence[str], sentence: Sentence, rules: SummaryRules) -> Iterator[Finding]:
    if not sentence.anchors or any(not 1 <= anchor <= len(source) for anchor in sentence.anchors):
        message = N_("This sentence names no sentence of the source that it rests on: name one, or take it out.")
        whole = ((0, len(sentence.text)),)
        yield found("anchored", "error" if rules.by_machine else "info", message, target_at=whole)


def _limitations_present(source: Sequence[str], sections: Sequence[Section]) -> Iterator[Finding]:
    filled = {section.heading for section in sections if any(one.text.strip() for one in section.sentences)}
    if "limitations" not in filled and any(states_limitation(sentence) for sentence in source):
        message = N_("The source names limitations and the summary does not: write at least one.")
        yield replace(found("limitations_present", "error", message), where="limitations")
