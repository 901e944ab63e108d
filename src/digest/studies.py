"""What the author decides about cited studies. Every function is safe to repeat."""

from dataclasses import replace
from datetime import datetime

from digest.errors import NotApprovedError
from digest.models.article import Citation, CitationDecision
from digest.pipeline import Workshop, existing_issue
from digest.stages.complete_studies import decided
from digest.works.citations import citation_key


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
