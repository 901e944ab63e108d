"""Stage 2, second half: which studies the author's posts cite, and the records of other people's studies.

`applied` is pure. What could not be asked stays unchecked and is asked again by the next run; a decision of the author
stands above everything that is found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digest.models.article import Article, Citation, CitationDecision, CitationStatus, Proposal
from digest.models.report import Problem, StageReport
from digest.models.resolution import AskAuthor, Confirmed, CouldNotCheck, Resolution
from digest.models.work import Work
from digest.ports import ArticleStore, WorkFinder, WorkStore
from digest.works.citations import citation_key
from digest.works.identity import study_named_by
from digest.works.provenance import known_only_from_feed

_MOST_LOOKED_UP = 60
"""Requests a run is good for; the newest posts come first."""

_MOST_RECORDS = 25
_FAILURES_IN_A_ROW = 2
"""After so many the source is down, and the run goes on without it."""

_ASKED_AGAIN = timedelta(days=30)
"""A study that was not found may be registered later."""

_MEND = "Nothing to do: it is asked again by the next run."


@dataclass(slots=True, kw_only=True)
class _Visit:
    """What one run has asked and learned so far."""

    finder: WorkFinder
    known: Callable[[], Sequence[Work]]
    """Records that are stored: a name and a year alone are compared with these, and nobody is asked."""
    decisions: Mapping[str, CitationDecision]
    now: datetime
    left: int = _MOST_LOOKED_UP
    failures: int = 0
    reason: str = ""
    works: dict[str, Work] = field(default_factory=dict)

    @property
    def may_ask(self) -> bool:
        """Whether another request makes sense."""
        return self.left > 0 and self.failures < _FAILURES_IN_A_ROW


def look_up(
    articles: Sequence[Article], store: ArticleStore, works: WorkStore, finder: WorkFinder, *, now: datetime
) -> tuple[tuple[Article, ...], StageReport]:
    """Look up what is not looked up yet, store it, and return all `articles` in their order. Raises StorageError."""
    newsletter_ids = dict.fromkeys(article.newsletter_id for article in articles)
    decided = {one.key: one for name in newsletter_ids for one in works.decisions(name)}

    def known() -> list[Work]:
        stored = (work for name in newsletter_ids for work in works.works(name))
        return [*stored, *(article.work for article in articles if article.work)]

    visit = _Visit(finder=finder, known=known, decisions=decided, now=now)
    changed: dict[str, Article] = {}
    made = list[str]()
    newest = sorted(articles, key=lambda article: article.published or article.first_seen, reverse=True)
    for article in newest:
        after = _with_citations(article, visit) if article.rights == "own" else _with_record(article, visit)
        if after != article:
            changed[article.article_id] = after
            store.save_article(after)
            made += _lines(article, after)
    for name in newsletter_ids:
        works.save_works(name, tuple(visit.works.values()))
    problems = (Problem(where="studies", what=visit.reason, mend=_MEND),) if visit.reason else ()
    report = StageReport(stage="complete", made=tuple(made), problems=problems)
    return tuple(changed.get(article.article_id, article) for article in articles), report


def readable(article: Article, *, non_commercial: bool) -> Article:
    """Return an article with the text that may be printed: a study's abstract, where its licence is open."""
    if article.rights == "own" or article.work is None:
        return article
    from digest.works.open_abstract import with_open_abstract

    return with_open_abstract(article, non_commercial=non_commercial)


def applied(citation: Citation, result: Resolution, now: datetime) -> Citation:
    """Return a citation with what came of looking it up; her words stay as they are."""
    looked_up = replace(citation, evidence=result.evidence, checked_at=now, proposals=())
    if isinstance(result, Confirmed):
        named = replace(looked_up, status="confirmed", doi=result.work.doi or citation.doi)
        return named if citation.text or citation.title else _told_by(named, result.work)
    if isinstance(result, AskAuthor):
        proposals = tuple(_proposal(work) for work in result.works if work.doi)
        return replace(looked_up, status="ask" if proposals else "not_found", proposals=proposals)
    return replace(looked_up, status="not_found")


def _told_by(citation: Citation, work: Work) -> Citation:
    """A link alone says nothing to a reader: the record says what it leads to."""
    names = [person.family for person in work.authors[:3]]
    authors = ", ".join(names) + (" et al." if len(work.authors) > len(names) else "")
    return replace(citation, authors=authors, title=work.title, year=next(iter(work.years), None))


