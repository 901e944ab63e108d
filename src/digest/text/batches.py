"""Cuts a story's sentences into calls of a size that an engine answers whole, and joins the answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from digest.models.engine import EngineFailure, Passage, Translated, TranslationRequest, TranslationResult

LONGEST_PASSAGE = 5_000
"""Characters; what is longer is no sentence, and no engine is asked for it."""
_CALL_CHARACTERS = 8_000
_CALL_PASSAGES = 50
"""DeepL takes 50 texts a call; more is also where models begin to drop ids."""


def parted(request: TranslationRequest) -> tuple[TranslationRequest, ...]:
    """Return the calls for one story: none for blank or far too long sentences."""
    return tuple(replace(request, passages=tuple(group)) for group in _groups(request.passages))


def joined(request: TranslationRequest, results: Sequence[TranslationResult]) -> TranslationResult:
    """Join the answers of one story: a failure only where no call gave anything."""
    done = [result for result in results if isinstance(result, Translated)]
    failed = [result for result in results if isinstance(result, EngineFailure)]
    if failed and not done:
        return failed[0]
    notes = [
        f"{passage.key}: {len(passage.text)} characters are too many for an engine; it waits for you"
        for passage in request.passages
        if len(passage.text) > LONGEST_PASSAGE
    ]
    notes += [note for result in done for note in result.notes]
    notes += [failure.reason for failure in failed]
    return Translated(drafts=tuple(draft for result in done for draft in result.drafts), notes=tuple(notes))


def _groups(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    group: list[Passage] = []
    size = 0
    for passage in passages:
        if not passage.text.strip() or len(passage.text) > LONGEST_PASSAGE:
            continue
        if group and (size + len(passage.text) > _CALL_CHARACTERS or len(group) == _CALL_PASSAGES):
            yield group
            group, size = [], 0
        group.append(passage)
        size += len(passage.text)
    if group:
        yield group
