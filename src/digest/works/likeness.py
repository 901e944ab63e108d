"""Texts that are nearly the same under different addresses: proposed to the author, never merged in silence. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.models.article import Article
from digest.works.shingles import Index, shingles

_RECENT = timedelta(days=30)
_MOST_FRESH, _MOST_KNOWN = 200, 1_000
_ALIKE = 0.6
"""Share of the shorter text's word sequences; see `digest.works.shingles`."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """An article that reads like another one."""

    article: Article
    other: Article
    share: float


def likenesses(articles: Sequence[Article], fresh: Collection[str], now: datetime) -> tuple[Likeness, ...]:
    """Return which of the `fresh` articles (ids) read like another one of the last thirty days.

    The newest are looked at, so that a first run that takes a whole archive does not take long.
    """
    if not fresh:
        return ()
    recent = [article for article in articles if article.first_seen > now - _RECENT]
    recent.sort(key=lambda article: (article.published or article.first_seen, article.article_id), reverse=True)
    asked = [article for article in recent if article.article_id in fresh][:_MOST_FRESH]
    chosen = {article.article_id for article in asked}
    known = [article for article in recent if article.article_id not in chosen][:_MOST_KNOWN]
    index, by_id = Index(), {article.article_id: article for article in (*known, *asked)}
    for article in known:
        index.add(article.article_id, _shingles(article))
    found = []
    for article in asked:
        hashes = _shingles(article)
        other, share = index.nearest(article.article_id, hashes)
        index.add(article.article_id, hashes)
        if share >= _ALIKE:
            found.append(Likeness(article, by_id[other], share))
    return tuple(found)


def _shingles(article: Article) -> frozenset[int]:
    words = " ".join(block.text for block in article.text.blocks) or article.teaser
    return shingles(words)
