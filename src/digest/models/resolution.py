"""What came of looking a cited study up: certain, for the author to decide, or nothing."""

from dataclasses import dataclass

from digest.models.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was compared: a message id of the catalogues with its values, and whether it agreed."""

    message: str
    values: tuple[tuple[str, str], ...] = ()
    agrees: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Title, author and year agree with one record and with no other."""

    work: Work
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAuthor:
    """Something speaks for these records and something against; the author decides. The likeliest first."""

    works: tuple[Work, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """No record fits; her words stay as they are, without a link."""

    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldNotCheck:
    """No source could be asked; this says nothing about the study."""

    reason: str
    """One sentence."""


Resolution = Confirmed | AskAuthor | NotFound
"""What looking a citation up can bring."""

LookedUp = Work | NotFound | CouldNotCheck
"""What asking for one DOI can bring."""
