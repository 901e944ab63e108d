"""Cited studies that wait for the author's word, and notices about studies that the issue names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from digest.models.article import Citation
from digest.models.issue import Issue, Story
from digest.models.work import Notice, Work
from digest.works.identity import normalise_doi
from digest.works.notices import noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A citation that may mean one of several records."""

    story: Story
    number: int
    """Counted from 1, as `decide_citation` does."""
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A notice about a study that the issue names."""

    story: Story
    title: str
    doi: str
    notice: Notice


def to_decide(issue: Issue) -> tuple[Open, ...]:
    """Return the citations that ask the author, in the order of the issue."""
    return tuple(
        Open(story=story, number=number, citation=citation)
        for story in issue.stories
        for number, citation in enumerate(story.citations, start=1)
        if citation.status == "ask" and citation.proposals
    )


def notices_of(issue: Issue, works: Iterable[Work]) -> tuple[Noted, ...]:
    """Return what is known against the studies of an issue, the heaviest of each study first."""
    by_doi = {doi: work for work in works for doi in (work.doi, *work.other_dois) if doi}
    return tuple(
        Noted(story=story, title=by_doi[doi].title or doi, doi=doi, notice=notice)
        for story in issue.stories
        for doi in dict.fromkeys(_dois(story))
        if doi in by_doi
        for notice in noticed(by_doi[doi]).notices
    )


def _dois(story: Story) -> Iterator[str]:
    for doi in (story.doi, *(citation.doi for citation in story.citations)):
        if doi and (known := normalise_doi(doi)):
            yield known
