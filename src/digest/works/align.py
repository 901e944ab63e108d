"""Cited studies that a text names in a way no pattern knows: the title of a candidate stands in the text, whole.

The title must stand by itself (not inside a longer one), with a surname of its authors and its year near by.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from digest.models.article import Citation
from digest.models.work import Work
from digest.works.candidates import Candidates
from digest.works.names import family_words, name_words
from digest.works.people import authors_at_end
from digest.works.reference_styles import YEAR
from digest.works.titles import fold, made_from_another, same_words, title_words

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NAME = re.compile(r"[^\W\d_]+(?:['’\u2010-][^\W\d_]+)*")
_YEAR = re.compile(rf"(?<![\d\-–/])({YEAR})[a-z]?(?![\d\-–/])")
_SENTENCE = re.compile(r"[.?!;]\s")
_SHORTEST_PART, _LONGEST_PART = 12, 600
_NEAR = 260
"""Characters around a title in which its author and year are looked for."""

_FEWEST_WORDS, _LONG_TITLE, _LONGEST_CLAUSE = 4, 8, 16
_CLAUSE = re.compile(r",\s+(?!and\b|or\b|e\b|ou\b)[a-zà-ÿ]")
_DASH = re.compile(r"\s*[-–—]\s+")
_IN_JOURNAL = re.compile(r"\s+(?:in|na|no|em)\s+(?:the\s+|a\s+|o\s+)?")
_INTRODUCES = frozenset(
    "titled called entitled article paper study book chapter review artigo estudo livro capítulo revisão intitulado"
    " intitulada chamado chamada trabalho pesquisa título title".split()
)
_GOES_ON = re.compile(
    r"^(?:\s*(?::|[-–—]\s)\s*\w|[.,;:]?\s*[(\[]?(?:part|parte|i{1,3}|iv|v|reply|erratum|a reply|errata)\b)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"^(?:\s*$|[\"”»’'*_)\].;?!…]|\s*[(\[]|,?\s*(?:by|por|de|da|do|from)\s+[^\W\d_a-z]|,\s*(?:[^\W\d_a-z]|\d|in\b|em\b|published|publicad))"
    # "Title, a 2016 paper by", "Título, artigo de 2016 de"
    rf"|^,\s+(?:(?:an?|the|um|uma|o|a)\s+)?(?:(?:{YEAR}|[a-zà-ÿ-]+)\s+){{0,2}}(?:paper|article|study|review|book|artigo|estudo|trabalho|revisão|livro)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    start: int
    end: int
    folded: tuple[str, ...]


def titles_within(line: str, candidates: Candidates) -> Iterator[tuple[Citation, int, int]]:
    """Yield each candidate's title that stands in a line with author and year, as a citation, and where it stands."""
    words = [_Word(start=m.start(), end=m.end(), folded=title_words(m.group())) for m in _TOKEN.finditer(line)]
    flat = [(folded, word) for word in words for folded in word.folded]
    seen = {folded for folded, _ in flat}
    # Sentence by sentence: the rare words of one citation must not hide those of the next.
    parts = [part for part in _SENTENCE.split(line) if len(part) > _SHORTEST_PART]
    found = {id(work): work for part in parts for work in candidates.by_title(title_words(part[:_LONGEST_PART]))}
    for work in found.values():
        for title in work.titles:
            wanted = title_words(title.text)
            if len(wanted) < _FEWEST_WORDS or len(seen.intersection(wanted)) * 4 < len(set(wanted)) * 3:
                continue
            for start, end in _places(flat, wanted):
                if citation := _cited(line, start, end, work):
                    yield citation, start, end


