"""Drafts for one sentence that cost nothing: approved words of past issues, and the author's own translation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from digest.models.article import Article
from digest.models.segment import Segment
from digest.text.align import AlignedTarget, twin_pairs, twin_parts, usable_twin
from digest.text.memory import Match, Memory
from digest.text.needs import Needed, kind_of

_UNSURE = 'alignment warning "the place in your own translation is uncertain"'
_QUOTED = re.compile(r"“([^“”]+)”")
_MEMORY = "memory"
_PARALLEL = "parallel"
_PREFILLED = re.compile(r"memory:\d\d")
"""Below 100 percent; the words of the same sentence are a draft."""
_TYPED = frozenset({"human", ""})
"""Origins of words that no machine wrote; a PO editor names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What is at hand for the sentences of one story."""

    memory: Memory
    pairs: Mapping[str, AlignedTarget] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], AlignedTarget] = field(default_factory=dict)


def offers_for(article: Article | None, memory: Memory, locale: str) -> Offers:
    """Return what there is for an article: the memory, and its author's translation where there is one."""
    twin = usable_twin(article, locale) if article else None
    if article is None or twin is None:
        return Offers(memory=memory)
    return Offers(memory=memory, pairs=twin_pairs(article.text, twin), parts=twin_parts(article.text, twin))


def offered(one: Needed, offers: Offers) -> Segment:
    """Return a draft, or an empty segment; the author's own words for this very sentence go before similar ones."""
    blank = Segment(key=one.key, source=one.source)
    exact = offers.memory.exact(one.source, one.key, one.before)
    if exact:
        return replace(blank, target=exact.target, state="draft", origin=f"{_MEMORY}:{exact.percent}")
    aligned = _aligned(one, offers)
    if aligned is None:
        near = offers.memory.but_for_numbers(one.source)
        return prefilled(blank, near) if near else blank
    if aligned.shared_with:
        # Half of a joined sentence would be said twice or not at all: she decides.
        return replace(blank, findings=(f'alignment warning "your translation joins two sentences: {aligned.text}"',))
    findings = () if aligned.confident else (_UNSURE,)
    return replace(blank, target=aligned.text, state="draft", origin=_PARALLEL, findings=findings)


def prefilled(segment: Segment, match: Match) -> Segment:
    """Return the segment with the words of a similar one, to be edited: never a draft that could pass unread."""
    return replace(
        segment,
        target=match.target,
        state="needs_edit",
        origin=f"{_MEMORY}:{match.percent}",
        previous_source=match.source,
        findings=(f'{_MEMORY} warning "{match.percent} %: {"; ".join(match.changed)}"',),
    )


def is_typed(segment: Segment) -> bool:
    """Whether a person wrote the words."""
    return segment.origin in _TYPED


def is_prefilled(segment: Segment) -> bool:
    """Whether its words are those of a similar sentence, untouched."""
    return segment.state == "needs_edit" and _PREFILLED.fullmatch(segment.origin) is not None


def by_engine(segment: Segment) -> bool:
    """Whether an engine wrote the words and nobody changed them."""
    return not is_typed(segment) and segment.origin.partition(":")[0] not in {_MEMORY, _PARALLEL}


def _aligned(one: Needed, offers: Offers) -> AlignedTarget | None:
    kind = kind_of(one.key)
    if kind != "sentence":
        return offers.parts.get((kind, one.source))
    quoted = _QUOTED.fullmatch(one.source)
    found = offers.pairs.get(one.source) or (offers.pairs.get(quoted[1]) if quoted else None)
    # A sentence of somebody else stands in quotation marks, and so does its translation.
    return replace(found, text=f"“{found.text}”") if found and quoted and one.source not in offers.pairs else found
