"""Stage 5: what has to be said in another locale, and who has said it already.

In this order: what the author has in her file; her approved words of past issues; her own translation of the post; else
nothing, and the sentence waits for her. Nothing that a machine put together is ever approved here, and no word of hers
is overwritten or lost.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.models.article import Article
from digest.models.issue import Issue, Story
from digest.models.report import StageReport
from digest.models.segment import Segment
from digest.text.align import AlignedTarget, twin_pairs, twin_parts, usable_twin
from digest.text.language import same_language
from digest.text.memory import Memory, memory_of

_SENTENCES = frozenset({"studies", "implications", "limitations", "words"})
_MACHINE_MADE = frozenset({"memory", "parallel"})
_TYPED = frozenset({"human", ""})
"""Origins of words that no machine wrote; a PO editor names none."""
_UNSURE = 'alignment warning "the place in your own translation is uncertain"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One text that a locale needs."""

    key: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What is at hand for one story."""

    memory: Memory
    by_key: Mapping[str, tuple[Segment, ...]]
    wanted: frozenset[tuple[str, str]]
    """(kind, source) of everything the story needs."""
    movable: Mapping[tuple[str, str], Segment]
    """(kind, source) -> a translation of it that the file has under whatever key."""
    pairs: Mapping[str, AlignedTarget]
    parts: Mapping[tuple[str, str], AlignedTarget]


def remembered(past: Sequence[Sequence[Segment]]) -> Memory:
    """Return the memory of the PO files of past issues, oldest first: only what a person approved counts."""
    return memory_of(past)


def needed(issue: Issue, locale: str) -> tuple[Needed, ...]:
    """Return what a locale needs of the stories written in another language, in the order of the PO file."""
    return tuple(
        one for story in issue.worded if not same_language(story.language, locale) for one in _needed_of(story)
    )


def localise(
    issue: Issue, articles: Mapping[str, Article], existing: Sequence[Segment], memory: Memory, locale: str
) -> tuple[tuple[Segment, ...], StageReport]:
    """Return the segments of one locale and what became of them.

    `articles` are by their id, `existing` is the PO file as it is, `memory` is of this locale. First the needed
    segments in order, then what is no longer needed and holds the author's words. Giving the result back as `existing`
    changes nothing.
    """
    segments: list[Segment] = []
    made: list[str] = []
    skipped: list[str] = []
    for story in issue.worded:
        if same_language(story.language, locale):
            skipped.append(f"{story.key}: written in the language of {locale}")
            continue
        desk = _desk(story, articles.get(story.article_id), existing, memory, locale)
        found = [_segment(one, desk) for one in _needed_of(story)]
        segments += found
        made.append(_line(story, locale, found))
    kept = _no_longer_needed(segments, existing)
    if kept:
        made.append(f"{len(kept)} sentences no longer needed are kept at the end of {locale}.po")
    return (*segments, *kept), StageReport(stage="localise", made=tuple(made), skipped=tuple(skipped))


def _needed_of(story: Story) -> Iterator[Needed]:
    """Empty texts need no translation, but keep their number."""
    return (Needed(key=f"{story.key}/{tail}", source=text) for tail, text in _texts_of(story) if text.strip())


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


def _desk(story: Story, article: Article | None, existing: Sequence[Segment], memory: Memory, locale: str) -> _Desk:
    own = [segment for segment in existing if _story_of(segment) == story.key]
    by_key: dict[str, tuple[Segment, ...]] = {}
    for segment in own:
        by_key[segment.key] = (*by_key.get(segment.key, ()), segment)
    wanted = tuple(_needed_of(story))
    in_place = {(one.key, one.source) for one in wanted}
    twin = usable_twin(article, locale) if article else None
    return _Desk(
        memory=memory,
        by_key=by_key,
        wanted=frozenset((_kind(one.key), one.source) for one in wanted),
        movable=_movable(own, in_place),
        pairs=twin_pairs(article.text, twin) if article and twin else {},
        parts=twin_parts(article.text, twin) if article and twin else {},
    )


def _movable(own: Iterable[Segment], in_place: set[tuple[str, str]]) -> dict[tuple[str, str], Segment]:
    """Translations that may serve the same text under another key; approved ones first, then as they stand."""
    usable = [segment for one in own if (segment := _as_translated(one, in_place))]
    found: dict[tuple[str, str], Segment] = {}
    for segment in sorted(usable, key=lambda one: one.state != "approved"):
        found.setdefault((_kind(segment.key), segment.source), segment)
    return found


def _as_translated(segment: Segment, in_place: set[tuple[str, str]]) -> Segment | None:
    """The segment as a translation of the text it was made for, or None if it is of no use elsewhere."""
    if not segment.target.strip() or segment.state == "untranslated":
        return None
    if segment.state == "needs_edit" and segment.previous_source is not None:
        return replace(segment, source=segment.previous_source, previous_source=None, state="draft")
    if segment.state == "needs_edit" and (segment.key, segment.source) in in_place:
        return None
    return segment


def _segment(one: Needed, desk: _Desk) -> Segment:
    here = desk.by_key.get(one.key, ())
    same = next((segment for segment in here if segment.source == one.source), None)
    if same and (same.state != "untranslated" or same.target.strip()):
        return same
    moved = desk.movable.get((_kind(one.key), one.source))
    if moved:
        return replace(moved, key=one.key)
    changed = next((segment for segment in here if segment.source != one.source and segment.target.strip()), None)
    if changed and not _stands_elsewhere(changed, desk) and not _is_untouched(changed, one, desk):
        return _to_be_edited(changed, one.source)
    return _offer(one, desk)


def _stands_elsewhere(changed: Segment, desk: _Desk) -> bool:
    """Whether its text only moved: then its translation moves along and says nothing about what stands here now."""
    return (_kind(changed.key), _written_for(changed)) in desk.wanted


def _is_untouched(changed: Segment, one: Needed, desk: _Desk) -> bool:
    """Whether a machine put it there, nobody changed it, and there is something better for the new text."""
    if changed.state != "draft" or changed.origin not in _MACHINE_MADE:
        return False
    was = _offer(Needed(key=changed.key, source=changed.source), desk)
    return was.target == changed.target and bool(_offer(one, desk).target)


def _to_be_edited(changed: Segment, source: str) -> Segment:
    return replace(changed, source=source, state="needs_edit", previous_source=_written_for(changed), findings=())


def _written_for(segment: Segment) -> str:
    return segment.source if segment.previous_source is None else segment.previous_source


def _offer(one: Needed, desk: _Desk) -> Segment:
    """A draft from past issues or from the author's own translation, else an empty segment."""
    blank = Segment(key=one.key, source=one.source)
    remembered = desk.memory.target(one.source, one.key)
    if remembered:
        return replace(blank, target=remembered, state="draft", origin="memory")
    aligned = _aligned(one, desk)
    if aligned is None:
        return blank
    if aligned.shared_with:
        # Half of a joined sentence would be said twice or not at all: she decides.
        return replace(blank, findings=(f'alignment warning "your translation joins two sentences: {aligned.text}"',))
    findings = () if aligned.confident else (_UNSURE,)
    return replace(blank, target=aligned.text, state="draft", origin="parallel", findings=findings)


