"""WorkStore and WorkFinder without a database and without a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digest.models.article import Citation, CitationDecision
from digest.models.resolution import CouldNotCheck, LookedUp, NotFound, Resolution
from digest.models.work import Work
from digest.works.candidates import Candidates
from digest.works.notices import with_log
from digest.works.resolve import resolve


class FakeWorkStore:
    """Keeps records and decisions in memory."""

    def __init__(self) -> None:
        self._works: dict[tuple[str, str], Work] = {}
        self._decisions: dict[tuple[str, str], CitationDecision] = {}

    def works(self, newsletter_id: str) -> tuple[Work, ...]:
        return tuple(work for (name, _), work in sorted(self._works.items()) if name == newsletter_id)

    def save_works(self, newsletter_id: str, works: Sequence[Work]) -> None:
        for work in works:
            if work.doi:
                name = (newsletter_id, work.doi)
                self._works[name] = with_log(work, self._works.get(name))

    def decisions(self, newsletter_id: str) -> tuple[CitationDecision, ...]:
        return tuple(one for (name, _), one in sorted(self._decisions.items()) if name == newsletter_id)

    def save_decision(self, decision: CitationDecision) -> None:
        self._decisions[decision.newsletter_id, decision.key] = decision


@dataclass
class FakeFinder:
    """Knows a few works; every name in `down` fails."""

    known: Mapping[str, Work] = field(default_factory=dict)
    down: str = ""
    asked: list[str] = field(default_factory=list)

    def find(self, citation: Citation) -> Resolution | CouldNotCheck:
        self.asked.append(citation.title or citation.doi or "")
        return CouldNotCheck(reason=self.down) if self.down else resolve(citation, Candidates(self.known.values()))

    def look_up(self, doi: str) -> LookedUp:
        self.asked.append(doi)
        return CouldNotCheck(reason=self.down) if self.down else self.known.get(doi) or NotFound()
