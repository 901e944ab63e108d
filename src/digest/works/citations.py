"""Cited studies in the author's prose, in English and Portuguese, and the citation of a feed's record.

What is found is what she wrote: nothing is looked up here, and no DOI is made up (research-feeds, section 4).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from digest.models.article import Block, Citation
from digest.works.identity import dois_in, study_named_by
from digest.works.names import surnames
from digest.works.people import (
    are_people,
    authors_at_end,
    authors_at_start,
    authors_before_verb,
    full_names,
    without_openers,
)
from digest.works.quoted_titles import QUOTES, Found, labelled, quoted
from digest.works.reference_styles import YEAR, reference
from digest.works.titles import title_words

_YEAR_IN_BRACKETS = re.compile(
    rf"[(\[](?:[^()\[\]]{{1,80}}[,;]\s)?(?P<year>{YEAR})[a-z]?(?:[,;:][^()\[\]]{{0,80}})?[)\]]"
)
_AUTHORS_IN_BRACKETS = re.compile(rf"(?P<authors>[^()\[\];“”«»\"]{{2,120}}?),?\s(?P<year>{YEAR})[a-z]?\b")
_BRACKETS = re.compile(r"\([^()]{4,300}\)")
_COLON = re.compile(r":\s+|\s[–—-]\s")
_TITLE_AFTER_YEAR = re.compile(
    r"\s?(?::|,(?!\s\w+,)|[–—-])\s[\"“«‘*_]?(?P<title>[^\W\d_a-z][^\"”»*]{7,300}?)(?=[\"”»*]|\.\s|\.?$)"
)
_BEFORE_BRACKET = re.compile(
    rf"(?P<title>[^()]{{8,300}}?)\s\((?P<authors>[^()“”«»\"]{{2,120}}?),?\s(?P<year>{YEAR})[a-z]?\)\.?"
)
_LINK = re.compile(r"\bhttps?://\S+|\bwww\.\S+|\b(?:doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
_IN_YEAR = re.compile(rf"\b(?:[Ii]n|[Ee]m|[Jj]á em|[Bb]ack in)\s(?P<year>{YEAR}),?\s(?=[^\W\d_a-z])")
_TWO_SENTENCES = re.compile(r"[a-zà-ÿ)]\.\s+[A-ZÀ-Þ]")
_LONE_SURNAME = re.compile(
    r"(?:(?:de|da|do|van|von|der|den|di|la|le)\s){0,2}[^\W\d_a-z][\w'’-]+(?:\s[^\W\d_a-z][\w'’-]+)?"
)
_SHORTEST_TITLE, _LONGEST_TITLE, _LONGEST_AUTHORS = 4, 300, 400
"""Characters; they also keep the search short in a line of nothing but colons."""

_SHORTEST_SENTENCE = 4
"""Words: "Available at" before a DOI is no sentence."""

_MOST_FOUND = 200
_LONGEST_LINE = 20_000

_RECORD_LINE = re.compile(r"^[^\n]{2,200}?\.\s+(?P<year>" + YEAR + r")(?:\s+[A-Z][a-z]{2}[^;:.]{0,12})?\s*[;:.]")
_SEARCH_GUIDS = ("pubmed:",)


def citations_of(blocks: Iterable[Block]) -> tuple[Citation, ...]:
    """Return the studies that an article names or links to, in order, each once; its headings name none."""
    told = [block for block in blocks if block.kind != "heading"]
    return citations_in((block.text for block in told), [block.studies for block in told])


def citations_in(lines: Iterable[str], linked: Sequence[Sequence[str]] = ()) -> tuple[Citation, ...]:
    """Return the studies that a text names, in order, each once; `lines` are its paragraphs and list items.

    `linked` are the studies that the links of each line lead to, as `digest.works.identity.study_named_by` names them.

    Knows `Dr. A. Example and her colleagues: Title (2010)`, quoted titles, `Example et al. (2010)`, the same in
    Portuguese, lines of reference lists, and DOIs spelled out or in links. A DOI belongs to the citation of its own
    line where that line has one of each. A study named without title counts only if it is not named with one.
    """
    found: dict[str, Citation] = {}
    for line, studies in zip_longest(lines, linked, fillvalue=()):
        for citation in _in_line(" ".join(str(line or "")[:_LONGEST_LINE].split()), studies):
            found.setdefault(citation_key(citation), citation)
    titled = {(first_word(one.authors), one.year) for one in found.values() if one.title}
    return tuple(
        one
        for one in found.values()
        if one.title or one.doi or one.study_id or (first_word(one.authors), one.year) not in titled
    )


def first_word(authors: str) -> str:
    """Return the first surname as a key, or an empty text."""
    people = surnames(authors)
    return min(people[0], default="") if people else ""


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


def _in_line(line: str, linked: Sequence[str] = ()) -> list[Citation]:
    dois = dois_in(line)
    links = [name for name in linked if name.removeprefix("doi:") not in dois][:_MOST_FOUND]
    if not dois and not links and (name := study_named_by(line)):
        # "PMID: 1" spelled out, or the address of a record.
        links = [name]
    # Of the same length, so that places stay: links have colons and years of their own.
    prose = _LINK.sub(lambda link: " " * len(link.group()), line)
    named = _named(prose)
    if len(named) == 1 and len(dois) == 1 and _belongs(prose, line, named[0]):
        one = named[0]
        text = line[one.start : one.end].strip()
        return [Citation(text=text, authors=one.authors, title=one.title, year=one.year, doi=dois[0])]
    cited = [
        Citation(text=line[one.start : one.end].strip(), authors=one.authors, title=one.title, year=one.year)
        for one in named
    ]
    if len(cited) == 1 and len(links) == 1 and not dois:
        # The one link to a study beside the one study that is named: that they agree is looked up.
        return [_linked(cited[0], links[0])]
    bare = Citation(text="", authors="", title="", year=None)
    return [*cited, *(replace(bare, text=doi, doi=doi) for doi in dois), *(_linked(bare, name) for name in links)]


def _linked(citation: Citation, name: str) -> Citation:
    kind, _, value = name.partition(":")
    return replace(citation, doi=value) if kind == "doi" else replace(citation, study_id=name)


def _belongs(prose: str, line: str, one: Found) -> bool:
    """Whether the line's DOI stands within its citation or right after it, and not in a sentence of its own."""
    link = _LINK.search(line)
    if link is None:
        return False
    # A reference spans its whole line: what stands after its title counts.
    end = max(one.start, prose.find(one.title)) + len(one.title) if one.end > link.start() else one.end
    return end <= link.start() and not any(_is_prose(part) for part in re.split(r"[.!?]\s", prose[end : link.start()]))


