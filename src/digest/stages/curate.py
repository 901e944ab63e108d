"""Stage 3: which articles make the next issue, in which order, and why.

Her own posts come newest first. Somebody else's studies are filtered, ranked by what she writes about, and chosen so that
they are unlike each other (`digest.works.weighing`); her own picks always stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from digest.models.article import Article, Citation
from digest.models.interests import Interests
from digest.models.issue import Candidate, Issue, Reason, Story
from digest.models.message import N_
from digest.models.report import StageReport
from digest.models.source import Source
from digest.models.work import Work
from digest.works.citations import citation_key
from digest.works.identity import study_named_by
from digest.works.notice_findings import CORRECTIONS
from digest.works.one_story import names_of_article, offered_in, told_once, without_twins
from digest.works.picks import YOUR_PICK
from digest.works.story_of import candidate_of, story_of
from digest.works.suggested import SUGGESTED
from digest.works.taste import taste
from digest.works.weighing import Weighing, reasons, weigh

CANDIDATES_LISTED = 8
_NEVER = datetime.min.replace(tzinfo=UTC)

OWN_POST = N_("It is your own new post.")
NEWEST = N_("It is among the newest %(limit)s of this source.")
BETTER_ONES = N_("The issue already carries %(limit)s of this source that fit better.")
OVER_THE_LIMIT = N_("The issue already carries %(limit)s newer ones of this source.")
CORRECTED = N_("An earlier issue named this study, and a notice about it was published since.")
BY_A_READER = N_("A reader suggested it.")


def curate(
    articles: Sequence[Article],
    sources: Sequence[Source],
    past: Sequence[Issue],
    current: Issue | None,
    *,
    newsletter_id: str,
    due: date,
    now: datetime,
    interests: Interests | None = None,
) -> tuple[Issue | None, StageReport]:
    """Choose up to each source's limit; the author's own choices in `current` always stand.

    `past` are the issues before this one: what they carried or passed over is not offered again.
    Returns None for the issue when there is nothing to say.
    """
    follows = interests or Interests()
    known = {article.article_id: article for article in articles}
    offered = offered_in(past)
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
    own = [article for article in fresh if article.rights == "own"]
    corrections = [article for article in fresh if article.section == CORRECTIONS]
    studies = [article for article in fresh if article.rights != "own" and article.section != CORRECTIONS]
    told = told_once(studies, articles, (*past, begun), follows.works)
    known |= {article.article_id: article for article in told.studies}
    number = CANDIDATES_LISTED + sum(source.limit for source in sources if not source.is_own)
    profile = taste(articles, past, follows)
    weighing = weigh(told.studies, profile, follows, number=number, today=due, elsewhere=told.elsewhere)
    fitting = [known[name] for name in weighing.order]
    chosen, passed = _within_limits([*own, *fitting], stories, known, sources, weighing)
    passed = [*_suggested(fitting, weighing), *passed]
    chosen += [story_of(article, (Reason(message=CORRECTED),)) for article in corrections]
    together = [*stories, *chosen]
    stories = list(without_twins(together, articles, follows.works, (YOUR_PICK,)))
    chosen = [story for story in chosen if story in stories]
    if not stories and not passed:
        return None, StageReport(stage="curate", skipped=(_nothing_new(past), *_refused(weighing, known)))
    issue = replace(
        begun,
        stories=tuple(_in_sections(stories)) if chosen else tuple(stories),
        candidates=(*passed, *waiting)[:CANDIDATES_LISTED],
        curated_at=now if fresh or begun.curated_at is None else begun.curated_at,
        chosen=_put_in(begun, chosen, twins=[story for story in together if story not in stories]),
    )
    return issue, _report(issue, chosen, weighing, known)


def _put_in(begun: Issue, chosen: Iterable[Story], *, twins: Iterable[Story]) -> tuple[str, ...]:
    """What was put in for her so far; what a post of hers took the place of was not taken out by her."""
    new = [one.article_id for one in chosen if one.kind == "study" and one.section != CORRECTIONS]
    gone = {story.article_id for story in twins}
    return tuple(dict.fromkeys(name for name in (*begun.chosen, *new) if name not in gone))


def _suggested(studies: Iterable[Article], weighing: Weighing) -> list[Candidate]:
    """What a reader suggests is never chosen by itself, and always among what she can take in."""
    return [
        candidate_of(article, Reason(message=BY_A_READER), *reasons(article, weighing.scored[article.article_id]))
        for article in studies
        if article.section == SUGGESTED and article.work
    ]


def _within_limits(
    fresh: Iterable[Article],
    stories: Sequence[Story],
    known: dict[str, Article],
    sources: Sequence[Source],
    weighing: Weighing,
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
            chosen.append(story_of(article, _reasons(article, limit, weighing)))
        elif limit:
            passed.append(candidate_of(article, *_passed_over(article, limit, weighing)))
    return chosen, passed


def _reasons(article: Article, limit: int, weighing: Weighing) -> tuple[Reason, ...]:
    newest = Reason(message=NEWEST, values=(("limit", str(limit)),))
    if article.rights == "own":
        return Reason(message=OWN_POST), newest
    scored = weighing.scored[article.article_id]
    outside = weighing.outside == article.article_id
    return reasons(article, scored, outside=outside) if scored.because else (newest,)


def _passed_over(article: Article, limit: int, weighing: Weighing) -> tuple[Reason, ...]:
    """Say why a study was not chosen, and what speaks for it all the same."""
    scored = weighing.scored.get(article.article_id)
    if scored is None or not scored.because:
        return (Reason(message=OVER_THE_LIMIT, values=(("limit", str(limit)),)),)
    return Reason(message=BETTER_ONES, values=(("limit", str(limit)),)), *reasons(
        article, scored, outside=weighing.outside == article.article_id
    )


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


def _completed(story: Story, article: Article | None) -> Story:
    """A candidate that the author moved up has only its head; the article brings the rest."""
    if article is None:
        return story
    if story.language and story.key:
        return _with_picture_seen(replace(story, citations=_looked_up(story.citations, article)), article)
    full = story_of(article, (*story.reasons, Reason(message=YOUR_PICK)))
    return replace(full, sections=story.sections, title=story.title or full.title)


def _with_picture_seen(story: Story, article: Article) -> Story:
    """The picture of a story may have been looked at after the story was chosen."""
    image = article.text.image
    if story.image is None or image is None or story.image.seen or story.image.url != image.url:
        return story
    return replace(story, image=replace(story.image, seen=image.seen))


def _looked_up(citations: Sequence[Citation], article: Article) -> tuple[Citation, ...]:
    """What could not be asked when the issue was begun may be known by now; what she decided stands."""
    known = {citation_key(one): one for one in article.citations if one.status != "unchecked"}
    return tuple(
        known.get(citation_key(one), one) if one.status == "unchecked" and not one.by_author else one
        for one in citations
    )


def picked(article: Article, reasons: Sequence[Reason]) -> Story:
    """Return the story of an article that the author takes in herself; its words are still to be drafted."""
    return story_of(article, (*reasons, Reason(message=YOUR_PICK)))


def _nothing_new(past: Sequence[Issue]) -> str:
    if not past:
        return "no issue: the sources have brought no article yet"
    return f"no issue: nothing new since the issue of {past[-1].issue_id}"


def _report(issue: Issue, chosen: Sequence[Story], weighing: Weighing, known: Mapping[str, Article]) -> StageReport:
    new = {story.key for story in chosen}
    made = [
        f"{story.kind} {story.key}: {story.title!r} "
        + (f"chosen, because: {_sentence(story.reasons)}" if story.key in new else "is in the issue already")
        for story in issue.stories
    ]
    skipped = [f"{item.article_id}: {item.title!r} not chosen: {_sentence(item.reasons)}" for item in issue.candidates]
    return StageReport(stage="curate", made=tuple(made), skipped=(*skipped, *_refused(weighing, known)))


def new_records(issue: Issue, articles: Sequence[Article], known: Iterable[Work]) -> tuple[Work, ...]:
    """Return the records of an issue's studies that are not stored yet: approval and sending look at what is stored."""
    stored = {work.doi for work in known}
    named = {story.article_id for story in issue.stories}
    found = (article.work for article in articles if article.article_id in named and article.work)
    return tuple(work for work in found if work.doi not in stored)


