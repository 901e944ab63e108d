"""How hard the words of a story are to read, beside the article they come from: shown, never in the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from digest.models.article import Article
from digest.models.issue import Story
from digest.models.segment import Segment
from digest.text.language import same_language
from digest.text.readability import readability

# An open desk asks again after every edit, and one edit changes one text.
_read = lru_cache(maxsize=512)(readability)
_FEWEST = 12
"""Words; of less a band says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ease:
    """The band of one text."""

    of: Literal["article", "words", "translation"]
    lang: str
    """Locale or BCP 47 tag."""
    band: str
    """`very easy`, `easy`, `hard` or `very hard`."""
    longest: tuple[str, ...] = ()
    """The two longest sentences of what the author can change."""


def eases_of(story: Story, article: Article | None, segments: Mapping[str, Sequence[Segment]]) -> tuple[Ease, ...]:
    """Return the bands of an article, of the words on it, and of each translation; short texts have none."""
    return tuple(_eases(story, article, segments))


def _eases(story: Story, article: Article | None, segments: Mapping[str, Sequence[Segment]]) -> Iterator[Ease]:
    said = {
        f"{story.key}/{section.heading}/{number}": sentence.text
        for section in story.sections
        for number, sentence in enumerate(section.sentences, start=1)
    }
    if article is not None:
        whole = "\n\n".join(block.text for block in article.text.blocks if block.kind == "paragraph")
        yield from _ease("article", whole, article.text.language)
    yield from _ease("words", " ".join(said.values()), story.language)
    for locale, entries in segments.items():
        if not same_language(locale, story.language):
            targets = [entry.target for entry in entries if entry.key in said and entry.source == said[entry.key]]
            yield from _ease("translation", " ".join(targets), locale)


def _ease(of: Literal["article", "words", "translation"], text: str, lang: str) -> Iterator[Ease]:
    read = _read(text, lang) if len(text.split()) >= _FEWEST else None
    if read is not None:
        yield Ease(of=of, lang=lang, band=read.band, longest=() if of == "article" else read.longest)
