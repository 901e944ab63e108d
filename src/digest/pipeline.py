"""The stages 1 to 7 in order, on one screen. Every function is safe to repeat at any moment.

The stages after the second are imported where they are called: most runs find nothing to do and never need them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from digest.errors import FileFormatError, NotApprovedError
from digest.models.article import Article
from digest.models.edition import Approval, RenderOutcome
from digest.models.glossary import Glossary
from digest.models.interests import Interests
from digest.models.issue import Issue
from digest.models.newsletter import Newsletter
from digest.models.report import StageReport, joined
from digest.models.segment import Segment
from digest.models.source import Source
from digest.ports import (
    ArticleStore,
    EditionWriter,
    Engines,
    FolderWatch,
    IssueFiles,
    ReceiptStore,
    RenderedFiles,
    SourceMemory,
    SourceReader,
    WorkFinder,
    WorkStore,
)
from digest.ports_pages import PageReader
from digest.stages import collect, complete, complete_pictures, complete_studies

if TYPE_CHECKING:
    from digest.stages import review


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What the stages 1 to 7 work with; `bootstrap` fills it."""

    newsletter: Newsletter
    sources: tuple[Source, ...]
    articles: ArticleStore
    memory: SourceMemory
    receipts: ReceiptStore
    watch: FolderWatch
    reader: SourceReader
    pages: PageReader
    issues: IssueFiles
    rendered: RenderedFiles
    writer: EditionWriter
    engines: Engines
    glossary: Glossary
    sentences_per_heading: int
    works: WorkStore
    finder: WorkFinder | None
    """None where the settings say that nobody is to be asked about studies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One issue with everything that is known of it."""

    issue: Issue
    articles: Mapping[str, Article]
    segments: Mapping[str, tuple[Segment, ...]]
    outcome: RenderOutcome
    review: "review.Review"
    approval: Approval | None


def gather(shop: Workshop, *, now: datetime, force: bool = False) -> tuple[tuple[Article, ...], list[StageReport]]:
    """Stages 1 and 2: new articles, completed; returns all that are known now."""
    collected = collect_articles(shop, now=now, force=force)
    articles, completed = complete_articles(shop, now=now)
    return articles, [collected, completed]


def collect_articles(shop: Workshop, *, now: datetime, force: bool = False) -> StageReport:
    """Stage 1: ask the sources that are due."""
    return collect.collect(shop.sources, shop.memory, shop.reader, now=now, force=force)


def complete_articles(shop: Workshop, *, now: datetime) -> tuple[tuple[Article, ...], StageReport]:
    """Stage 2: read the pages of articles that are not complete, and look up the studies that they name."""
    articles = shop.articles.articles(shop.newsletter.newsletter_id)
    articles, read = complete.complete(articles, shop.articles, shop.pages, now=now)
    articles, pictures = complete_pictures.look_at(articles, shop.articles, shop.pages, now=now)
    report = joined(read, pictures)
    if shop.finder is None:
        return articles, report
    articles, studies = complete_studies.look_up(articles, shop.articles, shop.works, shop.finder, now=now)
    return articles, joined(report, studies)


def compose(shop: Workshop, issue_id: str, *, now: datetime) -> tuple[Desk | None, list[StageReport]]:
    """Stages 3 to 6 for one issue; an approved issue is left as it is."""
    if is_approved(shop, issue_id):
        untouched = StageReport(stage="curate", skipped=(f"the issue {issue_id} is approved and left as it is",))
        return open_issue(shop, issue_id), [untouched]
    reports = curate_issue(shop, issue_id, now=now)
    if shop.issues.read_issue(shop.newsletter.newsletter_id, issue_id) is None:
        return None, reports
    reports += draft_issue(shop, issue_id)
    reports += localise_issue(shop, issue_id)
    reports += render_issue(shop, issue_id)
    return open_issue(shop, issue_id), reports


