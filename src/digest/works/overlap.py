"""Words in a row that a text shares with another one, whose words may not be printed."""

import re
from collections.abc import Iterator

from digest.works.titles import fold

WIDTH = 8
"""Words in a row from which it counts."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LONGEST = 60_000


def verbatim_overlap(text: str, source: str, width: int = WIDTH) -> tuple[tuple[int, int], ...]:
    """Return where (code points, half open) `text` has `width` or more words in a row of `source`; case and accents do not count."""
    theirs = [word for word, _, _ in _words(source)]
    known = {tuple(theirs[at : at + width]) for at in range(len(theirs) - width + 1)}
    if not known:
        return ()
    mine = list(_words(text))
    spans: list[tuple[int, int]] = []
    for at in range(len(mine) - width + 1):
        if tuple(word for word, _, _ in mine[at : at + width]) in known:
            start, end = mine[at][1], mine[at + width - 1][2]
            if spans and start <= spans[-1][1]:
                start = spans.pop()[0]
            spans.append((start, end))
    return tuple(spans)


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text[:_LONGEST]):
        for word in fold(match.group()):
            yield word, match.start(), match.end()
