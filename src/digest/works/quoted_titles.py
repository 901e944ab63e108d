"""Cited studies whose title stands in quotation marks or emphasis, and those whose parts are labelled or in apposition."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from digest.works.names import TITLES
from digest.works.people import authors_at_end, bare, full_names, without_openers
from digest.works.reference_styles import YEAR
from digest.works.titles import made_from_another

QUOTES = "\"“”«»'‘’*_ .,;"
_QUOTED = re.compile(r"[“\"«„*_‘]{1,2}(?P<title>[^“”\"«»*_‘]{8,300}?)[”\"»*_’]{1,2}(?=[\s.,;:!?()]|$)")
_NEAR_YEAR = re.compile(rf"(?<![\d\-–/])(?P<year>{YEAR})[a-z]?(?![\d\-–/])")
_SENTENCE_END = re.compile(r"(?<=[a-zà-ÿ)\"”’»*0-9][.!?])\s+(?=[A-ZÀ-Þ“\"])")
_FEWEST_QUOTED_WORDS = 3

_CAP = r"[^\W\d_a-zà-öø-ÿ][\w’'-]*"
_PARTICLE = r"(?:(?:de|da|do|dos|das|van|von|der|den|la|le|del|di)\s)"
_INITIALS = r"(?:[A-ZÀ-Þ]\.\s?)"
_FULL_NAME = rf"{_CAP}(?:\s{_INITIALS}{{0,3}}{_PARTICLE}{{0,2}}{_CAP}){{1,4}}"
_RESEARCH = re.compile(
    r"\b(?:paper|study|studies|article|research|review|work|wrote|published|journal|reading|artigo|estudo|pesquisa|trabalho"
    r"|revisão|leitura|ler|saber mais|escreve\w*|publicou|publicaram|publicado|revista)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(rf"(?P<name>{_CAP}(?:\s{_INITIALS}{{0,3}}{_PARTICLE}{{0,2}}{_CAP}){{0,4}})['’]s\b")
_OF = re.compile(
    rf"\b(?:by|from|of|de|da|do|por)\s(?:(?:Dr|Dra|Prof|Profa)\.\s)?(?P<name>{_PARTICLE}?{_CAP}(?:\s{_INITIALS}{{0,3}}{_PARTICLE}{{0,2}}{_CAP}){{0,4}})"
)
_FULL = re.compile(rf"(?<![\w’'-])(?P<name>{_FULL_NAME})")
_FULL_BEFORE = re.compile(rf"(?:^|\]\s|[-–•*]\s)(?P<name>{_FULL_NAME}),\s*$")
_LONE = re.compile(r"\b([^\W\d_a-z][\w'’-]+(?:\s[^\W\d_a-z][\w'’-]+){0,3})\s*(?:,\s*|\()(?:1[89]|20)\d{2}")

_LABELLED = re.compile(
    r"\b(?:study|title|article|paper|estudo|título|artigo)\s?:\s(?P<title>[^\n]{8,300}?)[.;,]?\s"
    r"(?:authors?|autor(?:es|a|as|ia)?|by|por)\s?:\s(?P<authors>[^\n:]{3,200}?)[.;,]?\s"
    rf"(?:year|ano|published|publicado em)\s?:\s(?P<year>{YEAR})\b",
    re.IGNORECASE,
)
_PARTED = (
    re.compile(
        rf"(?P<authors>[^\n“”\"()—–]{{3,200}}?)\s[—–]\s(?P<title>[^\n“”\"—–]{{8,300}}?)\s[—–]\s[^\n—–:]{{2,80}}?,?\s(?P<year>{YEAR})\.?$"
    ),
    re.compile(
        rf"(?P<authors>[^\n“”\"():]{{3,200}}?):\s(?P<title>[^\n“”\"]{{8,300}}),\s[^\n,:“”]{{2,80}}?,?\s(?P<year>{YEAR})\.?$"
    ),
)
"""A whole line: `names — title — journal, 2010`, `names: title, journal 2010`."""

_BULLET = re.compile(r"\s*(?:[-–•*·]\s+|\[\d{1,3}\]\s*|\d{1,3}[.)]\s+)?")
_KIND = r"(?:paper|article|study|review|book|artigo|estudo|trabalho|livro|revisão)"
_APPOSED = re.compile(
    rf"(?P<title>[^\W\d_a-z][^\n“”\"()]{{8,300}}?),\s(?:an?\s|um\s|uma\s)?(?:(?P<before>{YEAR})\s{_KIND}|{_KIND}\s(?:from|de)\s(?P<after>{YEAR}))"
    r"\s(?:by|de|assinado por)\s(?P<authors>[^\n,;()]{3,120})"
)


class Found(NamedTuple):
    """One citation and where it stands in its line."""

    start: int
    end: int
    authors: str
    title: str
    year: int


def quoted(line: str) -> Iterator[Found]:
    """Yield each title in quotation marks or emphasis whose sentence, or the one before, names people and a year."""
    quotes = list(_QUOTED.finditer(line))
    sentences = list(_sentences(line, [quote.span() for quote in quotes]))
    for number, (begin, end) in enumerate(sentences):
        inside = [quote for quote in quotes if begin <= quote.start() < end]
        for place, quote in enumerate(inside):
            title = quote["title"].strip(QUOTES)
            if len(title.split()) < _FEWEST_QUOTED_WORDS or made_from_another(line[: quote.start()]):
                continue
            first = inside[place - 1].end() if place else begin
            after = (quote.end(), inside[place + 1].start() if place + 1 < len(inside) else end)
            opens = _opens(sentences, quotes, number) if not place else first
            for start in dict.fromkeys((first, opens)):
                before = (start, quote.start())
                year, authors = _nearest_year(line, before, after), _people_near(line, before, after)
                if year and authors:
                    yield Found(start, after[1], authors, title, year)
                    break


def _opens(sentences: list[tuple[int, int]], quotes: list[re.Match[str]], number: int) -> int:
    """Return where the sentence before begins, if it quotes nothing: "In a paper from 2001 … It is called “…”"."""
    begin, end = sentences[max(0, number - 1)]
    return sentences[number][0] if any(begin <= quote.start() < end for quote in quotes) else begin


def labelled(line: str) -> Iterator[Found]:
    """Yield each `Study: title. Authors: names. Year: year`, and each `Title, a 2010 paper by names`."""
    for match in _LABELLED.finditer(line):
        yield Found(*match.span(), match["authors"].strip(QUOTES), match["title"].strip(QUOTES), int(match["year"]))
    bullet = _BULLET.match(line)
    start = bullet.end() if bullet else 0
    for pattern in _PARTED:
        whole = pattern.match(line, start)
        people = (authors_at_end(whole["authors"]) or full_names(whole["authors"])) if whole else ""
        if whole and people:
            yield Found(start, len(line), people, whole["title"].strip(QUOTES), int(whole["year"]))
    for begin, end in _sentences(line, [match.span() for match in _APPOSED.finditer(line)]):
        found = _APPOSED.match(line, begin, end)
        names = _FULL.match(found["authors"]) if found else None
        authors = (authors_at_end(found["authors"]) or (names["name"] if names else "")) if found else ""
        if found and authors:
            yield Found(
                begin, found.end(), authors, found["title"].strip(QUOTES), int(found["before"] or found["after"])
            )


def _sentences(line: str, whole: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where sentences begin and end; a title in quotation marks and "Dr." end none."""
    begin = 0
    for end in _SENTENCE_END.finditer(line):
        inside = any(first < end.start() < last for first, last in whole)
        last_word = line[begin : end.start()].rsplit(" ", 1)[-1]
        if inside or bare(last_word) in TITLES:
            continue
        yield begin, end.start()
        begin = end.end()
    yield begin, len(line)


