"""An edition as the templates see it: every text chosen, in one line and in the reader's language where there is one."""

from dataclasses import dataclass, field

from digest.models.issue import SectionHeading, Tier
from digest.models.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of text in one language."""

    text: str
    lang: str = ""
    """BCP 47 tag where it is not the edition's language, else empty."""
    dir: str = ""
    """`ltr` or `rtl` where `lang` is given."""
    untranslated: bool = False
    """Whether it should be in the edition's language and is not: it gets the label "not translated yet"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """What stands under one heading; neighbouring sentences in one language are one passage."""

    kind: SectionHeading
    heading: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationView:
    """One cited study."""

    text: Passage
    url: str
    """Link to its DOI, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageView:
    """A picture of a post."""

    url: str
    alt: Passage
    credit: Passage | None
    width: int = 0
    height: int = 0
    """Pixels of the picture itself; 0 where nobody looked at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A link whose words may be in another language than the edition."""

    text: Passage
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One story; what is empty or None is left out."""

    key: str
    tier: Tier
    title: Passage
    url: str
    tags: tuple[Passage, ...]
    byline: str
    """Authors and date of a post, in the edition's language."""
    image: ImageView | None
    citations: tuple[CitationView, ...]
    source_line: str
    """Authors, journal and year of a study."""
    original_title: Passage | None
    """The title a study was published under, where the one above is another language's."""
    reference: Passage | None
    """One line of a reference list, without its link; None where the record is not known."""
    free_url: str
    """Where a study is free to read, or empty."""
    label: tuple[tuple[Passage, ...], ...]
    """Evidence label, line by line in the edition's language; what is quoted from the record is a piece of its own."""
    excerpt_note: str
    """Says that what follows is taken from the post, and translated."""
    sections: tuple[SectionView, ...]
    comments_url: str
    copyright: Passage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One paragraph of the author's own."""

    key: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterView:
    """What stands under the letter."""

    why: str
    """Why the reader gets this mail."""
    unsubscribe_url: str
    change: str
    """How to get another language or frequency: which words to answer with."""
    legal_name: str
    legal_address: str
    legal_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """One issue in one locale, for all readers or for one audience."""

    locale: str
    audience: str
    """Empty for the edition of every reader whose audience has none of its own."""
    lang: str
    """BCP 47."""
    dir: str
    subject: str
    preheader: str
    newsletter: str
    date: str
    contents: str
    """What is in it and how long it takes to read."""
    languages: tuple[LinkView, ...]
    """The same issue in the other languages, where each has an address."""
    archive_url: str
    """This edition on the web, or empty."""
    language_hint: str
    """That there are other languages and how to get them; empty where `languages` links to them."""
    notes: tuple[NoteView, ...]
    """What the author says before the stories: to everyone, then to this audience."""
    note_heading: str
    posts: tuple[StoryView, ...]
    studies: tuple[StoryView, ...]
    also: tuple[StoryView, ...]
    """Posts and studies of one line each, in the order of the issue."""
    disclosure: str
    """That a program helped and who approved what it made; empty where a person wrote everything."""
    suggest_url: str
    """Where to suggest an article, or empty."""
    footer: FooterView
    look: Look = field(default_factory=Look)