def curate_issue(shop: Workshop, issue_id: str, *, now: datetime) -> list[StageReport]:
    """Stage 3: choose, and write `issue.toml` if there is anything to say."""
    from digest.stages import curate

    newsletter_id = shop.newsletter.newsletter_id
    names = [name for name in shop.issues.issue_ids(newsletter_id) if name < issue_id]
    past = [issue for name in names if (issue := shop.issues.read_issue(newsletter_id, name))]
    articles, works = shop.articles.articles(newsletter_id), shop.works.works(newsletter_id)
    issue, report = curate.curate(
        articles,
        shop.sources,
        past,
        shop.issues.read_issue(newsletter_id, issue_id),
        newsletter_id=newsletter_id,
        due=date.fromisoformat(issue_id),
        now=now,
        interests=Interests(topics=shop.newsletter.topics, muted=shop.newsletter.muted, works=works),
    )
    if issue:
        shop.issues.write_issue(issue)
        shop.works.save_works(newsletter_id, curate.new_records(issue, articles, works))
    return [report]


def draft_issue(shop: Workshop, issue_id: str) -> list[StageReport]:
    """Stage 4: summaries where there are none yet."""
    from digest.stages import draft

    summariser, why = shop.engines.summariser()
    before, articles, wanted = existing_issue(shop, issue_id), articles_by_id(shop), shop.sentences_per_heading
    issue, report = draft.draft(before, articles, sentences_per_heading=wanted, summariser=summariser)
    shop.issues.write_issue(issue)
    shop.receipts.save_uses(issue.newsletter_id, issue_id, report.used)
    return [replace(report, skipped=(*report.skipped, f"summaries by {summariser.name}: {why}"))]


def localise_issue(shop: Workshop, issue_id: str) -> list[StageReport]:
    """Stage 5: one PO file per locale; the approved sentences of all other issues are the memory."""
    from digest.stages import localise

    issue, articles = existing_issue(shop, issue_id), articles_by_id(shop)
    translator, why = shop.engines.translator()
    reports = [
        report
        for locale in shop.newsletter.locales
        for report in localise.write_locale(shop.issues, issue, articles, translator, shop.glossary, locale)
    ]
    shop.receipts.save_uses(issue.newsletter_id, issue_id, [use for report in reports for use in report.used])
    return [*reports, StageReport(stage="localise", skipped=(f"translations by {translator.name}: {why}",))]


def render_issue(shop: Workshop, issue_id: str) -> list[StageReport]:
    """Stage 6: the files that readers would get."""
    outcome = rendering(shop, existing_issue(shop, issue_id))
    changed = shop.rendered.write_rendered(shop.newsletter.newsletter_id, issue_id, outcome.editions)
    lines = tuple(
        f"{edition.name}: {len(edition.html.encode()) / 1024:.1f} KB, fingerprint {edition.fingerprint[:12]}"
        for edition in outcome.editions
    )
    return [StageReport(stage="render", made=lines if changed else (), skipped=() if changed else lines)]


def existing_issue(shop: Workshop, issue_id: str) -> Issue:
    """Read an issue. Raises NotApprovedError where there is none."""
    issue = shop.issues.read_issue(shop.newsletter.newsletter_id, issue_id)
    if issue is None:
        message = f"There is no issue {issue_id}. Run `digest prepare` first, or see `digest status`."
        raise NotApprovedError(message)
    return issue


def is_approved(shop: Workshop, issue_id: str) -> bool:
    """Whether the issue exists and its approval covers what its words render to now."""
    if shop.rendered.read_approval(shop.newsletter.newsletter_id, issue_id) is None:
        return False
    return open_issue(shop, issue_id).review.state == "approved"


def next_issue_id(shop: Workshop, *, now: datetime) -> str:
    """The first slot whose issue is not approved yet."""
    schedule = shop.newsletter.schedule
    day = schedule.next_day(now)
    while is_approved(shop, day.isoformat()):
        day = schedule.next_day(schedule.slot(day) + schedule.window)
    return day.isoformat()


def articles_by_id(shop: Workshop) -> dict[str, Article]:
    """All known articles, studies with what of their abstract may be printed."""
    known, free = shop.articles.articles(shop.newsletter.newsletter_id), shop.newsletter.non_commercial
    return {article.article_id: complete_studies.readable(article, non_commercial=free) for article in known}


