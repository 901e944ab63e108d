"""Stage 4: a summary in the story's own language, where there is none yet.

Only text that may be quoted is drafted from: the author's own posts, and open licences. What somebody else wrote gets
no machine text at all; the author says what she thinks of it under `words`. Sections that exist are hers and stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from digest.models.article import HEADINGS, Article
from digest.models.issue import Issue, Section, Story
from digest.models.report import Problem, StageReport
from digest.text.extract import extract, source_sentences

_QUOTABLE = frozenset({"own", "cc0", "cc-by"})


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
    issue: Issue, articles: Mapping[str, Article], *, sentences_per_heading: int = 3
) -> tuple[Issue, StageReport]:
    """Return the issue with a summary in each story that had none and may have one; `articles` are by their id.

    Each sentence is verbatim and anchored in its source sentence. A heading the text does not fill is left out and is
    a problem of the report, since a summary without limitations says more than the text does.
    """
    drafted = [_draft_story(story, articles.get(story.article_id), sentences_per_heading) for story in issue.stories]
    report = StageReport(
        stage="draft",
        made=tuple(line for one in drafted for line in one.made),
        skipped=tuple(line for one in drafted for line in one.skipped),
        problems=tuple(problem for one in drafted for problem in one.problems),
    )
    return replace(issue, stories=tuple(one.story for one in drafted)), report


def _draft_story(story: Story, article: Article | None, sentences: int) -> _Drafted:
    if story.sections:
        return _Drafted(story=story, skipped=(f"{story.key}: it has its words already",))
    if article is None:
        mend = "Run `digest collect`, or take the story out of issue.toml."
        return _Drafted(story=story, problems=(Problem(where=story.key, what="Its article is not known.", mend=mend),))
    if article.rights not in _QUOTABLE:
        return _Drafted(story=story, skipped=(f"{story.key}: somebody else's text, only the author's words are shown",))
    return _with_extract(story, article, sentences)


def _with_extract(story: Story, article: Article, sentences: int) -> _Drafted:
    sections = _allowed(extract(article.text, sentences), article)
    problems = tuple(_missing(story, sections, article))
    if not sections:
        return _Drafted(story=story, skipped=(f"{story.key}: no sentence could be chosen",), problems=problems)
    count = sum(len(section.sentences) for section in sections)
    headings = ", ".join(section.heading for section in sections)
    line = f"{story.key}: {count} sentences under {headings}"
    return _Drafted(story=replace(story, sections=sections), made=(line,), problems=problems)


def _allowed(sections: tuple[Section, ...], article: Article) -> tuple[Section, ...]:
    """What somebody else's study means for readers is the author's to say, even where its licence is open."""
    if article.rights == "own":
        return sections
    return tuple(section for section in sections if section.heading != "implications")


def _missing(story: Story, sections: tuple[Section, ...], article: Article) -> list[Problem]:
    filled = {section.heading for section in sections}
    wanted = [heading for heading in HEADINGS if heading != "implications" or article.rights == "own"]
    if not article.text.blocks:
        mend = "Run `digest complete`, or write the summary in issue.toml."
        return [Problem(where=story.key, what="Its text was not read, so there is no summary.", mend=mend)]
    return [
        Problem(
            where=story.key,
            what=f"Nothing was found for the heading {heading}; it is left out.",
            mend=f"Write a sentence under {heading} in issue.toml if the text has one.",
        )
        for heading in wanted
        if heading not in filled
    ]
