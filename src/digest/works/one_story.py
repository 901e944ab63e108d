"""One study, one story: its preprint, its published version, its language editions and the author's post about it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from digest.models.article import Article
from digest.models.issue import Issue, Reason, Story
from digest.models.message import N_
from digest.models.work import Work
from digest.works.merge import merge, names_of
from digest.works.notice_findings import CORRECTIONS
from digest.works.suggested import SUGGESTED

WRITTEN = N_("Your own post “%(post)s” is about it.")
VERSION = N_("It is another version of “%(title)s”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Studies each once, and those that another story tells already."""

    studies: tuple[Article, ...]
    """Each with all that its versions say of it."""
    elsewhere: tuple[tuple[str, Reason], ...]
    """(article id, why it is no story of its own)."""


class SameStudy:
    """Which names (DOI, PMID, PMCID, SciELO PID) mean one study, by all records that say so."""

    def __init__(self, articles: Iterable[Article], works: Iterable[Work]) -> None:
        self._home: dict[str, str] = {}
        for article in articles:
            self._join(names_of_article(article))
        for work in works:
            self._join(names_of(work))

    def of(self, names: Iterable[str]) -> str:
        """Return the key of a study, or an empty text for what has no name."""
        return min((self._root(name) for name in names), default="")

    def _join(self, names: Collection[str]) -> None:
        roots = sorted({self._root(name) for name in names})
        for root in roots[1:]:
            self._home[root] = roots[0]

    def _root(self, name: str) -> str:
        while (home := self._home.get(name, name)) != name:
            name = home
        return name


def names_of_article(article: Article) -> frozenset[str]:
    """Return all that names the study that an article is; none for the author's own post."""
    if article.rights == "own":
        return frozenset()
    named = names_of(article.work) if article.work else frozenset[str]()
    return named | ({f"doi:{article.doi}"} if article.doi else set())


def told_once(
    studies: Sequence[Article], articles: Sequence[Article], issues: Sequence[Issue], works: Iterable[Work]
) -> Told:
    """Fold the versions of each study; what `issues` carry or offer is told, and what the author wrote about is, too."""
    taken = offered_in(issues)
    same = SameStudy(articles, works)
    written = {same.of([f"doi:{doi}"]): article.text.title for article in articles for doi in _named_by(article)}
    carried = {
        key: article.text.title
        for article in articles
        if article.article_id in taken and (key := same.of(names_of_article(article)))
    }
    carried |= {
        same.of([f"doi:{story.doi}"]): story.title
        for issue in issues
        for story in issue.stories
        if story.doi and story.kind == "study"
    }
    versions: dict[str, list[Article]] = {}
    kept: list[Article] = []
    elsewhere: list[tuple[str, Reason]] = []
    for article in studies:
        key = same.of(names_of_article(article))
        if key and key in written:
            elsewhere.append((article.article_id, Reason(message=WRITTEN, values=(("post", written[key]),))))
        elif key and key in carried:
            elsewhere.append((article.article_id, Reason(message=VERSION, values=(("title", carried[key]),))))
        elif key:
            versions.setdefault(key, []).append(article)
        else:
            kept.append(article)
    for group in versions.values():
        best = min(group, key=_preference)
        kept.append(_with_all(best, group))
        reason = Reason(message=VERSION, values=(("title", best.text.title),))
        elsewhere += ((other.article_id, reason) for other in group if other is not best)
    order = {article.article_id: place for place, article in enumerate(studies)}
    return Told(studies=tuple(sorted(kept, key=lambda one: order[one.article_id])), elsewhere=tuple(elsewhere))


def without_twins(
    stories: Sequence[Story], articles: Iterable[Article], works: Iterable[Work], picks: Collection[str]
) -> tuple[Story, ...]:
    """Leave out the studies that a post of the same issue is about, unless she picked them or they have words."""
    known = tuple(articles)
    by_id = {article.article_id: article for article in known}
    same = SameStudy(known, works)
    posts = (story for story in stories if story.kind == "post")
    written = {same.of([f"doi:{one.doi}"]) for post in posts for one in post.citations if one.status == "confirmed"}
    return tuple(
        story
        for story in stories
        if story.kind != "study"
        or story.section == CORRECTIONS
        or any(section.sentences and not section.origin for section in story.sections)
        or any(reason.message in picks for reason in story.reasons)
        or not (article := by_id.get(story.article_id))
        or same.of(names_of_article(article)) not in written - {""}
    )


def offered_in(issues: Iterable[Issue]) -> set[str]:
    """Return the ids of the articles that issues carry or offer."""
    listed = list(issues)
    carried = {story.article_id for issue in listed for story in issue.stories}
    return carried | {candidate.article_id for issue in listed for candidate in issue.candidates}


def _named_by(article: Article) -> Iterator[str]:
    if article.rights == "own":
        yield from (one.doi for one in article.citations if one.doi and one.status == "confirmed")


def _preference(article: Article) -> tuple[bool, bool, str]:
    """The published version before its preprint, one with a record before one without."""
    work = article.work
    suggested = article.section == SUGGESTED
    return work is None or work.is_preprint, work is None, f"{suggested:d} {article.article_id}"


def _with_all(best: Article, group: Sequence[Article]) -> Article:
    records = [article.work for article in (best, *group) if article.work]
    distinct = list(dict.fromkeys(records))
    return replace(best, work=merge(distinct)) if len(distinct) > 1 else best
