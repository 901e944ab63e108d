"""One line of a reference list: APA, ABNT, Vancouver, MLA, Chicago and Harvard, as people really type them."""

import re
from typing import NamedTuple

from digest.works.names import OTHERS
from digest.works.people import bare

YEAR = r"(?:1[89]|20)\d{2}"
_BULLET = re.compile(r"^\s*(?:[-–•*·]\s+|\[\d{1,3}\]\s*|\(\d{1,3}\)\s*|\d{1,3}[.)]\s+)")
_CAP = r"[^\W\d_a-zà-öø-ÿ]"
_NAME = rf"(?:{_CAP}[\w'’\-]++|[dl]['’]{_CAP}[\w\-]++)"
_PARTICLE = r"(?:de|da|do|dos|das|van|von|der|den|la|le|del|di|ter|du|e)"
_SURNAME = rf"(?:{_PARTICLE}\s){{0,2}}{_NAME}(?:\s(?:(?:{_PARTICLE}|y)\s){{0,2}}{_NAME}){{0,3}}"
_INITIALS = rf"{_CAP}\.?(?:[\s\-]?{_CAP}\b\.?){{0,4}}"
_GIVEN = rf"(?:{_NAME}(?:\s{_NAME}){{0,2}}(?:\s{_INITIALS})?|{_INITIALS}(?:\s(?:de|da|do|dos|van|von))?)"
_PERSON = rf"(?:(?:{_NAME}\s){{0,2}}{_INITIALS}\s{_SURNAME}|{_SURNAME}(?:,?\s{_GIVEN})?)"
_BETWEEN = r"\s?(?:[,;]\s?(?:&|and|e)\s|[,;&]|\band\b|\be\b)\s?"
_PEOPLE = re.compile(
    rf"(?P<people>{_PERSON}(?:{_BETWEEN}{_PERSON}){{0,40}})(?:[,;]?\s(?:et al|and colleagues|e colaboradores|e cols?))?\.?(?:\s?\((?:Eds?|Orgs?|Coords?)\.?\))?"
)
_BREAK = re.compile(rf"\.\s|\.?\s?\((?={YEAR})|\.?,?\s?[\"“«](?=\w)|[:,]\s|\s[–—-]\s|\s(?={YEAR}\b)")
_SEEN_ONLINE = re.compile(r"\b(?:dispon[ií]vel em|acesso em|available|accessed|retrieved)\b", re.IGNORECASE)
_LEADING_YEAR = re.compile(rf"^[\s.,:(\[–—-]*(?P<year>{YEAR})[a-z]?(?:,[^()]{{0,40}})?[)\].,:;]*\s*")
_AFTER_YEAR = re.compile(r"[a-z]?(?:,[^()]{0,40})?[)\].,:;]*\s*")
_SPEAKS = re.compile(
    r"(?:they|she|he|it|this|elas?|eles?|isso|esse|essa|(?:the|os|as)\s(?:authors|autor\w+|team|researchers|pesquisador\w+))\b",
    re.IGNORECASE,
)
"""A sentence about the study, not its title."""

_OPENING_QUOTES = "\"“«„‘'*_"
_INITIAL = re.compile(rf"(?:{_CAP}\.?-?){{1,3}}")
_ANY_YEAR = re.compile(rf"(?<![\d\-–/])(?P<year>{YEAR})[a-z]?(?![\d\-–/])")
_QUOTED = re.compile(r"^[\s.,:–—-]*[\"“«‘'](?P<title>[^\"”»]{4,300}?)[.,]?[\"”»’'](?=[\s.,;(]|$)")
_BRACKETED_YEAR = re.compile(rf"\s*[(\[][^()\[\]]{{0,80}}?{YEAR}[a-z]?[^()\[\]]{{0,80}}[)\]]")
_TITLE_END = re.compile(r"(?<!\b[A-Z])(?<!\bvs)\.(?=\s|$)")
_LONGEST_AUTHORS, _LONGEST_TITLE, _SHORTEST_TITLE, _MOST_BREAKS = 400, 300, 4, 60
_EDGES = "\"“”«»'‘’*_ .,;:–—-"


class Reference(NamedTuple):
    """What a line of a reference list says."""

    authors: str
    title: str
    year: int


def reference(line: str) -> Reference | None:
    """Read one line with single blanks, or return None where it is none."""
    body = _BULLET.sub("", line)
    split = _after_authors(body)
    if split is None:
        return None
    authors, rest = split
    leading = _LEADING_YEAR.match(rest)
    if leading and not _begins_title(authors, rest[leading.end("year") :]):
        return None
    rest = rest[leading.end() :] if leading else rest
    title = _title(rest)
    lead, colon, _ = title.partition(":")
    if colon and not leading and any(bare(word) in OTHERS for word in lead.split()):
        # "Ana B. Lima and her team wrote: Title (2010)": the names go on after the initial.
        return None
    year = int(leading["year"]) if leading else _year(rest, title)
    if year is None or not _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE:
        return None
    return Reference(authors, title, year)


def _begins_title(authors: str, after_year: str) -> bool:
    """Whether a title can follow a year; in prose its sentence goes on: "Souza et al. (2013) showed that"."""
    between = _AFTER_YEAR.match(after_year)
    begin = after_year[between.end() : between.end() + 1] if between else ""
    if begin in _OPENING_QUOTES:
        return bool(begin)
    parted = between is not None and "." in between.group()
    if _is_prose(authors):
        colon = between is not None and ":" in between.group()
        return (
            (parted or colon) and not begin.islower() and not _SPEAKS.match(after_year, between.end() if between else 0)
        )
    return parted or not begin.islower()


def _is_prose(authors: str) -> bool:
    """Whether people are named as in a sentence, without initials and without a comma before a given name."""
    return any(bare(word) in OTHERS for word in authors.split()) and not _has_initials(authors) and "," not in authors


def _year(rest: str, title: str) -> int | None:
    """Return the first year after the title; the day of a visit to a page is none."""
    behind = max(0, rest.find(title)) + len(title)
    found = _ANY_YEAR.search(_SEEN_ONLINE.split(rest[behind:], maxsplit=1)[0])
    return int(found["year"]) if found else None


def _after_authors(body: str) -> tuple[str, str] | None:
    """Return the longest list of people that the line begins with, and the rest."""
    found: tuple[str, str] | None = None
    for count, cut in enumerate(_BREAK.finditer(body, 0, _LONGEST_AUTHORS)):
        if count > _MOST_BREAKS:
            break
        authors = body[: cut.start()]
        if _PEOPLE.fullmatch(authors) and _certain(authors):
            found = (
                authors + ("." if body[cut.start() : cut.start() + 1] == "." else ""),
                body[cut.start() :].lstrip(". "),
            )
    return found


def _certain(authors: str) -> bool:
    """Initials, or a comma with a given name, or several people: a title that begins a line has none of them."""
    words = authors.split()
    initials = _has_initials(authors)
    upper = len(words[0].strip(",;")) > 1 and words[0].strip(",;").isupper() and "," in authors
    return initials or upper or any(bare(word) in OTHERS for word in words)


def _has_initials(authors: str) -> bool:
    return any(_INITIAL.fullmatch(word.strip(",;&")) for word in authors.split()[1:])


def _title(rest: str) -> str:
    quoted = _QUOTED.match(rest)
    if quoted:
        return quoted["title"].strip(_EDGES)
    rest = rest.lstrip(_EDGES)
    ends = [match.start() for pattern in (_TITLE_END, _BRACKETED_YEAR) if (match := pattern.search(rest))]
    return rest[: min(ends, default=len(rest))].strip(_EDGES)
