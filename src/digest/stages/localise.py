"""Stage 5: what has to be said in another locale, and who has said it already.

In this order: what the author has in her file; her approved words of past issues; her own translation of the post; else
nothing, and the sentence waits for her. Nothing that a machine put together is ever approved here, and no word of hers
is overwritten or lost.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.models.article import Article
from digest.models.engine import EngineFailure, Translated
from digest.models.glossary import Glossary
from digest.models.issue import Issue, Story
from digest.models.report import Problem, StageReport
from digest.models.segment import Segment
from digest.ports import IssueFiles, Translator
from digest.text import needs
from digest.text.asking import applied, requests_for, with_similar
from digest.text.findings import finding_line
from digest.text.language import same_language
from digest.text.memory import Memory, memory_of
from digest.text.meter import translations_asked
from digest.text.needs import Needed, kind_of, needed_of, story_of
from digest.text.offers import Offers, by_engine, is_prefilled, is_typed, offered, offers_for
from digest.text.pair_checks import check_pair

_OWN_NOTES = ("alignment ", "memory ")
"""Beginnings of the findings that are made here and not by a check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What is at hand for one story."""

    offers: Offers
    by_key: Mapping[str, tuple[Segment, ...]]
    wanted: frozenset[tuple[str, str]]
    """(kind, source) of everything the story needs."""
    movable: Mapping[tuple[str, str], Segment]
    """(kind, source) -> a translation of it that the file has under whatever key."""


def remembered(past: Sequence[Sequence[Segment]]) -> Memory:
    """Return the memory of the PO files of past issues, oldest first: only what a person approved counts."""
    return memory_of(past)


def past_words(issues: IssueFiles, newsletter_id: str, issue_id: str, locale: str) -> Memory:
    """Read the memory of one locale from the files of all other issues. Raises FileFormatError."""
    past = [name for name in issues.issue_ids(newsletter_id) if name != issue_id]
    return remembered([issues.read_segments(newsletter_id, name, locale) for name in past])


def write_locale(
    issues: IssueFiles,
    issue: Issue,
    articles: Mapping[str, Article],
    translator: Translator,
    glossary: Glossary,
    locale: str,
) -> list[StageReport]:
    """Bring the PO file of one locale up to date. Raises FileFormatError and StorageError."""
    place = (issue.newsletter_id, issue.issue_id, locale)
    memory = past_words(issues, *place)
    segments, found = localise(issue, articles, issues.read_segments(*place), memory, locale)
    # What costs nothing is safe before anything is asked that costs.
    issues.write_segments(*place, segments)
    segments, asked = translate(issue, segments, translator, memory, glossary, locale)
    issues.write_segments(*place, segments)
    return [found, asked] if asked.made or asked.problems or asked.used else [found]


def needed(issue: Issue, locale: str) -> tuple[Needed, ...]:
    """Return what a locale needs of the stories written in another language, in the order of the PO file."""
    return needs.needed(issue, locale)


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
        found = [_segment(one, desk) for one in needed_of(story)]
        segments += found
        made.append(_line(story, locale, found))
    kept = _no_longer_needed(segments, existing)
    if kept:
        made.append(f"{len(kept)} sentences no longer needed are kept at the end of {locale}.po")
    return (*segments, *kept), StageReport(stage="localise", made=tuple(made), skipped=tuple(skipped))


def translate(
    issue: Issue,
    segments: Sequence[Segment],
    translator: Translator,
    memory: Memory,
    glossary: Glossary,
    locale: str,
) -> tuple[tuple[Segment, ...], StageReport]:
    """Ask an engine for what has no words yet, and fill what it does not give with similar approved words, to be edited.

    Only empty segments are asked for, and the engine's own untouched drafts whose source or terms changed. A failure of
    the engine is a problem of the report and leaves the segments as they are. What the checks find in drafts stands
    beside them.
    """
    requests = requests_for(issue, segments, memory, glossary, locale)
    results = translator.translate(requests) if requests else ()
    done = with_similar(applied(issue, segments, requests, results, glossary), memory)
    failures = {result.reason: result for result in results if isinstance(result, EngineFailure)}
    made: list[str] = []
    problems = [Problem(where=locale, what=failure.reason, mend=failure.mend) for failure in failures.values()]
    for request, result in zip(requests, results, strict=True):
        if isinstance(result, Translated):
            problems += [Problem(where=locale, what=note) for note in result.notes]
        if isinstance(result, Translated) and result.drafts:
            made.append(f"{request.where} in {locale}: {len(result.drafts)} drafted by {translator.name}")
    used = translations_asked(translator.name, requests, results) if requests else ()
    report = StageReport(stage="localise", made=tuple(made), problems=tuple(problems), used=used)
    return checked(issue, done, glossary, locale), report


def checked(issue: Issue, segments: Iterable[Segment], glossary: Glossary, locale: str) -> tuple[Segment, ...]:
    """Return the segments with what the checks find in those that are not approved yet."""
    languages = {story.key: story.language for story in issue.worded}
    return tuple(_checked(one, languages.get(story_of(one.key), ""), glossary, locale) for one in segments)


def _checked(segment: Segment, language: str, glossary: Glossary, locale: str) -> Segment:
    if segment.state == "approved" or not segment.target.strip() or not language:
        return segment
    own = [line for line in segment.findings if line.startswith(_OWN_NOTES)]
    found = check_pair(segment.source, segment.target, language, locale, glossary)
    lines = [finding_line(one, segment.source, segment.target) for one in found]
    return replace(segment, findings=(*own, *lines))


def _desk(story: Story, article: Article | None, existing: Sequence[Segment], memory: Memory, locale: str) -> _Desk:
    own = [segment for segment in existing if story_of(segment.key) == story.key]
    by_key: dict[str, tuple[Segment, ...]] = {}
    for segment in own:
        by_key[segment.key] = (*by_key.get(segment.key, ()), segment)
    wanted = tuple(needed_of(story))
    in_place = {(one.key, one.source) for one in wanted}
    return _Desk(
        offers=offers_for(article, memory, locale),
        by_key=by_key,
        wanted=frozenset((kind_of(one.key), one.source) for one in wanted),
        movable=_movable(own, in_place),
    )


def _movable(own: Iterable[Segment], in_place: set[tuple[str, str]]) -> dict[tuple[str, str], Segment]:
    """Translations that may serve the same text under another key; approved ones first, then as they stand."""
    usable = [segment for one in own if (segment := _as_translated(one, in_place))]
    found: dict[tuple[str, str], Segment] = {}
    for segment in sorted(usable, key=lambda one: one.state != "approved"):
        found.setdefault((kind_of(segment.key), segment.source), segment)
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
    moved = desk.movable.get((kind_of(one.key), one.source))
    if moved:
        return replace(moved, key=one.key)
    changed = next((segment for segment in here if segment.source != one.source and segment.target.strip()), None)
    if changed and not _stands_elsewhere(changed, desk) and not _is_untouched(changed, one, desk):
        return _to_be_edited(changed, one.source)
    return offered(one, desk.offers)


def _stands_elsewhere(changed: Segment, desk: _Desk) -> bool:
    """Whether its text only moved: then its translation moves along and says nothing about what stands here now."""
    return (kind_of(changed.key), _written_for(changed)) in desk.wanted


def _is_untouched(changed: Segment, one: Needed, desk: _Desk) -> bool:
    """Whether a machine put it there, nobody changed it, and there is something better for the new text."""
    if is_prefilled(changed):
        return True
    if changed.state != "draft" or is_typed(changed) or by_engine(changed):
        return False
    was = offered(Needed(key=changed.key, source=changed.source), desk.offers)
    return was.target == changed.target and bool(offered(one, desk.offers).target)


def _to_be_edited(changed: Segment, source: str) -> Segment:
    # Words that she approved are hers, whoever drafted them: no engine may replace them.
    origin = "human" if changed.state == "approved" else changed.origin
    previous = _written_for(changed)
    return replace(changed, source=source, state="needs_edit", origin=origin, previous_source=previous, findings=())


def _written_for(segment: Segment) -> str:
    return segment.source if segment.previous_source is None else segment.previous_source


def _no_longer_needed(segments: Sequence[Segment], existing: Sequence[Segment]) -> tuple[Segment, ...]:
    """What the author wrote or approved and no needed segment carries, each under a key of its own."""
    carried = {(story_of(one.key), _written_for(one), one.target) for one in segments}
    taken = {one.key for one in segments}
    kept: list[Segment] = []
    for segment in existing:
        if not _is_hers(segment) or (story_of(segment.key), _written_for(segment), segment.target) in carried:
            continue
        key = segment.key if segment.key not in taken else _spare_key(segment)
        carried.add((story_of(segment.key), _written_for(segment), segment.target))
        taken.add(key)
        kept.append(replace(segment, key=key))
    return tuple(kept)


def _is_hers(segment: Segment) -> bool:
    """Machine drafts can be made again; approved, edited and typed words can not."""
    if not segment.target.strip() or is_prefilled(segment):
        return False
    return segment.state in {"approved", "needs_edit"} or is_typed(segment)


def _spare_key(segment: Segment) -> str:
    """A key for a segment whose own key now carries another text: two entries of one key would be mixed up."""
    text = f"{_written_for(segment)}\0{segment.target}"
    return f"{segment.key}/kept-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _line(story: Story, locale: str, found: Sequence[Segment]) -> str:
    """Counts for the report: what each segment is now, whoever made it."""
    names = {"approved": "approved", "needs_edit": "to be edited", "untranslated": "untranslated"}
    origins = {"memory": "from memory", "parallel": "from the author's translation"}
    counts = Counter(
        names.get(one.state) or origins.get(one.origin.partition(":")[0], "drafted otherwise") for one in found
    )
    text = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing to translate"
    return f"{story.key} in {locale}: {text}"
