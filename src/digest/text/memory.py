"""What the author approved in past issues, found again by its source text: the same, nearly the same, or similar.

Classes of likeness are those of translation tools (memoQ, Trados): 101 the same text between the same neighbours, 100
the same text, 99 the same but for numbers or punctuation, below that a share of common words in order.
"""

import difflib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from digest.models.segment import Segment

FUZZY_PERCENT = 75
"""Likeness from which a remembered translation is worth editing."""
NUMBERS_PERCENT = 99
_NEAR_PERCENT = 60
"""Likeness from which a pair is worth showing to an engine as an example."""

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_NUMBER_OF_KEY = re.compile(r"/\d+\Z")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_LOOKED_UP = 20_000
"""Entries of word lists that a look-up reads beyond the necessary ones."""
_ROUNDING = 1e-9
"""A ratio that is exactly the least one counts, whatever floats make of it."""
_LONGEST = 120
"""Words; what is longer is no sentence, and comparing it costs too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """One approved pair."""

    source: str
    target: str
    place: str
    """Title, tag or heading it stood under."""
    before: str = ""
    """Normalised source of the sentence before it, empty for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An approved pair and how like its source is to what was asked, from 0 to 101 percent."""

    percent: int
    source: str
    target: str
    changed: tuple[str, ...] = ()
    """Changed words as `old -> new`; one side is `-` where words were added or left out."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Approved translations into one locale; made by `memory_of`."""

    entries: Mapping[str, tuple[Remembered, ...]] = field(default_factory=dict)
    """By normalised source, the most recent last."""

    def exact(self, source: str, key: str, before: str = "") -> Match | None:
        """Return the approved translation of a source, or None.

        White space, quotation marks and dashes aside, the text is the same. Where there are several, the one between
        the same neighbours wins (101), then the one that stood in the same place of its story (title, tag, heading),
        then the most recent.
        """
        known = self.entries.get(normalised(source), ())
        if not known:
            return None
        place = place_of(key)
        context = [one for one in known if before and one.before == normalised(before)]
        chosen = (context or [one for one in known if one.place == place] or list(known))[-1]
        return Match(percent=101 if context else 100, source=chosen.source, target=chosen.target)

    def but_for_numbers(self, source: str) -> Match | None:
        """Return the most recent pair whose source differs in numbers, punctuation or capital letters only, or None."""
        shape = _shape(source)
        known = self._by_shape.get(shape, ()) if shape else ()
        return _match(source, known[-1], NUMBERS_PERCENT) if known else None

    def similar(self, source: str, *, least: int = FUZZY_PERCENT, most: int = 1) -> tuple[Match, ...]:
        """Return up to `most` pairs that share at least `least` percent of their words in order, the likest first."""
        words = _words(source)
        if not 0 < len(words) <= _LONGEST:
            return ()
        found = [
            (ratio, number)
            for number in self._candidates(words, least / 100)
            if (ratio := _ratio(words, self._all_words[number], least / 100))
        ]
        found.sort(key=lambda pair: (-pair[0], -pair[1]))
        # Where all words agree, the marks between them or the letters' case still differ.
        return tuple(
            _match(source, self._all[number], min(NUMBERS_PERCENT, int(100 * ratio))) for ratio, number in found[:most]
        )

    def examples(self, sources: Iterable[str], most: int = 3) -> tuple[Match, ...]:
        """Return the pairs nearest to any of the sources, to show an engine what the author approves."""
        near = [match for source in sources for match in self.similar(source, least=_NEAR_PERCENT)]
        best = {match.source: match for match in sorted(near, key=lambda match: match.percent)}
        return tuple(sorted(best.values(), key=lambda match: -match.percent)[:most])

    @cached_property
    def _all(self) -> tuple[Remembered, ...]:
        """The most recent pair of each source."""
        return tuple(known[-1] for known in self.entries.values())

    @cached_property
    def _all_words(self) -> tuple[tuple[str, ...], ...]:
        return tuple(_words(one.source) for one in self._all)

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(map(len, self._all_words))

    @cached_property
    def _by_shape(self) -> Mapping[str, tuple[Remembered, ...]]:
        shapes: dict[str, tuple[Remembered, ...]] = {}
        for known in self.entries.values():
            shape = _shape(known[-1].source)
            shapes[shape] = (*shapes.get(shape, ()), known[-1])
        return shapes

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """Word -> the pairs that have it."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._all_words):
            for word in set(words):
                places[word].append(number)
        return places

    def _candidates(self, words: Sequence[str], least: float) -> list[int]:
        """Pairs that may be like enough.

        A pair with ratio r = 2 m / (a + b) shares m >= a r / (2 - r) of the a words asked for, so it misses at most
        a - m of them, and of any k words more than that it has at least k. The rarest words say it cheapest (the
        prefix filter of set similarity joins); more of them are looked at while that costs little.
        """
        size = len(words)
        low, high = size * least / (2 - least) - _ROUNDING, size * (2 - least) / least + _ROUNDING
        missed = size - max(1, math.ceil(low))
        postings = sorted((self._places.get(word, ()) for word in set(words)), key=len)
        hits: Counter[int] = Counter()
        looked_at = 0
        for listed in postings:
            if looked_at > missed and hits.total() + len(listed) > _LOOKED_UP:
                break
            hits.update(listed)
            looked_at += 1
        needed = max(1, looked_at - missed)
        return [number for number, count in hits.items() if count >= needed and low <= self._sizes[number] <= high]


def memory_of(issues: Sequence[Iterable[Segment]]) -> Memory:
    """Make the memory of one locale from the segments of past issues, the oldest issue first."""
    entries: dict[str, tuple[Remembered, ...]] = {}
    for segments in issues:
        before = ("", "")
        for segment in segments:
            source, group = normalised(segment.source), _NUMBER_OF_KEY.sub("", segment.key)
            neighbour = before[1] if before[0] == group else ""
            before = (group, source)
            if segment.state == "approved" and segment.target.strip():
                one = Remembered(
                    source=segment.source, target=segment.target, place=place_of(segment.key), before=neighbour
                )
                entries[source] = (*entries.get(source, ()), one)
    return Memory(entries=entries)


def normalised(text: str) -> str:
    """Return a text with one form of white space, quotation marks and dashes; case and accents stay."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split())


def place_of(key: str) -> str:
    """Return where in a story a segment stands: its key without the story and the number."""
    return _NUMBER_OF_KEY.sub("", key.partition("/")[2])


def _words(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(unicodedata.normalize("NFC", text).casefold()))


def _shape(text: str) -> str:
    """The words, with one sign for every number; empty where there are no words."""
    words = _words(text)
    return " ".join("0" if word[0].isdigit() else word for word in words) if any(w.isalpha() for w in words) else ""


def _ratio(words: Sequence[str], others: Sequence[str], least: float) -> float:
    """The share of common words in order, 0 where it is less than asked."""
    whole = len(words) + len(others)
    if 2 * (Counter(words) & Counter(others)).total() < least * whole:
        return 0.0
    ratio = difflib.SequenceMatcher(a=others, b=words, autojunk=False).ratio()
    return ratio if ratio >= least else 0.0


def _match(source: str, known: Remembered, percent: int) -> Match:
    old, new = known.source.split(), source.split()
    steps = difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    changed = tuple(
        f"{' '.join(old[a:b]) or '-'} -> {' '.join(new[c:d]) or '-'}" for step, a, b, c, d in steps if step != "equal"
    )
    return Match(percent=percent, source=known.source, target=known.target, changed=changed)
