"""Counts what engines are asked: before a run to say what it would cost, and after it what it did."""

from collections.abc import Sequence
from dataclasses import dataclass

from digest.models.engine import (
    EngineFailure,
    Summarised,
    SummaryRequest,
    SummaryResult,
    SummarySentence,
    Translated,
    TranslationRequest,
    TranslationResult,
)
from digest.models.engine_use import EngineUse
from digest.text.batches import parted

_SENTENCE = 140
"""Characters of a sentence of a summary, as good as any guess before it is written."""
_LARGEST_ARTICLE = 48_000
_NOBODY = frozenset({"extractive", "none"})
"""What takes sentences from the text itself, and what stands where there is no engine."""


@dataclass(slots=True)
class Meter:
    """Summariser and Translator that give placeholders and count calls and characters of text."""

    name: str = "meter"
    calls: int = 0
    sent: int = 0
    received: int = 0

    def summarise(self, requests: Sequence[SummaryRequest]) -> tuple[SummaryResult, ...]:
        """Count, and return as many sentences as may come."""
        return tuple(self._summarised(request) for request in requests)

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        """Count, and translate nothing."""
        for request in requests:
            for part in parted(request):
                size = sum(len(passage.text) for passage in part.passages)
                self.calls += 1
                self.sent += size
                self.received += size
        return tuple(Translated(drafts=()) for _ in requests)

    def _summarised(self, request: SummaryRequest) -> Summarised:
        if not any(text.strip() for text in request.sentences):
            return Summarised(sentences=(), origin=self.name)
        places = [(heading, n) for heading in request.headings for n in range(request.sentences_per_heading)]
        sentences = tuple(
            SummarySentence(heading=heading, text=f"{request.where} {heading} {n} ".ljust(_SENTENCE, "."), anchors=(1,))
            for heading, n in places
        )
        self.calls += 1
        self.sent += min(sum(map(len, request.sentences)), _LARGEST_ARTICLE)
        self.received += _SENTENCE * len(sentences)
        return Summarised(sentences=sentences, origin=self.name)


def summaries_asked(
    engine: str, requests: Sequence[SummaryRequest], results: Sequence[SummaryResult]
) -> tuple[EngineUse, ...]:
    """Return what summaries took; what an engine refused or never got is not counted, a second try neither."""
    done = [(asked, one) for asked, one in zip(requests, results, strict=True) if not isinstance(one, EngineFailure)]
    meter = Meter()
    meter.summarise([asked for asked, _ in done])
    received = sum(len(sentence.text) for _, one in done for sentence in one.sentences)
    return _uses("summaries", engine, meter, received)


def translations_asked(
    engine: str, requests: Sequence[TranslationRequest], results: Sequence[TranslationResult]
) -> tuple[EngineUse, ...]:
    """Return what translations took, counted as `summaries_asked` does."""
    done = [(asked, one) for asked, one in zip(requests, results, strict=True) if not isinstance(one, EngineFailure)]
    meter = Meter()
    meter.translate([asked for asked, _ in done])
    return _uses("translations", engine, meter, sum(len(draft.text) for _, one in done for draft in one.drafts))


def _uses(work: str, engine: str, meter: Meter, received: int) -> tuple[EngineUse, ...]:
    if engine in _NOBODY or not meter.calls:
        return ()
    return (EngineUse(work=work, engine=engine, calls=meter.calls, sent=meter.sent, received=received),)
