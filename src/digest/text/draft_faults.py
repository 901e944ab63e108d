"""What makes a machine's draft unusable before anybody looks at it: it is asked for once more, then left out.

These are the plain faults of a machine that did not do its task (another language, a dropped placeholder, an invented
link). Whether a usable draft is faithful is for the checks and for the author.
"""

import re
import unicodedata
from collections.abc import Sequence

from digest.models.engine import SummarySentence
from digest.text.language import UNKNOWN, identify, likely_language, primary_subtag
from digest.text.placeholders import Protected, links_in, restore
from digest.text.sentences import split_sentences

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d{3})*(?:[.,]\d+)?")
_UNPRINTED = frozenset({"Cc", "Cf", "Co", "Cs"})
_ENOUGH_WORDS = 6
"""Words from which the language of a sentence can be told."""
_GROWTH = 2.2
"""Times its source that a translation may be long; health text stays below 1.5."""
_SHRINKAGE = 0.6
"""And short: a model that cuts what is too long for it says nothing."""
_SLACK = 40
"""Characters that a short text may grow by whatever it is."""
_ADDED = 1.45
"""Growth from which one sentence more is one added and not one parted, where the source has a place to part it."""
_PARTS = re.compile(r"[;:–—]")
_ADVICE = re.compile(
    r"\b(?:you (?:should|must|need to|have to|ought to)|(?:see|consult|ask|talk to) (?:a|an|your) (?:doctor|physician|gp|therapist"
    r"|psychologist|psychiatrist|counsell?or|professional|expert)|seek (?:help|therapy|treatment|advice)"
    r"|(?:couples|partners|people|patients|parents|readers|everyone|everybody|we) (?:should|must|ought to)"
    r"|vocês? (?:deve\w*|precisa\w*|t[eê]m (?:de|que))|(?:procure|busque|consulte|peça) (?:um|uma|ajuda|seu|sua|o seu|a sua|terapia|tratamento)"
    r"|fale com (?:um|uma|seu|sua)|(?:casais|parceiros|pessoas|pacientes|pais|todos) (?:devem|precisam|têm (?:de|que)))\b",
    re.IGNORECASE,
)
_RUN = 8
"""Words in a row that are a quotation."""
_LONGEST = 700
"""Characters of one sentence of a summary."""


def restored_translation(answer: str, asked: Protected, *, source_language: str, locale: str) -> tuple[str, str]:
    """Return `(text, "")` with links and citations put back, or `("", what is wrong)`."""
    text = " ".join(answer.split())
    if not text:
        return "", "it is empty"
    if any(unicodedata.category(char) in _UNPRINTED and char not in asked.text for char in text):
        return "", "it holds control characters"
    restored = restore(text, asked)
    if restored is None:
        return "", f"it has to hold each of {', '.join(asked.tokens) or 'no placeholders'} exactly once"
    source = asked.text
    if links_in(text):
        return "", "it holds a link that the source does not have"
    fault = _length_fault(source, text, source_language, locale) or _language_fault(source, text, locale)
    return ("", fault) if fault else (restored, "")


def _length_fault(source: str, text: str, source_language: str, locale: str) -> str:
    if len(text) > _GROWTH * len(source) + _SLACK:
        return "it is far longer than the source"
    if len(text) < _SHRINKAGE * len(source) - _SLACK:
        return "it is far shorter than the source"
    more = len(split_sentences(text, locale)) - len(split_sentences(source, source_language))
    if more > 0 and (len(text) > _ADDED * len(source) or not _PARTS.search(source)):
        return "it has a sentence that the source does not have"
    return ""


def _language_fault(source: str, text: str, locale: str) -> str:
    if text == source and len(_WORD.findall(text)) >= _ENOUGH_WORDS:
        return "it is the source, untranslated"
    return _foreign(text, locale)


def summary_fault(drafted: SummarySentence, sources: Sequence[str], *, language: str, quotable: bool) -> str:
    """Return what is wrong with one sentence of a summary, or an empty text; `sources` are all source sentences."""
    if not drafted.text.strip() or len(drafted.text) > _LONGEST:
        return "it is empty or longer than a sentence"
    if not drafted.anchors or not all(1 <= anchor <= len(sources) for anchor in drafted.anchors):
        return "it does not cite source sentences that exist"
    cited = " ".join(sources[anchor - 1] for anchor in drafted.anchors)
    if not quotable and shares_run(drafted.text, cited):
        return f"it repeats {_RUN} or more words in a row of the source; say it in other words"
    return _invented(drafted.text, cited) or _advised(drafted.text, cited) or _foreign(drafted.text, language)


def _invented(text: str, cited: str) -> str:
    if not links_in(text) <= links_in(cited):
        return "it holds a link that the cited sentences do not have"
    unknown = sorted(_numbers(text) - _numbers(cited))
    return f"the number {unknown[0]} is not in the sentences it cites" if unknown else ""


def _advised(text: str, cited: str) -> str:
    found = _ADVICE.search(text)
    if found is None or _ADVICE.search(cited):
        return ""
    return f"it gives advice ({found.group()}) that the cited sentences do not give"


def _foreign(text: str, language: str) -> str:
    """A language that is neither of ours is told by its own words: to `identify` it is only unknown."""
    known = {UNKNOWN, primary_subtag(language)}
    if len(_WORD.findall(text)) < _ENOUGH_WORDS or {identify(text)[0], likely_language(text)} <= known:
        return ""
    return f"it is not in the language {language}"


def shares_run(text: str, source: str) -> bool:
    """Whether eight or more words in a row are the same; case and punctuation do not matter."""
    runs = set(_runs(source))
    return any(run in runs for run in _runs(text))


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return [tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]


def _numbers(text: str) -> frozenset[str]:
    """Digits without their marks: `1,234` and `1.234` are one."""
    return frozenset(re.sub(r"\D", "", found) for found in _NUMBER.findall(text))
