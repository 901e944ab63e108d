"""Which sentences are taken: by worth, by being unlike what is taken already, and never without what they lean on."""

from collections.abc import Callable, Sequence
from functools import partial

from digest.text.leaning import begins_count, counts_on, sums_up
from digest.text.placed import Placed, likeness

_NOVELTY = 0.35
"""Weight of being unlike what is already chosen (the lambda of maximal marginal relevance is 1 minus this)."""
_LONGEST_GROUP = 5
"""Sentences that lean one on the other; more is a story, not a summary."""


class Choice:
    """A choice from the sentences that may be used, in order; each is read once, however long the text."""

    def __init__(
        self, *, usable: Sequence[Placed], worth: Callable[[Placed], float], alone: Callable[[Placed], bool]
    ) -> None:
        """`worth` says how well a sentence speaks for the text, `alone` whether it can be read alone."""
        self._worth = {one.number: worth(one) for one in usable}
        # The first of a section has its heading before it.
        self._leaning = {one.number for one in usable if not (one.first or alone(one))}
        self._supports = _supports(usable, self._leaning)

    def best(
        self, candidates: Sequence[Placed], wanted: int, *, room: int, before: Sequence[Placed] = ()
    ) -> list[Placed]:
        """Choose by worth and by being unlike what is chosen already; at a tie the earlier sentence wins.

        A sentence that can not be read alone comes with what it leans on, as far as there is room.
        """
        chosen: list[Placed] = []
        while len(chosen) < wanted:
            taken = [*before, *chosen]
            numbers = {one.number for one in taken}
            groups = [self._group(one, numbers) for one in candidates if one.number not in numbers]
            fitting = [group for group in groups if 0 < len(group) <= room - len(taken)]
            if not fitting:
                break
            chosen += max(fitting, key=partial(self._rank, taken=taken))
        return chosen

    def worthiest(self, candidates: Sequence[Placed]) -> Placed:
        """Return the best of some, whatever it leans on."""
        return max(candidates, key=lambda one: self._worth[one.number])

    def support(self, sentence: Placed) -> Placed | None:
        """Return what a sentence leans on, None where it stands alone or that may not be used."""
        return self._supports.get(sentence.number)

    def _group(self, sentence: Placed, taken: set[int]) -> list[Placed]:
        """Return a sentence with all that it needs and that is not taken yet; nothing where that can not be had."""
        group = [sentence]
        while group[0].number in self._leaning:
            support = self._supports.get(group[0].number)
            if support is None or len(group) > _LONGEST_GROUP:
                return []
            if support.number in taken:
                break
            group.insert(0, support)
        return group

    def _rank(self, group: Sequence[Placed], taken: Sequence[Placed]) -> tuple[float, int]:
        value = sum(_marginal(one, self._worth[one.number], taken) for one in group) / len(group)
        return value, -group[0].number


def _supports(usable: Sequence[Placed], leaning: set[int]) -> dict[int, Placed]:
    """Find what each sentence leans on: the one before it, or for "The second ..." and "Both ..." where a count began."""
    supports: dict[int, Placed] = {}
    last: dict[str, Placed] = {}
    begun: dict[str, Placed] = {}
    counted: dict[str, Placed] = {}
    for one in usable:
        counting = counts_on(one.text)
        if one.number in leaning:
            before = last.get(one.label)
            support = before if before and before.number == one.number - 1 else None
            if counting:
                support = begun.get(one.label)
            elif one.label in counted and sums_up(one.text):
                support = counted[one.label]
            supports |= {one.number: support} if support else {}
        last[one.label] = one
        if counting:
            counted[one.label] = one
        if begins_count(one.text):
            begun[one.label] = one
    return supports


def _marginal(sentence: Placed, worth: float, chosen: Sequence[Placed]) -> float:
    likest = max((likeness(sentence.stems, other.stems) for other in chosen), default=0.0)
    return (1 - _NOVELTY) * worth - _NOVELTY * likest
