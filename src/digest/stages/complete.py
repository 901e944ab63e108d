"""Stage 2: the author's posts get their page: full text, picture, cited studies and her own translation.

Somebody else's article is complete as its feed's record says it: its page is read only where the record is no more than
an address. `joined` is pure. What reads nearly like another article is proposed, not merged. A page that fails leaves
the article incomplete with the feed's text, and is tried again by the next run, for two weeks. The reader of citations is
loaded where there is an article to complete, for most runs have none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.models.article import Alternate, Article, ArticleText, Block, PageMark
from digest.models.feed import ParsedPage
from digest.models.report import Problem, StageReport
from digest.models.resolution import CouldNotCheck
from digest.ports import ArticleStore
from digest.ports_pages import PageReader
from digest.text.language import primary_subtag, same_language
from digest.works.identity import public_url, url_key
from digest.works.likeness import Likeness, likenesses
from digest.works.twin_citations import with_translations

LANGUAGES = ("en", "pt")
"""The languages that a newsletter is written in."""

_TRIED_FOR = timedelta(days=14)
_MOST_ARTICLES_A_RUN = 40
"""Own posts whose pages one run reads, the newest first: a first run must not take the whole archive."""

_LOOKED_AFTER, _MOST_LOOKED_AFTER, _AGAIN = timedelta(days=14), 10, timedelta(days=1)
"""Posts that may still come into an issue: asked once a day whether their page changed."""

_SHRUNK = 0.5
"""A page that has lost more of its text shows something else for now, e.g. a notice."""

_TEASER_CHARACTERS = 600
_TEASER_END = re.compile(
    r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.|(?:read|continue)\s+(?:more|reading)\W*|(?:leia|ler|continue)\s+(?:mais|lendo|a ler)\W*)\s*$",
    re.IGNORECASE,
)
_MEND = "Nothing to do: it is tried again by the next run."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One article after the stage, and what is to be said of it."""

    article: Article
    problems: tuple[str, ...] = ()


def complete(
    articles: Sequence[Article], store: ArticleStore, pages: PageReader, *, now: datetime
) -> tuple[tuple[Article, ...], StageReport]:
    """Complete what is not complete, store it, and return all `articles` in their order. Raises StorageError."""
    articles, looked = _looked_again(articles, store, pages, now)
    own = [article for article in articles if not article.completed and _needs_page(article)]
    own.sort(key=lambda article: (article.published or article.first_seen, article.article_id), reverse=True)
    later = {article.article_id for article in own[_MOST_ARTICLES_A_RUN:]}
    made, skipped, problems = list[str](), list(looked), list[Problem]()
    result = list[Article]()
    for article in articles:
        if article.completed or article.article_id in later:
            result.append(article)
            if article.article_id in later:
                skipped.append(f"{article.article_id}: left for the next run, newer posts come first")
            continue
        read = _read(article, pages, now)
        if read.article != article:
            store.save_article(read.article)
        result.append(read.article)
        (made if read.article.completed else skipped).append(_line(read.article))
        mend = "" if read.article.completed else _MEND
        problems += (Problem(where=article.article_id, what=what, mend=mend) for what in read.problems)
    fresh = {
        before.article_id for before, after in zip(articles, result, strict=True) if after.completed > before.completed
    }
    skipped += (_likeness_line(like) for like in likenesses(result, fresh, now))
    report = StageReport(stage="complete", made=tuple(made), skipped=tuple(skipped), problems=tuple(problems))
    return tuple(result), report


def to_look_again(articles: Sequence[Article], now: datetime) -> list[Article]:
    """Return her newest posts whose pages were not looked at for a day."""
    own = [
        article
        for article in articles
        if article.rights == "own"
        and article.completed
        and url_key(article.text.url)
        and now - (article.published or article.first_seen) <= _LOOKED_AFTER
    ]
    own.sort(key=lambda article: (article.published or article.first_seen, article.article_id), reverse=True)
    seen = ((article, article.page.seen_at if article.page else None) for article in own[:_MOST_LOOKED_AFTER])
    return [article for article, last in seen if last is None or now - last >= _AGAIN]


def _looked_again(
    articles: Sequence[Article], store: ArticleStore, pages: PageReader, now: datetime
) -> tuple[Sequence[Article], list[str]]:
    """Return the articles, those whose page changed as not complete, and a line on each page that is not the same."""
    after, lines = dict[str, Article](), list[str]()
    for article in to_look_again(articles, now):
        before = article.page or PageMark()
        mark = pages.look_again(article.text.url, before)
        if isinstance(mark, CouldNotCheck):
            lines.append(f"{article.article_id}: its page can not be looked at again: {mark.reason}")
            continue
        changed = bool(before.text_sha256) and mark.text_sha256 != before.text_sha256
        cut = changed and mark.characters < before.characters * _SHRUNK
        if cut:
            lines.append(f"{article.article_id}: its page has lost most of its text; what was read before is kept")
        elif changed:
            lines.append(f"{article.article_id}: its page was edited and is read again")
        mark = before if cut else mark
        again = replace(article, page=replace(mark, seen_at=now), completed=cut or not changed)
        store.save_article(again)
        after[article.article_id] = again
    return [after.get(article.article_id, article) for article in articles], lines


def _likeness_line(like: Likeness) -> str:
    return (
        f"{like.article.article_id} reads like {like.other.article_id} ({like.share:.0%} of the shorter text): perhaps one "
        "article; nothing was merged"
    )


