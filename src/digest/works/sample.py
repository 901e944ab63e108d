"""How many took part, in the abstract's own words: couples are not people, and a number is never guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Unit = Literal["people", "couples", "families", "animals", "studies", "unknown"]

_NUMBER = r"(?<![\d.,])(\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+|\d{1,7})(?![\d]|[.,]\d)"
_COUPLES = r"couples?|dyads?|casais|casal|díades?|partners?hips?|duplas"
_FAMILIES = r"families|família|famílias|households?"
_ANIMALS = r"rats?|mice|mouse|voles?|monkeys?|macaques?|zebrafish|dogs?|ratos?|camundongos?|macacos?|animals|animais"
_STUDIES = r"(?:(?:independent|primary|eligible|empirical|randomi[sz]ed(?: controlled)?|estudos)\s)?(?:studies|trials|estudos|ensaios|articles|artigos)"
_PEOPLE = (
    r"participants?|people|persons?|adults?|individuals?|patients?|women|men|students?|children|adolescents?|mothers?"
    r"|fathers?|parents|caregivers?|respondents?|volunteers?|clients?|therapists?|veterans?|immigrants?|expatriates?"
    r"|spouses|partners|newlyweds|teenagers|workers|employees|nurses|youths?|infants|girls|boys|males|females"
    r"|participantes?|pessoas|adultos|idosos|indivíduos|pacientes|mulheres|homens|estudantes|universitários|crianças"
    r"|adolescentes|mães|pais|cuidadores|voluntários|respondentes|cônjuges|parceiros|imigrantes|trabalhadores"
)
_ADJECTIVES = r"(?:[a-zà-ÿ-]+\s){0,3}?"
_TOTAL = re.compile(r"(?<![\w])N\s?=\s?" + _NUMBER)
_COUNTED = re.compile(
    rf"{_NUMBER}\s+{_ADJECTIVES}(?:(?P<couples>{_COUPLES})|(?P<families>{_FAMILIES})|(?P<animals>{_ANIMALS})|(?P<studies>{_STUDIES})|(?P<people>{_PEOPLE}))\b",
    re.IGNORECASE,
)
_NOT_A_COUNT = re.compile(r"(?:\b(?:in|em|since|desde|aged|age|top|first|idade)\s|[$€£%])$", re.IGNORECASE)
_MOST_QUOTES = 3
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One number of those who took part, with the words that say it."""

    number: int
    unit: Unit
    quote: str


def samples(abstract: str) -> tuple[Sample, ...]:
    """Return the numbers that an abstract states, in order, each once, at most three."""
    found: dict[tuple[int, str], Sample] = {}
    text = abstract[:_LONGEST_TEXT]
    totals = list(_totals(text))
    for _, sample in sorted([*totals, *_counted(text)], key=lambda pair: pair[0]):
        found.setdefault((sample.number, sample.unit), sample)
    known = {sample.number for sample in found.values() if sample.unit != "unknown"}
    told = [sample for sample in found.values() if sample.unit != "unknown" or sample.number not in known]
    return tuple(told[:_MOST_QUOTES])


def _totals(text: str) -> Iterator[tuple[int, Sample]]:
    """`N = 412`: a capital N is all of them, a small one a part."""
    for match in _TOTAL.finditer(text):
        number = _number(match[1])
        if number:
            yield match.start(), Sample(number=number, unit="unknown", quote=match.group())


def _counted(text: str) -> Iterator[tuple[int, Sample]]:
    for match in _COUNTED.finditer(text):
        number = _number(match[1])
        if number and not _NOT_A_COUNT.search(text[max(0, match.start() - 12) : match.start()]):
            unit: Unit = next(name for name in _UNITS if match.group(name))
            yield match.start(), Sample(number=number, unit=unit, quote=match.group())


_UNITS: tuple[Literal["couples", "families", "animals", "studies", "people"], ...] = (
    "couples", "families", "animals", "studies", "people",
)  # fmt: skip


def _number(said: str) -> int:
    return int(re.sub(r"\D", "", said))