def _is_prose(part: str) -> bool:
    """Whether a part is a sentence of its own, and not the journal or the pages of a reference."""
    words = part.split()
    small = sum(1 for word in words if word[:1].islower())
    return len(words) >= _SHORTEST_SENTENCE and small * 2 > len(words) and not any(sign.isdigit() for sign in part)


def _named(line: str) -> list[Found]:
    """Return what the line cites, in order: with a title first, by author and year alone where nothing else is."""
    as_reference = reference(line)
    if as_reference:
        return [Found(0, len(line), *as_reference._replace(authors=without_openers(as_reference.authors)))]
    whole = _BEFORE_BRACKET.fullmatch(line)
    if whole and _names_somebody(whole["authors"]) and not _is_of_another_kind(whole["title"], whole["authors"]):
        return [Found(0, len(line), whole["authors"], whole["title"].strip(QUOTES), int(whole["year"]))]
    found: list[Found] = []
    for finder in (labelled, _before_year, _after_year, quoted, _author_and_year):
        for one in finder(line):
            if len(found) < _MOST_FOUND and not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return sorted(found)


def _is_of_another_kind(title: str, authors: str) -> bool:
    """Whether what looked like a title is a sentence: it names people before a colon, quotes, or says "(see Lima, 2010)"."""
    if without_openers(authors) != authors.rstrip(",;"):
        return True
    lead = title.partition(": ")[0]
    names = lead != title and (authors_at_end(lead) or authors_before_verb(lead))
    return bool(names) or any(sign in title.strip(QUOTES) for sign in '“”«»"')


