"""The language of every piece of text in an edition: translated, as it was written, or said in the reader's own words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from digest import i18n
from digest.i18n import Words
from digest.models.edition_view import Passage
from digest.models.issue import Reason, Story
from digest.models.newsletter import Newsletter
from digest.models.segment import Segment
from digest.text.language import same_language
from digest.text.plain import one_line, without_controls

_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}
_SPACE = re.compile(r"\s+")
_LONGEST_COUNT = 12
"""Digits; whatever is longer counts nothing."""
_OF_THE_RECORD = frozenset({"quote", "journal", "funders"})
"""Places of a label that are filled with words of the record."""
_AGAINST = {"ltr": frozenset({"R", "AL"}), "rtl": frozenset({"L"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One edition's language, and the translations into it."""

    words: Words
    lang: str
    """BCP 47."""
    dir: str
    segments: Mapping[tuple[str, str], Segment]
    """(key, source) -> segment: a translation of another sentence is none of this one."""
    newsletter: Newsletter


def tongue(segments: Iterable[Segment], newsletter: Newsletter, words: Words) -> Tongue:
    """Return the language of an edition with the translations into it."""
    by_source = {(one.key, one.source): one for one in segments}
    lang = words.lang
    return Tongue(words=words, lang=lang, dir=i18n.direction(lang), segments=by_source, newsletter=newsletter)


def passage(story: Story, tail: str, source: str, spoken: Tongue) -> Passage:
    """Return the text in the edition's language, or as it was written where these very words have no translation."""
    if same_language(story.language, spoken.lang):
        return Passage(text=one_line(source))
    segment = spoken.segments.get((f"{story.key}/{tail}", source))
    target = one_line(segment.target) if segment else ""
    return Passage(text=target) if target else replace(as_written(story, source, spoken), untranslated=True)


def as_written(story: Story, source: str, spoken: Tongue) -> Passage:
    """Return the text in the language of its story, which is named where it is another than the edition's."""
    if same_language(story.language, spoken.lang):
        return Passage(text=one_line(source))
    lang = i18n.normal_tag(story.language)
    return Passage(text=one_line(source), lang=lang, dir=i18n.direction(lang))


def told(story: Story, reason: Reason, spoken: Tongue) -> tuple[Passage, ...]:
    """Return a line about a story, in which what its record says itself is marked with the record's language."""
    values, own = dict(reason.values), same_language(story.language, spoken.lang)
    runs: list[Passage] = []
    for place, text in i18n.pieces(spoken.words.gettext(reason.message), values):
        is_count = place == "number" and text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT
        shown = spoken.words.number(int(text)) if is_count else text
        piece = Passage(text=_SPACE.sub(" ", without_controls(shown)))
        if place in _OF_THE_RECORD and not own:
            lang = i18n.normal_tag(story.language)
            runs.append(replace(piece, lang=lang, dir=i18n.direction(lang)))
        elif runs and not runs[-1].lang:
            runs[-1] = replace(piece, text=runs[-1].text + piece.text)
        else:
            runs.append(piece)
    return tuple(run for run in runs if run.text)


def name(text: str, spoken: Tongue) -> str:
    """Return a name as it may stand in a line of the edition's direction.

    A mark after a name of the other direction keeps what follows in its place (Unicode standard annex 9): without it
    the day of a date jumps to the other side of a Hebrew name.
    """
    line = one_line(text)
    if line.isascii() and spoken.dir == "ltr":
        return line
    against = _AGAINST[spoken.dir]
    if any(unicodedata.bidirectional(character) in against for character in line):
        return line + _MARKS[spoken.dir]
    return line


def said(words: Words, message: str, **values: str) -> str:
    """Return a message with its values."""
    return words.say(Reason(message=message, values=tuple(values.items())))
