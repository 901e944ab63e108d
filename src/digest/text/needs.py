"""Which texts of an issue a locale needs, and how their keys are read."""

from collections.abc import Iterator
from dataclasses import dataclass

from digest.models.issue import Issue, Story
from digest.text.language import same_language

_SENTENCES = frozenset({"studies", "implications", "limitations", "words"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One text that a locale needs."""

    key: str
    source: str
    before: str = ""
    """The sentence before it under the same heading, empty for the first."""


def needed(issue: Issue, locale: str) -> tuple[Needed, ...]:
    """Return what a locale needs of the stories written in another language, in the order of the PO file."""
    return tuple(one for story in issue.worded if not same_language(story.language, locale) for one in needed_of(story))


def needed_of(story: Story) -> Iterator[Needed]:
    """Yield the texts of one story; empty ones need no translation, but keep their number."""
    group = before = ""
    for tail, text in _texts_of(story):
        before = before if tail.partition("/")[0] == group else ""
        if text.strip():
            yield Needed(key=f"{story.key}/{tail}", source=text, before=before)
        group, before = tail.partition("/")[0], text


def story_of(key: str) -> str:
    """Return the key of the story that a segment belongs to."""
    return key.partition("/")[0]


def kind_of(key: str) -> str:
    """Return `title`, `tag` and so on; all sentences are one kind, since a sentence may move to another heading."""
    place = key.partition("/")[2].partition("/")[0]
    return "sentence" if place in _SENTENCES else place


def _texts_of(story: Story) -> Iterator[tuple[str, str]]:
    if story.kind == "post":
        yield "title", story.title
    if story.image:
        yield "image_alt", story.image.alt
        yield "image_credit", story.image.credit
    for number, category in enumerate(story.categories, start=1):
        yield f"tag/{number}", category
    for section in story.sections:
        for number, sentence in enumerate(section.sentences, start=1):
            yield f"{section.heading}/{number}", sentence.text
    yield "copyright", story.copyright
