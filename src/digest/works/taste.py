"""What an author likes, from her own posts, the studies she cited, declared topics, picks and skips."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from digest.models.article import Article
from digest.models.interests import Interests
from digest.models.issue import Issue
from digest.models.work import Work
from digest.works.evidence import design
from digest.works.picks import hand_in
from digest.works.ranking import Liked, Profile, ProfileKind, Rankable, profile_of
from digest.works.suggested import SUGGESTED

_STRONG = frozenset({"meta-analysis", "systematic review", "rct"})
_LONGEST = 6_000
"""Characters of a post or an abstract; what a text is about it says in the beginning."""


def taste(articles: Sequence[Article], past: Sequence[Issue], interests: Interests) -> Profile:
    """Return the author's profile."""
    works = {work.doi: work for work in interests.works if work.doi}
    known = {article.article_id: article for article in articles}
    liked = [*_posts(articles), *_cited(articles, works), *_suggested(articles), *_picks(past, known)]
    liked += [Liked(kind="topic", name=topic, text=topic) for topic in interests.topics]
    return profile_of(liked, journals=_journals(articles, works))


def rankable(article: Article) -> Rankable:
    """Return what is looked at in a study; its English abstract where the record has one."""
    work = article.work
    text = " ".join(block.text for block in article.text.blocks) or article.teaser
    if work is None:
        published = article.published.date() if article.published else None
        return Rankable(
            name=article.article_id,
            title=article.text.title,
            keywords=" ; ".join(article.text.categories),
            abstract=text[:_LONGEST],
            journal=article.journal,
            language=article.text.language,
            published=published,
        )
    ordered = sorted(work.abstracts, key=lambda abstract: abstract.language != "en")
    return Rankable(
        name=article.article_id,
        title=" ; ".join(title.text for title in work.titles),
        keywords=" ; ".join(work.keywords),
        abstract=" ".join(abstract.text for abstract in ordered)[:_LONGEST] or text[:_LONGEST],
        journal=work.journal or article.journal,
        language=article.text.language,
        published=article.published.date() if article.published else None,
        strong_design=design(work)[0] in _STRONG,
    )


def _posts(articles: Iterable[Article]) -> Iterator[Liked]:
    for article in articles:
        if article.rights != "own":
            continue
        when = article.published.date() if article.published else None
        for text in (article.text, article.twin):
            if text:
                body = " ".join(block.text for block in text.blocks)
                said = f"{text.title} {text.title} {' '.join(text.categories)} {body}"
                yield Liked(kind="post", name=text.title, text=said[:_LONGEST], when=when)


def _cited(articles: Iterable[Article], works: Mapping[str, Work]) -> Iterator[Liked]:
    for article in articles:
        if article.rights != "own":
            continue
        when = article.published.date() if article.published else None
        for citation in article.citations:
            work = works.get(citation.doi or "")
            abstract = work.abstracts[0].text if work and work.abstracts else ""
            if citation.title or abstract:
                text = f"{citation.title} {abstract}"[:_LONGEST]
                yield Liked(kind="cited", name=citation.title or (work.title if work else ""), text=text, when=when)


def _suggested(articles: Iterable[Article]) -> Iterator[Liked]:
    for article in articles:
        if article.section == SUGGESTED and article.work:
            when = article.first_seen.date()
            yield Liked(kind="suggestion", name=article.text.title, text=_text_of(article), when=when)


def _picks(past: Sequence[Issue], known: Mapping[str, Article]) -> Iterator[Liked]:
    """Only what shows her hand: a choice made for her says what the profile was, not what she likes."""
    for issue in past:
        hand = hand_in(issue)
        titles = {one.article_id: one.title for one in issue.candidates}
        titles |= {one.article_id: one.title for one in issue.stories}
        lists: dict[ProfileKind, tuple[str, ...]] = {"pick": hand.picked, "skip": hand.dropped, "passed": hand.passed}
        for kind, names in lists.items():
            for name in names:
                article = known.get(name)
                if article is None or article.rights != "own":
                    title = article.text.title if article else titles.get(name, "")
                    yield Liked(kind=kind, name=title, text=_text_of(article) if article else title, when=issue.due)


def _text_of(article: Article) -> str:
    study = rankable(article)
    return f"{study.title} {study.keywords} {study.abstract}"[:_LONGEST]


def _journals(articles: Iterable[Article], works: Mapping[str, Work]) -> Iterator[str]:
    for article in articles:
        if article.rights == "own":
            for citation in article.citations:
                work = works.get(citation.doi or "")
                yield work.journal if work else citation.journal