def decided(citation: Citation, decision: CitationDecision) -> Citation:
    """Return a citation as the author decided it."""
    status: CitationStatus = "confirmed" if decision.doi else "not_found"
    return replace(
        citation,
        status=status,
        doi=decision.doi,
        by_author=True,
        proposals=(),
        checked_at=decision.decided_at,
    )


def _with_citations(article: Article, visit: _Visit) -> Article:
    looked_up = [_looked_up(citation, visit) for citation in article.citations]
    named = {one.doi for one in looked_up if one.text and one.status == "confirmed"}
    # A link to a study that the text names as well is the same citation.
    kept = [one for one in looked_up if one.text or one.doi not in named]
    return replace(article, citations=tuple(kept))


def _looked_up(citation: Citation, visit: _Visit) -> Citation:
    decision = visit.decisions.get(citation_key(citation))
    if decision:
        return decided(citation, decision)
    if not _is_due(citation, visit.now):
        return citation
    if not (citation.title or citation.doi or citation.study_id):
        return applied(citation, _among_known(citation, visit), visit.now)
    if not visit.may_ask:
        return citation
    visit.left -= 1
    result = visit.finder.find(citation)
    if isinstance(result, CouldNotCheck):
        visit.failures += 1
        visit.reason = result.reason
        return citation
    visit.failures = 0
    if isinstance(result, Confirmed) and result.work.doi:
        visit.works[result.work.doi] = result.work
    return applied(citation, result, visit.now)


def _among_known(citation: Citation, visit: _Visit) -> Resolution:
    # Most runs have no such citation to look up.
    from digest.works.candidates import Candidates
    from digest.works.merge import merged
    from digest.works.resolve import resolve

    return resolve(citation, Candidates(merged(visit.known())))


def _is_due(citation: Citation, now: datetime) -> bool:
    if citation.status == "unchecked":
        return True
    return citation.status == "not_found" and not citation.by_author and _is_old(citation.checked_at, now)


def _is_old(moment: datetime | None, now: datetime) -> bool:
    return moment is None or now - moment > _ASKED_AGAIN


def _with_record(article: Article, visit: _Visit) -> Article:
    """A study that a feed brought gets its record, once; the newest ones of a run."""
    name = article.doi or _named(article)
    if not name or not known_only_from_feed(article.work) or not visit.may_ask:
        return article
    own = article.citations[0] if article.citations else None
    if len(visit.works) >= _MOST_RECORDS or (own and not _is_due(own, visit.now)):
        return article
    visit.left -= 1
    found = visit.finder.look_up(name)
    if isinstance(found, CouldNotCheck):
        visit.failures += 1
        visit.reason = found.reason
        return article
    visit.failures = 0
    if not isinstance(found, Work):
        missing = tuple(replace(one, status="not_found", checked_at=visit.now) for one in article.citations)
        return replace(article, citations=missing)
    record = replace(found, first_seen=article.first_seen)
    if record.doi:
        visit.works[record.doi] = record
    known = replace(article, work=record, doi=article.doi or record.doi, journal=article.journal or record.journal)
    return known if article.authors or article.teaser else _from_record(known, record)


def _from_record(article: Article, work: Work) -> Article:
    """A study that is known by its number alone is called as its record calls it."""
    title = work.titles[0] if work.titles else None
    language = (title.language if title else "") or next(iter(work.languages), "")
    text = replace(article.text, title=title.text if title else article.text.title, language=language)
    authors = tuple(f"{person.given} {person.family}".strip() for person in work.authors)
    years = tuple(replace(one, year=next(iter(work.years), None)) for one in article.citations)
    return replace(article, text=text, authors=authors, citations=years)


def _named(article: Article) -> str:
    """A saved search of PubMed names its items by number; some have no DOI at all."""
    return study_named_by(article.guid) or study_named_by(article.text.url)


def _proposal(work: Work) -> Proposal:
    names = ", ".join(person.family for person in work.authors[:3])
    return Proposal(doi=work.doi or "", title=work.title, authors=names, year=next(iter(work.years), None))


def _lines(before: Article, after: Article) -> Iterator[str]:
    if after.work != before.work and after.work:
        yield f"{after.article_id}: its record was found ({', '.join(sorted({one.source for one in after.work.origins}))})"
    counts: dict[str, int] = {}
    known = set(before.citations)
    for new in after.citations:
        if new not in known:
            counts[new.status] = counts.get(new.status, 0) + 1
    if counts:
        told = ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in sorted(counts.items()))
        yield f"{after.article_id}: cited studies looked up: {told}"
