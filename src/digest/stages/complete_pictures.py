"""Stage 2, between: what is at the addresses of the pictures of her newest posts. Asked once, with a limit; never while rendering.

A picture that can not be asked for now is asked for again by the next run, for two weeks.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.models.article import Article, Picture
from digest.models.report import Problem, StageReport
from digest.ports import ArticleStore
from digest.ports_pages import PageReader

_NEWEST = 20
"""Posts whose pictures may still come into an issue."""

_TRIED_FOR = timedelta(days=14)
_FAILURES = 3
"""After so many the network is down, and the run goes on without."""

_MEND = "Nothing to do: it is asked for again by the next run."


def look_at(
    articles: Sequence[Article], store: ArticleStore, pages: PageReader, *, now: datetime
) -> tuple[tuple[Article, ...], StageReport]:
    """Look at what was not looked at yet, store it, and return all `articles` in their order. Raises StorageError."""
    changed: dict[str, Article] = {}
    made, problems = list[str](), list[Problem]()
    for article in _waiting(articles, now):
        image = article.text.image
        found = pages.look_at(image.url) if image and len(problems) < _FAILURES else None
        if image is None or found is None:
            continue
        if isinstance(found, Picture):
            seen = replace(article, text=replace(article.text, image=replace(image, seen=found)))
            changed[article.article_id] = seen
            store.save_article(seen)
            made.append(f"{article.article_id}: {_line(found)}")
        else:
            what = f"Its picture can not be looked at: {found.reason}."
            problems.append(Problem(where=article.article_id, what=what, mend=_MEND))
    report = StageReport(stage="complete", made=tuple(made), problems=tuple(problems))
    return tuple(changed.get(article.article_id, article) for article in articles), report


def _waiting(articles: Sequence[Article], now: datetime) -> list[Article]:
    own = [article for article in articles if article.rights == "own" and article.completed]
    own.sort(key=lambda article: (article.published or article.first_seen, article.article_id), reverse=True)
    return [
        article
        for article in own[:_NEWEST]
        if article.text.image and article.text.image.seen is None and now - article.first_seen <= _TRIED_FOR
    ]


def _line(picture: Picture) -> str:
    if picture.state == "gone":
        return "there is no picture at the address of its picture"
    if picture.state == "too_large":
        return "its picture is too large to be read"
    return f"its picture has {picture.width} x {picture.height} pixels, {picture.size / 1000:.0f} KB"
