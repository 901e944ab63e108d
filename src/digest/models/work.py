"""A study as the research sources describe it: every field with where it came from and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

WorkSource = Literal["crossref", "pubmed", "europepmc", "scielo", "openalex", "feed"]

TextRights = Literal[
    "cc0", "cc-by", "cc-by-sa", "cc-by-nd", "cc-by-nc", "cc-by-nc-sa", "cc-by-nc-nd", "publisher", "unknown"
]
"""Licence of a text. What a source only passes on (an abstract) is `unknown` until the article's licence is known."""

DateKind = Literal["published", "print", "online", "accepted", "indexed"]
NoticeKind = Literal["retraction", "concern", "correction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkText:
    """A title or an abstract in one language."""

    language: str
    """BCP 47 primary subtag, empty where the source does not say."""
    text: str
    """Plain text; paragraphs of an abstract are parted by a blank line."""
    rights: TextRights = "unknown"
    source: WorkSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author; a group has only `family`."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDate:
    """A date as precise as the source gives it."""

    kind: DateKind
    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An editorial notice about a work."""

    kind: NoticeKind
    doi: str | None
    """DOI of the notice itself, where the source gives one."""
    date: str
    """ISO 8601, as precise as the source gives it, or empty."""
    source: WorkSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenNotice:
    """A notice that a look-up found, and when it was first seen."""

    kind: NoticeKind
    doi: str | None
    at: datetime | None
    """None where it was known before such moments were kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOrigin:
    """Which source gave a field, and when it was asked."""

    field: str
    source: WorkSource
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One study; a preprint, its published version and its language editions are one work."""

    doi: str | None = None
    """Of the version of record, lower case."""
    other_dois: tuple[str, ...] = ()
    """DOIs of the same work: preprint, language editions."""
    pmid: str | None = None
    pmcid: str | None = None
    scielo_pid: str | None = None
    titles: tuple[WorkText, ...] = ()
    abstracts: tuple[WorkText, ...] = ()
    authors: tuple[Person, ...] = ()
    dates: tuple[WorkDate, ...] = ()
    types: tuple[str, ...] = ()
    """Publication types in the source's own words, e.g. `Randomized Controlled Trial`, `journal-article`."""
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    issns: tuple[str, ...] = ()
    licence: TextRights = "unknown"
    """Of the article itself."""
    licence_url: str = ""
    funders: tuple[str, ...] = ()
    conflicts: str = ""
    """The authors' own statement, or empty where the record has none."""
    is_preprint: bool = False
    is_open: bool | None = None
    """Whether the full text is free to read; None where no source says."""
    free_url: str = ""
    notices: tuple[Notice, ...] = ()
    notice_of: tuple[str, ...] = ()
    """DOIs that this record is a notice about (Crossref `update-to`)."""
    notices_checked_at: datetime | None = None
    """When a source that knows notices was last asked; None is "not checked", never "no notice"."""
    notices_seen: tuple[SeenNotice, ...] = ()
    """Every notice that any look-up found so far, each once, the first seen first; the store keeps it."""
    published_as: str | None = None
    """DOI of the published version, for a preprint."""
    preprints: tuple[str, ...] = ()
    """DOIs of its preprints."""
    first_seen: datetime | None = None
    origins: tuple[FieldOrigin, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """Years in which it came out, in print or online, the version of record first."""
        kinds: tuple[DateKind, ...] = ("published", "print", "online")
        return tuple(dict.fromkeys(date.year for kind in kinds for date in self.dates if date.kind == kind))

    @property
    def title(self) -> str:
        """The first title, the one it was published under."""
        return self.titles[0].text if self.titles else ""
