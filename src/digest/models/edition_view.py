"""An edition as the templates see it: every text chosen, in one line and in the reader's language where there is one."""

from dataclasses import dataclass

from digest.models.issue import SectionHeading


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One story; what is empty or None is left out."""

    key: str
    title: Passage
    url: str
    tags: tuple[Passage, ...]
    byline: str
    """Authors and date of a post, in the edition's language."""
    image: ImageView | None
    citations: tuple[CitationView, ...]
    source_line: str
    """Authors, journal and year of a study."""
    label: tuple[str, ...]
    """Evidence label in the edition's language."""
    excerpt_note: str
    """Says that what follows is taken from the post, and translated."""
    sections: tuple[SectionView, ...]
    comments_url: str
    copyright: Passage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """One issue in one locale."""

    locale: str
    lang: str
    """BCP 47."""
    dir: str
    subject: str
    preheader: str
    newsletter: str
    date: str
    language_hint: str
    """That there are other languages and how to get them; empty where there are none."""
    posts: tuple[StoryView, ...]
    studies: tuple[StoryView, ...]
    legal_name: str
    legal_address: str
    legal_url: str
    why: str
    """Why the reader gets this mail."""
    unsubscribe_url: str