def _aligned(one: Needed, desk: _Desk) -> AlignedTarget | None:
    kind = _kind(one.key)
    return desk.pairs.get(one.source) if kind == "sentence" else desk.parts.get((kind, one.source))


def _no_longer_needed(segments: Sequence[Segment], existing: Sequence[Segment]) -> tuple[Segment, ...]:
    """What the author wrote or approved and no needed segment carries, each under a key of its own."""
    carried = {(_story_of(one), _written_for(one), one.target) for one in segments}
    taken = {one.key for one in segments}
    kept: list[Segment] = []
    for segment in existing:
        if not _is_hers(segment) or (_story_of(segment), _written_for(segment), segment.target) in carried:
            continue
        key = segment.key if segment.key not in taken else _spare_key(segment)
        carried.add((_story_of(segment), _written_for(segment), segment.target))
        taken.add(key)
        kept.append(replace(segment, key=key))
    return tuple(kept)


def _is_hers(segment: Segment) -> bool:
    """Machine drafts can be made again; approved, edited and typed words can not."""
    if not segment.target.strip():
        return False
    return segment.state in {"approved", "needs_edit"} or segment.origin in _TYPED


def _spare_key(segment: Segment) -> str:
    """A key for a segment whose own key now carries another text: two entries of one key would be mixed up."""
    text = f"{_written_for(segment)}\0{segment.target}"
    return f"{segment.key}/kept-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _story_of(segment: Segment) -> str:
    return segment.key.partition("/")[0]


def _kind(key: str) -> str:
    """`title`, `tag` and so on; all sentences are one kind, since a sentence may move to another heading."""
    place = key.partition("/")[2].partition("/")[0]
    return "sentence" if place in _SENTENCES else place


def _line(story: Story, locale: str, found: Sequence[Segment]) -> str:
    """Counts for the report: what each segment is now, whoever made it."""
    names = {"approved": "approved", "needs_edit": "to be edited", "untranslated": "untranslated"}
    origins = {"memory": "from memory", "parallel": "from the author's translation"}
    counts = Counter(names.get(one.state) or origins.get(one.origin, "drafted otherwise") for one in found)
    text = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing to translate"
    return f"{story.key} in {locale}: {text}"
