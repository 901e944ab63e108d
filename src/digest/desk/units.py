"""What the author can change: every text of an edition has a place, `(locale, key)`, and a mark of what it says."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from digest.desk.refused import RefusedError
from digest.models.issue import Issue, Note, Section, Sentence, Story
from digest.models.message import N_
from digest.models.segment import Segment, SegmentState
from digest.text.language import same_language
from digest.text.plain import one_line

SUBJECT = "subject"
PREHEADER = "preheader"
LONGEST = 5000
"""Characters of one text; a sentence is shorter, and what is longer was pasted by mistake."""

UnitKind = Literal["subject", "preheader", "source", "translation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One text of one edition as it is in the files."""

    locale: str
    key: str
    """`subject`, `preheader`, or that of a segment: `post-41/studies/2`."""
    kind: UnitKind
    text: str
    """Empty where there is none; a subject that was not typed is made from the first story."""
    source: str = ""
    """Of a translation: the sentence in the story's own language."""
    language: str = ""
    """BCP 47 tag of the source."""
    state: SegmentState = "approved"
    origin: str = ""
    previous_source: str | None = None
    anchors: tuple[int, ...] = ()

    @property
    def mark(self) -> str:
        """What an edit has to name, so that words written in between are never lost."""
        parts = (self.locale, self.key, self.kind, self.source, self.text)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def read_unit(issue: Issue, segments: Iterable[Segment], locale: str, key: str) -> Unit:
    """Return one text; `segments` are of this locale. Raises RefusedError where it is no longer in the issue."""
    if key in {SUBJECT, PREHEADER}:
        typed = dict(issue.subject if key == SUBJECT else issue.preheader)
        kind: UnitKind = "subject" if key == SUBJECT else "preheader"
        return Unit(locale=locale, key=key, kind=kind, text=typed.get(locale, ""))
    story, place = _story_of(issue, key)
    found = dict(texts_of(story)).get(place) if story else None
    if story is None or found is None:
        raise RefusedError(
            N_("This sentence is no longer in the issue. Load the page again and see where it stands now.")
        )
    if same_language(story.language, locale):
        return Unit(
            locale=locale, key=key, kind="source", text=found.text, language=story.language, anchors=found.anchors
        )
    segment = next((one for one in segments if (one.key, one.source) == (key, found.text)), None)
    segment = segment or Segment(key=key, source=found.text)
    return Unit(
        locale=locale,
        key=key,
        kind="translation",
        text=segment.target,
        source=found.text,
        language=story.language,
        state=segment.state,
        origin=segment.origin,
        previous_source=segment.previous_source,
        anchors=found.anchors,
    )


def cleaned(text: str) -> str:
    """Return what was typed or pasted as one line of plain text. Raises RefusedError where it is far too long."""
    line = one_line(text.replace("\u00ad", "").replace("\u200b", ""))
    if len(line) > LONGEST:
        message = N_("This text has %(count)s characters; at most %(limit)s fit. Nothing was saved: shorten it first.")
        raise RefusedError(message, status=422, count=len(line), limit=LONGEST)
    return line


def issue_with(issue: Issue, unit: Unit, text: str) -> Issue:
    """Return the issue with another subject, first line, headline or source sentence; an empty sentence is taken out."""
    if unit.kind == "subject":
        return replace(issue, subject=_typed(issue.subject, unit.locale, text))
    if unit.kind == "preheader":
        return replace(issue, preheader=_typed(issue.preheader, unit.locale, text))
    story, place = _story_of(issue, unit.key)
    if story and story.kind == "note":
        notes = [_note_with(one, place, text) if one.key == story.key else one for one in issue.notes]
        return replace(issue, notes=tuple(note for note in notes if note.sentences))
    stories = [_story_with(one, place, text) if one is story else one for one in issue.stories]
    return replace(issue, stories=tuple(stories))


def segments_with(segments: Sequence[Segment], unit: Unit, text: str) -> tuple[Segment, ...]:
    """Return the segments of a locale with what a person wrote: a draft of hers until she approves the issue."""
    state: SegmentState = "draft" if text else "untranslated"
    written = Segment(key=unit.key, source=unit.source, target=text, state=state, origin="human" if text else "")
    found = False
    changed = []
    for segment in segments:
        here = (segment.key, segment.source) == (unit.key, unit.source)
        found = found or here
        changed.append(written if here else segment)
    return tuple(changed) if found else (*changed, written)


def texts_of(story: Story) -> Iterator[tuple[str, Sentence]]:
    """Yield (place, text) of everything of a story that is words, by the places that segments use."""
    yield "title", Sentence(text=story.title)
    if story.image:
        yield "image_alt", Sentence(text=story.image.alt)
        yield "image_credit", Sentence(text=story.image.credit)
    for number, category in enumerate(story.categories, start=1):
        yield f"tag/{number}", Sentence(text=category)
    for section in story.sections:
        for number, sentence in enumerate(section.sentences, start=1):
            yield f"{section.heading}/{number}", sentence
    yield "copyright", Sentence(text=story.copyright)


def _story_of(issue: Issue, key: str) -> tuple[Story | None, str]:
    name, _, place = key.partition("/")
    return next((story for story in issue.worded if story.key == name), None), place


def _typed(pairs: Iterable[tuple[str, str]], locale: str, text: str) -> tuple[tuple[str, str], ...]:
    """An empty text is none: then the line is made from the stories again."""
    others = tuple((name, said) for name, said in pairs if name != locale)
    return (*others, (locale, text)) if text else others


def _story_with(story: Story, place: str, text: str) -> Story:
    if place == "title":
        return replace(story, title=text or story.title)
    if place == "copyright":
        return replace(story, copyright=text)
    if place in {"image_alt", "image_credit"} and story.image:
        image = replace(story.image, alt=text) if place == "image_alt" else replace(story.image, credit=text)
        return replace(story, image=image)
    heading, _, number = place.partition("/")
    if heading == "tag":
        return replace(story, categories=_put(story.categories, number, text))
    sections = [_section_with(one, number, text) if one.heading == heading else one for one in story.sections]
    return replace(story, sections=tuple(section for section in sections if section.sentences))


def _note_with(note: Note, place: str, text: str) -> Note:
    return replace(note, sentences=_put(note.sentences, place.rpartition("/")[2], text))


def _section_with(section: Section, number: str, text: str) -> Section:
    at = int(number) - 1
    old = section.sentences[at]
    new = (replace(old, text=text),) if text else ()
    return replace(section, sentences=(*section.sentences[:at], *new, *section.sentences[at + 1 :]))


def _put(words: tuple[str, ...], number: str, text: str) -> tuple[str, ...]:
    at = int(number) - 1
    return (*words[:at], *((text,) if text else ()), *words[at + 1 :])
