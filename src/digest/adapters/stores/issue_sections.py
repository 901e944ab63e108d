"""The sections of a story in `issue.toml`: sentences with their anchors, and the engine that drafted them."""

import hashlib
from collections.abc import Sequence
from typing import get_args

from digest.adapters.stores.toml_tables import Table, array, assignments, inline, long_array, quoted
from digest.models.issue import Section, SectionHeading, Sentence

_HEADINGS: tuple[SectionHeading, ...] = get_args(SectionHeading)


def read_section(table: Table) -> Section:
    """Read one `[[stories.sections]]`. Raises FileFormatError."""
    table.check_keys({"heading", "sentences", "origin"})
    read = tuple(_sentence(item) for item in table.mixed("sentences"))
    sentences = tuple(sentence for sentence in read if sentence.text.strip())
    # Whoever changed a sentence of a machine without changing its mark is a person.
    origin, _, mark = table.text("origin").rpartition("@")
    return Section(
        heading=table.choice("heading", _HEADINGS, "words"),
        sentences=sentences,
        origin=origin if mark == _mark(sentences) else "",
    )


def _mark(sentences: Sequence[Sentence]) -> str:
    return hashlib.sha256("\n".join(one.text for one in sentences).encode("utf-8", "replace")).hexdigest()[:8]


def _sentence(item: str | Table) -> Sentence:
    if isinstance(item, str):
        # Typed by the author, perhaps over several lines, which mean nothing.
        return Sentence(text=" ".join(item.split()))
    item.check_keys({"text", "anchors"})
    anchors = item.numbers("anchors")
    if any(anchor < 1 for anchor in anchors):
        raise item.wrong("anchors", "'anchors' counts the sentences of the source from 1")
    return Sentence(text=item.text("text"), anchors=anchors)


def written_section(section: Section) -> str:
    """Write one `[[stories.sections]]`."""
    sentences = [
        inline({"text": quoted(sentence.text), "anchors": array([str(anchor) for anchor in sentence.anchors])})
        if sentence.anchors
        else inline({"text": quoted(sentence.text)})
        for sentence in section.sentences
    ]
    origin = f"{section.origin}@{_mark(section.sentences)}" if section.origin else ""
    values = {
        "heading": quoted(section.heading),
        "origin": quoted(origin) if origin else "",
        "sentences": long_array(sentences) if sentences else "[]",
    }
    return "\n[[stories.sections]]\n" + assignments(values)
