"""Numbers that are written as words, in English and Portuguese: they excuse a digit that became a word, or the reverse."""

import re
from collections.abc import Iterable, Mapping

from digest.text.checks.reading import Word


def _valued(listed: str) -> dict[str, float]:
    """Read `value: word word | value: word`."""
    pairs = (entry.partition(":") for entry in listed.replace("\n", "|").split("|") if entry.strip())
    return {word: float(value) for value, _, words in pairs for word in words.split()}


_ENGLISH = _valued(
    """
    0: zero none | 1: one once single a an first | 2: two twice double second both couple pair half doubled
    3: three thrice triple third thirds tripled | 4: four fourth quarter quarters quadruple | 5: five fifth fifths
    6: six sixth | 7: seven seventh week | 8: eight eighth | 9: nine ninth | 10: ten tenth tenths tenfold decade decades
    11: eleven eleventh | 12: twelve twelfth dozen noon | 13: thirteen | 14: fourteen fortnight | 15: fifteen
    16: sixteen | 17: seventeen | 18: eighteen | 19: nineteen | 20: twenty twentieth twenties | 30: thirty thirties
    40: forty forties | 50: fifty fifties half | 60: sixty sixties | 70: seventy seventies | 80: eighty eighties
    90: ninety nineties | 100: hundred century
    """
)
_PORTUGUESE = _valued(
    """
    0: zero nenhum nenhuma | 1: um uma único única primeiro primeira | 2: dois duas segundo segunda ambos ambas dobro duplo
    2: dupla par casal metade meio meia | 3: três terceiro terceira terço terços triplo tripla trio
    4: quatro quarto quarta quartos quádruplo | 5: cinco quinto quinta quintos | 6: seis sexto sexta meia
    7: sete sétimo sétima semana | 8: oito oitavo oitava | 9: nove nono nona
    10: dez décimo décima década décadas | 11: onze | 12: doze dúzia | 13: treze | 14: catorze quatorze | 15: quinze quinzena
    16: dezesseis dezasseis | 17: dezessete dezassete | 18: dezoito | 19: dezenove dezanove | 20: vinte
    30: trinta | 40: quarenta | 50: cinquenta metade | 60: sessenta | 70: setenta | 80: oitenta | 90: noventa
    100: cem cento centena século | 200: duzentos duzentas | 300: trezentos trezentas | 400: quatrocentos quatrocentas
    500: quinhentos quinhentas | 600: seiscentos seiscentas | 700: setecentos setecentas
    800: oitocentos oitocentas | 900: novecentos novecentas
    """
)
_BY_LANGUAGE = {"en": _ENGLISH, "pt": _PORTUGUESE}
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan janeiro", "february feb fevereiro fev", "march mar março", "april apr abril abr", "may maio mai",
            "june jun junho", "july jul julho", "august aug agosto ago", "september sep sept setembro set",
            "october oct outubro out", "november nov novembro", "december dec dezembro dez",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_THOUSAND = 1000.0
_HUNDRED = 100.0
SCALES: Mapping[str, float] = {
    "hundred": 1e2, "hundreds": 1e2, "cem": 1e2, "thousand": 1e3, "thousands": 1e3, "mil": 1e3, "k": 1e3,
    "million": 1e6, "millions": 1e6, "m": 1e6, "mn": 1e6, "mi": 1e6, "milhão": 1e6, "milhões": 1e6,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "bilhão": 1e9, "bilhões": 1e9, "bilião": 1e12, "biliões": 1e12,
    "trillion": 1e12, "trillions": 1e12, "trilhão": 1e12, "trilhões": 1e12,
}  # fmt: skip
_COUNTED = frozenset(["three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
_COUNTED_PORTUGUESE = frozenset(["três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze"])
_HALF_MILLION = re.compile(r"half a million|meio milhão", re.IGNORECASE)
_ROMAN = re.compile(r"\b(?=[IVXLC]{1,7}\b)(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def words_of(language: str) -> Mapping[str, float]:
    """Return what each word (lower case) of a language says as a number."""
    return _BY_LANGUAGE.get(language, {})


def counts(word: str) -> bool:
    """Whether a word can hardly be anything but a number, from three to twelve or a round one."""
    if word in _COUNTED or word in _COUNTED_PORTUGUESE:
        return True
    value = _ENGLISH.get(word) or _PORTUGUESE.get(word) or 0
    return value >= 11 and word not in _LOOSE  # noqa: PLR2004 -- after ten every word counts


_LOOSE = frozenset(["dozen", "noon", "fortnight", "half", "metade", "hundred", "century", "século", "cento", "cem"]) | {
    "centena", "quinzena", "dúzia", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties",
    "nineties", "twelfth", "eleventh", "twentieth",
}  # fmt: skip


def spelled_values(words: Iterable[Word], language: str, text: str) -> set[float]:
    """Return every number that the words of a text can stand for: each word, what neighbours add up to, months, Romans."""
    listed = _BY_LANGUAGE.get(language, {})
    values: set[float] = set(_roman_values(text))
    if _HALF_MILLION.search(text):
        values.add(5e5)
    total, running = 0.0, False
    for word in words:
        parts = word.lower.split("-") if "-" in word.lower else (word.lower,)
        for part in parts:
            values.update(_alone(part, listed))
            total, running = _added(part, listed, total, running=running)
            if running:
                values.add(total)
    return values


def _alone(word: str, listed: Mapping[str, float]) -> list[float]:
    found = [value for value in (listed.get(word), _MONTHS.get(word), SCALES.get(word)) if value is not None]
    if word.endswith("fold"):
        found += [value for value in (listed.get(word[:-4]),) if value is not None]
    return [float(value) for value in found]


def _added(word: str, listed: Mapping[str, float], total: float, *, running: bool) -> tuple[float, bool]:
    """Go on with `twenty` `five`, `cento` `e` `vinte`, `two` `hundred` `thousand`."""
    if word in {"e", "and"} and running:
        return total, True
    if word in SCALES and running and total:
        scale = SCALES[word]
        return (total * scale if total < scale else total + scale), True
    if word in listed:
        return (total + listed[word] if running else listed[word]), True
    return 0.0, False


def _roman_values(text: str) -> Iterable[float]:
    for match in filter(re.Match.group, _ROMAN.finditer(text)):
        digits = [_ROMAN_DIGITS[letter] for letter in match[0]]
        pairs = zip(digits, [*digits[1:], 0], strict=False)
        yield float(sum(-digit if digit < after else digit for digit, after in pairs))
