"""The author's glossary: which Portuguese term stands for which English one, and which words never may."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One row of `glossary.csv`; a cell may name several forms, parted by `;` (the first is the one to use)."""

    en: tuple[str, ...] = ()
    pt: tuple[str, ...] = ()
    """Brazilian Portuguese, the column `pt_BR`."""
    forbidden: tuple[str, ...] = ()
    """Words that must not stand for the term, in whichever language."""
    note: str = ""
    source: str = ""
    """Where the usage was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """All terms in the order of the file."""

    terms: tuple[Term, ...] = ()
    fingerprint: str = ""
    """SHA-256 of the terms: translations made with another one may be out of date."""

    def __hash__(self) -> int:
        # Looked up for every sentence: walking through all terms each time would cost more than the look-up saves.
        return hash(self.fingerprint)
