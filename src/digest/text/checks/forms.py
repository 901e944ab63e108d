"""Checks of the form of a translation: is there one, in which language, how long, and is it whole."""

import re
from collections.abc import Iterator, Sequence

from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.checks.reading import LONGEST, Reading, Word
from digest.text.findings import found
from digest.text.language import foreign_part, likely_language
from digest.text.plain import shortened

_LENGTHS = {("en", "pt"): (0.8, 1.45), ("pt", "en"): (0.69, 1.25)}
"""Characters of good translations for one character of the source, measured on health text."""
_GROWTH = {("en", "pt"): 1.0, ("pt", "en"): 0.9}
_SHORT, _MIDDLE = 24, 90
"""Characters: below the first the length says nothing, below the second less."""
_LOOSER = 1.35
_CLOSED = re.compile(r"[.!?…:;][\"'”’»)\]*_\s]*\Z|[\"”»)\]]\Z")
_FEW_WORDS = 4
_FEW_LOWER = 3
_DOUBLED = re.compile(r"\b([^\W\d_]{2,})\s+\1\b", re.IGNORECASE)
_QUOTES = '"“”„«»'
_MARK = re.compile(rf"[()\[\]{_QUOTES}]")
_DOUBLE_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")
_COPIED = 4
"""Words in a row that no two languages share, names and titles apart."""
_MAY_BE_DOUBLED = frozenset(["se", "nos", "had", "that", "is", "muito", "very", "que"])


def whole(source: Reading, target: Reading) -> Iterator[Finding]:
    """`length` where a side is missing or is far too long to be one sentence."""
    if max(len(source.text), len(target.text)) >= LONGEST:
        message = N_("This is too long to be checked as one sentence: only its beginning was. Split it.")
        yield found("length", "error", message)
    if source.text.strip() and not target.text.strip():
        yield found("untranslated", "error", N_("There is no translation yet: write one."), source_at=_all(source))
    if target.text.strip() and not source.text.strip():
        message = N_("This translates nothing: the source is empty. Take it out.")
        yield found("length", "error", message, target_at=_all(target))


def unchanged(source: Reading, target: Reading) -> Iterator[Finding]:
    """`unchanged`: the source stands where a translation should."""
    same = " ".join(source.text.split()).casefold() == " ".join(target.text.split()).casefold()
    if source.language != target.language and same and _says_something(source):
        message = N_("This is the source text itself, not a translation: translate it.")
        yield found("unchanged", "error", message, source_at=_all(source), target_at=_all(target))


def language(source: Reading, target: Reading) -> Iterator[Finding]:
    """`language`: the translation is in another language than it claims."""
    likely = likely_language(target.unlinked)
    if likely == source.language != target.language and _is_around_title(source, target):
        return
    if likely not in {"und", target.language} and len(target.words) >= _FEW_WORDS:
        message = N_("This seems to be in another language (%(language)s): write it in the language of the edition.")
        yield found("language", "error", message, source_at=_all(source), target_at=_all(target), language=likely)
    elif source.language != target.language:
        yield from _untranslated_part(source, target)


def _is_around_title(source: Reading, target: Reading) -> bool:
    """Whether a title of the source is what makes a sentence look foreign."""
    part = _copied([word.lower for word in source.words], [word.lower for word in target.words])
    if part is None or not _is_title(target, target.words[slice(*part)]):
        return False
    beside = [word.lower for word in (*target.words[: part[0]], *target.words[part[1] :])]
    return likely_language(" ".join(beside)) == target.language


def _is_title(reading: Reading, words: Sequence[Word]) -> bool:
    return sum(reading.unlinked[word.start].isupper() for word in words) > len(words) // 3


def _untranslated_part(source: Reading, target: Reading) -> Iterator[Finding]:
    words_here = [word.lower for word in target.words]
    part = foreign_part(words_here, target.language) or _copied([word.lower for word in source.words], words_here)
    if part is None:
        return
    words = target.words[slice(*part)]
    # Titles are cited as they are.
    if not _is_title(target, words):
        span = (words[0].start, words[-1].end)
        message = N_("A part seems to be untranslated: %(words)s. Translate it, or see that it is a title.")
        yield found("language", "warning", message, target_at=(span,), words=shortened(target.text[slice(*span)], 60))


