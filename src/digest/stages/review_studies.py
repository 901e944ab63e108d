"""Stage 7, beside the words: are the studies of an issue retracted or corrected by now? "Could not check" is its own answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.errors import NotApprovedError
from digest.models.article import Article, ArticleText
from digest.models.issue import Issue
from digest.models.resolution import CouldNotCheck
from digest.models.segment import Finding, Segment
from digest.models.work import NoticeKind, Work
from digest.ports import WorkFinder, WorkStore
from digest.works.notice_findings import CORRECTIONS, dois_named, notice_findings, overlap_findings
from digest.works.notices import noticed, untold

FRESH = timedelta(hours=1)
"""Within this time an answer is not asked for again."""

WATCHED_EVERY = timedelta(days=7)
_MOST_WATCHED = 20
_FAILURES_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What asking for the notices of some studies brought."""

    works: Mapping[str, Work]
    """The records as they are known now, by DOI."""
    unchecked: tuple[str, ...] = ()
    """DOIs for which nobody could be asked just now."""
    reason: str = ""


def findings(
    issue: Issue,
    works: Iterable[Work],
    segments: Mapping[str, Sequence[Segment]] | None = None,
    *,
    non_commercial: bool = False,
    looked_up: bool = False,
) -> tuple[Finding, ...]:
    """Return what stands against an issue because of its studies, from what is known; `segments` are by locale."""
    known = {work.doi: work for work in works if work.doi}
    translated = [(one.key, one.target) for listed in (segments or {}).values() for one in listed if one.target]
    copied = overlap_findings(issue, known, translated, non_commercial=non_commercial)
    return notice_findings(issue, known, looked_up=looked_up) + copied


def check(
    issue_dois: Sequence[str], newsletter_id: str, store: WorkStore, finder: WorkFinder, *, now: datetime
) -> Checked:
    """Ask for every DOI whose answer is not fresh, and store the answers. Raises StorageError."""
    known = {work.doi: work for work in store.works(newsletter_id) if work.doi}
    asked, unchecked, reason = dict[str, Work](), list[str](), ""
    failures = 0
    for doi in issue_dois:
        before = known.get(doi)
        if before and noticed(before).is_fresh(now, FRESH):
            continue
        answer = finder.look_up(doi) if failures < _FAILURES_IN_A_ROW else CouldNotCheck(reason=reason)
        if isinstance(answer, CouldNotCheck):
            failures, reason = failures + 1, answer.reason
            unchecked.append(doi)
        elif isinstance(answer, Work):
            failures = 0
            # By the clock of this command: what an approval saw is no news after it.
            checked_at = now if answer.notices_checked_at else None
            seen = before.first_seen if before else now
            asked[doi] = replace(answer, doi=doi, first_seen=seen, notices_checked_at=checked_at)
    store.save_works(newsletter_id, tuple(asked.values()))
    return Checked(works=known | asked, unchecked=tuple(unchecked), reason=reason)


def ask_first(issue: Issue, store: WorkStore, finder: WorkFinder, *, accepted: bool, now: datetime) -> None:
    """Ask before an approval. Raises NotApprovedError where nobody could be asked and she did not accept that."""
    checked = check(dois_named(issue), issue.newsletter_id, store, finder, now=now)
    if checked.unchecked and not accepted:
        listed = ", ".join(checked.unchecked)
        message = (
            f"Whether these studies were retracted could not be checked: {listed}. {checked.reason} Try again later, "
            f"or approve them unchecked: `digest approve {issue.issue_id} --unchecked`."
        )
        raise NotApprovedError(message)


def named(issue: Issue) -> tuple[str, ...]:
    """Return the DOIs that an issue prints."""
    return dois_named(issue)


def to_watch(sent: Iterable[Issue], works: Iterable[Work], now: datetime) -> tuple[str, ...]:
    """Return the DOIs of issues that were sent whose last check is a week old, the oldest check first."""
    checked = {work.doi: work.notices_checked_at for work in works}
    printed = dict.fromkeys(doi for issue in sent for doi in dois_named(issue))
    due = [doi for doi in printed if (at := checked.get(doi)) is None or now - at >= WATCHED_EVERY]
    due.sort(key=lambda doi: (checked.get(doi) is not None, checked.get(doi) or now))
    return tuple(due[:_MOST_WATCHED])


def late_notices(
    newsletter_id: str,
    sent: Iterable[tuple[datetime, Issue]],
    works: Iterable[Work],
    items: Sequence[Article],
    now: datetime,
) -> tuple[Article, ...]:
    """Return an item for the next issue for each study with notices that came after an issue named it.

    `sent` are issues with when they were approved, `items` the items there are already: no notice is told twice,
    whichever look found it.
    """
    approved = dict[str, datetime]()
    for at, issue in sent:
        for doi in dois_named(issue):
            approved[doi] = min(at, approved.get(doi, at))
    made = list[Article]()
    for work in works:
        told = [item for item in items if item.doi == work.doi]
        known = [item.work for item in told if item.work]
        if work.doi in approved and (new := untold(work, known, approved[work.doi])):
            made.append(_correction_item(work, newsletter_id, [notice.kind for notice in new], len(told), now))
    return tuple(made)


def _correction_item(
    work: Work, newsletter_id: str, kinds: Iterable[NoticeKind], before: int, now: datetime
) -> Article:
    """What there is to say about it is the author's; `before` counts the earlier items of the study."""
    named = "-".join(dict.fromkeys(kinds)) + (f"-{before + 1}" if before else "")
    name = "".join(char if char.isalnum() else "-" for char in (work.doi or ""))
    title = work.title
    return Article(
        article_id=f"{named}-{name}"[:80].strip("-").lower(),
        newsletter_id=newsletter_id,
        source_key=CORRECTIONS,
        section=CORRECTIONS,
        guid=f"{named}:{work.doi}",
        authors=tuple(f"{person.given} {person.family}".strip() for person in work.authors),
        published=None,
        first_seen=now,
        rights="third-party",
        text=ArticleText(
            url=f"https://doi.org/{work.doi}",
            language=work.titles[0].language if work.titles else "",
            title=title,
        ),
        doi=work.doi,
        journal=work.journal,
        completed=True,
        work=work,
    )
