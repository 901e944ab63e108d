"""Works to compare a citation with, found by the rare words of their titles, by DOI, and by author and year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import log

from digest.models.work import Work
from digest.works.names import family_words
from digest.works.titles import title_words

_NO_STUDY = frozenset(
    "component peer-review journal journal-issue journal-volume grant dataset book-series proceedings database".split()
)
_NO_STUDY_DOIS = ("10.3410/f.", "10.1037/e")
"""Recommendations of papers, and records of tests and slides: they carry the titles of other people's papers."""

_WORDS_LOOKED_UP = 8
_MOST_FOUND = 12
_COMMON = 2_000


class Candidates:
    """An index over works; what is no study of its own is left out, the same DOI counts once."""

    def __init__(self, works: Iterable[Work]) -> None:
        self.works: list[Work] = []
        self._by_doi: dict[str, int] = {}
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_author_and_year: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for work in works:
            self._add(work)

    def _add(self, work: Work) -> None:
        if not is_study(work) or (work.doi and work.doi in self._by_doi):
            return
        place = len(self.works)
        self.works.append(work)
        for doi in (work.doi, *work.other_dois):
            if doi:
                self._by_doi.setdefault(doi, place)
        for word in {word for title in work.titles for word in title_words(title.text)}:
            self._by_word[word].append(place)
        for year in work.years:
            for name in family_words(work.authors[:20]):
                self._by_author_and_year[name, year].append(place)

    def by_doi(self, doi: str) -> Work | None:
        """Return the work with a DOI."""
        place = self._by_doi.get(doi)
        return None if place is None else self.works[place]

    def by_title(self, words: Sequence[str]) -> list[Work]:
        """Return the works that share the most and rarest words, best first."""
        known = sorted({word for word in words if word in self._by_word}, key=lambda word: len(self._by_word[word]))
        scores: defaultdict[int, float] = defaultdict(float)
        for number, word in enumerate(known[:_WORDS_LOOKED_UP]):
            places = self._by_word[word]
            if number and scores and len(places) > _COMMON:
                continue
            weight = log(1 + len(self.works) / len(places))
            for place in places:
                scores[place] += weight
        best = nlargest(_MOST_FOUND, ((score, -place) for place, score in scores.items()))
        return [self.works[-place] for _, place in best]

    def by_author_and_year(self, names: Iterable[str], year: int) -> list[Work]:
        """Return the works of one of these surnames in a year."""
        places = dict.fromkeys(place for name in names for place in self._by_author_and_year.get((name, year), ()))
        return [self.works[place] for place in places]


def is_study(work: Work) -> bool:
    """Whether a record is a work of its own, and not a part, a review or an announcement of one."""
    kinds = {kind.lower() for kind in work.types}
    return not (kinds & _NO_STUDY) and not (work.doi or "").startswith(_NO_STUDY_DOIS) and not work.notice_of
