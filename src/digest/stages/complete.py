"""Complete: the author's own posts get their full text, picture, cited studies and her own translation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digest.models.article import Alternate, Article, ArticleText
from digest.models.feed import ParsedPage
from digest.models.report import Problem, StageReport
from digest.ports import ArticleStore, PageReader
from digest.text.language import same_language
from digest.works.citations import citations_in


def complete(
    articles: Sequence[Article], store: ArticleStore, pages: PageReader, *, now: datetime
) -> tuple[tuple[Article, ...], StageReport]:
    """Read the pages of own articles that are not complete; one that fails is tried again by the next run."""
    del now
    made: list[str] = []
    problems: list[Problem] = []
    done: list[Article] = []
    for article in articles:
        if article.completed:
            continue
        page = pages.read_page(article.text.url)
        if not page.text.blocks:
            what = "; ".join(page.problems) or "the page holds no text"
            problems.append(Problem(where=article.article_id, what=what, mend="It is tried again by the next run."))
            continue
        twin_page = _twin_page(article, page, pages)
        if twin_page and not twin_page.text.blocks:
            what = f"the translation {twin_page.text.url} could not be read: {'; '.join(twin_page.problems)}"
            problems.append(Problem(where=article.article_id, what=what, mend="Translate what is missing yourself."))
        full = completed(article, page, twin_page.text if twin_page and twin_page.text.blocks else None)
        store.save_article(full)
        done.append(full)
        made.append(_line(full))
    return tuple(done), StageReport(stage="complete", made=tuple(made), problems=tuple(problems))


def completed(article: Article, page: ParsedPage, twin: ArticleText | None) -> Article:
    """Join what the feed said with what the page says; the feed's title, authors and date are kept."""
    said = page.text
    text = replace(
        said,
        url=article.text.url,
        title=article.text.title or said.title,
        language=said.language or article.text.language,
        categories=said.categories or article.text.categories,
    )
    lines = [block.text for block in said.blocks if block.kind != "heading"]
    return replace(
        article,
        text=text,
        authors=article.authors or page.authors,
        published=article.published or page.published,
        alternates=page.alternates,
        twin=twin,
        citations=citations_in(lines),
        completed=True,
    )


def _twin_page(article: Article, page: ParsedPage, pages: PageReader) -> ParsedPage | None:
    other = next((one for one in page.alternates if _is_translation(one, page.text, article)), None)
    return pages.read_page(other.url) if other else None


def _is_translation(alternate: Alternate, text: ArticleText, article: Article) -> bool:
    written_in = text.language or article.text.language
    readable = any(same_language(alternate.language, tag) for tag in ("en", "pt"))
    return readable and not same_language(alternate.language, written_in)


def _line(article: Article) -> str:
    words = sum(len(block.text.split()) for block in article.text.blocks)
    parts = [f"{words} words", f"{len(article.citations)} cited studies"]
    if article.text.image:
        parts.append("a picture")
    parts.append(f"translation in {article.twin.language}" if article.twin else "no translation")
    return f"{article.article_id}: {', '.join(parts)}"
