"""Curate: which articles make the next issue, in which order, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from digest.models.article import Article, Citation
from digest.models.issue import Candidate, Issue, Reason, Story
from digest.models.message import N_
from digest.models.report import StageReport
from digest.models.source import Source

CANDIDATES_LISTED = 8
_NEVER = datetime.min.replace(tzinfo=UTC)

OWN_POST = N_("It is your own new post.")
NEWEST = N_("It is among the newest %(limit)s of this source.")
OVER_THE_LIMIT = N_("The issue already carries %(limit)s newer ones of this source.")
YOUR_PICK = N_("You moved it up.")


def curate(
    articles: Sequence[Article],
    sources: Sequence[Source],
    past: Sequence[Issue],
    current: Issue | None,
    *,
    newsletter_id: str,
    due: date,
    now: datetime,
) -> tuple[Issue | None, StageReport]:
    """Choose, newest first, up to each source's limit; the author's own choices in `current` always stand.

    `past` are the issues before this one: what they carried or passed over is not offered again.
    Returns None for the issue when there is nothing to say.
    """
    known = {article.article_id: article for article in articles}
    offered = {story.article_id for issue in past for story in issue.stories}
    offered |= {candidate.article_id for issue in past for candidate in issue.candidates}
    begun = current or Issue(issue_id=due.isoformat(), newsletter_id=newsletter_id, due=due)
    stories = [_completed(story, known.get(story.article_id)) for story in begun.stories]
    offered |= {story.article_id for story in stories}
    waiting = [candidate for candidate in begun.candidates if candidate.article_id not in offered]
    offered |= {candidate.article_id for candidate in waiting}
    # What was known when the issue was last curated and stands in neither list was taken out by the author.
    fresh = [
        article
        for article in _newest_first(articles)
        if article.article_id not in offered and (begun.curated_at is None or article.first_seen > begun.curated_at)
    ]
    chosen, passed = _within_limits(fresh, stories, known, sources)
    if not fresh and not stories:
        return None, StageReport(stage="curate", skipped=(_nothing_new(past),))
    issue = replace(
        begun,
        stories=tuple(_in_sections([*stories, *chosen])) if chosen else tuple(stories),
        candidates=(*passed, *waiting)[:CANDIDATES_LISTED],
        curated_at=now if fresh or begun.curated_at is None else begun.curated_at,
    )
    return issue, _report(issue, chosen)


def _within_limits(
    fresh: Iterable[Article], stories: Sequence[Story], known: dict[str, Article], sources: Sequence[Source]
) -> tuple[list[Story], list[Candidate]]:
    limits = {source.key: source.limit for source in sources}
    carried: dict[str, int] = {}
    for story in stories:
        if article := known.get(story.article_id):
            carried[article.source_key] = carried.get(article.source_key, 0) + 1
    chosen: list[Story] = []
    passed: list[Candidate] = []
    for article in fresh:
        limit = limits.get(article.source_key, 0)
        if carried.get(article.source_key, 0) < limit:
            carried[article.source_key] = carried.get(article.source_key, 0) + 1
            chosen.append(_story(article, _reasons(article, limit)))
        elif limit:
            passed.append(_candidate(article, Reason(message=OVER_THE_LIMIT, values=(("limit", str(limit)),))))
    return chosen, passed


def _reasons(article: Article, limit: int) -> tuple[Reason, ...]:
    newest = Reason(message=NEWEST, values=(("limit", str(limit)),))
    return (Reason(message=OWN_POST), newest) if article.rights == "own" else (newest,)


def _newest_first(articles: Iterable[Article]) -> list[Article]:
    """By publication, then by first seen; the id decides ties so that the order never wavers."""
    return sorted(
        articles,
        key=lambda article: (article.published or _NEVER, article.first_seen, article.article_id),
        reverse=True,
    )


def _in_sections(stories: Iterable[Story]) -> list[Story]:
    """Her own posts before other people's studies; the order within is kept."""
    return sorted(stories, key=lambda story: story.kind != "post")


def _story(article: Article, reasons: tuple[Reason, ...]) -> Story:
    own = article.rights == "own"
    return Story(
        key=article.article_id,
        kind="post" if own else "study",
        section=article.section,
        article_id=article.article_id,
        url=article.text.url,
        language=article.text.language,
        title=article.text.title,
        authors=article.authors,
        published=article.published,
        categories=article.text.categories if own else (),
        journal=article.journal,
        doi=article.doi,
        image=article.text.image if own else None,
        copyright=article.text.copyright if own else "",
        comments_url=article.comments_url,
        citations=article.citations if own else _own_citation(article),
        label=() if own else _label(article),
        reasons=reasons,
    )


def _own_citation(article: Article) -> tuple[Citation, ...]:
    """A study cites itself: the facts of its record, nothing else."""
    year = article.published.year if article.published else None
    known_year = article.citations[0].year if article.citations else year
    return (
        Citation(
            text="",
            authors="; ".join(article.authors),
            title=article.text.title,
            year=known_year,
            doi=article.doi,
            journal=article.journal,
        ),
    )


def _label(article: Article) -> tuple[Reason, ...]:
    """Only what the feed's record says; what it does not say is said to be unknown (DESIGN, "Evidence labels")."""
    parts = [Reason(message=N_("Study design: not stated in the record"))]
    if article.journal:
        parts.append(Reason(message=N_("Published in %(journal)s"), values=(("journal", article.journal),)))
    parts.append(Reason(message=N_("Read from the feed record only")))
    return tuple(parts)


def _completed(story: Story, article: Article | None) -> Story:
    """A candidate that the author moved up has only its head; the article brings the rest."""
    if article is None or (story.language and story.key):
        return story
    full = _story(article, (*story.reasons, Reason(message=YOUR_PICK)))
    return replace(full, sections=story.sections, title=story.title or full.title)


def picked(article: Article, reasons: Sequence[Reason]) -> Story:
    """Return the story of an article that the author takes in herself; its words are still to be drafted."""
    return _story(article, (*reasons, Reason(message=YOUR_PICK)))


def _candidate(article: Article, *reasons: Reason) -> Candidate:
    return Candidate(
        article_id=article.article_id,
        title=article.text.title,
        url=article.text.url,
        section=article.section,
        published=article.published,
        reasons=reasons,
    )


def _nothing_new(past: Sequence[Issue]) -> str:
    if not past:
        return "no issue: the sources have brought no article yet"
    return f"no issue: nothing new since the issue of {past[-1].issue_id}"


def _report(issue: Issue, chosen: Sequence[Story]) -> StageReport:
    new = {story.key for story in chosen}
    made = [
        f"{story.kind} {story.key}: {story.title!r} "
        + (f"chosen, because: {_sentence(story.reasons)}" if story.key in new else "is in the issue already")
        for story in issue.stories
    ]
    skipped = [f"{item.article_id}: {item.title!r} not chosen: {_sentence(item.reasons)}" for item in issue.candidates]
    return StageReport(stage="curate", made=tuple(made), skipped=tuple(skipped))


def _sentence(reasons: Iterable[Reason]) -> str:
    return " ".join(reason.message % dict(reason.values) for reason in reasons)
