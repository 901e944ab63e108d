"""An issue: its stories in order, the other candidates, and the words of each story."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from digest.models.article import Citation, Image

SectionHeading = Literal["studies", "implications", "limitations", "words"]
"""`words` is what the author says herself about somebody else's study."""

Tier = Literal["lead", "standard", "also"]
"""`also` is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence and the source sentences (counted from 1) that it rests on."""

    text: str
    anchors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The sentences under one heading."""

    heading: SectionHeading
    sentences: tuple[Sentence, ...]
    origin: str = ""
    """The engine that drafted these very sentences; empty where a person wrote or changed them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something was chosen, skipped or labelled: a message id of the catalogues with its values."""

    message: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as an issue carries it."""

    key: str
    """Slug, stable within the newsletter; the first part of the `msgctxt` of its sentences."""
    kind: Literal["post", "study", "note"]
    section: str
    article_id: str
    url: str
    language: str
    """BCP 47 tag of what it was written in."""
    title: str
    authors: tuple[str, ...]
    published: datetime | None
    categories: tuple[str, ...] = ()
    journal: str = ""
    doi: str | None = None
    image: Image | None = None
    copyright: str = ""
    comments_url: str = ""
    citations: tuple[Citation, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    """(language, title) of a study that was published in several."""
    references: tuple[tuple[str, str], ...] = ()
    """(locale, line of the reference list) of a study."""
    credit: tuple[Reason, ...] = ()
    """Whose words an extract of a study's abstract is, under which licence."""
    free_url: str = ""
    """Where the full text of a study is free to read."""
    label: tuple[Reason, ...] = ()
    """Evidence label, in words, each part with where it comes from."""
    reasons: tuple[Reason, ...] = ()
    sections: tuple[Section, ...] = ()
    tier: Tier | None = None
    """How large it is shown; None leaves it to its place and its words."""


EVERYONE = "everyone"
"""The audience of a note that all readers get."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the author says to all her readers, or to one audience, before the stories."""

    audience: str
    """`everyone`, or an audience of the newsletter."""
    language: str
    """BCP 47 tag of what it was written in."""
    sentences: tuple[str, ...]

    @property
    def key(self) -> str:
        """First part of the `msgctxt` of its sentences; the dot keeps it apart from the keys of stories."""
        return f"note.{self.audience}"

    def story(self) -> Story:
        """The note as what is translated and checked like any other words of the author."""
        sentences = tuple(Sentence(text=text) for text in self.sentences)
        return Story(
            key=self.key,
            kind="note",
            section="",
            article_id="",
            url="",
            language=self.language,
            title="",
            authors=(),
            published=None,
            sections=(Section(heading="words", sentences=sentences),),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that was not chosen, with the reason."""

    article_id: str
    title: str
    url: str
    section: str
    published: datetime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """A finding that the author lets stand; it holds for exactly the words she saw."""

    finding_id: str
    check: str
    where: str
    words: str
    """What the finding is about, for whoever reads the file: `"281" / "218"`."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue of a newsletter, the same for all locales."""

    issue_id: str
    """The day it is due, ISO 8601."""
    newsletter_id: str
    due: date
    stories: tuple[Story, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[Note, ...] = ()
    subject: tuple[tuple[str, str], ...] = ()
    """(locale, subject) the author typed; where there is none it is made from the first story."""
    preheader: tuple[tuple[str, str], ...] = ()
    """(locale, first line in the inbox) the author typed; where there is none it is made from the stories."""
    send_untranslated: tuple[str, ...] = ()
    """Locales that the author chose to send although some text is not translated."""
    curated_at: datetime | None = None
    """When articles were last taken in; what was known then and is in no list was removed by the author."""
    chosen: tuple[str, ...] = ()
    """Articles of other people's studies that were put in for her: what is no story any more she took out."""
    dismissed: tuple[Dismissal, ...] = ()
    """Findings of the checks that the author lets stand, each with her reason."""

    @property
    def worded(self) -> tuple[Story, ...]:
        """All that readers read and every locale needs: the notes, then the stories."""
        return (*(note.story() for note in self.notes), *self.stories)
