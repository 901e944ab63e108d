"""Numbers in digits, read by the conventions of a language: `1,234.5` in English, `1.234,5` in Portuguese (CLDR)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from digest.text.checks.number_words import SCALES
from digest.text.checks.reading import Reading, Span

# Thin, narrow and common no-break spaces part thousands; so does a plain space before exactly three digits.
_SPACED = r"\d{1,3}(?:[   ]\d{3})+(?!\d)"
_NUMBER = re.compile(rf"(?<!\d)(?:{_SPACED}(?:[.,]\d+)?|\d+(?:[.,:]\d+)*|(?<![\w.,)])[.,]\d+)")
_DIGIT = re.compile(r"\d")
_GROUPED = re.compile(r"\d{1,3}(?:(?P<mark>[.,])\d{3})(?:(?P=mark)\d{3})*(?P<rest>[.,]\d+)?")
_PLAIN = re.compile(r"\d*[.,]\d+")
_AFTER = re.compile(r"[ \u00a0-]?(?P<word>[^\W\d_]+)")
_RANGE = re.compile(r"\s*(?:-|–|—|to|a|and|e|ou|or|até)\s*\Z", re.IGNORECASE)
_HYPHENS = frozenset("-\u2010\u2011–")
_CENTURIES = 100
_OLDEST_YEAR = 1000
_DECADE = re.compile(r"(?:anos|década de|decade of(?: the)?)\s\Z", re.IGNORECASE)
_PM = 12


@dataclass(frozen=True, slots=True)
class Number:
    """One number as it stands."""

    raw: str
    start: int
    end: int
    values: tuple[float, ...]
    """What it can mean, the most likely first."""
    glued: bool
    """Whether it is part of a name, such as the 19 of COVID-19 or the 2 of SARS-CoV-2."""
    foreign: bool
    """Whether its separators are those of the other language."""
    negative: bool = False
    parts: int = 1
    """How many of the values stand there together: two of 5:30, three of 12.03.2020."""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


def numbers_in(reading: Reading) -> tuple[Number, ...]:
    """Return the numbers of a text in order, links and DOIs left out."""
    text = reading.unlinked
    if not _DIGIT.search(text):
        return ()
    found = [_read(match, text, reading.language) for match in _NUMBER.finditer(text)]
    return tuple(_in_context(found, text))


def _read(match: re.Match[str], text: str, language: str) -> Number:
    raw, (start, end) = match[0], match.span()
    values, foreign = _values(raw, language)
    before = text[max(0, start - 2) : start]
    glued = _is_glued(before, text[end : end + 1])
    negative = before[-1:] in {"-", "−"} and not before[:-1].strip("=(<> ") and not raw.startswith("0" * 2)
    return Number(raw, start, end, values, glued, foreign and not glued, negative and not glued, len(values))


def _is_glued(before: str, after: str) -> bool:
    last = before[-1:]
    if last == "h" and before[:1].isdigit():
        # The minutes of 17h30.
        return False
    return (
        last.isalpha()
        or (last in _HYPHENS and before[:1].isalnum() and not before[:1].isdigit())
        or (after.isalpha() and after.isupper())
    )


def _values(raw: str, language: str) -> tuple[tuple[float, ...], bool]:
    """(what it can mean, whether it is written in the other language's way)."""
    digits = re.sub(r"[   ]", "", raw)
    if ":" in digits:
        return tuple(float(part.replace(",", "").replace(".", "") or 0) for part in digits.split(":")), False
    if digits.isdigit():
        return (float(digits),), False
    decimal = "," if language == "pt" else "."
    grouped = _GROUPED.fullmatch(digits)
    if grouped and not digits.startswith("0"):
        return _grouped(digits, grouped["mark"], grouped["rest"], decimal)
    if _PLAIN.fullmatch(digits):
        mark = "," if "," in digits else "."
        return (float(digits.replace(",", ".")),), mark != decimal
    # 4.2.1, 12.03.2020, "1,1,2": parts of a date, a version or a list.
    return tuple(float(part) for part in re.split(r"[.,]", digits) if part), False


def _grouped(digits: str, mark: str, rest: str | None, decimal: str) -> tuple[tuple[float, ...], bool]:
    """`1,234` is a thousand and more in English and one and a bit in Portuguese; `1,234.5` can not be mistaken."""
    if rest and rest[0] == mark:
        return tuple(float(part) for part in digits.split(mark)), False
    several = digits.count(mark) > 1 or bool(rest)
    if several or mark != decimal:
        whole = digits.removesuffix(rest or "").replace(mark, "")
        return (float(whole + (rest or "").replace(",", ".")),), mark == decimal
    return (float(digits.replace(",", ".")),), False


def _in_context(found: list[Number], text: str) -> Iterator[Number]:
    """Add what the words around a number make of it: thousands, pages 119-20, 3 pm, the 90s."""
    scales = [_scale(number, text) for number in found]
    for index, number in enumerate(found):
        scale = scales[index] or _scale_of_next(index, found, scales, text)
        values = number.values
        if scale:
            values = tuple(value * scale for value in values)
            if not scales[index]:
                values += number.values
        yield replace(number, values=(*values, *_read_otherwise(index, number, found, text)))


def _scale(number: Number, text: str) -> float:
    word = _AFTER.match(text, number.end)
    if word is None:
        return 0.0
    lower = word["word"].lower()
    # A lone letter is a unit more often than a number, unless it is glued on: 5k, but 5 m.
    if len(lower) == 1:
        return SCALES[lower] if lower == "k" and word.start("word") == number.end else 0.0
    return SCALES.get(lower, 0.0)


def _scale_of_next(index: int, found: list[Number], scales: list[float], text: str) -> float:
    """In "2 to 3 million" both are millions."""
    if (
        index + 1 < len(found)
        and scales[index + 1]
        and _RANGE.fullmatch(text[found[index].end : found[index + 1].start])
    ):
        return scales[index + 1]
    return 0.0


def _read_otherwise(index: int, number: Number, found: list[Number], text: str) -> Iterator[float]:
    first = number.values[0]
    after = text[number.end : number.end + 5].lower().lstrip()
    if after.startswith(("pm", "p.m", "p. m")) and first < _PM:
        yield first + _PM
    if after.startswith("h") and first > _PM:
        yield first - _PM
    if (
        number.raw.isdigit()
        and first >= _OLDEST_YEAR
        and (after.startswith("s") or _DECADE.search(text[max(0, number.start - 15) : number.start]))
    ):
        yield first % _CENTURIES
    if index and len(number.raw) == 2 and text[found[index - 1].end : number.start] in {"-", "–", "/"}:  # noqa: PLR2004
        previous = found[index - 1].values[0]
        if previous >= _CENTURIES:
            yield previous - previous % _CENTURIES + first
