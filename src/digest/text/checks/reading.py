"""One side of a pair, read once for all checks: its words, where they stand, and what kinds of words they are."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from digest.text.language import primary_subtag

LONGEST = 5_000
"""Code points of a text that are read; a sentence is twenty times shorter."""

Span = tuple[int, int]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LINK = re.compile(
    r"(?:https?://|www\.|doi:\s?)\S+|\b10\.\d{4,9}/\S+|(?<![\w.+-])[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)


class Word(NamedTuple):
    """One word as it stands."""

    lower: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text in one language, with what the checks ask of it."""

    text: str
    language: str
    """`en`, `pt`, or the primary subtag of whatever else it is."""
    unlinked: str
    """The text with links, DOIs and addresses blanked out, every other letter in its place."""
    lower: str
    """The same in lower case, with plain apostrophes."""
    words: tuple[Word, ...]
    """All words outside links, in order."""


def reading_of(text: str, language: str) -> Reading:
    """Return a reading of the first `LONGEST` code points of a text."""
    read = text[:LONGEST]
    unlinked = _LINK.sub(lambda link: " " * len(link[0]), read) if may_hold_links(read) else read
    lower = _lowered(unlinked).replace("’", "'")
    return Reading(
        text=read,
        language=primary_subtag(language),
        unlinked=unlinked,
        lower=lower,
        words=tuple([Word(match[0], *match.span()) for match in _WORD.finditer(lower)]),
    )


def may_hold_links(text: str) -> bool:
    """Whether to look for links and addresses at all, which takes longer than all else."""
    return "@" in text or "://" in text or "10." in text or "www." in text.lower() or "doi:" in text.lower()


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters, such as a dotted capital I, grow when they are made small; every letter has to keep its place.
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def kind_of_word(pattern: str) -> Callable[[str], bool]:
    """Return a test for words (lower case) that match the whole of a pattern; each word is tried once only."""
    compiled = re.compile(pattern)

    @lru_cache(maxsize=20_000)
    def test(word: str) -> bool:
        return compiled.fullmatch(word) is not None

    return test


def matches(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    """Where a pattern stands in a text."""
    return tuple([match.span() for match in pattern.finditer(text)])