def _before_year(line: str) -> Iterator[Found]:
    """Yield each `names: title (year)`; a title may hold colons of its own."""
    begin = 0
    for match in _YEAR_IN_BRACKETS.finditer(line):
        begin = max(begin, match.start() - _LONGEST_TITLE - _LONGEST_AUTHORS)
        stretch, end = line[begin : match.start()], match.end()
        for colon in _COLON.finditer(stretch):
            title = stretch[colon.end() :].strip(QUOTES)
            authors = authors_at_end(stretch[: colon.start()])
            if not authors and not title[:1].islower():
                authors = authors_before_verb(stretch[: colon.start()]) or full_names(stretch[: colon.start()])
            if _in_quotes(stretch[: colon.start()]) or _TWO_SENTENCES.search(title):
                continue
            if authors and _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE:
                start = begin + _place(stretch[: colon.start()], authors)
                yield Found(start, end, authors, title, int(match["year"]))
                break
        begin = end


def _place(text: str, authors: str) -> int:
    """Return where names stand; a link between them was blanked, so that they may stand wider apart."""
    whole = text.rfind(authors)
    return whole if whole >= 0 else max(0, text.rfind(authors.split(maxsplit=1)[0]))


def _in_quotes(before: str) -> bool:
    """Whether a quotation has begun and not ended."""
    return before.count('"') % 2 == 1 or before.rfind("“") > before.rfind("”")


def _after_year(line: str) -> Iterator[Found]:
    """Yield each `names (year): title`."""
    for match in _YEAR_IN_BRACKETS.finditer(line):
        title = _TITLE_AFTER_YEAR.match(line, match.end())
        stretch = line[max(0, match.start() - _LONGEST_AUTHORS) : match.start()].rstrip()
        authors = authors_at_end(stretch) if title else ""
        if title and authors:
            start = match.start() - len(authors) - 1
            yield Found(max(0, start), title.end(), authors, title["title"].strip(QUOTES), int(match["year"]))


def _author_and_year(line: str) -> Iterator[Found]:
    """Yield each `names (year)`, `in year, names` and `(names, year)`, which say no title."""
    for match in _YEAR_IN_BRACKETS.finditer(line):
        stretch = line[max(0, match.start() - _LONGEST_AUTHORS) : match.start()].rstrip()
        authors = authors_at_end(stretch)
        if authors:
            start = max(0, match.start() - _LONGEST_AUTHORS) + _place(stretch, authors)
            yield Found(start, match.end(), authors, "", int(match["year"]))
    for match in _IN_YEAR.finditer(line):
        authors = authors_at_start(line[match.end() : match.end() + _LONGEST_AUTHORS])
        if authors:
            yield Found(match.start(), match.end() + len(authors), authors, "", int(match["year"]))
    for bracket in _BRACKETS.finditer(line):
        for match in _AUTHORS_IN_BRACKETS.finditer(line, bracket.start() + 1, bracket.end() - 1):
            authors = without_openers(match["authors"].strip(" ,"))
            if _names_somebody(authors):
                yield Found(match.start(), match.end(), authors, "", int(match["year"]))


def _names_somebody(authors: str) -> bool:
    """In brackets beside a year a single surname is a name."""
    return are_people(authors.split()) or _LONE_SURNAME.fullmatch(authors) is not None


def citation_key(citation: Citation) -> str:
    """Return what makes two citations mean the same: title and year, else DOI, else first author and year."""
    if citation.title:
        return f"{' '.join(title_words(citation.title))} {citation.year}"
    return citation.doi or citation.study_id or f"{first_word(citation.authors)} {citation.year}"
