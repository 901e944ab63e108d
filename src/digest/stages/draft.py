"""Stage 4: a summary in the story's own language, where there is none yet.

Extracts are made only of text that may be quoted: the author's own posts, and open licences. What somebody else wrote
is summarised by a language model in other words or not at all, and what it means for readers is the author's to say.
Sections that exist are hers and stay; only an extract that nobody touched follows its text when that is edited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from digest.models.article import HEADINGS, Article, Heading
from digest.models.engine import EngineFailure, Summarised, SummaryRequest, SummaryResult
from digest.models.issue import Issue, Section, Sentence, Story
from digest.models.report import Problem, StageReport
from digest.ports import Summariser
from digest.text.extract import extract, source_sentences
from digest.text.meter import summaries_asked
from digest.text.summary_checks import SummaryRules, check_summary
from digest.works.open_abstract import credit_of

_QUOTABLE = frozenset({"own", "cc0", "cc-by"})
_EXTRACTIVE, _NONE = "extractive", "none"
_FINAL = frozenset({"refused", "unusable"})
"""Failures that the same text would have again: it is not asked for a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafted:
    """One story after the stage, and what is to be said of it."""

    story: Story
    made: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def numbered_sentences(article: Article) -> tuple[str, ...]:
    """Return the sentences of an article that anchors count, from 1."""
    return source_sentences(article.text)


def draft(
    issue: Issue,
    articles: Mapping[str, Article],
    *,
    sentences_per_heading: int = 3,
    summariser: Summariser | None = None,
) -> tuple[Issue, StageReport]:
    """Return the issue with a summary in each story that had none and may have one; `articles` are by their id.

    Each sentence is anchored in its source sentences. Without a summariser, or where it fails, sentences are taken from
    the text itself. A heading the text does not fill is left out and is a problem of the report, since a summary
    without limitations says more than the text does.
    """
    requests = requests_for(issue, articles, sentences_per_heading)
    results = summariser.summarise(tuple(requests.values())) if summariser and requests else ()
    answers = dict(zip(requests, results, strict=True)) if summariser else {}
    drafted = [
        _drafted(story, articles.get(story.article_id), requests.get(story.key), answers.get(story.key))
        for story in issue.stories
    ]
    report = StageReport(
        stage="draft",
        made=tuple(line for one in drafted for line in one.made),
        skipped=tuple(line for one in drafted for line in one.skipped),
        problems=tuple(problem for one in drafted for problem in one.problems),
        used=summaries_asked(summariser.name, tuple(requests.values()), results) if summariser and requests else (),
    )
    stories = (_credited(before, one.story, articles) for before, one in zip(issue.stories, drafted, strict=True))
    return replace(issue, stories=tuple(stories)), report


def _credited(before: Story, after: Story, articles: Mapping[str, Article]) -> Story:
    """Name whose words were taken, where they were taken just now."""
    article = articles.get(after.article_id)
    if before.sections or article is None or not any(section.sentences for section in after.sections):
        return after
    return replace(after, credit=credit_of(article))


def requests_for(
    issue: Issue, articles: Mapping[str, Article], sentences_per_heading: int
) -> dict[str, SummaryRequest]:
    """Return what is to be summarised, by story key: stories without words whose text is known."""
    return {
        story.key: summary_request(story.key, article, sentences_per_heading)
        for story in issue.stories
        if not story.sections and (article := articles.get(story.article_id)) and article.text.blocks
    }


def summary_request(where: str, article: Article, sentences_per_heading: int) -> SummaryRequest:
    """Return the request for one article; what somebody else's study means for readers is not asked."""
    headings = HEADINGS if article.rights == "own" else tuple(one for one in HEADINGS if one != "implications")
    return SummaryRequest(
        where=where,
        text=article.text,
        sentences=source_sentences(article.text),
        headings=headings,
        sentences_per_heading=sentences_per_heading,
        quotable=article.rights in _QUOTABLE,
    )


def extracted(request: SummaryRequest) -> tuple[Section, ...]:
    """Return sentences taken from the text, in quotation marks where somebody else wrote them."""
    if not request.quotable:
        return ()
    found = extract(request.text, request.sentences_per_heading)
    kept = tuple(replace(section, origin=_EXTRACTIVE) for section in found if section.heading in request.headings)
    return kept if _is_own(request) else tuple(map(_quoted, kept))


def _drafted(
    story: Story, article: Article | None, request: SummaryRequest | None, answer: SummaryResult | None
) -> _Drafted:
    if story.sections:
        return _renewed(story, article)
    if article is None:
        mend = "Run `digest collect`, or take the story out of issue.toml."
        return _Drafted(story=story, problems=(Problem(where=story.key, what="Its article is not known.", mend=mend),))
    if request is None:
        return _unread(story, article)
    if isinstance(answer, EngineFailure):
        return _failed(story, request, answer)
    if answer is None or answer.origin == _EXTRACTIVE:
        return _with_extract(story, request)
    return _with_answer(story, request, answer)


