"""What the author approved in past issues, found again by its source text."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from digest.models.segment import Segment

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_NUMBER = re.compile(r"/\d+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Approved translations into one locale; made by `memory_of`."""

    entries: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Normalised source -> (place, target) pairs, the most recent last."""

    def target(self, source: str, key: str) -> str | None:
        """Return the approved translation of a source, or None.

        Only an exact match counts (white space, quotation marks and dashes aside). Where there are several, the one
        that stood in the same place of its story (title, tag, heading) wins over the most recent one.
        """
        known = self.entries.get(normalised(source), ())
        same_place = [target for place, target in known if place == place_of(key)]
        targets = same_place or [target for _, target in known]
        return targets[-1] if targets else None


def memory_of(issues: Sequence[Iterable[Segment]]) -> Memory:
    """Make the memory of one locale from the segments of past issues, the oldest issue first."""
    entries: dict[str, tuple[tuple[str, str], ...]] = {}
    for segments in issues:
        for segment in segments:
            if segment.state == "approved" and segment.target.strip():
                source = normalised(segment.source)
                entries[source] = (*entries.get(source, ()), (place_of(segment.key), segment.target))
    return Memory(entries=entries)


def normalised(text: str) -> str:
    """Return a text with one form of white space, quotation marks and dashes; case and accents stay."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split())


def place_of(key: str) -> str:
    """Return where in a story a segment stands: its key without the story and the number."""
    return _NUMBER.sub("", key.partition("/")[2])
