"""DeepL: translation with Brazilian Portuguese named as such, and our glossary enforced.

https://developers.deepl.com/api-reference: `/v2/translate` and the glossaries of `/v3`. A glossary is made with the
root code `pt` and applies to `PT-BR`; its name holds the hash of its entries, so that it is pushed when they change.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from http import HTTPStatus
from typing import Any

from digest.adapters.engines.answers import AnswerError, json_object
from digest.adapters.engines.failures import status_failure, unreached_failure
from digest.adapters.engines.patience import call_patiently
from digest.adapters.http_api import ApiAnswer, ApiClient, ApiRequest, Unreached
from digest.models.engine import Draft, EngineFailure, Term, Translated, TranslationRequest, TranslationResult
from digest.text.batches import joined, parted
from digest.text.draft_faults import restored_translation
from digest.text.placeholders import Protected, protect

_PRO, _FREE = "https://api.deepl.com", "https://api-free.deepl.com"
_TARGETS = {"pt_BR": "PT-BR", "pt": "PT-BR", "pt_PT": "PT-PT", "en": "EN-GB", "en_US": "EN-US", "en_GB": "EN-GB"}
_PLACE = "x"
"""The XML element that stands for something to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLSettings:
    """`base_url` empty: the host that the key belongs to. `terms` are all pairs by (source, target) language."""

    key: str
    base_url: str = ""
    formality: str = "default"
    scope: str = "digest"
    """First part of the names of our glossaries, the newsletter's own."""
    terms: Mapping[tuple[str, str], tuple[Term, ...]]

    @property
    def host(self) -> str:
        """Keys of the free plan end in `:fx` and have a host of their own."""
        return self.base_url.rstrip("/") or (_FREE if self.key.endswith(":fx") else _PRO)

    def __repr__(self) -> str:
        return "DeepLSettings(...)"


