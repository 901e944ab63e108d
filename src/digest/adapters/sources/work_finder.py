"""Looks cited studies up: Crossref first, Europe PMC for what Crossref does not know. A score never decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from digest.adapters.sources import crossref_work, europepmc_work
from digest.adapters.sources.research_http import ResearchClient, Unusable
from digest.models.article import Citation
from digest.models.resolution import CouldNotCheck, LookedUp, NotFound, Resolution
from digest.models.work import Work
from digest.works.candidates import Candidates
from digest.works.merge import merge, merged
from digest.works.names import surnames
from digest.works.resolve import resolve

CROSSREF = "https://api.crossref.org"
EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest"
_ROWS = "5"
_BY_ID = ("pmid:", "pmcid:")
_NOT_FOUND = 404


class ResearchFinder:
    """`WorkFinder` over the two open indexes; `mailto` is the contact that Crossref asks for."""

    def __init__(
        self,
        client: ResearchClient,
        *,
        now: Callable[[], datetime],
        mailto: str = "",
        crossref: str = CROSSREF,
        europepmc: str = EUROPE_PMC,
    ) -> None:
        self._client = client
        self._now = now
        self._polite = {"mailto": mailto} if mailto else {}
        self._crossref = crossref.rstrip("/")
        self._europepmc = europepmc.rstrip("/")

    def find(self, citation: Citation) -> Resolution | CouldNotCheck:
        """Look up which work a citation means; a name and a year alone are too little to ask anybody."""
        if citation.doi:
            return self._find_by_doi(citation, citation.doi)
        if citation.study_id:
            return self._find_by_id(citation)
        if not citation.title:
            return resolve(citation, Candidates(()))
        works = self._crossref_search(citation)
        if isinstance(works, CouldNotCheck):
            return works
        found = resolve(citation, Candidates(works))
        if not isinstance(found, NotFound):
            return found
        more = self._europepmc_search(f'TITLE:"{_bare(citation.title)}"')
        return found if isinstance(more, CouldNotCheck) else resolve(citation, Candidates(merged((*works, *more))))

    def look_up(self, doi: str) -> LookedUp:
        """Return the record of a DOI from both indexes, with the notices that they know now.

        `pmid:1` and `pmcid:PMC1` lead to the DOI by Europe PMC; a record without one is all that it knows.
        """
        if doi.startswith(_BY_ID):
            return self._look_up_by_id(doi)
        first = self._crossref_work(doi)
        second = self._europepmc_search(f'DOI:"{_bare(doi)}"')
        found = [] if isinstance(second, CouldNotCheck) else [work for work in second if work.doi == doi]
        if isinstance(first, Work):
            return merge([first, *found])
        if found:
            return merge(found)
        return second if isinstance(second, CouldNotCheck) else first

    def _look_up_by_id(self, name: str) -> LookedUp:
        kind, _, value = name.partition(":")
        query = f"EXT_ID:{_bare(value)} AND SRC:MED" if kind == "pmid" else f"PMCID:{_bare(value)}"
        found = self._europepmc_search(query)
        if isinstance(found, CouldNotCheck):
            return found
        record = next((work for work in found if value in {work.pmid, work.pmcid}), None)
        if record is None:
            return NotFound()
        first = self._crossref_work(record.doi) if record.doi else NotFound()
        return merge([first, record]) if isinstance(first, Work) else record

    def _find_by_id(self, citation: Citation) -> Resolution | CouldNotCheck:
        found = self.look_up(citation.study_id)
        if isinstance(found, CouldNotCheck):
            return found
        if isinstance(found, Work) and found.doi:
            return resolve(replace(citation, doi=found.doi), Candidates((found,)))
        # What has no DOI, or is not known by that number, may be known by its title.
        return self.find(replace(citation, study_id=""))

    def _find_by_doi(self, citation: Citation, doi: str) -> Resolution | CouldNotCheck:
        work = self.look_up(doi)
        if isinstance(work, CouldNotCheck):
            return work
        if isinstance(work, Work):
            return resolve(citation, Candidates((work,)))
        works = self._crossref_search(citation) if citation.title else ()
        return works if isinstance(works, CouldNotCheck) else resolve(citation, Candidates(works))

    def _crossref_work(self, doi: str) -> LookedUp:
        answer = self._client.get_json(f"{self._crossref}/works/{quote(doi, safe='')}", self._polite)
        if isinstance(answer, Unusable):
            return NotFound() if answer.status == _NOT_FOUND else _could_not("Crossref", answer)
        works = crossref_work.works_of(answer, self._now())
        return next(
            (work for work in works if work.doi == doi), CouldNotCheck(reason="Crossref: the answer names another DOI.")
        )

    def _crossref_search(self, citation: Citation) -> tuple[Work, ...] | CouldNotCheck:
        people = surnames(citation.authors)
        words = (citation.title, *sorted(people[0] if people else ()), str(citation.year or ""))
        asked = {"query.bibliographic": " ".join(word for word in words if word), "rows": _ROWS} | self._polite
        answer = self._client.get_json(f"{self._crossref}/works", asked)
        return (
            _could_not("Crossref", answer)
            if isinstance(answer, Unusable)
            else crossref_work.works_of(answer, self._now())
        )

    def _europepmc_search(self, query: str) -> tuple[Work, ...] | CouldNotCheck:
        asked = {"query": query, "resultType": "core", "format": "json", "pageSize": _ROWS}
        answer = self._client.get_json(f"{self._europepmc}/search", asked)
        if isinstance(answer, Unusable):
            return _could_not("Europe PMC", answer)
        return europepmc_work.works_of(answer, self._now())


def _could_not(source: str, answer: Unusable) -> CouldNotCheck:
    return CouldNotCheck(reason=f"{source}: {answer.reason}.")


def _bare(text: str) -> str:
    """A phrase of the query language has no quotes and no backslashes in it."""
    return " ".join(text.replace('"', " ").replace("\\", " ").split())