def _places(flat: list[tuple[str, _Word]], wanted: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    size = len(wanted)
    for at in range(len(flat) - size + 1):
        if flat[at][0][0] == wanted[0][0] and same_words(tuple(folded for folded, _ in flat[at : at + size]), wanted):
            yield flat[at][1].start, flat[at + size - 1][1].end


def _cited(line: str, start: int, end: int, work: Work) -> Citation | None:
    start = _with_light_words(line, start)
    before, after = line[max(0, start - _NEAR) : start], line[end : end + _NEAR]
    if not _begins(before, line[start : start + 1], work) or not _stops(line[start:end], after, work):
        return None
    authors, year = _author_near(before, after, work), _year_near(before, after, work)
    if not authors or year is None or made_from_another(before):
        return None
    title = line[start:end]
    return Citation(text=_sentence(line, start, end), authors=authors, title=title, year=year)


def _with_light_words(line: str, start: int) -> int:
    """Articles were dropped from both titles; an opening one belongs to the title."""
    light = re.search(r"(?:^|(?<=[\s\"“«*_(]))(?:A|An|The|O|Os|As|Um|Uma)\s$", line[max(0, start - 5) : start])
    return start - len(light.group()) if light else start


def _begins(before: str, first: str, work: Work) -> bool:
    """Whether a title can begin after these words."""
    stripped = before.rstrip()
    if not stripped or stripped[-1] in "\"“«‘'*_([.?!;–—-)]":
        return True
    if stripped[-1] == ":":
        return _leads_up(stripped, work)
    last = stripped.rsplit(" ", 1)[-1]
    return (
        last.lower().strip(",") in _INTRODUCES
        or (last[-1:].islower() and last[:1].islower() and first.isupper())
        or last.endswith(",")
    )


def _leads_up(before: str, work: Work) -> bool:
    """Whether what stands before a colon is a year, names, or a word that introduces a title; not more of a title."""
    lead = re.split(r"[.;!?]\s", before[:-1])[-1]
    if re.search(rf"(?:[)\]]|\b{YEAR}):$", before) or authors_at_end(before[:-1]):
        return True
    # Up to a clause with its verb: "Here is what Ana Lima and her team wrote about it".
    clause = ":" not in lead and len(lead.split()) <= _LONGEST_CLAUSE
    return (clause and _names_one(lead, family_words(work.authors))) or lead.rsplit(" ", 1)[-1].lower() in _INTRODUCES


def _names_one(text: str, families: Collection[str]) -> bool:
    """Whether a capitalised word of a text is one of these surnames."""
    return any(word[:1].isupper() and name_words(word) & set(families) for word in _NAME.findall(text))


def _stops(title: str, after: str, work: Work) -> bool:
    """Whether a title can end before these words."""
    dash = _DASH.match(after)
    if dash and work.journal and fold(after[dash.end() :])[: len(fold(work.journal))] == fold(work.journal):
        return True
    if _GOES_ON.match(after):
        return False
    if _ENDS.match(after):
        return True
    if len(title.split()) >= _LONG_TITLE and _CLAUSE.match(after):
        return True
    journal = _IN_JOURNAL.match(after)
    return bool(
        journal and work.journal and fold(after[journal.end() :])[: len(fold(work.journal))] == fold(work.journal)
    )


def _author_near(before: str, after: str, work: Work) -> str:
    """Return the surname as it is spelled near by: before the title first, nearest first."""
    families = family_words(work.authors)
    for match in (*reversed(list(_NAME.finditer(before))), *_NAME.finditer(after)):
        word = match.group()
        if _names_one(word, families):
            return word
    return ""


def _year_near(before: str, after: str, work: Work) -> int | None:
    """Return the year of the record if it is the next one on either side, else the nearest."""
    behind, ahead = _YEAR.search(after), list(_YEAR.finditer(before))
    for found in (behind, ahead[-1] if ahead else None):
        if found and int(found[1]) in work.years:
            return int(found[1])
    if behind and (not ahead or behind.start() <= len(before) - ahead[-1].end()):
        return int(behind[1])
    return int(ahead[-1][1]) if ahead else None


def _sentence(line: str, start: int, end: int) -> str:
    begin = max((match.end() for match in re.finditer(r"[.!?]\s+", line[:start])), default=0)
    stop = re.search(r"[.!?](?:\s|$)", line[end:])
    return line[min(begin, start) : end + stop.end() if stop else len(line)].strip()