class DeepL:
    """Translator over the DeepL API."""

    name = "deepl"

    def __init__(
        self, settings: DeepLSettings, client: ApiClient, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings = settings
        self._client = client
        self._sleep = sleep

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        """Translate each story's sentences, at most 50 a call."""
        parts = [(number, part) for number, request in enumerate(requests) for part in parted(request)]
        protected = [tuple(protect(passage.text) for passage in part.passages) for _, part in parts]
        glossaries, notes = self._glossaries([part for _, part in parts])
        calls = [
            self._translation(part, texts, glossaries.get(_languages(part)))
            for (_, part), texts in zip(parts, protected, strict=True)
        ]
        answers = call_patiently(self._client, calls, self._sleep) if calls else []
        results = [
            (number, self._read(part, texts, answer, notes))
            for (number, part), texts, answer in zip(parts, protected, answers, strict=True)
        ]
        return tuple(
            joined(request, [result for one, result in results if one == number])
            for number, request in enumerate(requests)
        )

    def _translation(self, request: TranslationRequest, texts: Sequence[Protected], glossary: str | None) -> ApiRequest:
        source, _ = _languages(request)
        body: dict[str, Any] = {
            "text": [_as_xml(text) for text in texts],
            "source_lang": source.upper(),
            "target_lang": _TARGETS.get(request.locale, request.locale.replace("_", "-").upper()),
            "tag_handling": "xml",
            "ignore_tags": [_PLACE],
            "split_sentences": "0",
        }
        if self._settings.formality != "default":
            body["formality"] = self._settings.formality
        if glossary:
            body["glossary_id"] = glossary
        return self._call("POST", "/v2/translate", body)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> ApiRequest:
        return ApiRequest(
            method=method,
            url=f"{self._settings.host}{path}",
            headers=(("Authorization", f"DeepL-Auth-Key {self._settings.key}"),),
            body=json.dumps(body).encode() if body is not None else b"",
        )

    def _read(
        self,
        request: TranslationRequest,
        texts: Sequence[Protected],
        answer: ApiAnswer | Unreached,
        notes: tuple[str, ...],
    ) -> TranslationResult:
        if isinstance(answer, Unreached):
            return unreached_failure(self.name, answer)
        if answer.status != HTTPStatus.OK:
            return status_failure(self.name, answer)
        try:
            listed = json_object(answer.body.decode("utf-8", "replace")).get("translations")
        except AnswerError as error:
            return _unusable(str(error))
        if not isinstance(listed, list) or len(listed) != len(texts):
            return _unusable("it does not hold one translation a sentence")
        return _drafts(request, texts, listed, notes)

    def _glossaries(self, parts: Sequence[TranslationRequest]) -> tuple[dict[tuple[str, str], str], tuple[str, ...]]:
        """Return the glossary of each pair of languages that has terms, pushed if the service has not got it."""
        wanted = {pair: terms for part in parts if (terms := self._settings.terms.get(pair := _languages(part)))}
        if not wanted:
            return {}, ()
        known = self._known_glossaries()
        if isinstance(known, EngineFailure):
            return {}, (f"translated without the glossary: {known.reason}",)
        found: dict[tuple[str, str], str] = {}
        notes: list[str] = []
        for pair, terms in wanted.items():
            name = self._glossary_name(pair, terms)
            made = known.get(name) or self._push(name, pair, terms, known)
            if isinstance(made, EngineFailure):
                notes.append(f"translated without the glossary: {made.reason}")
            else:
                found[pair] = made
        return found, tuple(notes)

    def _known_glossaries(self) -> dict[str, str] | EngineFailure:
        """Name -> id of the glossaries of the account."""
        answer = self._answered("GET", "/v3/glossaries")
        if isinstance(answer, EngineFailure):
            return answer
        listed = answer.get("glossaries")
        return {
            str(one["name"]): str(one["glossary_id"])
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, dict) and one.keys() >= {"name", "glossary_id"}
        }

    def _push(
        self, name: str, pair: tuple[str, str], terms: Sequence[Term], known: Mapping[str, str]
    ) -> str | EngineFailure:
        """Make the glossary, then delete what it replaces."""
        dictionary = {
            "source_lang": pair[0],
            "target_lang": pair[1],
            "entries": "\n".join(f"{term.source}\t{term.target}" for term in terms),
            "entries_format": "tsv",
        }
        answer = self._answered("POST", "/v3/glossaries", {"name": name, "dictionaries": [dictionary]})
        if isinstance(answer, EngineFailure):
            return answer
        prefix = name.rpartition("-")[0] + "-"
        old = [glossary for other, glossary in known.items() if other.startswith(prefix)]
        self._client.call_many([self._call("DELETE", f"/v3/glossaries/{glossary}") for glossary in old])
        made = answer.get("glossary_id")
        return made if isinstance(made, str) and made else _unusable("the new glossary has no id")

    def _answered(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any] | EngineFailure:
        [answer] = call_patiently(self._client, [self._call(method, path, body)], self._sleep)
        if isinstance(answer, Unreached):
            return unreached_failure(self.name, answer)
        if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            return status_failure(self.name, answer)
        try:
            return json_object(answer.body.decode("utf-8", "replace"))
        except AnswerError as error:
            return _unusable(str(error))

    def _glossary_name(self, pair: tuple[str, str], terms: Sequence[Term]) -> str:
        entries = json.dumps([[term.source, term.target] for term in terms])
        return f"{self._settings.scope}-{pair[0]}-{pair[1]}-{hashlib.sha256(entries.encode()).hexdigest()[:12]}"


def _languages(request: TranslationRequest) -> tuple[str, str]:
    """Root codes, in which glossaries are made."""
    return tuple(tag.partition("-")[0].partition("_")[0].lower() for tag in (request.source_language, request.locale))  # type: ignore[return-value]  # two of them


def _as_xml(protected: Protected) -> str:
    """The sentence as XML text, each placeholder as an element that is left alone."""
    made = escape(protected.text, quote=False)
    for token in protected.tokens:
        made = made.replace(token, f"<{_PLACE}>{token}</{_PLACE}>")
    return made


def _drafts(
    request: TranslationRequest, texts: Sequence[Protected], listed: Sequence[object], notes: Sequence[str]
) -> Translated:
    drafts: list[Draft] = []
    said = list(notes)
    for passage, asked, item in zip(request.passages, texts, listed, strict=True):
        answered = item.get("text") if isinstance(item, dict) else None
        plain = unescape(str(answered or "").replace(f"<{_PLACE}>", "").replace(f"</{_PLACE}>", ""))
        text, fault = restored_translation(plain, asked, source_language=request.source_language, locale=request.locale)
        if fault:
            said.append(f"{passage.key}: the answer was left out, since {fault}")
        else:
            drafts.append(Draft(key=passage.key, text=text, origin="deepl"))
    return Translated(drafts=tuple(drafts), notes=tuple(said))


def _unusable(why: str) -> EngineFailure:
    mend = "Run the same command again, or choose another engine."
    return EngineFailure(kind="unusable", reason=f"deepl: the answer could not be used, since {why}.", mend=mend)
