"""European Portuguese where Brazilian is meant: a closed list of words, endings and one construction, each named."""

import re
from collections.abc import Iterator

from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.checks.reading import Reading, kind_of_word
from digest.text.findings import found

# Words of Portugal that have no other sense in Brazil; words that both use, each in its way, are left out.
_EUROPEAN = kind_of_word(
    r"factos?|contactos?|contact(?:ar|ou|aram|ad[oa]s?|ando)|equipas?|registos?|regist(?:ar|ou|aram|ad[oa]s?|ando)|controlos?"
    r"|planeamentos?|planear\w*|planead[oa]s?|utentes?|utilizador(?:a|es|as)?|telemóve(?:l|is)|autocarros?|comboios?|ecrãs?"
    r"|ficheiros?|desport(?:os?|iv[oa]s?|istas?)|cancros?|bebés?|raparigas?|camião|camiões|peúgas?|chávenas?|boleias?|gajos?"
    r"|pequenos?-almoços?|connosco|dezasseis|dezassete|dezanove|bili(?:ão|ões)|guarda-redes|aterragens?|autoclismo|betão"
    r"|vincula(?:ção|ções)|auto-relatos?|auto-estima|fumador(?:a|es|as)?|sida|seropositiv\w+|seroprevalência\w*|ser(?:o|ó)lo?gi\w+"
    r"|adn|arn|vih|zaragatoas?|biber(?:ão|ões)|infantários?|indemniza\w+|doutoramentos?|obstipa\w+"
    r"|húmid[oa]s?|humidades?|sanitas?|palavras?-passe|andebol|guiões"
    # The spelling before 1990, and since then what Portugal writes as it says it.
    r"|ac(?:ção|ções|tos?|tua(?:l|is|lmente)|tualidade|tiv\w+|tor(?:es)?|triz(?:es)?)|(?:re|inter|trans)ac(?:ção|ções)|óptim\w+"
    r"|di?rec(?:ção|ções|to|tos|ta|tas|tamente|tor(?:es)?|tora)|(?:in)?correc(?:ção|ções|to|tos|ta|tas|tamente)|protec(?:ção|ções)"
    r"|selec(?:ção|ções|cionar?|cionad[oa]s?)|colec(?:ção|ções)|objec(?:ção|ções|to|tos|tiv\w+)|projec(?:ção|ções|to|tos)"
    r"|subjectiv\w+|adjectiv\w+|adop(?:ção|ções|tar\w*|tou|tad[oa]s?)|excep(?:ção|ções|to|tua\w+)|afect(?:o|os|a|am|ar|ou|iv\w+|ad[oa]s?)"
    r"|efect(?:iv\w+|u\w+)|eléctric\w+|electr[ióo]\w+|factor(?:es)?|sector(?:es)?|baptis\w+|insectos?|tectos?|arquitect\w+"
    r"|infe(?:ção|ções|cios[oa]s?|tad[oa]s?|tar\w*)|perce(?:ção|ções)|rece(?:ção|ções)|conce(?:ção|ções)|dece(?:ção|ções)|contrace\w+ção"
    r"|aspetos?|dete(?:tar\w*|tad[oa]s?|tou|taram|ção|ções)|respetiv\w+|perspetiv\w+|(?:retro|pro)spetiv\w+|espetador\w*"
    r"|\w{2,}ámos"
)
# Portugal writes é and ó before m and n where Brazil writes ê and ô: género, crónico, quilómetro.
_OPEN_NASAL = kind_of_word(r"\w*[éó][mn][aeiou]\w*|\w*[éó][mn][íé]\w*|\w*ónus|ténis|bónus")
_PHRASE = re.compile(
    r"\best(?:á|ão|ou|amos|ava|avam|ávamos|ive|eve|ivemos|iveram|aria|ariam|ejam?|ivesse\w*|ar) a "
    r"(?!par\b|lugar\b|seguir\b|bar\b|mar\b)\w{1,}(?:ar|er|ir|ôr)\b"
    r"|\bcasas? de banho\b|\bpequeno almoço\b|\bmil milhões\b|\bmilhares de milhões\b|\bh(?:á|ão|ei|ás)-de\b"
    r"|\bmais pequen[oa]s? (?:do )?que\b"
)


def european(_source: Reading, target: Reading) -> Iterator[Finding]:
    """`variety`: words that a Brazilian reader takes for European."""
    if target.language != "pt":
        return
    spans = [word.span for word in target.words if _is_european(word.lower, target.text[word.start])]
    spans += [
        match.span() for match in _PHRASE.finditer(target.lower) if not any(a <= match.start() < b for a, b in spans)
    ]
    if spans:
        words = ", ".join(target.text[start:end] for start, end in spans)
        message = N_("This reads as European Portuguese: %(words)s. Write it as Brazilians do.")
        yield found("variety", "warning", message, target_at=sorted(spans), words=words)


def _is_european(word: str, first_letter: str) -> bool:
    # A capital may begin a name, and names such as Jiménez are written as their bearers write them.
    return _EUROPEAN(word) or (not first_letter.isupper() and _OPEN_NASAL(word))
