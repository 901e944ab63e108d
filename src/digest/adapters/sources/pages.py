"""The page of an article: bytes to blocks, without navigation, comments and forms; and the reader that asks for it."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from digest.adapters.http import PAGE_BYTES, HttpClient, HttpRequest
from digest.adapters.sources import fragments, page_signs
from digest.adapters.sources.decoding import decoded
from digest.adapters.sources.html_tree import tree_of
from digest.adapters.sources.isolated import ParserFailedError, run_isolated
from digest.adapters.sources.page_facts import Facts
from digest.adapters.sources.page_pictures import credit_line
from digest.adapters.sources.pictures import PICTURE_BYTES, read_picture
from digest.adapters.sources.robots import NotAllowed, Robots
from digest.models.article import ArticleText, Block, PageMark, Picture
from digest.models.feed import ParsedPage
from digest.models.resolution import CouldNotCheck
from digest.models.source import Failed, Fetched, Gone, Unchanged
from digest.text.headings import is_heading_line
from digest.text.language import UNKNOWN, identify, same_language

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_HEAD_BYTES = 4_096
_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 2_000
"""Characters that are enough to tell a language."""

_SURE = 0.5
"""Confidence from which the words of a page outweigh the tag that it declares."""

_CHOSEN = "trafilatura's choice"
_HEADING = re.compile(r"<h[1-6]\b")
_KEPT = frozenset(["html", "body", "main", "article"])
_SURROUNDINGS = frozenset(["nav", "aside", "footer", "template", "button", "dialog", "iframe"])
_BOXES = frozenset(["form", "noscript"])
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|comentarios|comment-list|comments-area|respond|disqus_thread|sharedaddy|share-buttons|social-share"
    r"|jp-relatedposts|related-posts|newsletter-signup|cookie-banner|breadcrumbs?)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Page builders call every part of a page a widget.
_BOX_NAMES = re.compile(r"(?:^|[\s_-])(?:sidebar|(?<!elementor-)widget)(?:$|[\s_-])", re.IGNORECASE)
_MOST_OF_A_PAGE = 0.5
"""A form or box with more of the text than this is the page itself: some frameworks put all of it into one."""


class WebPageReader:
    """`PageReader` over HTTP."""

    def __init__(self, client: HttpClient) -> None:
        self._robots = Robots(client)

    def read_page(self, url: str) -> ParsedPage:
        """Fetch and read one page, if the site allows it."""
        answer = self._robots.fetch(HttpRequest(url=url, max_bytes=PAGE_BYTES, accept=_ACCEPT))
        if isinstance(answer, Fetched):
            page = parse_page(answer.body, url=answer.url, content_type=answer.content_type)
            return replace(page, mark=_mark(answer, page))
        if isinstance(answer, NotAllowed):
            return _unread(url, f"The page is not asked for: {answer.reason}.")
        return _unread(url, f"The page can not be read: {getattr(answer, 'reason', 'there is nothing new')}.")

    def look_again(self, url: str, mark: PageMark) -> PageMark | CouldNotCheck:
        """Ask for a page by its validators; one whose words are the same has not changed, whatever is around them."""
        request = HttpRequest(
            url=url, max_bytes=PAGE_BYTES, accept=_ACCEPT, etag=mark.etag, last_modified=mark.last_modified
        )
        answer = self._robots.fetch(request)
        if isinstance(answer, Unchanged):
            return mark
        if not isinstance(answer, Fetched):
            return CouldNotCheck(reason=getattr(answer, "reason", "there is nothing new"))
        page = parse_page(answer.body, url=answer.url, content_type=answer.content_type)
        return _mark(answer, page) if page.text.blocks else CouldNotCheck(reason=" ".join(page.problems))

    def look_at(self, url: str) -> Picture | CouldNotCheck:
        """Fetch one picture, if the site allows it; nothing is made of it but its size."""
        answer = self._robots.fetch(HttpRequest(url=url, max_bytes=PICTURE_BYTES, accept="image/*"))
        if isinstance(answer, NotAllowed) and answer.for_good:
            return Picture(state="unknown")
        if isinstance(answer, Fetched):
            found = read_picture(answer.body)
            if found is None:
                return Picture(state="gone", size=len(answer.body))
            return Picture(state="fine", width=found[1], height=found[2], size=len(answer.body))
        if isinstance(answer, Gone) or (isinstance(answer, Failed) and answer.status == HTTPStatus.NOT_FOUND):
            return Picture(state="gone")
        if isinstance(answer, Failed) and answer.too_large:
            return Picture(state="too_large", size=PICTURE_BYTES)
        return CouldNotCheck(reason=getattr(answer, "reason", "there is nothing new"))


def parse_page(body: bytes, *, url: str, content_type: str) -> ParsedPage:
    """Read any bytes as a page; never raises and never hangs. What is wrong is in `problems`."""
    if not body.strip():
        return _unread(url, "The page is empty.")
    if body.startswith(_FILES) or (b"\0" in body[:_HEAD_BYTES] and not body.startswith(_WIDE)):
        return _unread(url, "The address leads to a file, not to a page.")
    try:
        return run_isolated(_parse, body, url, content_type)
    except ParserFailedError as error:
        return _unread(url, f"The page is broken: {error}.")


def _unread(url: str, problem: str) -> ParsedPage:
    return ParsedPage(text=ArticleText(url=url, language="", title=""), problems=(problem,))


def _mark(answer: Fetched, page: ParsedPage) -> PageMark:
    text = "\n".join(block.text for block in page.text.blocks)
    return PageMark(
        etag=answer.etag,
        last_modified=answer.last_modified,
        text_sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        characters=len(text),
    )


def _parse(body: bytes, url: str, content_type: str) -> ParsedPage:
    markup = decoded(body, content_type).replace("\0", "")
    root, deep = tree_of(markup)
    if root is None:
        return _unread(url, "The page has no elements.")
    facts = Facts.of(root, url)
    said = facts.as_page()
    # From here on the tree loses its surroundings.
    safe, chosen = _article_markup(root, facts)
    blocks = tuple(_wanted(fragments.blocks_of(safe), said.text))
    language, doubt = _language(said.text.language, blocks)
    problems = [doubt] if doubt else []
    if deep:
        problems.append("The page nests its elements very deep; some of its text may be missing.")
    if not blocks:
        problems.append("The page has no text that looks like an article.")
    origins = dict(said.origins) | {"text": chosen if blocks else "", "html": chosen}
    if language != said.text.language:
        origins["language"] = "its words"
    return replace(
        said,
        text=replace(said.text, language=language, blocks=blocks),
        html=safe,
        origins=tuple((name, origin) for name, origin in origins.items() if origin),
        problems=tuple(problems),
    )


def _article_markup(root: "HtmlElement", facts: Facts) -> tuple[str, str]:
    """Return the article's own body as safe markup, and what chose it: trafilatura, else what a page marks as its text."""
    from trafilatura import bare_extraction
    from trafilatura.htmlprocessing import convert_to_html

    _drop(root, facts, _is_surrounding)
    whole = len(root.text_content())
    _drop(root, facts, lambda element: _is_box(element) and len(element.text_content()) < _MOST_OF_A_PAGE * whole)
    marked = page_signs.text_container(facts.article)
    found = bare_extraction(
        root,
        fast=True,
        include_comments=False,
        include_links=True,
        include_formatting=True,
        with_metadata=False,
        # Its own form would make a text of the body too, which takes a third of the time.
        output_format="html",
    )
    body = getattr(found, "body", None)
    chosen = fragments.sanitised(_serialised(convert_to_html(body)), facts.base) if body is not None else ""
    if marked is None:
        own = "" if facts.article is root or fragments.length_of(chosen) else _serialised(facts.article)
        return (fragments.sanitised(own, facts.base), "article") if own else (chosen, _CHOSEN if chosen else "")
    container = fragments.sanitised(_serialised(marked), facts.base)
    return (chosen, _CHOSEN) if _keeps(chosen, container) else (container, "the element marked as the text")


