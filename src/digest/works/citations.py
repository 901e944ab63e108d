"""Cited studies in the author's prose, in English and Portuguese, and the citation of a feed's record.

What is found is what she wrote: nothing is looked up here, and no DOI is made up (research-feeds, section 4).
"""

import re
from collections.abc import Iterable

from digest.models.article import Citation
from digest.works.identity import dois_in

_YEAR = r"(?:1[89]|20)\d{2}"
_TITLE_OF_PERSON = r"(?:Drs?|Dra|Prof|Profa|Profs|Professor|Professora|Professors)\b\.?"
_AND_OTHERS = (
    r"(?:,?\s+(?:and|&|e)\s+(?:(?:her|his|their|seus?|suas?|os|as)\s+)?"
    r"(?:colleagues?|co-?authors?|collaborators?|team|others|colegas?|colaboradore?s?|colaboradoras?|coautore?s?"
    r"|coautoras?|equipe|outros|outras)|,?\s+et\s+al\.?)"
)
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_NAME_PARTS = rf"(?:{_NAME}|de|da|do|dos|das|e|and|&|van|von|der|den|la|le|del)"
# A person's title, or "and others", or surnames with initials: one of them has to be there, else any "Note: ... (2010)" counts.
_AUTHORS = (
    rf"(?:{_TITLE_OF_PERSON}\s+{_NAME}(?:[,\s]+{_NAME_PARTS}|[,\s]+{_TITLE_OF_PERSON}){{0,30}}{_AND_OTHERS}?"
    rf"|{_NAME}(?:[,\s]+{_NAME_PARTS}){{0,30}}{_AND_OTHERS}"
    rf"|{_NAME}(?:[,\s]+{_NAME_PARTS}){{1,30}})"
)
_CITED = re.compile(
    rf"(?P<authors>{_AUTHORS})\s*:\s*[\"“«”]?(?P<title>[^\s\"“«”][^\n]{{3,300}}?)[\"”»]?[.,]?\s*\((?P<year>{_YEAR})[a-z]?\)"
)
_APA = re.compile(
    r"^(?P<authors>[^\W\d_a-z][^()\n]{2,300}?)\s*\((?P<year>" + _YEAR + r")[a-z]?\)\s*[.:]\s*"
    r"(?P<title>[^.?!\n]{8,300}[?!]?)(?:[.]|$)"
)
_LONGEST_LINE = 1_500
"""Characters; a line longer than this is prose whose citations would be guesses, and regular expressions stay quick."""

_RECORD_LINE = re.compile(r"^[^\n]{2,200}?\.\s+(?P<year>" + _YEAR + r")(?:\s+[A-Z][a-z]{2}[^;:.]{0,12})?\s*[;:.]")
_SEARCH_GUIDS = ("pubmed:",)


def citations_in(lines: Iterable[str]) -> tuple[Citation, ...]:
    """Return the studies that a text names, in order, each once; `lines` are its paragraphs and list items.

    Knows `Dr. A. Example and her colleagues: Title (2010)`, the same in Portuguese, `Example, A. (2010). Title.`, and
    DOIs spelled out. A DOI belongs to the citation of its own line.
    """
    found: dict[str, Citation] = {}
    for line in lines:
        for citation in _in_line(line):
            found.setdefault(_key(citation), citation)
    return tuple(found.values())


def citation_of_record(
    *, title: str, authors: tuple[str, ...], journal: str, doi: str | None, guid: str, record: str, published: int | None
) -> Citation:
    """Return the citation of a study that a feed brings; `record` is the feed's text, `published` the year of its date.

    A saved search dates its items by the day it found them, so there the year comes from the citation line or not at all.
    """
    line = _RECORD_LINE.match(record.lstrip())
    dated_by_search = guid.startswith(_SEARCH_GUIDS)
    year = int(line["year"]) if line else (None if dated_by_search else published)
    return Citation(text="", authors="; ".join(authors), title=title, year=year, doi=doi, journal=journal)


def _in_line(line: str) -> list[Citation]:
    line = " ".join(line.split())
    dois = dois_in(line)
    if len(line) > _LONGEST_LINE:
        return [_bare(doi) for doi in dois]
    matches = list(_CITED.finditer(line)) or [match for match in [_APA.match(line)] if match]
    if len(matches) == 1 and len(dois) == 1:
        return [_cited(matches[0], dois[0])]
    return [_cited(match, None) for match in matches] + [_bare(doi) for doi in dois]


def _cited(match: re.Match[str], doi: str | None) -> Citation:
    return Citation(
        text=match.group().strip(),
        authors=match["authors"].strip(" ,"),
        title=match["title"].strip(" .,"),
        year=int(match["year"]),
        doi=doi,
    )


def _bare(doi: str) -> Citation:
    return Citation(text=doi, authors="", title="", year=None, doi=doi)


def _key(citation: Citation) -> str:
    if citation.title:
        return re.sub(r"\W+", " ", citation.title.casefold()).strip() + f" {citation.year}"
    return citation.doi or citation.text
