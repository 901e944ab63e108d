"""Units of measure after (or before) a number, by one name in both languages, and which of them convert into which."""

import re
from collections.abc import Mapping, Sequence

from digest.text.checks.numbers import Number
from digest.text.checks.reading import Span

_LISTED = """
percent: % percent percentage por-cento porcento per-cent | percentage-points: percentage-point percentage-points
percentage-points: ponto-percentual pontos-percentuais p.p. pp
kilogram: kg quilo quilos kilogram kilograms kilo kilos quilograma quilogramas | gram: g grama gramas gram grams
milligram: mg miligrama miligramas milligram milligrams | microgram: µg μg mcg micrograma microgramas microgram micrograms
nanogram: ng nanograma nanogramas nanogram nanograms | litre: l L litro litros litre litres liter liters
millilitre: ml mL mililitro mililitros millilitre millilitres milliliter milliliters | decilitre: dl dL
metre: m metro metros metre metres meter meters
centimetre: cm centímetro centímetros centimetre centimetres centimeter centimeters
millimetre: mm milímetro milímetros millimetre millimetres millimeter millimeters
micrometre: µm μm micrômetro micrômetros mícron mícrons micron microns micrometre micrometres micrometer micrometers
nanometre: nm nanômetro nanômetros nanometre nanometres nanometer nanometers
kilometre: km quilômetro quilômetros quilómetros kilometre kilometres kilometer kilometers
foot: ft foot feet pé pés | inch: in. inch inches polegada polegadas | mile: mi mile miles milha milhas
pound: lb lbs pound pounds libra libras | ounce: oz ounce ounces onça onças
celsius: °C ºC celsius graus-celsius | fahrenheit: °F ºF fahrenheit graus-fahrenheit
second: s sec secs second seconds segundo segundos | minute: min mins minute minutes minuto minutos
hour: h hr hrs hour hours hora horas | day: day days dia dias | week: week weeks semana semanas
month: month months mês meses | year: year years ano anos yr yrs | decade: decade decades década décadas
century: century centuries século séculos
fold: times fold vezes | mmhg: mmHg | millimole: mmol | kilocalorie: kcal calorie calories caloria calorias
hertz: Hz | kilohertz: kHz | dollar: dollar dollars dólar dólares | euro: euro euros | real: reais
"""
_PREFIXES = {"US$": "dollar", "$": "dollar", "€": "euro", "R$": "real", "£": "pound"}

_METRE: Mapping[str, tuple[str, float]] = {
    "kilometre": ("length", 1000), "metre": ("length", 1), "centimetre": ("length", 0.01), "millimetre": ("length", 0.001),
    "micrometre": ("length", 1e-6), "nanometre": ("length", 1e-9),
    "foot": ("length", 0.3048), "inch": ("length", 0.0254), "mile": ("length", 1609.34),
    "kilogram": ("mass", 1000), "gram": ("mass", 1), "milligram": ("mass", 0.001), "microgram": ("mass", 1e-6),
    "pound": ("mass", 453.59), "ounce": ("mass", 28.35),
    "second": ("time", 1), "minute": ("time", 60), "hour": ("time", 3600), "day": ("time", 86_400),
    "week": ("time", 604_800), "month": ("time", 2_629_800), "year": ("time", 31_557_600),
    "decade": ("time", 315_576_000), "century": ("time", 3_155_760_000),
    "litre": ("volume", 1), "decilitre": ("volume", 0.1), "millilitre": ("volume", 0.001),
}  # fmt: skip
PERHAPS = "perhaps"
"""Unit of a number that may share the next one's."""
TIMES = frozenset(unit for unit, (kind, _) in _METRE.items() if kind == "time" and unit != "second")
_FREEZING, _DEGREES = 32, 1.8
_CLOSE = 0.12
"""Share by which a converted number may be rounded."""


def _read() -> dict[str, str]:
    names: dict[str, str] = {}
    for entry in _LISTED.replace("\n", "|").split("|"):
        unit, _, words = entry.partition(":")
        for word in words.split():
            names[word.replace("-", " ")] = unit.strip()
    return names


_NAMES = _read()
_UNIT = re.compile(
    r"[\s\u00a0-]{0,2}(?P<unit>"
    + "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
    + r")(?!\w)"
)
_RANGE = re.compile(r"\s*(?:-|–|—|to|a|and|e|or|ou)\s*\Z")
_BEFORE = re.compile(r"(US\$|R\$|\$|€|£)\s?\Z")
_SCALED = re.compile(
    r"\s(?:hundred|thousand|million|billion|trillion|mil|milh(?:ão|ões)|bilh(?:ão|ões)|trilh(?:ão|ões))(?:\s+de)?\b"
)


def unit_named(word: str) -> str:
    """Return the unit of a word in lower case, or an empty text."""
    return _NAMES.get(word, "")


def unit_at(text: str, start: int, end: int) -> tuple[str, Span] | None:
    """Return the unit of what stands from `start` to `end`, and where it is written."""
    before = _BEFORE.search(text[max(0, start - 4) : start])
    if before:
        return _PREFIXES[before[1]], (start - len(before[0]), start)
    scaled = _SCALED.match(text, end)
    after = _UNIT.match(text, scaled.end() if scaled else end)
    return (_NAMES[after["unit"]], after.span("unit")) if after else None


def units_of(numbers: Sequence[Number], text: str) -> list[tuple[str, Span] | None]:
    """Return the unit of each number; in `20 to 30%` both are percentages."""
    units = [unit_at(text, number.start, number.end) for number in numbers]
    for index in range(len(numbers) - 2, -1, -1):
        following = numbers[index + 1]
        between = text[numbers[index].end : following.start]
        after = units[index + 1]
        if units[index] is None and after and _RANGE.fullmatch(between):
            units[index] = after
        elif units[index] is None and after and between.strip() == ",":
            # In `10, 20 and 30%` the first is a percentage too; in `d = 0.34, 95%` it is none.
            units[index] = PERHAPS, numbers[index].span
    return units


def converts(value_a: float, unit_a: str, value_b: float, unit_b: str) -> bool:
    """Whether two different units say the same amount, roughly: 6 feet and 1.8 metres."""
    if {unit_a, unit_b} == {"celsius", "fahrenheit"}:
        celsius, fahrenheit = (value_a, value_b) if unit_a == "celsius" else (value_b, value_a)
        return abs(celsius * _DEGREES + _FREEZING - fahrenheit) < 1.5  # noqa: PLR2004 -- degrees
    kind_a, factor_a = _METRE.get(unit_a, ("a", 0.0))
    kind_b, factor_b = _METRE.get(unit_b, ("b", 0.0))
    if kind_a != kind_b:
        return False
    amount_a, amount_b = value_a * factor_a, value_b * factor_b
    return abs(amount_a - amount_b) <= _CLOSE * max(amount_a, amount_b)
