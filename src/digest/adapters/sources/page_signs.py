"""What pages of blogs say by their classes where they say it in no better way: who wrote, when, and where the text is."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from digest.adapters.sources.html_tree import class_names, line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BODY_CLASSES = frozenset({
    "e-content", "entry-content", "post-content", "post-body", "article-body", "article-content", "article__body",
    "available-content", "gh-content", "blog-post-content", "single-post-content", "w-richtext", "storycontent",
})  # fmt: skip
_BODY_HOOKS = frozenset({"post-description", "post__content"})
_TITLE_CLASSES = frozenset({"entry-title", "post-title", "p-name", "article-title"})
_AUTHOR_CLASSES = frozenset({"p-author", "author-name", "post-author-name", "blog-author-name", "byline-name"})
_NOT_POSTS = re.compile(
    r"/(?:(?:tags?|categor(?:y|ies|ia)|authors?|autor|page|feed|rss|wp-json|search|login|cart|contact|contato|about|sobre|privacy|legal)(?:/|$)"
    # Names of one page each. /about-me-and-my-work is no post, /about-grief may be one.
    r"|(?:about-(?:me|us|my|our|the-author)(?:-[^/]*)?|sobre-(?:mim|nos|eu|a-autora|o-autor|o-blog)(?:-[^/]*)?"
    r"|who-(?:i-am|we-are)|quem-(?:sou|somos)(?:-[^/]*)?|contact-(?:me|us)|fale-comigo|(?:my-|our-)?services|(?:meus-)?servicos"
    r"|faq|imprint|impressum|legal-notice|newsletter|subscribe|assine|(?:privacy|cookie)-policy"
    r"|politica-de-(?:privacidade|cookies)|terms(?:-(?:of|and)-[^/]*)?|termos(?:-de-[^/]*)?)/?$)",
    re.IGNORECASE,
)
_LONGEST_NAME = 80
_SHORTEST_BODY = 200
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*(?:\s+(?:d[aeo]s?|e|von|van|de|[A-ZÀ-ÖØ-Þ][\w.'’-]*)){0,5}"
_NAMED = re.compile(
    r"(?:^|\b)(?i:(?:written|posted|published)?\s*by|(?:escrito|postado|publicado)?\s*por)\s*:?\s+"
    rf"({_NAME}(?:(?:,\s+(?:and\s+|e\s+|&\s+)?|\s+(?:and|&)\s+){_NAME}){{0,9}})"
)
_BETWEEN_NAMES = re.compile(r",\s+(?:and\s+|e\s+|&\s+)?|\s+(?:and|&)\s+")
_ROLE = re.compile(r"^(?:(?:written|posted)?\s*by|(?:escrito|postado)?\s*por)\b[\s:]*", re.IGNORECASE)


def is_no_post(key: str) -> bool:
    """Whether an address (`identity.url_key`) is of a page that most sites have: about the author, a list, a form, the law."""
    return _NOT_POSTS.search(f"/{key.partition('/')[2]}") is not None


def text_container(root: "HtmlElement") -> "HtmlElement | None":
    """Return the element that a platform marks as the text of the post, the longest where there are several."""
    marked = (element for element in root.iter("div", "section", "article", "main", "td") if _is_body(element))
    sized = [(len(line(element)), element) for element in marked]
    length, longest = max(sized, key=lambda pair: pair[0], default=(0, None))
    return longest if length >= _SHORTEST_BODY else None


def title_of(article: "HtmlElement") -> str:
    """Return the first h1, else what a platform marks as the title."""
    heading = next(article.iter("h1"), None)
    if heading is not None and line(heading):
        return line(heading)
    marked = (element for element in article.iter("h2", "h3", "a", "div") if _TITLE_CLASSES & class_names(element))
    return next((text for element in marked if 0 < len(text := line(element)) <= 300), "")  # noqa: PLR2004  a title


def authors_of(article: "HtmlElement", byline: str) -> tuple[str, ...]:
    """Return who is marked or named as the author."""
    names = tuple(dict.fromkeys(name for name in _marked_authors(article) if 0 < len(name) <= _LONGEST_NAME))
    if names:
        return names
    named = _NAMED.search(byline)
    return _names_in(named[1]) if named else ()


def _names_in(text: str) -> tuple[str, ...]:
    """Part `Ana Example, Bo Example and Lia Example`; `e` parts names only where both sides are whole ones (Costa e Silva)."""
    first, *others = (part.strip() for part in _BETWEEN_NAMES.split(text))
    # One word after a comma is rather a month than a name.
    parts = [first, *(other for other in others if " " in other)]
    halves = [part.rpartition(" e ") for part in parts]
    whole = [
        [one, other] if " " in one and " " in other else [part]
        for part, (one, _, other) in zip(parts, halves, strict=True)
    ]
    return tuple(dict.fromkeys(name for names in whole for name in names if name))


def dates_of(root: "HtmlElement", article: "HtmlElement") -> Iterator[str]:
    """Yield how a page writes when it was published: microdata, `time`, h-entry's classes."""
    for element in root.iter("meta", "time", "span"):
        if element.get("itemprop") == "datePublished":
            yield element.get("content") or element.get("datetime") or line(element)
    for element in article.iter("time"):
        yield element.get("datetime") or ""
        yield line(element)
    for element in article.iter("abbr", "span", "div"):
        if {"published", "dt-published", "entry-date", "post-date"} & class_names(element):
            yield element.get("title") or line(element)


def caption_of(picture: "HtmlElement") -> str:
    """Return the words under a picture: a `figcaption`, or what is marked as a caption close to it."""
    figure = next(picture.iterancestors("figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    if caption is not None:
        return line(caption)
    for depth, above in enumerate(picture.iterancestors("div", "p", "td", "table")):
        if depth > 3:  # noqa: PLR2004  further away stands another picture's
            break
        marked = (
            one for one in above.iter() if any("caption" in name or "credit" in name for name in class_names(one))
        )
        if text := next((line(one) for one in marked if 0 < len(line(one)) <= 300), ""):  # noqa: PLR2004  a caption
            return text
    return ""


def line_below(picture: "HtmlElement") -> str:
    """Return the paragraph that follows a picture at once, which is where many write whose it is."""
    box = picture
    while box.getparent() is not None and not line(box.getparent()):
        box = box.getparent()
    # The picture may share its paragraph with the line, or stand in one of its own.
    if box.tail and box.tail.strip():
        return ""
    below = box.getnext()
    while below is not None and below.tag == "br":
        below = below.getnext()
    return line(below) if below is not None and below.tag in {"p", "em", "i", "small", "span", "div"} else ""


def _is_body(element: "HtmlElement") -> bool:
    return (
        element.get("itemprop") == "articleBody"
        or element.get("data-hook") in _BODY_HOOKS
        or bool(_BODY_CLASSES & class_names(element))
    )


def _marked_authors(article: "HtmlElement") -> Iterator[str]:
    for element in article.iter("a", "span", "div", "p", "address", "meta"):
        classes = class_names(element)
        if element.get("itemprop") == "author" or element.get("rel") == "author" or _AUTHOR_CLASSES & classes:
            yield _ROLE.sub("", element.get("content") or line(element)).strip()
        elif "vcard" in classes and "author" in " ".join(classes):
            name = next((one for one in element.iter() if "fn" in class_names(one)), element)
            yield _ROLE.sub("", line(name)).strip()
