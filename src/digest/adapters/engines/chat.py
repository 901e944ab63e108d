"""A language model as summariser and translator: one call an article and step, validated, mended once, then given up.

The services differ in how a request and an answer look (`ChatService`); everything else is here.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Generic, Protocol, TypeVar

from digest.adapters.engines.answers import AnswerError, read_summary, read_translation
from digest.adapters.engines.failures import status_failure, unreached_failure
from digest.adapters.engines.patience import call_patiently
from digest.adapters.engines.prompts import Prompt, left_out, repair, summary_prompt, translation_prompt
from digest.adapters.http_api import ApiAnswer, ApiClient, ApiRequest, Unreached
from digest.models.engine import (
    EngineFailure,
    Summarised,
    SummaryRequest,
    SummaryResult,
    Translated,
    TranslationRequest,
    TranslationResult,
)
from digest.text.batches import joined, parted
from digest.text.language import primary_subtag
from digest.text.placeholders import protect

_NO_SCHEMA = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
"""What a service answers that does not know a setting of the strict form."""

Value = TypeVar("Value")


class RefusedError(Exception):
    """The model declined."""


class ChatService(Protocol):
    """How one kind of service is asked."""

    @property
    def name(self) -> str:
        """Engine and model, e.g. `anthropic:model`."""
        ...

    def request(self, prompt: Prompt, *, strict: bool) -> ApiRequest:
        """Return the call; strict names the schema and the temperature, which not every model takes."""
        ...

    def text(self, body: bytes) -> str:
        """Return the model's text. Raises AnswerError (cut off, another form) and RefusedError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt(Generic[Value]):
    """One question on its way."""

    number: int
    prompt: Prompt
    read: Callable[[str], tuple[Value, str]]
    strict: bool = True
    repaired: bool = False
    best: Value | None = None
    """What an answer held that was right in part."""


class ChatEngine:
    """Summariser and Translator over a chat service."""

    def __init__(
        self,
        service: ChatService,
        client: ApiClient,
        *,
        styles: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`styles` says for a language (`pt`) how it is to be written."""
        self._styles = styles or {}
        self._service = service
        self._client = client
        self._sleep = sleep

    @property
    def name(self) -> str:
        """Engine and model."""
        return self._service.name

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        """Translate each story's sentences; an answer that is only partly usable is kept in part, with notes."""
        parts = [(number, part) for number, request in enumerate(requests) for part in parted(request)]
        results = self._ask([self._translation(index, part) for index, (_, part) in enumerate(parts)])
        numbered = [(number, result) for (number, _), result in zip(parts, results, strict=True)]
        return tuple(
            joined(request, [result for one, result in numbered if one == number])
            for number, request in enumerate(requests)
        )

    def summarise(self, requests: Sequence[SummaryRequest]) -> tuple[SummaryResult, ...]:
        """Summarise each article; without sentences nothing is asked."""
        asked = {number: one for number, one in enumerate(requests) if any(text.strip() for text in one.sentences)}
        results = self._ask([self._summary(number, request) for number, request in asked.items()])
        answered = dict(zip(asked, results, strict=True))
        nothing = Summarised(sentences=(), origin=self.name)
        return tuple(_with_cut(request, answered.get(number, nothing)) for number, request in enumerate(requests))

    def _translation(self, number: int, request: TranslationRequest) -> _Attempt[Translated]:
        protected = tuple(protect(passage.text) for passage in request.passages)
        return _Attempt(
            number=number,
            prompt=translation_prompt(request, protected, self._style(request.locale)),
            read=lambda text: read_translation(text, request, protected, self.name),
        )

    def _summary(self, number: int, request: SummaryRequest) -> _Attempt[Summarised]:
        return _Attempt(
            number=number,
            prompt=summary_prompt(request, self._style(request.language)),
            read=lambda text: read_summary(text, request, self.name),
        )

    def _style(self, tag: str) -> str:
        return self._styles.get(primary_subtag(tag), "")

    def _ask(self, attempts: Sequence[_Attempt[Value]]) -> list[Value | EngineFailure]:
        """Ask side by side, round after round, until each question has its end."""
        ended: dict[int, Value | EngineFailure] = {}
        pending = list(attempts)
        while pending:
            calls = [self._service.request(attempt.prompt, strict=attempt.strict) for attempt in pending]
            answers = call_patiently(self._client, calls, self._sleep)
            steps = [self._step(attempt, answer) for attempt, answer in zip(pending, answers, strict=True)]
            ended |= {
                attempt.number: step
                for attempt, step in zip(pending, steps, strict=True)
                if not isinstance(step, _Attempt)
            }
            pending = [step for step in steps if isinstance(step, _Attempt)]
        return [ended[attempt.number] for attempt in attempts]

    def _step(
        self, attempt: _Attempt[Value], answer: ApiAnswer | Unreached
    ) -> "_Attempt[Value] | Value | EngineFailure":
        """Decide what follows an answer: the end, or the same question once more in another way."""
        if isinstance(answer, Unreached):
            return _end(attempt, unreached_failure(self.name, answer))
        if answer.status == HTTPStatus.OK:
            return self._read(attempt, answer.body)
        if answer.status in _NO_SCHEMA and attempt.strict:
            return replace(attempt, strict=False)
        return _end(attempt, status_failure(self.name, answer))

    def _read(self, attempt: _Attempt[Value], body: bytes) -> "_Attempt[Value] | Value | EngineFailure":
        try:
            value, fault = attempt.read(self._service.text(body))
        except RefusedError:
            reason = f"{self.name}: the model declined to answer."
            return _end(attempt, EngineFailure(kind="refused", reason=reason, mend="Write the text yourself."))
        except AnswerError as error:
            if not attempt.repaired:
                return replace(attempt, repaired=True, prompt=repair(attempt.prompt, str(error)))
            reason = f"{self.name}: the answer could not be used, since {error}."
            mend = "Run the same command again, or choose another model."
            return _end(attempt, EngineFailure(kind="unusable", reason=reason, mend=mend))
        if fault and not attempt.repaired:
            return replace(attempt, repaired=True, prompt=repair(attempt.prompt, fault), best=value)
        return value


def _end(attempt: _Attempt[Value], failure: EngineFailure) -> Value | EngineFailure:
    return failure if attempt.best is None else attempt.best


def _with_cut(request: SummaryRequest, result: SummaryResult) -> SummaryResult:
    """Say it where the middle of a long article was not sent."""
    skipped = left_out(request.sentences)
    if not skipped or isinstance(result, EngineFailure):
        return result
    note = f"the article is long; its sentences {skipped.start + 1} to {skipped.stop} were not sent"
    return replace(result, notes=(*result.notes, note))