def explain(
    name: str, articles: Sequence[Article], past: Sequence[Issue], interests: Interests, *, today: date
) -> tuple[str, ...]:
    """Say where a study stands among all others, and why; `name` is its DOI, `pmid:1`, or the id of its article."""
    wanted = study_named_by(name)
    article = next((one for one in articles if one.article_id == name or wanted in names_of_article(one)), None)
    if article is None:
        return (f"{name}: no source has brought it. If it should have, mend the query of a source in digest.toml.",)
    lines = [f"{article.article_id}: {article.text.title!r}"]
    lines += [f"It is in the issue of {one.issue_id}." for one in past if name_in(one, article.article_id)]
    if article.rights == "own":
        return (*lines, OWN_POST)
    studies = [one for one in articles if one.rights != "own" and one.section != CORRECTIONS]
    told = told_once(studies, articles, (), interests.works)
    profile = taste(articles, past, interests)
    weighing = weigh(told.studies, profile, interests, number=CANDIDATES_LISTED, today=today, elsewhere=told.elsewhere)
    if refused := weighing.refused.get(article.article_id):
        return (*lines, f"It is not offered: {_sentence([refused])}")
    scored = weighing.scored[article.article_id]
    place = weighing.order.index(article.article_id) + 1
    lines.append(
        f"Place {weighing.ranks[article.article_id]} of {len(weighing.order)} by score ({scored.score:.2f}), "
        f"place {place} after making the list varied."
    )
    lines.append(_sentence(reasons(article, scored, outside=weighing.outside == article.article_id)))
    lines += [
        f"  {one.term}: {one.weight:.2f}" + (f" (“{one.source}”)" if one.source else "") for one in scored.because
    ]
    return tuple(lines)


def name_in(issue: Issue, article_id: str) -> bool:
    """Whether an issue carried an article, or offered it."""
    carried = any(story.article_id == article_id for story in issue.stories)
    return carried or any(candidate.article_id == article_id for candidate in issue.candidates)


def _refused(weighing: Weighing, known: Mapping[str, Article]) -> list[str]:
    return [
        f"{name}: {known[name].text.title!r} not offered: {_sentence([reason])}"
        for name, reason in sorted(weighing.refused.items())
    ]


def _sentence(reasons: Iterable[Reason]) -> str:
    return " ".join(reason.message % dict(reason.values) for reason in reasons)