def _copied(source: Sequence[str], target: Sequence[str]) -> tuple[int, int] | None:
    """Where some words in a row are those of the source, letter for letter."""
    both = set(source).intersection(target)
    if len(both) < _COPIED:
        return None
    rows = {tuple(source[at : at + _COPIED]) for at in range(len(source) - _COPIED + 1)}
    found_at = [at for at in range(len(target) - _COPIED + 1) if tuple(target[at : at + _COPIED]) in rows]
    return (found_at[0], found_at[-1] + _COPIED) if found_at else None


def length(source: Reading, target: Reading) -> Iterator[Finding]:
    """`length`: much shorter or longer than translations are."""
    shortest, longest = _LENGTHS.get((source.language, target.language), (0.6, 1.7))
    whole, made = len(source.text.strip()), len(target.text.strip())
    if whole < _SHORT:
        return
    looser = 1.0 if whole >= _MIDDLE else _LOOSER
    if made < whole * shortest / looser:
        message = N_("The translation is much shorter than its source: see whether something was left out.")
        yield found("length", "warning", message, source_at=_all(source), target_at=_all(target))
    if made > whole * longest * looser:
        message = N_("The translation is much longer than its source: see whether something was added.")
        yield found("length", "warning", message, source_at=_all(source), target_at=_all(target))


def closing(source: Reading, target: Reading) -> Iterator[Finding]:
    """`endpunc`: the source ends its sentence and the translation does not; with a short one, words may be missing."""
    if not _CLOSED.search(source.text.strip()) or _CLOSED.search(target.text.strip()):
        return
    growth = _GROWTH.get((source.language, target.language), 1.0)
    cut = len(target.text.strip()) < growth * len(source.text.strip())
    end = len(target.text.rstrip())
    message = N_("The translation does not end as its source ends: see whether its end is missing.")
    yield found("endpunc", "warning" if cut else "info", message, target_at=((end - 1, end),))


def doubled_words(source: Reading, target: Reading) -> Iterator[Finding]:
    """`doubled_words`: a word twice in a row that is not so in the source."""
    doubled = [match for match in _DOUBLED.finditer(target.text) if match[1].lower() not in _MAY_BE_DOUBLED]
    if doubled and not _DOUBLED.search(source.text):
        spans = tuple(match.span() for match in doubled)
        yield found("doubled_words", "warning", N_("A word stands twice in a row: take one out."), target_at=spans)


def brackets(source: Reading, target: Reading) -> Iterator[Finding]:
    """`brackets_quotes`: brackets or quotation marks that are on one side only, whatever their form."""
    if _marks(source.text) != _marks(target.text):
        message = N_("Brackets or quotation marks differ from the source: see whether one is missing.")
        places = tuple(match.span() for match in _MARK.finditer(target.text))
        yield found("brackets_quotes", "info", message, target_at=places)


def _marks(text: str) -> tuple[int, int, int, int]:
    opened = text.count("(") + text.count("[")
    closed = text.count(")") + text.count("]")
    return opened, closed, *divmod(sum(map(text.count, _QUOTES)), 2)


def double_space(source: Reading, target: Reading) -> Iterator[Finding]:
    """`double_space`: two blanks in a row where the source has one."""
    if "  " not in target.text or _DOUBLE_SPACE.search(source.text):
        return
    places = tuple(match.span() for match in _DOUBLE_SPACE.finditer(target.text))
    if places:
        yield found("double_space", "info", N_("There are two blanks in a row: take one out."), target_at=places)


def _says_something(reading: Reading) -> bool:
    """Names, numbers and labels are the same in both languages."""
    return sum(word.lower == reading.text[word.start : word.end] for word in reading.words) >= _FEW_LOWER


def _all(reading: Reading) -> tuple[tuple[int, int], ...]:
    text = reading.text
    start = len(text) - len(text.lstrip())
    return ((start, max(start, len(text.rstrip()))),)
