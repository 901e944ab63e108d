"""How hard a text is to read, as a band: Flesch for English, Martins et al. for Portuguese. Shown, never a gate.

Flesch 1948 (doi:10.1037/h0057532); Martins, Ghiraldelo, Nunes and Oliveira 1996, NILC technical report 28: the same formula
with 248.835 in place of 206.835, since Portuguese words have more syllables.
"""

import re
from dataclasses import dataclass
from typing import Literal

from digest.text.language import primary_subtag
from digest.text.sentences import split_sentences

Band = Literal["very easy", "easy", "hard", "very hard"]

_CONSTANTS = {"en": 206.835, "pt": 248.835}
_BANDS: tuple[tuple[float, Band], ...] = ((75, "very easy"), (50, "easy"), (25, "hard"))
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUCLEUS_EN = re.compile(r"(?<![cgstx])i(?=[ao](?!u))|[aeiouy]+(?=ing\Z)|[aeiouy]+")
_SILENT_EN = re.compile(r"(?<=[^aeiouyl])e\Z|(?<=[aeiouy]l)e\Z|(?<=[^aeiouytd])ed\Z|(?<=[^aeiouyszx])es\Z")
# A hiatus parts two strong vowels, and an accented weak one from its neighbour: sa-ú-de, ra-i-nha, but cau-sa.
_NUCLEUS_PT = re.compile(
    r"(?<=[qg])u[aáeiéêíoô](?:[iu](?![aeiouáéíóúâêôãõ]))?|[ãõ][eo]|[íú]|ui(?![lmnrz]\Z)"
    r"|[aáàâãeéêoóôõ](?:[iu](?!(?:[lmnrz]\Z|nh|[lmnrz][^aeiouáéíóúâêôãõh])))?|[iuy]"
)
_RISING_PT = re.compile(r"(?:i|(?<![qg])u)[aeo]s?\Z")
_ACCENT_PT = re.compile(r"[áéíóúâêô]")
_LONGEST_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Readability:
    """What a reader has to do."""

    score: float
    """0 to 100 for ordinary text; higher is easier."""
    band: Band
    longest: tuple[str, ...]
    """The two longest sentences, the longest first."""


def readability(text: str, language: str) -> Readability | None:
    """Return how hard a text is, or None where it has no words or its language has no formula here."""
    constant = _CONSTANTS.get(primary_subtag(language))
    sentences = split_sentences(text, language)
    words = _WORD.findall(text)
    if constant is None or not words or not sentences:
        return None
    syllables = sum(syllables_in(word, language) for word in words)
    score = constant - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)
    longest = sorted(sentences, key=lambda sentence: -len(_WORD.findall(sentence)))[:_LONGEST_SHOWN]
    band: Band = next((name for least, name in _BANDS if score >= least), "very hard")
    return Readability(score=round(score, 1), band=band, longest=tuple(longest))


def syllables_in(word: str, language: str) -> int:
    """Return the number of syllables of a word, at least 1, by its vowels."""
    lower = word.lower()
    if primary_subtag(language) == "pt":
        # The stress falls on the i of te-ra-pi-a; where it is marked elsewhere, the end is one: his-tó-ria.
        rising = _RISING_PT.search(lower) and _ACCENT_PT.search(lower[:-2])
        return max(1, len(_NUCLEUS_PT.findall(lower)) - bool(rising))
    return max(1, len(_NUCLEUS_EN.findall(_SILENT_EN.sub("", lower))))
