"""An engine that only counts what it is asked, to say what a run would cost before it costs anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from digest.models.engine import (
    Summarised,
    SummaryRequest,
    SummaryResult,
    SummarySentence,
    Translated,
    TranslationRequest,
    TranslationResult,
)
from digest.text.batches import parted

_SENTENCE = 140
"""Characters of a sentence of a summary, as good as any guess before it is written."""
_LARGEST_ARTICLE = 48_000


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