def _renewed(story: Story, article: Article | None) -> _Drafted:
    """Take the extracts again whose sentences are not in the text any more; nobody touched them, so nothing is lost."""
    sentences = frozenset(source_sentences(article.text)) if article else frozenset()
    stale = {section.heading for section in story.sections if sentences and _is_stale(section, sentences)}
    if not stale or article is None:
        return _Drafted(story=story, skipped=(f"{story.key}: it has its words already",))
    most = max(len(section.sentences) for section in story.sections)
    fresh: dict[str, Section] = {one.heading: one for one in extracted(summary_request(story.key, article, most))}
    renewed = (fresh.get(one.heading) if one.heading in stale else one for one in story.sections)
    line = f"{story.key}: its text was edited, so {', '.join(sorted(stale))} was taken from it again"
    return _Drafted(story=replace(story, sections=tuple(one for one in renewed if one)), made=(line,))


def _is_stale(section: Section, sentences: frozenset[str]) -> bool:
    said = (sentence.text.removeprefix("“").removesuffix("”") for sentence in section.sentences)
    return section.origin == _EXTRACTIVE and any(text not in sentences for text in said)


def _unread(story: Story, article: Article) -> _Drafted:
    if article.rights not in _QUOTABLE:
        return _Drafted(story=story, skipped=(_not_hers(story),))
    mend = "Run `digest complete`, or write the summary in issue.toml."
    problem = Problem(where=story.key, what="Its text was not read, so there is no summary.", mend=mend)
    return _Drafted(story=story, skipped=(_nothing(story),), problems=(problem,))


def _failed(story: Story, request: SummaryRequest, failure: EngineFailure) -> _Drafted:
    instead = " Sentences were taken from the text instead." if request.quotable else ""
    problem = Problem(where=story.key, what=f"{failure.reason}{instead}", mend=failure.mend)
    if not request.quotable and failure.kind in _FINAL:
        return _Drafted(story=_marked(story, request, failure.reason), problems=(problem,))
    return _with_extract(story, request, problem)


def _with_extract(story: Story, request: SummaryRequest, *problems: Problem) -> _Drafted:
    if not request.quotable:
        return _Drafted(story=story, skipped=(_not_hers(story),), problems=problems)
    sections = extracted(request)
    if not sections:
        missing = _missing(story, sections, request)
        return _Drafted(story=story, skipped=(_nothing(story),), problems=(*problems, *missing))
    return _with_sections(story, request, sections, problems)


def _with_answer(story: Story, request: SummaryRequest, answer: Summarised) -> _Drafted:
    problems = [Problem(where=story.key, what=f"{note[:1].upper()}{note[1:]}.") for note in answer.notes]
    sections = tuple(
        Section(heading=heading, sentences=sentences, origin=answer.origin)
        for heading in HEADINGS
        if (sentences := _under(heading, answer))
    )
    if sections:
        rules = SummaryRules(by_machine=True, may_quote=request.quotable)
        found = check_summary(request.sentences, sections, request.language, rules)
        problems += [
            Problem(where=f"{story.key}/{one.where}", what=one.message % dict(one.values))
            for one in found
            if one.severity == "error"
        ]
        return _with_sections(story, request, sections, problems)
    if answer.origin == _NONE:
        return _Drafted(story=story, skipped=(_nothing(story) if request.quotable else _not_hers(story),))
    # Marked, so that the same text is not paid for again.
    line = f"{story.key}: {answer.origin} gave no sentence that can be used"
    return _Drafted(story=_marked(story, request, answer.origin), skipped=(line,), problems=tuple(problems))


def _with_sections(
    story: Story, request: SummaryRequest, sections: tuple[Section, ...], problems: Sequence[Problem]
) -> _Drafted:
    count = sum(len(section.sentences) for section in sections)
    headings = ", ".join(section.heading for section in sections)
    origin = sections[0].origin.removeprefix(_EXTRACTIVE)
    line = f"{story.key}: {count} sentences under {headings}" + (f", drafted by {origin}" if origin else "")
    missing = _missing(story, sections, request)
    return _Drafted(story=replace(story, sections=sections), made=(line,), problems=(*problems, *missing))


def _marked(story: Story, request: SummaryRequest, why: str) -> Story:
    """Keep the headings empty and say who was asked: they wait for the author."""
    sections = tuple(Section(heading=heading, sentences=(), origin=why) for heading in request.headings)
    return replace(story, sections=sections)


def _missing(story: Story, sections: Sequence[Section], request: SummaryRequest) -> tuple[Problem, ...]:
    filled = {section.heading for section in sections}
    return tuple(
        Problem(
            where=story.key,
            what=f"Nothing was found for the heading {heading}; it is left out.",
            mend=f"Write a sentence under {heading} in issue.toml if the text has one.",
        )
        for heading in request.headings
        if heading not in filled
    )


def _under(heading: Heading, answer: Summarised) -> tuple[Sentence, ...]:
    return tuple(Sentence(text=one.text, anchors=one.anchors) for one in answer.sentences if one.heading == heading)


def _quoted(section: Section) -> Section:
    return replace(section, sentences=tuple(replace(one, text=f"“{one.text}”") for one in section.sentences))


def _is_own(request: SummaryRequest) -> bool:
    return "implications" in request.headings


def _not_hers(story: Story) -> str:
    return f"{story.key}: somebody else's text, only the author's words are shown"


def _nothing(story: Story) -> str:
    return f"{story.key}: no sentence could be chosen"