def _keeps(chosen: str, container: str) -> bool:
    """Whether trafilatura's choice has the headings of what the platform marks as the text, and little besides."""
    length, whole = fragments.length_of(chosen), fragments.length_of(container)
    headings = [len(_HEADING.findall(markup)) for markup in (chosen, container)]
    return headings[0] >= headings[1] and 0.6 * whole <= length <= 1.1 * whole


def _serialised(element: "_Element") -> str:
    from lxml.etree import tostring

    return tostring(element, encoding="unicode", method="html", with_tail=False)


def _drop(root: "HtmlElement", facts: Facts, is_dropped: "Callable[[HtmlElement], bool]") -> None:
    for element in list(root.iter()):
        kept = not isinstance(element.tag, str) or element.tag in _KEPT or element is facts.article
        if not kept and is_dropped(element) and element.getparent() is not None:
            element.drop_tree()


def _is_surrounding(element: "HtmlElement") -> bool:
    return element.tag in _SURROUNDINGS or _is_named(element, _COMMENTS)


def _is_box(element: "HtmlElement") -> bool:
    return element.tag in _BOXES or _is_named(element, _BOX_NAMES)


def _is_named(element: "HtmlElement", pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(element.get("class") or "") or pattern.search(element.get("id") or ""))


def _wanted(blocks: tuple[Block, ...], said: ArticleText) -> Iterator[Block]:
    """Leave out what the page shows around its text: title, byline, categories, copyright, whose the picture is."""
    lines = {said.byline, said.copyright, " ".join(said.categories)}
    credit = said.image.credit if said.image else ""
    for block in blocks:
        is_title = block.kind == "heading" and block.text == said.title
        is_credit = bool(credit) and credit_line(block.text) == credit
        if not is_title and not is_credit and block.text not in lines:
            yield replace(block, kind="heading") if is_heading_line(block) else block


def _language(declared: str, blocks: tuple[Block, ...]) -> tuple[str, str]:
    """Return the language and, where page and words disagree, a sentence on it: templates often declare a wrong one."""
    found, confidence = identify(" ".join(block.text for block in blocks)[:_LOOKED_AT])
    if found == UNKNOWN or confidence < _SURE or same_language(found, declared):
        return declared, ""
    if not declared:
        return found, ""
    return found, f"The page says that its language is {declared}; its text reads as {found}."
