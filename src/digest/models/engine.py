"""What an engine is asked and what it answers: drafts, never approved words."""

from dataclasses import dataclass
from typing import Literal

from digest.models.article import ArticleText, Heading

FailureKind = Literal[
    "absent", "unreachable", "timeout", "key", "payment", "quota", "busy", "server", "refused", "unusable"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFailure:
    """An engine gave nothing that can be used."""

    kind: FailureKind
    reason: str
    """One sentence that names the engine and holds neither key nor text."""
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence to be translated."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How a term of the source is to be said in the target."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence that the author approved, near to what is asked."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationRequest:
    """The sentences of one story; keys are unique within it."""

    where: str
    """Story key, for reports."""
    passages: tuple[Passage, ...]
    source_language: str
    """BCP 47 tag such as `en`."""
    locale: str
    """CLDR identifier such as `pt_BR`."""
    terms: tuple[Term, ...] = ()
    """Those that occur in the passages."""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A machine's translation of one passage."""

    key: str
    text: str
    origin: str
    """Engine and version, e.g. `fxtranslate:0.5.0/en-pt`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """Drafts in the order of the passages; a passage without a usable answer has a note instead."""

    drafts: tuple[Draft, ...]
    notes: tuple[str, ...] = ()


TranslationResult = Translated | EngineFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRequest:
    """One article to be summarised in its own language."""

    where: str
    text: ArticleText
    sentences: tuple[str, ...]
    """Of the text, numbered from 1."""
    headings: tuple[Heading, ...]
    """Those that may be filled."""
    sentences_per_heading: int
    quotable: bool
    """Whether its own words may be used; else eight of them in a row are too many."""

    @property
    def language(self) -> str:
        """BCP 47 tag of the text and of its summary."""
        return self.text.language


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    """One drafted sentence and the source sentences it rests on, counted from 1."""

    heading: Heading
    text: str
    anchors: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarised:
    """What could be drafted, in the order of the headings; `notes` say what was left out and why."""

    sentences: tuple[SummarySentence, ...]
    origin: str
    notes: tuple[str, ...] = ()


SummaryResult = Summarised | EngineFailure
