"""One side of a pair, read once for all checks: its words, where they stand, and what kinds of words they are."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from digest.text.language import primary_subtag

LONGEST = 20_000
"""Code points of a text that are read; a sentence is a hundred times shorter."""

Span = tuple[int, int]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LINK = re.compile(r"(?:https?://|www\.|doi:\s?)\S+|\b10\.\d{4,9}/\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it stands."""

    lower: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


@dataclass(frozen=True)
class Reading:
    """A text in one language. What checks ask of it is found once and kept."""

    text: str
    language: str
    """`en`, `pt`, or the primary subtag of whatever else it is."""

    @cached_property
    def unlinked(self) -> str:
        """The text with links, DOIs and addresses blanked out, every other letter in its place."""
        return _LINK.sub(lambda link: " " * len(link[0]), self.text)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words outside links, in order."""
        return tuple(
            Word(match[0].lower().replace("’", "'"), match.start(), match.end())
            for match in _WORD.finditer(self.unlinked)
        )

    @cached_property
    def lower(self) -> str:
        """The text outside links in lower case, letter for letter in its place."""
        folded = self.unlinked.lower()
        # A few letters, such as a dotted capital I, grow when they are made small.
        if len(folded) == len(self.unlinked):
            return folded.replace("’", "'")
        return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in self.unlinked)


def reading_of(text: str, language: str) -> Reading:
    """Return a reading of the first `LONGEST` code points of a text."""
    return Reading(text[:LONGEST], primary_subtag(language))


def kind_of_word(pattern: str) -> Callable[[str], bool]:
    """Return a test for words (lower case) that match the whole of a pattern; each word is tried once only."""
    compiled = re.compile(pattern)

    @lru_cache(maxsize=20_000)
    def test(word: str) -> bool:
        return compiled.fullmatch(word) is not None

    return test


def spans_of(words: Iterator[Word] | tuple[Word, ...], test: Callable[[str], bool]) -> tuple[Span, ...]:
    """Where the words stand that pass a test."""
    return tuple(word.span for word in words if test(word.lower))


def matches(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    """Where a pattern stands in a text."""
    return tuple(match.span() for match in pattern.finditer(text))
