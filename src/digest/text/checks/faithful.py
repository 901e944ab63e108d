"""Checks of one sentence of a summary against what it rests on, both in one language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.models.message import N_
from digest.models.segment import Finding, Severity
from digest.text.checks import modality
from digest.text.checks.number_words import spelled_values
from digest.text.checks.numbers import numbers_in
from digest.text.checks.reading import Reading, Span, reading_of
from digest.text.cues import states_limitation
from digest.text.findings import differing, found
from digest.text.sentences import split_sentences

BORROWED_WORDS = 8
"""Words in a row shared with somebody else's text, from which on they are a quotation."""

_OVERCLAIMS = {
    "en": re.compile(
        r"\b(?:proves?|proved|proven|proof|always|never fails?|everyone|everybody|anyone|cures?|cured|guarantees?"
        r"|guaranteed|will (?:help|cure|heal|improve|save|prevent|work)|definitely|certainly|undoubtedly|without doubt"
        r"|breakthrough|miracle|the only way|all (?:couples|people|patients|children))\b"
    ),
    "pt": re.compile(
        r"\b(?:prova|provam|provou|provado|provada|comprova\w*|comprovou|sempre|todo mundo|todos os casais|todas as pessoas"
        r"|cura|curam|curou|garante|garantem|garantid[oa]s?|(?:vai|vão|irá|irão) (?:ajudar|curar|melhorar|salvar|funcionar)"
        r"|ajudará|ajudarão|certamente|com certeza|sem dúvida|indubitavelmente|definitivamente|milagr\w+|único jeito"
        r"|única forma)\b"
    ),
}
_NOT_RANDOMISED = re.compile(
    r"\b(?:cross-?sectional|observational|correlational|survey\w*|cohort|longitudinal|case-control|associat\w+|correlat\w+"
    r"|transversa(?:l|is)|observaciona(?:l|is)|correlaciona\w*|coorte|longitudina(?:l|is)|caso-controle|associad\w+"
    r"|associa(?:ção|ções)|correla\w+|questionário online|levantamento)\b"
)
_RANDOMISED = re.compile(
    r"\b(?:randomi[sz]ed|randomi[sz]ation|randomly assigned|randomizad\w+|aleatoriament\w+|sorteio|sortead\w+)\b"
)
_SAMPLE = re.compile(
    r"\bn ?= ?(?P<n>\d[\d.,]*)"
    r"|(?P<count>\d[\d.,]*)\s+(?:\w+\s+){0,2}?(?:participants?|couples?|patients?|adults?|women|men|people|persons|children|adolescents"
    r"|students|studies|trials|parents|mothers|fathers|individuals|families|respondents|volunteers|therapists|partners"
    r"|participantes|casais|casal|pacientes|adultos|adultas|mulheres|homens|pessoas|crianças|adolescentes|estudantes|estudos"
    r"|ensaios|pais|mães|indivíduos|famílias|voluntári[oa]s|terapeutas|parceir[oa]s)\b"
)
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{12,600})[”\"»]")
_WORDS_QUOTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of a summary with what it rests on."""

    source: Reading
    """The sentences that it names."""
    made: Reading
    everything: Reading
    """The whole source."""
    anchored: bool
    """Whether it names sentences at all; else `source` is the whole."""
    by_machine: bool


def spelled(reading: Reading) -> set[float]:
    """Return every number that the words of a text can stand for."""
    return spelled_values(reading.words, reading.language, reading.text)


def numbers_from_source(claim: Claim) -> Iterator[Finding]:
    """`numbers_from_source`: a number that the named sentences do not have; the author may know it from elsewhere."""
    made = numbers_in(claim.made)
    if not made:
        return
    known = {value for number in numbers_in(claim.source) for value in number.values} | spelled(claim.source)
    new = [number.span for number in made if not known.intersection(number.values)]
    if new:
        message = N_("This number is not in the sentences it rests on: %(target)s. Write the number of the source.")
        texts = claim.source.text, claim.made.text
        yield differing("numbers_from_source", "error" if claim.by_machine else "info", message, texts, (), new)


_UNSURE = re.compile(
    r"\b(?:can ?not|could not|does not|do not) (?:say|tell|show|prove|know)\b|\b(?:unclear|unknown|uncertain)\b"
    r"|\bnão (?:permit\w+|pod\w+|é possível|se) (?:dizer|afirmar|saber|mostrar|concluir|sabe)\b|\b(?:incert\w+|não está claro)\b"
)
"""Caution without a "may"."""


def is_cautious(reading: Reading) -> bool:
    """Whether a text says anywhere that something may be so, or is not known."""
    unsure = modality.hedges(reading) or modality.weak_hedges(reading) or _UNSURE.search(reading.lower)
    return bool(unsure)


def hedge_floor(claim: Claim) -> Iterator[Finding]:
    """`hedge_floor`: the source says "may", the summary is sure."""
    said = modality.hedges(claim.source) if claim.anchored else ()
    if said and not is_cautious(claim.made):
        message = N_("The source says this with caution, the summary does not: keep words such as may or might.")
        yield found("hedge_floor", "warning", message, source_at=said, target_at=_whole(claim.made))


def overclaim(claim: Claim) -> Iterator[Finding]:
    """`overclaim`: proves, always, everyone, cures, where the source does not say so."""
    pattern = _OVERCLAIMS.get(claim.made.language)
    if pattern is None:
        return
    spans = [match.span() for match in pattern.finditer(claim.made.lower) if match[0] not in claim.source.lower]
    if spans:
        message = N_("This says more than one study can: %(target)s. Say what was found, in whom.")
        yield differing("overclaim", "warning", message, (claim.source.text, claim.made.text), (), spans)


def causal_verbs(claim: Claim) -> Iterator[Finding]:
    """`causal_verbs`: a cause that the source does not name; an error where its design can not show one."""
    # "It can not show causes" names a cause and claims none.
    causal = () if states_limitation(claim.made.text) else modality.causes(claim.made)
    if not causal:
        yield from _told_as_effect(claim)
        return
    if len(modality.causes_loosely(_without_caveats(claim.source))) >= len(causal):
        return
    loose = _NOT_RANDOMISED.search(claim.everything.lower) is not None
    can_not_show = loose and _RANDOMISED.search(claim.everything.lower) is None
    message = N_('The source does not say that one thing causes another: %(target)s. Say "is associated with".')
    severity: Severity = "error" if can_not_show else "warning"
    said = modality.associations(claim.source)
    yield differing("causal_verbs", severity, message, (claim.source.text, claim.made.text), said, causal)


def _told_as_effect(claim: Claim) -> Iterator[Finding]:
    """Say it where "Cafés reduce loneliness" stands for an association, and nothing in the source reduces anything."""
    effects = modality.changes(claim.made)
    together = modality.associations(claim.source)
    told = together or modality.associations(claim.everything)
    said = modality.changes(claim.everything) or modality.associations_loosely(claim.made)
    if effects and told and not said:
        message = N_('The source does not say that one thing causes another: %(target)s. Say "is associated with".')
        yield differing("causal_verbs", "warning", message, (claim.source.text, claim.made.text), together, effects)


def _without_caveats(reading: Reading) -> Reading:
    """`The study can not show causes` names a cause and claims none."""
    sentences = split_sentences(reading.text, reading.language)
    return reading_of(" ".join(one for one in sentences if not states_limitation(one)), reading.language)


def quote_verbatim(claim: Claim) -> Iterator[Finding]:
    """`quote_verbatim`: words in quotation marks that do not stand in the source."""
    source = _plain(claim.everything.text)
    for match in _QUOTED.finditer(claim.made.text):
        words = _plain(match[1])
        if len(words.split()) >= _WORDS_QUOTED and words not in source:
            message = N_("These words in quotation marks are not in the source: copy them, or take the marks off.")
            yield found("quote_verbatim", "error", message, target_at=(match.span(1),))


def borrowed(claim: Claim) -> Iterator[Finding]:
    """`overlap`: eight words in a row of a text that may not be quoted."""
    source = [word.lower for word in claim.everything.words]
    runs = {tuple(source[at : at + BORROWED_WORDS]) for at in range(len(source) - BORROWED_WORDS + 1)}
    words = claim.made.words
    spans: list[Span] = []
    for at in range(len(words) - BORROWED_WORDS + 1):
        if tuple(word.lower for word in words[at : at + BORROWED_WORDS]) in runs:
            start, end = words[at].start, words[at + BORROWED_WORDS - 1].end
            spans = [*spans[:-1], (spans[-1][0], end)] if spans and start < spans[-1][1] else [*spans, (start, end)]
    if spans:
        message = N_("Eight words or more stand so in somebody else's text: say it in your own words.")
        yield found("overlap", "error", message, target_at=spans)


def samples_in(reading: Reading) -> set[float]:
    """Return how many took part, as far as a text says it in digits."""
    places = [match.start("n") if match["n"] else match.start("count") for match in _SAMPLE.finditer(reading.lower)]
    return {number.values[0] for number in numbers_in(reading) if number.start in places}


def _whole(reading: Reading) -> tuple[Span, ...]:
    return ((0, len(reading.text)),)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text).lower().split())
