"""Cited studies in the author's prose, in English and Portuguese, and the citation of a feed's record.

What is found is what she wrote: nothing is looked up here, and no DOI is made up (research-feeds, section 4).
"""

import re
from collections.abc import Iterable, Iterator

from digest.models.article import Citation
from digest.works.identity import dois_in

_YEAR = r"(?:1[89]|20)\d{2}"
_YEAR_IN_BRACKETS = re.compile(rf"\((?P<year>{_YEAR})[a-z]?\)")
_COLON = re.compile(r":\s+")
_APA_AFTER = re.compile(r"[.:,]?\s+[\"“«]?(?P<title>[^.?!]{8,300}[?!]?)[\"”»]?(?:\.|$)")

_PERSON = frozenset(["dr", "dra", "drs", "prof", "profa", "profs", "professor", "professora", "professors"])
_OTHERS = frozenset([
    "colleague", "colleagues", "coauthor", "coauthors", "co-author", "co-authors", "collaborator", "collaborators",
    "team", "others", "al", "colega", "colegas", "colaborador", "colaboradora", "colaboradores", "colaboradoras",
    "coautor", "coautora", "coautores", "coautoras", "equipe", "outros", "outras",
])  # fmt: skip
_JOINS = frozenset(["and", "&", "e"])
_PARTICLES = frozenset([
    "de", "da", "do", "dos", "das", "van", "von", "der", "den", "la", "le", "del", "di", "et", "her", "his",
    "their", "seu", "sua", "seus", "suas", "os", "as", "the",
])  # fmt: skip
_OPENERS = frozenset([
    "see", "read", "in", "from", "by", "source", "veja", "ver", "leia", "em", "por", "de", "fonte", "cf", "also",
    "and", "e", "the",
])  # fmt: skip
_INITIAL = re.compile(r"(?:[A-Z]\.?-?){1,4}")
_SHORTEST_TITLE, _LONGEST_TITLE, _LONGEST_AUTHORS = 4, 300, 400
"""Characters; they also keep the search short in a line of nothing but colons."""

_QUOTES = "\"“”«»'‘’ .,;"

_RECORD_LINE = re.compile(r"^[^\n]{2,200}?\.\s+(?P<year>" + _YEAR + r")(?:\s+[A-Z][a-z]{2}[^;:.]{0,12})?\s*[;:.]")
_SEARCH_GUIDS = ("pubmed:",)


def citations_in(lines: Iterable[str]) -> tuple[Citation, ...]:
    """Return the studies that a text names, in order, each once; `lines` are its paragraphs and list items.

    Knows `Dr. A. Example and her colleagues: Title (2010)`, the same in Portuguese, `Example, A. (2010). Title.`, and
    DOIs spelled out. A DOI belongs to the citation of its own line where that line has one of each.
    """
    found: dict[str, Citation] = {}
    for line in lines:
        for citation in _in_line(" ".join(line.split())):
            found.setdefault(_key(citation), citation)
    return tuple(found.values())


def citation_of_record(
    *,
    title: str,
    authors: tuple[str, ...],
    journal: str,
    doi: str | None,
    guid: str,
    record: str,
    published: int | None,
) -> Citation:
    """Return the citation of a study that a feed brings; `record` is the feed's text, `published` the year of its date.

    A saved search dates its items by the day it found them, so there the year comes from the citation line or not at all.
    """
    line = _RECORD_LINE.match(record.lstrip())
    dated_by_search = guid.startswith(_SEARCH_GUIDS)
    year = int(line["year"]) if line else (None if dated_by_search else published)
    return Citation(text="", authors="; ".join(authors), title=title, year=year, doi=doi, journal=journal)


def _in_line(line: str) -> list[Citation]:
    dois = dois_in(line)
    named = list(_named_before_year(line)) or list(_apa(line))
    if len(named) == 1 and len(dois) == 1:
        text, authors, title, year = named[0]
        return [Citation(text=text, authors=authors, title=title, year=year, doi=dois[0])]
    cited = [Citation(text=text, authors=authors, title=title, year=year) for text, authors, title, year in named]
    return cited + [Citation(text=doi, authors="", title="", year=None, doi=doi) for doi in dois]


def _named_before_year(line: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield (text, authors, title, year) for each `names: title (year)`; a title may hold colons of its own."""
    begin = 0
    for match in _YEAR_IN_BRACKETS.finditer(line):
        begin = max(begin, match.start() - _LONGEST_TITLE - _LONGEST_AUTHORS)
        stretch, end = line[begin : match.start()], match.end()
        for colon in _COLON.finditer(stretch):
            title = stretch[colon.end() :].strip(_QUOTES)
            authors = _authors_at_end(stretch[: colon.start()])
            if authors and _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE:
                start = begin + stretch[: colon.start()].rindex(authors)
                yield line[start:end], authors, title, int(match["year"])
                break
        begin = end


def _apa(line: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield a line such as `Example, A., & Other, B. (2010). Title of the work. Journal, 1(2).`."""
    year = _YEAR_IN_BRACKETS.search(line)
    after = _APA_AFTER.match(line, year.end()) if year else None
    if year is None or after is None:
        return
    before = line[: year.start()].strip()
    if _authors_at_end(before) == before and _has_initials(before):
        yield line, before.rstrip(","), after["title"].strip(_QUOTES), int(year["year"])


def _authors_at_end(text: str) -> str:
    """Return the names that a text ends with, or an empty text."""
    words = text.split()
    first = len(words)
    while first > 0 and _may_be_of_a_name(words[first - 1]):
        first -= 1
    names = words[first:]
    while names and _bare(names[0]) in _OPENERS:
        names = names[1:]
    # Joined with single blanks: the line was made so before.
    return " ".join(names) if _are_people(names) else ""


def _may_be_of_a_name(word: str) -> bool:
    bare = _bare(word)
    if bare in _OTHERS or bare in _JOINS or bare in _PARTICLES:
        return True
    # A full stop ends a sentence unless it ends an initial or a title.
    if word.endswith((".", "!", "?")) and not _INITIAL.fullmatch(word) and bare not in _PERSON:
        return False
    return word[:1].isupper()


def _are_people(words: list[str]) -> bool:
    """Whether words that could be names say that they are: by a title, "and others", initials, or a list of names.

    Two capitalised words alone are no proof: `Attachment Theory: An Overview (2010)` names no author.
    """
    bare = [_bare(word) for word in words]
    names = [word for word in words if word[:1].isupper() and _bare(word) not in _PERSON]
    if not names:
        return False
    if any(word in _PERSON or word in _OTHERS for word in bare) or _has_initials(" ".join(words)):
        return True
    return any(word in _JOINS for word in bare) and len(names) > 1


def _has_initials(text: str) -> bool:
    return any(_INITIAL.fullmatch(word.rstrip(",;")) and "." in word for word in text.split())


def _bare(word: str) -> str:
    return word.strip(".,;()").lower()


def _key(citation: Citation) -> str:
    if citation.title:
        return re.sub(r"\W+", " ", citation.title.casefold()).strip() + f" {citation.year}"
    return citation.doi or citation.text
