"""What an engine is asked for one locale, and what becomes of its answers. Text that has its words costs nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from digest.models.engine import Example, Passage, Term, Translated, TranslationRequest, TranslationResult
from digest.models.glossary import Glossary
from digest.models.issue import Issue
from digest.models.segment import Segment
from digest.text.language import primary_subtag, same_language
from digest.text.memory import Memory
from digest.text.needs import kind_of, needed, story_of
from digest.text.offers import by_engine, prefilled
from digest.text.terms import terms_in


def requests_for(
    issue: Issue, segments: Iterable[Segment], memory: Memory, glossary: Glossary, locale: str
) -> tuple[TranslationRequest, ...]:
    """Return one request a story that has something to ask; the same text is asked for once an issue."""
    here = {one.key: one.source for one in needed(issue, locale)}
    languages = {story.key: story.language for story in issue.worded if not same_language(story.language, locale)}
    asked: set[tuple[str, str]] = set()
    requests: list[TranslationRequest] = []
    wanted = [one for one in segments if here.get(one.key) == one.source]
    for story, group in groupby(wanted, key=lambda one: story_of(one.key)):
        language = languages[story]
        passages: list[Passage] = []
        for segment in group:
            same = (kind_of(segment.key), segment.source)
            if same not in asked and _is_open(segment, glossary, language, locale):
                asked.add(same)
                passages.append(Passage(key=segment.key, text=segment.source))
        if passages:
            requests.append(_request(story, passages, language, locale, memory=memory, glossary=glossary))
    return tuple(requests)


def applied(
    issue: Issue,
    segments: Sequence[Segment],
    requests: Sequence[TranslationRequest],
    results: Sequence[TranslationResult],
    glossary: Glossary,
) -> tuple[Segment, ...]:
    """Return the segments with the drafts that came; whatever else a person or a memory gave stays."""
    drafts = {
        (kind_of(passage.key), passage.text): draft
        for request, result in zip(requests, results, strict=True)
        if isinstance(result, Translated)
        for passage in request.passages
        for draft in result.drafts
        if draft.key == passage.key
    }
    languages = {story.key: story.language for story in issue.worded}
    locale = requests[0].locale if requests else ""
    done: list[Segment] = []
    for segment in segments:
        draft = drafts.get((kind_of(segment.key), segment.source))
        language = languages.get(story_of(segment.key), "")
        if draft and _is_open(segment, glossary, language, locale):
            mark = glossary_mark(segment.source, glossary, language, locale)
            done.append(
                replace(
                    segment,
                    target=draft.text,
                    state="draft",
                    origin=draft.origin,
                    previous_source=None,
                    findings=(),
                    glossary=mark,
                )
            )
        else:
            done.append(segment)
    return tuple(done)


def with_similar(segments: Iterable[Segment], memory: Memory) -> tuple[Segment, ...]:
    """Return the segments, those that are still empty with the words of a similar sentence, to be edited."""
    return tuple(
        prefilled(segment, found[0]) if _is_empty(segment) and (found := memory.similar(segment.source)) else segment
        for segment in segments
    )


def glossary_mark(source: str, glossary: Glossary, language: str, locale: str) -> str:
    """Return a mark of the terms that a sentence holds, empty where there are none: others may change freely."""
    terms = terms_in(source, glossary, language, locale)
    said = "\n".join(f"{term.source}\t{term.target}" for term in terms)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:8] if terms else ""


def _is_empty(segment: Segment) -> bool:
    """Untranslated, and no words of the author's wait beside it."""
    return not segment.target.strip() and not segment.findings


def _is_open(segment: Segment, glossary: Glossary, language: str, locale: str) -> bool:
    """Whether an engine is to be asked: for what is empty, and for its own untouched drafts that are out of date."""
    if _is_empty(segment):
        return True
    if not segment.target.strip() or segment.state == "approved" or not by_engine(segment):
        return False
    if segment.state == "needs_edit":
        return True
    return segment.glossary != glossary_mark(segment.source, glossary, language, locale)


def _request(
    story: str, passages: Sequence[Passage], language: str, locale: str, *, memory: Memory, glossary: Glossary
) -> TranslationRequest:
    texts = [passage.text for passage in passages]
    terms: Mapping[str, Term] = {
        term.source: term for text in texts for term in terms_in(text, glossary, language, locale)
    }
    return TranslationRequest(
        where=story,
        passages=tuple(passages),
        source_language=primary_subtag(language),
        locale=locale,
        terms=tuple(terms.values()),
        examples=tuple(Example(source=near.source, target=near.target) for near in memory.examples(texts)),
    )
