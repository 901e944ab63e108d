"""The author's own translation of an article, matched to it sentence by sentence.

Lengths decide (Gale and Church 1993, doi:10.1162/coli.1993.19.1.75): a long sentence has a long translation. Shared
numbers, names and look-alike words ("emotional", "emocional") help, as do paragraph ends, so that one sentence left out
does not shift all that follow.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from digest.models.article import HEADINGS, Article, ArticleText
from digest.text.beads import Bead, Line, align_lines, line_of
from digest.text.headings import labels_of
from digest.text.language import primary_subtag
from digest.text.moved import with_moved
from digest.text.sentences import split_sentences

_CONFIDENT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedTarget:
    """What stands in the author's translation for one sentence of hers."""

    text: str
    confident: bool
    shared_with: tuple[str, ...] = ()
    """Other source sentences that the same words translate: then the text is not the translation of this one alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Sentences that say the same, by their index (from 0) in the two lists; one side may be empty."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    confidence: float
    """From 0 to 1; 0 where one side is empty."""


def align_sentences(
    sources: Sequence[str], targets: Sequence[str], *, source_language: str = "en", target_language: str = "pt"
) -> tuple[Pair, ...]:
    """Match two lists of sentences in order, as 1-1, 1-0, 0-1, 2-1, 1-2 or 2-2; every sentence is in one pair."""
    beads = align_lines(_lines(sources), _lines(targets), growth=growth_of(source_language, target_language))
    return tuple(_pair(bead) for bead in beads)


def growth_of(source_language: str, target_language: str) -> float:
    """Return how many characters of the target one character of the source makes, on average."""
    # Measured on health text: Portuguese is 7 to 10 % longer than its English.
    pair = (primary_subtag(source_language), primary_subtag(target_language))
    return {("en", "pt"): 1.08, ("pt", "en"): 0.93}.get(pair, 1.0)


# Every locale, every look at the desk and every save asks again about the same two texts.
@lru_cache(maxsize=128)
def twin_pairs(article: ArticleText, twin: ArticleText) -> Mapping[str, AlignedTarget]:
    """Map sentences of an article to what its author made of them in the twin.

    Where both texts use the same of her headings, only sentences under one heading are matched. A sentence without a
    counterpart has no entry. One sentence that she made into two keeps both. Two that she made into one share it, and
    each says with which: such a target must not stand for one of them alone. A sentence that she moved is found where it
    stands, and is not confident.
    """
    growth = growth_of(article.language, twin.language)
    found: dict[str, AlignedTarget] = {}
    for sources, targets in _parts(article, twin):
        for bead in with_moved(align_lines(sources, targets, growth=growth), sources, targets, growth):
            for source, target in _targets(bead, sources, targets):
                # A sentence that she wrote twice has two places; where they differ, neither is sure.
                known = found.get(source)
                unsure = known is not None and known.text != target.text
                found[source] = replace(known, confident=False) if known and unsure else known or target
    return MappingProxyType(found)


def twin_parts(article: ArticleText, twin: ArticleText) -> Mapping[tuple[str, str], AlignedTarget]:
    """Map (`title` | `image_alt` | `image_credit` | `tag` | `copyright`, source text) to the twin's own words.

    Categories go by position where there are equally many. Blog software lists them by alphabet, which differs from
    language to language: several in alphabetical order are not confident. Neither is the text of another picture.
    """
    found = {("title", article.title): AlignedTarget(text=twin.title, confident=True)}
    found["copyright", article.copyright] = AlignedTarget(text=twin.copyright, confident=True)
    if article.image and twin.image:
        same = article.image.url == twin.image.url
        found["image_alt", article.image.alt] = AlignedTarget(text=twin.image.alt, confident=same)
        found["image_credit", article.image.credit] = AlignedTarget(text=twin.image.credit, confident=same)
    if len(article.categories) == len(twin.categories):
        by_alphabet = sorted(article.categories, key=str.casefold) == list(article.categories)
        sure = len(article.categories) == 1 or not by_alphabet
        for source, target in zip(article.categories, twin.categories, strict=True):
            found["tag", source] = AlignedTarget(text=target, confident=sure)
    return {key: target for key, target in found.items() if key[1].strip() and target.text.strip()}


def usable_twin(article: Article, language: str) -> ArticleText | None:
    """Return the author's own translation of an article into a language, or None."""
    twin = article.twin
    if twin is None or primary_subtag(twin.language) != primary_subtag(language):
        return None
    return twin


def _lines(sentences: Iterable[str]) -> tuple[Line, ...]:
    return tuple(line_of(sentence, opens=False) for sentence in sentences)


def _pair(bead: Bead) -> Pair:
    return Pair(
        sources=tuple(range(bead.source, bead.source + bead.sources)),
        targets=tuple(range(bead.target, bead.target + bead.targets)),
        confidence=bead.confidence,
    )


def _parts(article: ArticleText, twin: ArticleText) -> Iterator[tuple[tuple[Line, ...], tuple[Line, ...]]]:
    """Yield the two lists of each part that can be matched on its own."""
    source, target = _lines_by_label(article), _lines_by_label(twin)
    headings = {label for label in source if label in HEADINGS}
    if headings and headings == {label for label in target if label in HEADINGS}:
        yield from ((lines, target.get(label, ())) for label, lines in source.items())
    else:
        yield tuple(_all(source)), tuple(_all(target))


def _all(parts: Mapping[str, tuple[Line, ...]]) -> Iterator[Line]:
    for lines in parts.values():
        yield from lines


def _lines_by_label(text: ArticleText) -> dict[str, tuple[Line, ...]]:
    """The lines of each part; parts in the order in which they begin."""
    parts: dict[str, tuple[Line, ...]] = {}
    for label, block in zip(labels_of(text.blocks), text.blocks, strict=True):
        if block.kind != "heading":
            sentences = split_sentences(block.text, text.language)
            lines = tuple(line_of(sentence, opens=number == 0) for number, sentence in enumerate(sentences))
            parts[label] = parts.get(label, ()) + lines
    return parts


def _targets(bead: Bead, sources: Sequence[Line], targets: Sequence[Line]) -> Iterator[tuple[str, AlignedTarget]]:
    here = [line.text for line in sources[bead.source : bead.source + bead.sources]]
    there = " ".join(line.text for line in targets[bead.target : bead.target + bead.targets])
    if not there:
        return
    for source in here:
        others = tuple(other for other in here if other != source)
        confident = bead.confidence >= _CONFIDENT and not bead.moved
        yield source, AlignedTarget(text=there, confident=confident, shared_with=others)
