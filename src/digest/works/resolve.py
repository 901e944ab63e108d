"""Which work a citation means: searched by its words, then proved by title, author and year. Never by a search score.

Three outcomes (`digest.models.resolution`): all three agree with one record; something disagrees, and the author
decides; or nothing fits. The rules were measured (`docs/explanation/citations.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from digest.models.article import Citation
from digest.models.message import N_
from digest.models.resolution import AskAuthor, Confirmed, Evidence, NotFound, Resolution
from digest.models.work import Work
from digest.works.candidates import Candidates
from digest.works.names import family_words, named_among, surnames
from digest.works.titles import Likeness, is_sequel, likeness, title_words

SAME_TITLE = N_("The title agrees.")
MAIN_TITLE = N_("The title agrees, without the subtitle of the record: “%(title)s”")
OTHER_TITLE = N_("The record has another title: “%(title)s”")
NO_TITLE = N_("The text gives no title; the record is called “%(title)s”")
SAME_AUTHOR = N_("A named author is among the authors of the record.")
OTHER_AUTHOR = N_("The named author is not among the authors of the record: %(authors)s")
NO_AUTHOR = N_("The record, or the text, names no author.")
SAME_YEAR = N_("The year agrees: %(year)s")
NEAR_YEAR = N_("The year is one off: the record says %(year)s. Print and online often differ.")
OTHER_YEAR = N_("The year differs: the record says %(year)s.")
NO_YEAR = N_("The record, or the text, gives no year.")
SAME_DOI = N_("The text gives this DOI.")
UNKNOWN_DOI = N_("No record was found for the DOI %(doi)s of the text.")
SEVERAL = N_("%(count)s records fit equally well.")
SHORT_TITLE = N_("The title is too short to prove anything by itself.")
NO_TITLE_NOTHING = N_("The text gives no title, and no record of these authors in that year is known.")
NOTHING = N_("No record has this title, and none of these authors in that year.")

YearMatch = Literal["same", "near", "other", "unknown"]
_FEWEST_WORDS = 4
_FEWEST_WITH_ALL = 2
"""A title of two or three words needs the very year and the first author."""

_MOST_ASKED = 3
_CLASSES = (("journal-article", "proceedings-article"), ("posted-content",), ("book", "monograph", "book-chapter"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """One record beside one citation."""

    work: Work
    title: Likeness
    author: bool | None
    """None where one side names nobody."""
    year: YearMatch
    proven: bool


def resolve(citation: Citation, candidates: Candidates) -> Resolution:
    """Return what a citation means among the candidates."""
    if citation.doi:
        return _by_doi(citation, candidates)
    if not citation.title:
        return _by_author_and_year(citation, candidates)
    works = candidates.by_title(title_words(citation.title))
    proven = _preferred([one for work in works if (one := _compared(citation, work, may_be_close=False)).proven])
    if len(proven) == 1:
        return Confirmed(work=proven[0].work, evidence=_evidence(citation, proven[0]))
    if proven:
        several = Evidence(message=SEVERAL, values=(("count", str(len(proven))),), agrees=False)
        asked = tuple(one.work for one in proven[:_MOST_ASKED])
        return AskAuthor(works=asked, evidence=(*_evidence(citation, proven[0]), several))
    found = [_compared(citation, work) for work in works]
    doubtful = sorted((one for one in found if _is_worth_asking(one)), key=_doubt)
    if doubtful:
        asked = tuple(one.work for one in doubtful[:_MOST_ASKED])
        return AskAuthor(works=asked, evidence=_evidence(citation, doubtful[0]))
    return NotFound(evidence=(Evidence(message=NOTHING, agrees=False),))


def _by_doi(citation: Citation, candidates: Candidates) -> Resolution:
    """The author spelled the DOI out; it counts unless the title beside it says otherwise."""
    work = candidates.by_doi(citation.doi or "")
    if work is None:
        unknown = Evidence(message=UNKNOWN_DOI, values=(("doi", citation.doi or ""),), agrees=False)
        by_title = resolve(replace(citation, doi=None), candidates) if citation.title else NotFound()
        if isinstance(by_title, Confirmed):
            # The text's DOI and its title point at two records: one of them is wrong.
            return AskAuthor(works=(by_title.work,), evidence=(unknown, *by_title.evidence))
        return NotFound(evidence=(unknown,))
    said = Evidence(message=SAME_DOI)
    if not citation.title:
        return Confirmed(work=work, evidence=(said,))
    one = _compared(citation, work)
    if one.title == "other" or (one.title == "close" and one.author is False):
        return AskAuthor(works=(work,), evidence=(said, *_evidence(citation, one)))
    return Confirmed(work=work, evidence=(said, *_evidence(citation, one)))


def _by_author_and_year(citation: Citation, candidates: Candidates) -> Resolution:
    people = surnames(citation.authors)
    if citation.year is None or not people:
        return NotFound(evidence=(Evidence(message=NO_TITLE_NOTHING, agrees=False),))
    found = candidates.by_author_and_year(people[0], citation.year)
    # Whoever is named before "and colleagues" is nearly always the first author.
    first = [work for work in found if work.authors and people[0] & family_words(work.authors[:1])]
    fitting = [work for work in first or found if named_among(citation.authors, work.authors)]
    if not fitting:
        return NotFound(evidence=(Evidence(message=NO_TITLE_NOTHING, agrees=False),))
    evidence = _evidence(citation, _compared(citation, fitting[0]))
    return AskAuthor(works=tuple(fitting[:_MOST_ASKED]), evidence=evidence)


def _compared(citation: Citation, work: Work, *, may_be_close: bool = True) -> _Comparison:
    title: Likeness = "other"
    for ours in work.titles:
        found = likeness(citation.title, ours.text, may_be_close=may_be_close)
        title = min(title, found, key=_TITLE_ORDER.index)
    named = bool(surnames(citation.authors)) and bool(family_words(work.authors))
    author = named_among(citation.authors, work.authors) if named else None
    year = _year_match(citation.year, work.years)
    proven = _is_proven(citation, work, title, year) if author else False
    return _Comparison(work=work, title=title, author=author, year=year, proven=proven)


_TITLE_ORDER: tuple[Likeness, ...] = ("equal", "main", "longer", "close", "other")


def _is_proven(citation: Citation, work: Work, title: Likeness, year: YearMatch) -> bool:
    words = len(title_words(citation.title))
    first = bool(work.authors) and any(person & family_words(work.authors[:1]) for person in surnames(citation.authors))
    if title == "equal" and words >= _FEWEST_WORDS:
        return year in {"same", "near"}
    if title == "equal" and words >= _FEWEST_WITH_ALL:
        return year == "same" and first
    return title == "main" and year == "same" and first and not any(is_sequel(ours.text) for ours in work.titles)


def _year_match(cited: int | None, years: Sequence[int]) -> YearMatch:
    if cited is None or not years:
        return "unknown"
    distance = min(abs(cited - year) for year in years)
    return "same" if distance == 0 else "near" if distance == 1 else "other"


def _preferred(proven: list[_Comparison]) -> list[_Comparison]:
    """Leave the best fits: whole title before main title, the very year before a near one, the article before its preprint."""
    for key in (
        lambda one: one.title != "equal",
        lambda one: _class(one.work),
        lambda one: one.year != "same",
    ):
        if len(proven) > 1:
            best = min(key(one) for one in proven)
            proven = [one for one in proven if key(one) == best]
    return proven


def _class(work: Work) -> int:
    kinds = {kind.lower() for kind in work.types}
    return next((number for number, names in enumerate(_CLASSES) if kinds & set(names)), len(_CLASSES))


def _is_worth_asking(one: _Comparison) -> bool:
    """Whether at most one of title, author and year disagrees, and the title is at least like it."""
    if one.title in {"equal", "main", "longer"}:
        return one.author is not False or one.year in {"same", "near"}
    return one.title == "close" and one.author is True and one.year in {"same", "near", "unknown"}


def _doubt(one: _Comparison) -> tuple[int, bool, bool]:
    return _TITLE_ORDER.index(one.title), one.author is not True, one.year != "same"


def _evidence(citation: Citation, one: _Comparison) -> tuple[Evidence, ...]:
    return (_title_evidence(citation, one), _author_evidence(one), _year_evidence(one))


def _title_evidence(citation: Citation, one: _Comparison) -> Evidence:
    values = (("title", one.work.title),)
    if not citation.title:
        return Evidence(message=NO_TITLE, values=values, agrees=False)
    if one.title == "equal":
        short = len(title_words(citation.title)) < _FEWEST_WORDS and not one.proven
        return Evidence(message=SHORT_TITLE, agrees=False) if short else Evidence(message=SAME_TITLE)
    if one.title == "main":
        return Evidence(message=MAIN_TITLE, values=values)
    return Evidence(message=OTHER_TITLE, values=values, agrees=False)


def _author_evidence(one: _Comparison) -> Evidence:
    if one.author is None:
        return Evidence(message=NO_AUTHOR, agrees=False)
    if one.author:
        return Evidence(message=SAME_AUTHOR)
    names = ", ".join(person.family for person in one.work.authors[:_MOST_ASKED])
    return Evidence(message=OTHER_AUTHOR, values=(("authors", names),), agrees=False)


def _year_evidence(one: _Comparison) -> Evidence:
    years = (("year", ", ".join(str(year) for year in one.work.years)),)
    if one.year == "unknown":
        return Evidence(message=NO_YEAR, agrees=False)
    message = {"same": SAME_YEAR, "near": NEAR_YEAR, "other": OTHER_YEAR}[one.year]
    return Evidence(message=message, values=years, agrees=one.year != "other")
