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
    rest = rest[leading.end() :] if leading else rest
    title = _title(rest)
    year = int(leading["year"]) if leading else _year(rest, title)
    if year is None or not _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE:
        return None
    return Reference(authors, title, year)


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
    initials = any(re.fullmatch(rf"(?:{_CAP}\.?-?){{1,3}}", word.strip(",;&")) for word in words[1:])
    upper = len(words[0].strip(",;")) > 1 and words[0].strip(",;").isupper() and "," in authors
    return initials or upper or any(bare(word) in OTHERS for word in words)


def _title(rest: str) -> str:
    quoted = _QUOTED.match(rest)
    if quoted:
        return quoted["title"].strip(_EDGES)
    rest = rest.lstrip(_EDGES)
    ends = [match.start() for pattern in (_TITLE_END, _BRACKETED_YEAR) if (match := pattern.search(rest))]
    return rest[: min(ends, default=len(rest))].strip(_EDGES)
