"""Faults planted into good pairs of sentences: what a careless translator or a model does, one at a time.

Each fault takes (pair, random source) and returns the faulty pair, or None where the pair has nothing to spoil.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPair:
    """A sentence and its translation."""

    source: str
    target: str
    source_lang: str
    target_lang: str

    @property
    def turned(self) -> "TextPair":
        """The same in the other direction."""
        return TextPair(
            source=self.target, target=self.source, source_lang=self.target_lang, target_lang=self.source_lang
        )


Fault = Callable[[TextPair, Random], TextPair | None]

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENT = re.compile(r"(?<=\d)\s?(?:%|per ?cent\b|por cento\b)")
_LINK = re.compile(r"10\.\d{4,9}/[^\s)]+|https?://[^\s)]+")


def _changed(pair: TextPair, target: str | None) -> TextPair | None:
    return replace(pair, target=target) if target is not None and target != pair.target else None


def _substituted(
    pair: TextPair, pattern: str, words: str | Callable[[re.Match[str]], str], rng: Random
) -> TextPair | None:
    """Change one place, chosen at random."""
    found = list(re.finditer(pattern, pair.target, re.IGNORECASE))
    if not found:
        return None
    match = rng.choice(found)
    new = words(match) if callable(words) else match.expand(words)
    target = pair.target[: match.start()] + new + pair.target[match.end() :]
    return _changed(pair, " ".join(target.split()))


def digit_flip(pair: TextPair, rng: Random) -> TextPair | None:
    places = [index for index, letter in enumerate(pair.target) if letter.isascii() and letter.isdigit()]
    places = [index for index in places if not any(m.start() <= index < m.end() for m in _LINK.finditer(pair.target))]
    if not places:
        return None
    at = rng.choice(places)
    other = rng.choice([digit for digit in "123456789" if digit != pair.target[at]])
    return _changed(pair, pair.target[:at] + other + pair.target[at + 1 :])


def separators_swapped(pair: TextPair, rng: Random) -> TextPair | None:
    swap = str.maketrans(".,", ",.")
    return _substituted(pair, r"(?<![\d/.])\d+[.,]\d+(?![\d/.]*/)", lambda match: match[0].translate(swap), rng)


def separator_lost(pair: TextPair, rng: Random) -> TextPair | None:
    return _substituted(pair, r"(?<![\d/.])\d+[.,]\d+(?![\d/.]*/)", lambda match: re.sub("[.,]", "", match[0]), rng)


def percent_lost(pair: TextPair, rng: Random) -> TextPair | None:
    return _substituted(pair, _PERCENT.pattern, "", rng)


def percent_points(pair: TextPair, rng: Random) -> TextPair | None:
    words = " pontos percentuais" if pair.target_lang.startswith("pt") else " percentage points"
    return _substituted(pair, _PERCENT.pattern, words, rng)


_UNITS = {
    "en": {"mg": "g", "g": "mg", "kg": "mg", "km": "m", "cm": "mm", "ml": "l", "minutes": "hours", "hours": "days",
           "days": "weeks", "weeks": "months", "months": "years", "years": "months", "metres": "kilometres",
           "meters": "kilometers", "seconds": "minutes", "°C": "°F", "mmHg": "kPa"},
    "pt": {"mg": "g", "g": "mg", "kg": "mg", "km": "m", "cm": "mm", "ml": "l", "minutos": "horas", "horas": "dias",
           "dias": "semanas", "semanas": "meses", "meses": "anos", "anos": "meses", "metros": "quilômetros",
           "segundos": "minutos", "°C": "°F"},
}  # fmt: skip


def unit_changed(pair: TextPair, rng: Random) -> TextPair | None:
    units = _UNITS[pair.target_lang[:2]]
    pattern = r"(?<=\d)(\s|-)?(" + "|".join(sorted(units, key=len, reverse=True)) + r")\b"
    return _substituted(pair, pattern, lambda match: f"{match[1] or ''}{units.get(match[2].lower(), match[2])}", rng)


def negation_lost(pair: TextPair, rng: Random) -> TextPair | None:
    if pair.target_lang.startswith("pt"):
        return _substituted(pair, r"\b(?:não|nunca) (?!só|apenas|somente)", "", rng)
    return _substituted(pair, r"\b(?:not|never) (?!only|just)|(?<=can)not\b|n['’]t\b", "", rng)


def negation_added(pair: TextPair, rng: Random) -> TextPair | None:
    if pair.target_lang.startswith("pt"):
        return _substituted(
            pair, r"(?<!não )\b(é|são|foi|foram|está|estava|estão|pode|podem|tem|têm|encontrou|revela|sugerem|inclui|deve)\b",
            r"não \1", rng,
        )  # fmt: skip
    return _substituted(pair, r"\b(is|are|was|were|has|have|may|can|could|will|should)\b(?! not|n't)", r"\1 not", rng)


def may_not_reversed(pair: TextPair, rng: Random) -> TextPair | None:
    if pair.target_lang.startswith("pt"):
        turned = _substituted(pair, r"\b(pode|podem|poderia|poderiam) não\b", r"não \1", rng)
        return turned or _substituted(pair, r"\btalvez não\b", "não pode", rng)
    return _substituted(pair, r"\b(?:may|might) not\b", "cannot", rng)


def association_to_cause(pair: TextPair, rng: Random) -> TextPair | None:
    if pair.target_lang.startswith("pt"):
        pattern = (
            r"\b(?:está|estão|estava|estavam|esteve|foi|foram|é|são|ficou)?\s?(?:fortemente )?"
            r"(?:associad|ligad|relacionad|correlacionad|vinculad)[oa]s? (?:a|à|ao|aos|às|com)\b"
        )
        return _substituted(pair, pattern, rng.choice([" causa", " provoca", " leva a", " causou"]), rng)
    pattern = r"\b(?:is|are|was|were|been|be)?\s?(?:strongly )?(?:associated with|linked to|linked with|correlated with|related to)\b"
    return _substituted(pair, pattern, rng.choice([" causes", " leads to", " results in", " caused"]), rng)


def hedge_lost(pair: TextPair, rng: Random) -> TextPair | None:
    if pair.target_lang.startswith("pt"):
        pattern = r"\b(?:pode|podem|poderia|poderiam|talvez|provavelmente|possivelmente|aparentemente)\s|\bparece que |\bsugerem? que "
    else:
        pattern = (
            r"\b(?:may|might|could|probably|possibly|perhaps|apparently|likely)\s|\bit seems that |\bsuggests? that "
        )
    return _substituted(pair, pattern, "", rng)


def _altered(match: re.Match[str], rng: Random) -> str:
    places = [index for index, letter in enumerate(match[0]) if letter.isdigit() and index > match[0].find("10.") + 3]
    if not places:
        return match[0] + "x"
    at = rng.choice(places)
    return match[0][:at] + str((int(match[0][at]) + rng.randint(1, 9)) % 10) + match[0][at + 1 :]


def doi_altered(pair: TextPair, rng: Random) -> TextPair | None:
    return _substituted(pair, _LINK.pattern, lambda match: _altered(match, rng), rng)


_CITED = r"(\b[A-ZÀ-Ý][\w'’-]+)((?:,? et al\.?,?| (?:and|&|e) [A-ZÀ-Ý][\w'’-]+)?,? \(?)((?:19|20)\d\d)"


def citation_year(pair: TextPair, rng: Random) -> TextPair | None:
    match = re.search(_CITED, pair.target)
    if match is None:
        return None
    year = str(int(match[3]) + rng.choice([-10, -1, 1, 2]))
    return _changed(pair, pair.target[: match.start(3)] + year + pair.target[match.end(3) :])


def citation_name(pair: TextPair, rng: Random) -> TextPair | None:
    match = re.search(_CITED, pair.target) or re.search(r"(\b[A-Z][\w-]+),? et al\b", pair.target)
    if match is None or match[1] in {"In", "Em", "January", "February", "March", "December", "Wuhan"}:
        return None
    name = rng.choice(["Miller", match[1][:-1] + ("s" if match[1][-1] != "s" else "n"), match[1] + "s"])
    return _changed(pair, pair.target[: match.start(1)] + name + pair.target[match.end(1) :])


def untranslated(pair: TextPair, rng: Random) -> TextPair | None:
    return _changed(pair, pair.source)


def truncated(pair: TextPair, rng: Random) -> TextPair | None:
    words = pair.target.split()
    if len(words) < 8:
        return None
    return _changed(pair, " ".join(words[: int(len(words) * rng.choice([0.4, 0.5, 0.6, 0.7]))]))


def half_translated(pair: TextPair, rng: Random) -> TextPair | None:
    source, target = pair.source.split(), pair.target.split()
    if min(len(source), len(target)) < 14:
        return None
    share = rng.choice([0.4, 0.5, 0.6])
    return _changed(pair, " ".join(target[: int(len(target) * share)] + source[int(len(source) * share) :]))


_THIRD = (
    "Los resultados muestran que las personas que viven solas tienen un mayor riesgo de enfermar.",
    "No se encontraron diferencias entre los grupos después del tratamiento.",
    "El estudio incluyó a pacientes con síntomas leves y graves.",
    "Les résultats montrent que les personnes seules ont un risque plus élevé de tomber malade.",
    "Aucune différence n'a été trouvée entre les groupes après le traitement.",
    "I risultati mostrano che le persone sole hanno un rischio maggiore di ammalarsi.",
    "Die Ergebnisse zeigen, dass einsame Menschen ein höheres Risiko haben, krank zu werden.",
)


def third_language(pair: TextPair, rng: Random) -> TextPair | None:
    return _changed(pair, rng.choice(_THIRD))


_EUROPEAN = {
    "câncer": "cancro", "equipe": "equipa", "contato": "contacto", "controle": "controlo", "registro": "registo",
    "planejamento": "planeamento", "usuário": "utilizador", "ônibus": "autocarro", "celular": "telemóvel", "fato": "facto",
    "acadêmic": "académic", "econômic": "económic", "crônic": "crónic", "gênero": "género", "bebê": "bebé",
    "fenômeno": "fenómeno", "apego": "vinculação", "autorrelato": "auto-relato", "esporte": "desporto", "trem": "comboio",
    "banheiro": "casa de banho", "café da manhã": "pequeno-almoço", "pandêmic": "pandémic", "epidêmic": "epidémic",
    "anônim": "anónim", "oxigênio": "oxigénio", "gerenci": "gerir", "polêmic": "polémic", "tela": "ecrã",
    "quilômetro": "quilómetro", "dezesseis": "dezasseis",
}  # fmt: skip


def european_form(pair: TextPair, rng: Random) -> TextPair | None:
    if not pair.target_lang.startswith("pt"):
        return None
    listed = "|".join(_EUROPEAN)
    changed = _substituted(pair, rf"\b(?:{listed})", lambda match: _EUROPEAN[match[0].lower()], rng)
    progressive = r"\b(est(?:á|ão|ava|avam)) (\w+[aei])ndo\b"
    return changed or _substituted(pair, progressive, lambda match: f"{match[1]} a {match[2]}r", rng)


FORBIDDEN: Mapping[str, Mapping[str, str]] = {
    "pt": {
        "apego": "anexo",
        "cuidadores": "zeladores",
        "cuidador": "zelador",
        "ensaio": "julgamento",
        "solidão": "desolação",
    },
    "en": {"attachment": "annex", "caregivers": "janitors", "loneliness": "solitariness"},
}


def forbidden_term(pair: TextPair, rng: Random) -> TextPair | None:
    words = FORBIDDEN[pair.target_lang[:2]]
    return _substituted(pair, rf"\b(?:{'|'.join(words)})\b", lambda match: words[match[0].lower()], rng)


FAULTS: Mapping[str, Fault] = {
    fault.__name__: fault
    for fault in (
        digit_flip, separators_swapped, separator_lost, percent_lost, percent_points, unit_changed, negation_lost,
        negation_added, may_not_reversed, association_to_cause, hedge_lost, doi_altered, citation_year, citation_name,
        untranslated, half_translated, truncated, third_language, european_form, forbidden_term,
    )
}  # fmt: skip
