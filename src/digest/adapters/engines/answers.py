"""Reads what a model answered, whatever it answered."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from digest.models.engine import Draft, Summarised, SummaryRequest, SummarySentence, Translated, TranslationRequest
from digest.text.draft_faults import restored_translation, summary_fault
from digest.text.placeholders import Protected

_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
_ANCHOR = re.compile(r"s(\d{1,6})")
_NAMED = 3
"""Faults that a repair names; a model mends the rest with them."""


class AnswerError(Exception):
    """An answer that is not what was asked for; the message is for the model and for the report."""


def json_object(text: str) -> Mapping[str, Any]:
    """Read one JSON object, with or without a code fence. Raises AnswerError."""
    fenced = _FENCE.match(text)
    try:
        value = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        raise AnswerError("it is not valid JSON") from None
    if not isinstance(value, dict):
        raise AnswerError("it is not a JSON object")
    return value


def read_translation(
    text: str, request: TranslationRequest, protected: Sequence[Protected], origin: str
) -> tuple[Translated, str]:
    """Return the usable drafts and, where something is missing or faulty, what. Raises AnswerError."""
    answer = json_object(text)
    drafts, notes, faults = [], [], []
    for number, (passage, asked) in enumerate(zip(request.passages, protected, strict=True), start=1):
        made, fault = _translation(answer.get(f"s{number}"), request, asked)
        if fault:
            faults.append(f"s{number}: {fault}")
            notes.append(f"{passage.key}: the answer was left out, since {fault}")
        else:
            drafts.append(Draft(key=passage.key, text=made, origin=origin))
    return Translated(drafts=tuple(drafts), notes=tuple(notes)), "; ".join(faults[:_NAMED])


def _translation(answered: object, request: TranslationRequest, asked: Protected) -> tuple[str, str]:
    if not isinstance(answered, str):
        return "", "there is no text under this id"
    return restored_translation(answered, asked, source_language=request.source_language, locale=request.locale)


def read_summary(text: str, request: SummaryRequest, origin: str) -> tuple[Summarised, str]:
    """Return the usable sentences and, where some are faulty, why. Raises AnswerError."""
    answer = json_object(text)
    kept: list[SummarySentence] = []
    notes: list[str] = []
    for heading in request.headings:
        listed = answer.get(heading)
        if not isinstance(listed, list):
            raise AnswerError(f"the list {heading} is missing")
        read = [_sentence(heading, item) for item in listed]
        faults = [_fault(one, request) for one in read]
        good = [one for one, fault in zip(read, faults, strict=True) if one and not fault]
        kept += good[: request.sentences_per_heading]
        notes += [f"a sentence for {heading} was left out: {fault}" for fault in faults if fault]
    return Summarised(sentences=tuple(kept), origin=origin, notes=tuple(notes)), "; ".join(notes[:_NAMED])


def _sentence(heading: Any, item: object) -> SummarySentence | None:  # noqa: ANN401 - one of the headings asked for
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        return None
    named = item.get("anchors")
    anchors = [_ANCHOR.fullmatch(str(name).strip()) for name in named] if isinstance(named, list) else []
    if not anchors or None in anchors:
        return SummarySentence(heading=heading, text=" ".join(item["text"].split()), anchors=())
    numbers = sorted({int(found[1]) for found in anchors if found})
    return SummarySentence(heading=heading, text=" ".join(item["text"].split()), anchors=tuple(numbers))


def _fault(drafted: SummarySentence | None, request: SummaryRequest) -> str:
    if drafted is None:
        return "it is not of the form that was asked for"
    return summary_fault(drafted, request.sentences, language=request.language, quotable=request.quotable)
