"""Checks of numbers and units. Numbers are compared as sets: a repeated one may be said once, none may change."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from digest.models.message import N_
from digest.models.segment import Finding, Severity
from digest.text.checks.number_words import counts, spelled_values, words_of
from digest.text.checks.numbers import Number, numbers_in
from digest.text.checks.reading import Reading, Span, Word
from digest.text.checks.units import PERHAPS, TIMES, converts, unit_at, unit_named, units_of
from digest.text.findings import differing

_PERCENT = frozenset(["percent", "percentage-points"])
_TINY = 1e-9
_NAME_BEFORE = re.compile(r"[^\W\d_]+(?=[-\u2010\u2011–]?\Z)")
_LONGEST_NAME = 30


@dataclass(frozen=True)
class _Counted:
    """The numbers of one side."""

    reading: Reading

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        return numbers_in(self.reading)

    @cached_property
    def units(self) -> list[tuple[str, Span] | None]:
        return units_of(self.numbers, self.reading.unlinked)

    @cached_property
    def values(self) -> set[float]:
        return {value for number in self.numbers for value in number.values}

    @cached_property
    def firsts(self) -> set[float]:
        return {value for number in self.numbers for value in number.values[: number.parts]}

    @cached_property
    def with_units(self) -> dict[float, tuple[set[str], list[Span]]]:
        return _with_units(self)

    @cached_property
    def in_words(self) -> list[tuple[Word, float]]:
        known = words_of(self.reading.language)
        return [(word, known[word.lower]) for word in self.reading.words if word.lower in known]

    @cached_property
    def spelled(self) -> set[float]:
        return spelled_values(self.reading.words, self.reading.language, self.reading.text)


def numbers(source: Reading, target: Reading) -> Iterator[Finding]:
    """`numbers` and `percent_units`: values that are on one side only, other conventions, other units."""
    said, made = _Counted(source), _Counted(target)
    if said.numbers or made.numbers:
        yield from _values(said, made)
        yield from _conventions(said, made)
        yield from _signs(said, made)
    if said.in_words or made.in_words:
        yield from _words(said, made)
    if (said.numbers or said.in_words) and (made.numbers or made.in_words):
        yield from _units(said, made)
    yield from _time_words(said, made)


def _values(said: _Counted, made: _Counted) -> Iterator[Finding]:
    lost = [number for number in said.numbers if not _is_said(number, said, made)]
    new = [number for number in made.numbers if not _is_said(number, made, said)]
    # `COVID-19` for "the disease" brings its 19 along; where another name lost its number, or had it, that is no excuse.
    if not any(number.glued for number in lost):
        new = [number for number in new if not number.glued or _has_name(number, made, said)]
    if not new:
        # And "the disease" for `COVID-19` loses nothing.
        lost = [number for number in lost if not number.glued]
    lost, new = _unconverted(lost, new, said, made)
    if new:
        message = N_(
            "This number is not in the source: %(target)s (source: %(source)s). Write the number of the source."
        )
        yield _differing("error", message, (said, made), lost, new)
    elif lost:
        message = N_(
            "This number of the source is missing: %(source)s. Write it, or see that nothing is lost without it."
        )
        yield _differing("warning", message, (said, made), lost, ())


def _has_name(number: Number, here: _Counted, there: _Counted) -> bool:
    """Whether the other side uses the name that a number is part of, too."""
    name = _NAME_BEFORE.search(here.reading.lower, max(0, number.start - _LONGEST_NAME), number.start)
    return name is None or name[0] in there.reading.lower


def _is_said(number: Number, here: _Counted, there: _Counted) -> bool:
    if _is_found(number, there):
        return True
    # The 2 of SARS-CoV-2 is never spelled out.
    if not number.glued and any(value in there.spelled for value in number.values):
        return True
    return _is_share_in_words(number, here, there)


def _is_found(number: Number, there: _Counted) -> bool:
    parts = number.values[: number.parts]
    if number.parts > 1:
        # Of 5:30 pm and 17h30 both the hour and the minutes have to be there.
        hours = {parts[0], *number.values[number.parts :]}
        return bool(hours & there.values) and all(part in there.values for part in parts[1:] if part)
    if number.values[0] in there.values or any(_near(number.values[0], other) for other in there.values):
        return True
    # What it can mean besides, the 80 of the 1980s, is what the other side says: 1880s have that 80, too.
    return any(value in there.firsts or any(_near(value, one) for one in there.firsts) for value in number.values[1:])


def _near(value: float, other: float) -> bool:
    return abs(value - other) <= _TINY * max(abs(value), abs(other))


def _is_share_in_words(number: Number, here: _Counted, there: _Counted) -> bool:
    """In 50 % and "half", 25 % and "a quarter" the numbers differ and the share does not."""
    unit = here.units[here.numbers.index(number)]
    shares = {50.0: 2.0, 25.0: 4.0, 75.0: 4.0, 33.0: 3.0, 66.0: 3.0, 67.0: 3.0, 20.0: 5.0, 10.0: 10.0, 0.5: 2.0}
    return (unit is not None and unit[0] in _PERCENT) and shares.get(number.values[0], -1.0) in there.spelled


def _unconverted(
    lost: list[Number], new: list[Number], said: _Counted, made: _Counted
) -> tuple[list[Number], list[Number]]:
    """Take out 6 feet where 1.8 metres came in."""
    for number in tuple(lost):
        for other in tuple(new):
            if _same_amount(number, said, other, made):
                lost = [one for one in lost if one is not number]
                new = [one for one in new if one is not other]
    # `6 feet (1.8 m)`: both stand there already; `two weeks` may become 14 or 15 days.
    new = [
        other
        for other in new
        if not any(_same_amount(number, said, other, made) for number in said.numbers)
        and not _is_converted(other, said, made)
    ]
    lost = [
        number
        for number in lost
        if not any(_same_amount(number, said, other, made) for other in made.numbers)
        and not _is_converted(number, made, said)
    ]
    return lost, new


def _same_amount(number: Number, said: _Counted, other: Number, made: _Counted) -> bool:
    first, second = said.units[said.numbers.index(number)], made.units[made.numbers.index(other)]
    if first is None or second is None or first[0] == second[0]:
        return False
    return converts(number.values[0], first[0], other.values[0], second[0])


def _is_converted(number: Number, there: _Counted, here: _Counted) -> bool:
    unit = here.units[here.numbers.index(number)]
    if unit is None:
        return False
    known = ((value, one) for value, (units, _) in there.with_units.items() for one in units)
    return any(one != unit[0] and converts(value, one, number.values[0], unit[0]) for value, one in known)


def _conventions(said: _Counted, made: _Counted) -> Iterator[Finding]:
    foreign = [number for number in made.numbers if number.foreign]
    if foreign and said.reading.language != made.reading.language:
        message = N_("This number is written as in the other language: %(target)s. Use this language's decimal mark.")
        same = [n for n in said.numbers if _shares_value(n, foreign)]
        yield _differing("warning", message, (said, made), same, foreign)


def _shares_value(number: Number, others: Iterable[Number]) -> bool:
    return any(value in other.values for other in others for value in number.values)


def _signs(said: _Counted, made: _Counted) -> Iterator[Finding]:
    for number in made.numbers:
        same = [other for other in said.numbers if number.values[0] in other.values]
        if same and all(other.negative != number.negative for other in same) and not number.glued:
            message = N_("The minus sign is on one side only: %(source)s / %(target)s. Write it as in the source.")
            yield _differing("warning", message, (said, made), same, [number])


def _words(said: _Counted, made: _Counted) -> Iterator[Finding]:
    """`six sessions` and `oito sessões`: a number in words on each side that the other does not have."""
    lost, new = _only_here(said, made), _only_here(made, said)
    if lost and new:
        message = N_("These numbers in words differ: %(source)s / %(target)s. Write the number of the source.")
        sides = said.reading.text, made.reading.text
        yield differing("numbers", "warning", message, sides, [word[1] for word in lost], [word[1] for word in new])


def _only_here(here: _Counted, there: _Counted) -> list[tuple[float, Span]]:
    listed = []
    for word, value in here.in_words:
        if counts(word.lower) and value not in there.values and value not in there.spelled:
            listed.append((value, word.span))
    return listed


def _units(said: _Counted, made: _Counted) -> Iterator[Finding]:
    """`percent_units`: the same number with another unit."""
    of_source, of_target = said.with_units, made.with_units
    for value, (units, spans) in of_target.items():
        known, known_spans = of_source.get(value, (set(), []))
        if not known or not _units_differ(known, units):
            continue
        message = N_("The unit of this number changed: %(source)s / %(target)s. Write the unit of the source.")
        sides = said.reading.text, made.reading.text
        yield differing("percent_units", "error", message, sides, known_spans, spans)


def _units_differ(known: set[str], units: set[str]) -> bool:
    if PERHAPS in known | units:
        return False
    known_named, named = known - {""}, units - {""}
    if known_named and named:
        return not known_named & named
    # A percent sign never goes or comes by itself; other units may stand elsewhere in the sentence.
    return bool((known_named | named) & _PERCENT) and "" in (known if named else units)


def _with_units(side: _Counted) -> dict[float, tuple[set[str], list[Span]]]:
    found_units: dict[float, tuple[set[str], list[Span]]] = {}
    for number, unit in zip(side.numbers, side.units, strict=True):
        if number.glued:
            continue
        units, spans = found_units.setdefault(number.values[0], (set(), []))
        units.add(unit[0] if unit else "")
        spans.append((min(number.start, unit[1][0]), max(number.end, unit[1][1])) if unit else number.span)
    for word, value in side.in_words:
        unit = unit_at(side.reading.unlinked, word.start, word.end) if value > 1 else None
        if unit:
            units, spans = found_units.setdefault(value, (set(), []))
            units.add(unit[0])
            spans.append((word.start, unit[1][1]))
    return found_units


def _time_words(said: _Counted, made: _Counted) -> Iterator[Finding]:
    """`several weeks` and `vários meses`: one unit of time went and another came."""
    if said.numbers or made.numbers:
        return
    before, after = _times(said.reading), _times(made.reading)
    lost, new = before.keys() - after.keys(), after.keys() - before.keys()
    if len(lost) == 1 and len(new) == 1:
        source, target = before[lost.pop()], after[new.pop()]
        message = N_("The unit of time changed: %(source)s / %(target)s. Write the unit of the source.")
        yield differing("percent_units", "warning", message, (said.reading.text, made.reading.text), source, target)


def _times(reading: Reading) -> dict[str, list[Span]]:
    times: dict[str, list[Span]] = {}
    for word in reading.words:
        unit = unit_named(word.lower)
        if unit in TIMES:
            times.setdefault(unit, []).append(word.span)
    return times


def _differing(
    severity: Severity, message: str, sides: tuple[_Counted, _Counted], lost: Sequence[Number], new: Sequence[Number]
) -> Finding:
    texts = sides[0].reading.text, sides[1].reading.text
    return differing("numbers", severity, message, texts, [n.span for n in lost], [n.span for n in new])