def article_sentences(article: Article) -> tuple[str, ...]:
    """The sentences that anchors count, from 1."""
    from digest.stages import draft

    return draft.numbered_sentences(article)


def rendering(shop: Workshop, issue: Issue) -> RenderOutcome:
    """Stage 6 from the files as they are now; writes nothing."""
    from digest.stages import render, review_studies

    segments = {
        locale: shop.issues.read_segments(issue.newsletter_id, issue.issue_id, locale)
        for locale in shop.newsletter.locales
    }
    outcome = render.render(issue, segments, shop.newsletter, shop.writer, locales=shop.newsletter.locales)
    repeated = render.seen_before(outcome.editions, issue, shop.issues, shop.rendered)
    works, declared = shop.works.works(issue.newsletter_id), shop.newsletter.non_commercial
    asks = shop.finder is not None
    against = review_studies.findings(issue, works, segments, non_commercial=declared, looked_up=asks)
    return RenderOutcome(editions=outcome.editions, findings=outcome.findings + repeated + against)


def open_issue(shop: Workshop, issue_id: str) -> Desk:
    """Everything known of an issue. Raises NotApprovedError where there is no such issue."""
    from digest.stages import review

    newsletter_id = shop.newsletter.newsletter_id
    issue, articles = existing_issue(shop, issue_id), articles_by_id(shop)
    locales = shop.newsletter.locales
    segments = {locale: shop.issues.read_segments(newsletter_id, issue_id, locale) for locale in locales}
    outcome = rendering(shop, issue)
    approval = shop.rendered.read_approval(newsletter_id, issue_id)
    files = shop.rendered.read_rendered(newsletter_id, issue_id)
    reviewed = review.reviewed(files, outcome, approval, issue, articles, segments, shop.glossary)
    return Desk(issue=issue, articles=articles, segments=segments, outcome=outcome, review=reviewed, approval=approval)


def approve(
    shop: Workshop,
    issue_id: str,
    *,
    approved_by: str,
    how: str,
    now: datetime,
    shown: str | None = None,
    locales: Sequence[str] = (),
    unchecked: bool = False,
) -> Approval:
    """Stage 7: bind an approval to the rendered files, of all locales or some, and clear the drafts it covers.

    Raises NotApprovedError. Retractions are asked for first (`unchecked`: she knows that some could not be), words rendered.
    """
    from digest.stages import localise, review, review_studies

    review.check_approver(approved_by, shop.newsletter.approvers)
    if shop.finder and not is_approved(shop, issue_id):
        review_studies.ask_first(existing_issue(shop, issue_id), shop.works, shop.finder, accepted=unchecked, now=now)
    desk = open_issue(shop, issue_id)
    newsletter_id = shop.newsletter.newsletter_id
    if desk.review.state in {"changed", "not_rendered"}:
        shop.rendered.write_rendered(newsletter_id, issue_id, desk.outcome.editions)
    elif desk.review.state == "approved" and desk.approval and now - desk.approval.approved_at < timedelta(hours=1):
        return desk.approval
    approval = review.approve(
        issue_id,
        shop.rendered.read_rendered(newsletter_id, issue_id),
        review.about(desk.review, locales) if locales else desk.review,
        approved_by=approved_by,
        approvers=shop.newsletter.approvers,
        how=how,
        now=now,
        shown=shown,
    )
    approval = review.narrowed(approval, locales, desk.approval)
    for locale in locales or desk.segments:
        needed = {one.key: one.source for one in localise.needed(desk.issue, locale)}
        done = review.approved_segments(desk.segments[locale], needed)
        shop.issues.write_segments(newsletter_id, issue_id, locale, done)
    # Last, so that a crash leaves an issue that asks again rather than one approved with open drafts.
    shop.rendered.write_approval(newsletter_id, approval)
    return approval


def standing(shop: Workshop) -> list[tuple[str, str]]:
    """(issue, state) of every issue, oldest first; an unreadable one says so in its line."""
    lines = []
    for name in shop.issues.issue_ids(shop.newsletter.newsletter_id):
        try:
            state: str = open_issue(shop, name).review.state
        except FileFormatError as error:
            state = f"broken: {error}"
        lines.append((name, state))
    return lines
