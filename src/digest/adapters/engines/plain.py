"""The engines that need no machine: sentences taken from the text itself, and nobody at all."""

from collections.abc import Sequence

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


class Extractive:
    """Summariser that takes verbatim sentences, only of texts that may be quoted."""

    name = "extractive"

    def summarise(self, requests: Sequence[SummaryRequest]) -> tuple[SummaryResult, ...]:
        """Choose sentences; nothing is asked of anybody."""
        return tuple(_extracted(request) for request in requests)


class NoEngine:
    """Summariser and Translator where there is none; `why` is empty where the author chose that."""

    name = "none"

    def __init__(self, why: str = "", mend: str = "") -> None:
        self._failure = EngineFailure(kind="absent", reason=why, mend=mend) if why else None

    def summarise(self, requests: Sequence[SummaryRequest]) -> tuple[SummaryResult, ...]:
        """Nothing for anybody."""
        return tuple(self._failure or Summarised(sentences=(), origin=self.name) for _ in requests)

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        """Nothing for anybody."""
        return tuple(self._failure or Translated(drafts=()) for _ in requests)


def _extracted(request: SummaryRequest) -> Summarised:
    # Loaded here, for most runs summarise nothing.
    from digest.text.extract import extract

    if not request.quotable:
        return Summarised(sentences=(), origin=Extractive.name, notes=("it may not be quoted, so nothing is taken",))
    sentences = tuple(
        SummarySentence(heading=section.heading, text=sentence.text, anchors=sentence.anchors)
        for section in extract(request.text, request.sentences_per_heading)
        for sentence in section.sentences
        if section.heading in request.headings
    )
    return Summarised(sentences=sentences, origin=Extractive.name)