def from_record(article: Article) -> Article:
    """Complete somebody else's article from what its feed says."""
    from digest.works.citations import citation_of_record

    own_citation = citation_of_record(
        title=article.text.title,
        authors=article.authors,
        journal=article.journal,
        doi=article.doi,
        guid=article.guid,
        record=article.teaser,
        published=article.published.year if article.published else None,
    )
    return replace(article, citations=(own_citation,), completed=True)


def joined(article: Article, page: ParsedPage, twin: ArticleText | None) -> Article:
    """Return the article with what its page says. The feed's title, authors and date win; the longer text wins."""
    from digest.works.citations import citations_of

    said, known = page.text, article.text
    full = said.blocks if _size(said.blocks) >= _size(known.blocks) or is_teaser(article.teaser) else known.blocks
    made_up_title = _is_address(article) or (
        bool(article.teaser) and article.teaser.startswith(known.title.removesuffix(" …"))
    )
    text = replace(
        said,
        url=known.url,
        language=said.language or known.language,
        title=said.title if said.title and made_up_title else known.title,
        categories=said.categories or known.categories,
        blocks=full or known.blocks,
        image=said.image or known.image,
    )
    cited = citations_of(text.blocks)
    translated = twin or article.twin
    if translated:
        lines = (block.text for block in translated.blocks if block.kind != "heading")
        cited = with_translations(cited, translated.language, lines)
    return replace(
        article,
        text=text,
        authors=article.authors or page.authors,
        published=article.published or page.published,
        alternates=page.alternates,
        doi=article.doi or page.doi,
        twin=translated,
        citations=cited,
    )


def is_teaser(text: str) -> bool:
    """Whether a feed's text is only the beginning of its article."""
    return len(text) < _TEASER_CHARACTERS or _TEASER_END.search(text[-80:]) is not None


def translation(article: Article, page: ParsedPage) -> Alternate | None:
    """Return where the author's own translation into the other language of the newsletter is, if the page says so."""
    written_in = page.text.language or article.text.language
    if primary_subtag(written_in) not in LANGUAGES:
        return None
    own_addresses = {url_key(article.text.url), url_key(page.text.url)}
    for alternate in page.alternates:
        other = primary_subtag(alternate.language) in LANGUAGES and not same_language(alternate.language, written_in)
        if other and url_key(alternate.url) not in own_addresses:
            return alternate
    return None


def _needs_page(article: Article) -> bool:
    """Whether an article's page is read: the author's own, and what a site's list named with nothing but an address."""
    return article.rights == "own" or (not article.teaser and not article.doi and bool(url_key(article.text.url)))


def _is_address(article: Article) -> bool:
    """Whether the title is only the last part of the address."""
    return article.text.title == public_url(article.text.url).rsplit("/", maxsplit=1)[-1]


def _read(article: Article, pages: PageReader, now: datetime) -> _Read:
    if article.rights == "own":
        return _from_page(article, pages, now)
    if not _needs_page(article):
        return _Read(article=from_record(article))
    page = pages.read_page(article.text.url)
    if page.text.blocks:
        return _Read(article=from_record(joined(article, page, None)), problems=page.problems)
    given_up = now - article.first_seen > _TRIED_FOR
    what = " ".join(page.problems) or "The page holds no text."
    return _Read(article=from_record(article) if given_up else article, problems=(what,))


def _from_page(article: Article, pages: PageReader, now: datetime) -> _Read:
    """Read the page and its translation; what fails is said, and what is there is used."""
    if not url_key(article.text.url):
        return _Read(article=_settled(article), problems=("The feed gives no address; its own text is used.",))
    given_up = now - article.first_seen > _TRIED_FOR
    page = pages.read_page(article.text.url)
    if not page.text.blocks:
        what = " ".join(page.problems) or "The page holds no text."
        return _Read(article=_settled(article) if given_up else article, problems=(what,))
    other = translation(article, page)
    twin_page = pages.read_page(other.url) if other else None
    twin = _twin(twin_page, other) if twin_page and other and twin_page.text.blocks else None
    full = joined(article, page, twin)
    full = replace(full, page=replace(page.mark, seen_at=now) if page.mark else None)
    if twin_page is None or twin is not None:
        return _Read(article=replace(full, completed=True), problems=page.problems)
    what = f"The translation at {public_url(twin_page.text.url)} has no text. " + " ".join(twin_page.problems)
    return _Read(article=replace(full, completed=given_up), problems=(*page.problems, what.strip()))


def _settled(article: Article) -> Article:
    """Complete an own post with what the feed said."""
    from digest.works.citations import citations_of

    return replace(article, citations=citations_of(article.text.blocks), completed=True)


def _twin(page: ParsedPage, alternate: Alternate) -> ArticleText:
    # The words decide over the tag; where they say nothing, the link's tag is the author's own.
    language = page.text.language or alternate.language
    same = same_language(language, alternate.language)
    return replace(page.text, language=alternate.language if same else language)


def _size(blocks: tuple[Block, ...]) -> int:
    return sum(len(block.text) for block in blocks)


def _line(article: Article) -> str:
    words = sum(len(block.text.split()) for block in article.text.blocks)
    if article.rights != "own" and not article.completed:
        return f"{article.article_id}: not complete yet: its page could not be read"
    if article.rights != "own":
        return f"{article.article_id}: the feed's record is enough for somebody else's article"
    parts = [f"{words} words", f"{len(article.citations)} cited studies"]
    parts += ["a picture"] if article.text.image else []
    parts.append(f"her own translation ({article.twin.language})" if article.twin else "no translation of her own")
    state = "" if article.completed else "not complete yet: "
    return f"{article.article_id}: {state}{', '.join(parts)}"
