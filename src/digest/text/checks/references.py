"""Checks of what must stay letter for letter: links, DOIs and addresses, cited names, markup and places."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.checks.reading import Reading, Span, may_hold_links
from digest.text.findings import differing, found

_LINK = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'“”«»]+|\bwww\.[^\s<>\"'“”«»]+|\b10\.\d{4,9}/[^\s<>\"'“”«»]+|(?<![\w.+-])[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_TAIL = ".,;:!?)]}*_"

# Possessive, so that a list of names is read in one way only.
_NAME = r"(?<![\w'’-])(?=[\w'’-]*[a-zà-ÿ])[^\W\d_a-zà-ÿ][\w'’-]*+"
_YEAR = r"(?:1[6-9]|20)\d{2}[a-z]?"
_OTHERS = r"(?:et al\b|and (?:her |his |their )?(?:colleagues|co-?workers)|e (?:seus |suas )?(?:colegas|colaboradores|cols?\b))"
_CITED = (
    re.compile(rf"(?P<names>{_NAME}),? {_OTHERS}(?:\.?,? ?\(?(?P<year>{_YEAR})\b)?"),
    re.compile(rf"(?P<names>{_NAME}(?:, {_NAME}){{0,6}},? (?:and|&|e) {_NAME})(?:,? \(|, )(?P<year>{_YEAR})\b"),
    # A single name needs brackets: `Tokyo 2020` and `in Wuhan, 2019` name no author.
    re.compile(rf"(?P<names>{_NAME}) \((?P<year>{_YEAR})\b"),
    re.compile(rf"(?<=\()(?P<names>{_NAME}),? (?P<year>{_YEAR})\b"),
)
_MAY_BE_CITED = re.compile(r"[( ](?:1[6-9]|20)\d\d|et al|worker|cole|colab|cols")
"""Without any of these no citation is there, and looking for one takes long."""
_NAMES = re.compile(_NAME)
_NO_NAMES = frozenset(
    """
    january february march april may june july august september october november december janeiro fevereiro março abril
    maio junho julho agosto setembro outubro novembro dezembro jan feb mar apr jun jul aug sep sept oct nov dec fev abr mai
    ago set out dez in since until from by on of the em desde até de no na após before after during antes durante and e
    brazil china italy germany france spain england europe africa asia america brasil itália alemanha frança espanha
    inglaterra europa áfrica ásia américa japan japão portugal wuhan ebola organization organisation organização ministry
    health saúde summer winter spring autumn fall verão inverno primavera outono study estudo year ano early late mid
    sweden suécia norway noruega greece grécia turkey turquia russia rússia india índia iran irã iraq iraque egypt egito
    mexico méxico canada canadá australia austrália korea coreia singapore singapura netherlands holanda switzerland suíça
    austria áustria belgium bélgica poland polônia denmark dinamarca finland finlândia ireland irlanda scotland escócia
    see veja vejam vide ver confira leia read compare consulte conforme segundo como when quando while enquanto both ambos but mas
    however porém like later then there here também recently recentemente para por com sem although embora
    israel taiwan chile argentina london londres paris tokyo tóquio geneva genebra university universidade world mundo
    início final table tabela figure figura fig chapter capítulo version versão act lei day dia week semana this a o as os
    """.split()
)
_MARKUP = re.compile(
    r"</?[a-zA-Z][^<>]{0,200}>|\{\{[^{}]{0,200}\}\}|\{%[^{}]{0,200}%\}|\{[a-z]\w{0,20}\}|%\(\w{1,40}\)[sd]|\]\(|&(?:#\d{1,6}|[a-zA-Z]{2,8});"
)
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def links(source: Reading, target: Reading) -> Iterator[Finding]:
    """`urls_dois`: a link, DOI or mail address that is on one side only."""
    said, made = _links(source), _links(target)
    lost = [span for link, span in said.items() if link not in made]
    new = [span for link, span in made.items() if link not in said]
    if lost or new:
        message = N_(
            "A link, DOI or address differs: %(source)s / %(target)s. Copy it from the source, letter for letter."
        )
        yield differing("urls_dois", "error", message, (source.text, target.text), lost, new)


def _links(reading: Reading) -> dict[str, Span]:
    """Each link once, as what it leads to: a DOI is the same with and without its resolver."""
    listed: dict[str, Span] = {}
    for match in _LINK.finditer(reading.text) if may_hold_links(reading.text) else ():
        link = match[0].rstrip(_TAIL)
        # A closing bracket belongs to the link that opened it: 10.1002/(SICI)1097.
        if link.count("(") > link.count(")") and match[0][len(link) :].startswith(")"):
            link += ")"
        doi = _DOI.search(link)
        name = doi[0].lower() if doi else re.sub(r"^https?://(?:www\.)?|^www\.|/$", "", link, flags=re.IGNORECASE)
        listed.setdefault(name, (match.start(), match.start() + len(link)))
    return listed


def citations(source: Reading, target: Reading) -> Iterator[Finding]:
    """`citations`: a cited name or its year that is on one side only."""
    said, made = _cited(source), _cited(target)
    if not said and not made:
        return
    lost = [span for name, span in said if name not in _folded_words(target)]
    new = [span for name, span in made if name not in _folded_words(source)]
    if lost or new:
        message = N_("A cited name or year differs: %(source)s / %(target)s. Write it as in the source.")
        yield differing("citations", "error", message, (source.text, target.text), lost, new)


def _cited(reading: Reading) -> list[tuple[str, Span]]:
    """(name or year without accents and in lower case, place) of each citation."""
    listed: dict[Span, str] = {}
    if not _MAY_BE_CITED.search(reading.lower):
        return []
    for match in (match for pattern in _CITED for match in pattern.finditer(reading.unlinked)):
        start = match.start("names")
        names = [(name[0], start + name.start()) for name in _NAMES.finditer(match["names"])]
        if _is_institution(reading.unlinked, start) or any(name.lower() in _NO_NAMES for name, _ in names):
            continue
        listed |= {(at, at + len(name)): _folded(name) for name, at in names}
        if match["year"]:
            listed[match.span("year")] = match["year"].lower()
    return [(name, span) for span, name in sorted(listed.items())]


def _is_institution(text: str, start: int) -> bool:
    """Whether capitalised words stand before: `World Health Organization (2020)` is translated, a surname is not."""
    before = text[max(0, start - 30) : start].split()
    if not before or text[start - 1 : start] != " ":
        return False
    word = before[-1]
    return word[:1].isupper() and word[-1].isalpha() and len(word) > 2 and word.lower() not in _NO_NAMES  # noqa: PLR2004


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.replace("’", "'").lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _folded_words(reading: Reading) -> frozenset[str]:
    return frozenset(_folded(word) for word in re.findall(r"[\w'’-]+", reading.text))


def markup(source: Reading, target: Reading) -> Iterator[Finding]:
    """`markup`: tags and places that differ, and characters that can not be seen."""
    said = Counter([match[0] for match in _MARKUP.finditer(source.text)])
    made = Counter([match[0] for match in _MARKUP.finditer(target.text)])
    if said != made:
        lost, new = said - made, made - said
        message = N_("Markup differs: %(source)s / %(target)s. Copy tags and places from the source as they are.")
        yield differing(
            "markup", "error", message, (source.text, target.text), _places(source, lost), _places(target, new)
        )
    hidden = [match.span() for match in _HIDDEN.finditer(target.text) if match[0] not in source.text]
    if hidden:
        message = N_("There are characters here that can not be seen, and some turn words around: type the text again.")
        yield found("markup", "error", message, target_at=hidden)


def _places(reading: Reading, wanted: Counter[str]) -> list[Span]:
    return [match.span() for match in _MARKUP.finditer(reading.text) if wanted[match[0]]]
