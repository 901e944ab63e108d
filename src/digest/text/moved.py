"""Sentences that a translation moved: what in-order alignment leaves over, matched wherever it stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from digest.text.beads import Bead, Line, bead_confidence

_LOOSE = 0.2
"""Confidence below which an in-order pair may be broken for a better one elsewhere."""
_SURE = 0.5
"""Confidence that a pair out of order has to have: nothing but its words speaks for it."""
_MOST = 80
"""Sentences left over a side; more of them are two different texts."""


def with_moved(
    beads: Sequence[Bead], sources: Sequence[Line], targets: Sequence[Line], growth: float
) -> tuple[Bead, ...]:
    """Return the beads, with sentences that are left over on both sides joined where they say the same.

    A joined pair is marked as moved, so that a person looks at it; what stays alone is in a bead of its own.
    """
    loose = [bead for bead in beads if _is_loose(bead)]
    here = [i for bead in loose for i in range(bead.source, bead.source + bead.sources)]
    there = [j for bead in loose for j in range(bead.target, bead.target + bead.targets)]
    if not here or not there or max(len(here), len(there)) > _MOST:
        return tuple(beads)
    pairs = dict(_best(here, there, sources, targets, growth))
    if not pairs:
        return tuple(beads)
    taken = set(pairs.values())
    moved = [
        Bead(
            source=i,
            sources=1,
            target=j,
            targets=1,
            confidence=bead_confidence([sources[i]], [targets[j]], growth),
            moved=True,
        )
        for i, j in pairs.items()
    ]
    kept = [part for bead in beads for part in _without(bead, pairs.keys(), taken)]
    return tuple(sorted([*kept, *moved], key=lambda bead: (bead.source, bead.target)))


def _is_loose(bead: Bead) -> bool:
    """Whether it has one side only, hardly fits, or holds two sentences each way, which may have changed places."""
    return bead.confidence < _LOOSE or (bead.sources, bead.targets) == (2, 2)


def _best(
    here: Sequence[int], there: Sequence[int], sources: Sequence[Line], targets: Sequence[Line], growth: float
) -> Iterator[tuple[int, int]]:
    """Yield pairs, the surest first, each sentence once."""
    ranked = sorted(
        (
            (confidence, -i, -j)
            for i in here
            for j in there
            if (confidence := bead_confidence([sources[i]], [targets[j]], growth)) >= _SURE
        ),
        reverse=True,
    )
    done: set[tuple[str, int]] = set()
    for _, i, j in ranked:
        if ("here", i) not in done and ("there", j) not in done:
            done |= {("here", i), ("there", j)}
            yield -i, -j


def _without(bead: Bead, here: Iterable[int], there: Iterable[int]) -> Iterator[Bead]:
    """Yield what is left of a bead; broken, each sentence stands alone."""
    gone, gone_there = set(here), set(there)
    own = range(bead.source, bead.source + bead.sources)
    own_there = range(bead.target, bead.target + bead.targets)
    if not gone & set(own) and not gone_there & set(own_there):
        yield bead
        return
    alone = replace(bead, confidence=0.0)
    yield from (replace(alone, source=i, sources=1, targets=0) for i in own if i not in gone)
    yield from (replace(alone, sources=0, target=j, targets=1) for j in own_there if j not in gone_there)