def _nearest_year(line: str, before: tuple[int, int], after: tuple[int, int]) -> int | None:
    behind = _NEAR_YEAR.search(line, *after)
    ahead = list(_NEAR_YEAR.finditer(line, *before))
    if behind and (not ahead or behind.start() - after[0] <= before[1] - ahead[-1].end()):
        return int(behind["year"])
    return int(ahead[-1]["year"]) if ahead else None


def _people_near(line: str, before: tuple[int, int], after: tuple[int, int]) -> str:
    """Return the names nearest before the title, else after it; a single surname counts beside a year in brackets."""
    listed = _FULL_BEFORE.search(line[before[0] : before[1]])
    if listed:
        return listed["name"]
    for begin, end in (before, after):
        words = re.sub(r"[()\[\]:]", " ", line[begin:end]).split()
        runs = [authors for stop in range(len(words), 0, -1) if (authors := authors_at_end(" ".join(words[:stop])))]
        if runs:
            return max(runs[:4], key=len)
    lone = _LONE.search(line[before[0] : after[1]])
    return lone[1] if lone else _by(line[after[0] : after[1]]) or _named_loosely(line, before, after)


def _by(text: str) -> str:
    named = re.match(r"[\s,]*(?:by|de|por|from)\s([^\W\d_a-z][\w'’.-]+(?:\s[^\W\d_a-z][\w'’.-]+){0,3})", text)
    return named[1] if named else ""


def _named_loosely(line: str, before: tuple[int, int], after: tuple[int, int]) -> str:
    """Return a name that only the talk of a study makes one: "Lima’s work", "led by Ana Lima", "Ana Lima wrote"."""
    around = line[before[0] : before[1]] + " " + line[after[0] : after[1]]
    if not _RESEARCH.search(around) and not _NEAR_YEAR.match(line[after[0] : after[1]].lstrip(" ,;(–—-")):
        return ""
    for begin, end in (before, after):
        part = line[begin:end]
        for pattern in (_POSSESSIVE, _OF, _FULL):
            if found := list(pattern.finditer(part)):
                return without_openers(found[-1 if (begin, end) == before else 0]["name"])
    return ""
