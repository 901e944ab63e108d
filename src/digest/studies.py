"""Cited studies: what the author decides about them, and whether they were retracted. Every function is safe to repeat."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.errors import NotApprovedError
from digest.models.article import Citation, CitationDecision
from digest.models.interests import Interests
from digest.models.issue import Issue
from digest.models.report import Problem, StageReport
from digest.models.work import Work
from digest.pipeline import Workshop, existing_issue
from digest.stages import review_studies
from digest.stages.complete_studies import decided
from digest.works.citations import citation_key
from digest.works.notice_findings import CORRECTIONS
from digest.works.notices import noticed

GOOD_FOR_SENDING = timedelta(hours=48)
"""How old the last answer may be when nobody can be asked right before sending."""


def decide_citation(
    shop: Workshop, issue_id: str, story_key: str, number: int, doi: str | None, *, now: datetime
) -> Citation:
    """Say what the `number`th citation (from 1) of a story means: one of its proposals, or None of them.

    It is written into the issue and remembered for every later one. Raises NotApprovedError where there is no such
    citation or the DOI was not proposed.
    """
    issue = existing_issue(shop, issue_id)
    story = next((one for one in issue.stories if one.key == story_key), None)
    if story is None or not 1 <= number <= len(story.citations):
        message = f"The issue {issue_id} has no citation {number} in {story_key!r}. See `digest review {issue_id}`."
        raise NotApprovedError(message)
    citation = story.citations[number - 1]
    if doi is not None and doi not in {proposal.doi for proposal in citation.proposals} | {citation.doi}:
        message = f"{doi} is none of the proposals for {citation.text!r}. See `digest review {issue_id}`."
        raise NotApprovedError(message)
    decision = CitationDecision(newsletter_id=issue.newsletter_id, key=citation_key(citation), doi=doi, decided_at=now)
    after = decided(citation, decision)
    citations = (*story.citations[: number - 1], after, *story.citations[number:])
    stories = tuple(replace(story, citations=citations) if one is story else one for one in issue.stories)
    shop.works.save_decision(decision)
    shop.issues.write_issue(replace(issue, stories=stories))
    return after


def hold_if_retracted(shop: Workshop, issue: Issue, *, now: datetime) -> None:
    """Ask once more right before sending. Raises NotApprovedError that names what was retracted, or not checked for long."""
    if shop.finder is None:
        return
    dois = review_studies.named(issue)
    checked = review_studies.check(dois, issue.newsletter_id, shop.works, shop.finder, now=now)
    retracted = [
        one for one in review_studies.findings(issue, checked.works.values()) if _blocks(one.check, one.severity)
    ]
    if retracted:
        said = " ".join(one.message % dict(one.values) for one in retracted)
        message = f"The issue {issue.issue_id} was not sent. {said} Then approve it again."
        raise NotApprovedError(message)
    old = [doi for doi in checked.unchecked if not _good_enough(checked.works.get(doi), now)]
    if old:
        message = (
            f"The issue {issue.issue_id} was not sent yet: whether {', '.join(old)} was retracted could not be checked "
            f"for two days. {checked.reason} The next run asks again."
        )
        raise NotApprovedError(message)


def watch_sent(shop: Workshop, *, now: datetime) -> StageReport:
    """Ask about the studies of issues that were sent, each once a week; a new notice becomes an item of the next issue."""
    newsletter_id = shop.newsletter.newsletter_id
    known = shop.works.works(newsletter_id)
    fresh = known and all(noticed(work).is_fresh(now, review_studies.WATCHED_EVERY) for work in known)
    if shop.finder is None or fresh:
        return draft_corrections(shop, now=now)
    dois = review_studies.to_watch([issue for _, issue in _sent(shop)], known, now)
    checked = review_studies.check(dois, newsletter_id, shop.works, shop.finder, now=now)
    # What no index knows is asked for once a week like the rest, and not at every run.
    nobodys = set(dois) - set(checked.unchecked) - set(checked.works)
    shop.works.save_works(newsletter_id, [Work(doi=doi, notices_checked_at=now) for doi in sorted(nobodys)])
    problems = (
        Problem(where="studies", what=checked.reason, mend="Nothing to do: it is asked again by the next run."),
    )
    return replace(draft_corrections(shop, now=now), problems=problems if checked.unchecked else ())


def draft_corrections(shop: Workshop, *, now: datetime) -> StageReport:
    """Make an item of the next issue for each notice that came after its study was sent; nobody is asked.

    It goes by what is stored, not by who found it, so a look that was killed half-way loses nothing.
    """
    newsletter_id = shop.newsletter.newsletter_id
    dated = [work for work in shop.works.works(newsletter_id) if any(one.at for one in work.notices_seen)]
    if not dated:
        return StageReport(stage="complete")
    told = shop.memory.articles_of(newsletter_id, CORRECTIONS)
    made = list[str]()
    for item in review_studies.late_notices(newsletter_id, _sent(shop), dated, told, now):
        shop.articles.save_article(item)
        kinds = item.guid.partition(":")[0]
        made.append(f"{item.article_id}: {kinds} after it was sent: {item.text.title!r}; it goes into the next issue")
    return StageReport(stage="complete", made=tuple(made))


def _sent(shop: Workshop) -> list[tuple[datetime, Issue]]:
    """The issues that were approved, with when; those that wait for their slot will be sent as they are, too."""
    newsletter_id = shop.newsletter.newsletter_id
    return [
        (approval.first_at, issue)
        for name in shop.issues.issue_ids(newsletter_id)
        if (approval := shop.rendered.read_approval(newsletter_id, name))
        and (issue := shop.issues.read_issue(newsletter_id, name))
    ]


def take_suggestions(shop: Workshop, names: Sequence[str], *, now: datetime) -> StageReport:
    """Keep the studies that readers suggest, each once, so that they are looked up and offered to her."""
    if not names:
        return StageReport(stage="tend")
    from digest.works.suggested import SUGGESTED, suggestion

    newsletter_id = shop.newsletter.newsletter_id
    known = {one.article_id for one in shop.memory.articles_of(newsletter_id, SUGGESTED)}
    fresh = [one for name in names if (one := suggestion(name, newsletter_id, now)).article_id not in known]
    for article in fresh:
        shop.articles.save_article(article)
    made = tuple(f"{one.guid}: a reader suggested it; its record is looked up" for one in fresh)
    return StageReport(stage="tend", made=made)


def _blocks(check: str, severity: str) -> bool:
    return check == "notice" and severity == "error"


def _good_enough(work: Work | None, now: datetime) -> bool:
    return work is not None and noticed(work).is_fresh(now, GOOD_FOR_SENDING)


def explain(shop: Workshop, name: str, *, now: datetime) -> tuple[str, ...]:
    """Say why a study was or was not chosen; `name` is its DOI or the id of its article."""
    newsletter_id = shop.newsletter.newsletter_id
    read = (shop.issues.read_issue(newsletter_id, one) for one in shop.issues.issue_ids(newsletter_id))
    past = [issue for issue in read if issue]
    interests = Interests(
        topics=shop.newsletter.topics, muted=shop.newsletter.muted, works=shop.works.works(newsletter_id)
    )
    # The ranking costs more to load than all the rest of a run that finds nothing to do.
    from digest.stages import curate

    return curate.explain(name, shop.articles.articles(newsletter_id), past, interests, today=now.date())
