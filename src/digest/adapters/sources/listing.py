"""A page that lists posts: what it says by h-feed classes, by JSON-LD, or only by its links."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from digest.adapters.sources import dates, fragments
from digest.adapters.sources.feed_fields import people
from digest.adapters.sources.html_tree import base_of, class_names, document, is_of_type, json_ld_objects, line
from digest.adapters.sources.page_signs import is_no_post
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.works.identity import url_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_ENTRIES = 200
_ENTRY_CLASSES = frozenset({"h-entry", "hentry"})
_NAME, _URL = ("p-name", "entry-title"), ("u-url", "bookmark")
_DATE, _AUTHOR = ("dt-published", "published", "entry-date"), ("p-author", "author")
_SUMMARY = ("e-content", "entry-content", "p-summary", "entry-summary")
_POST_TYPES = frozenset({"BlogPosting", "Article", "NewsArticle", "ScholarlyArticle"})
_SURROUNDINGS = frozenset({"nav", "footer", "aside", "form"})
_FEWEST_LETTERS = 12
"""Of a link's text that can be a title."""


def parse_listing(text: str, url: str) -> ParsedFeed:
    """Read a page's posts: the first means that gives any."""
    root = document(text)
    if root is None:
        return ParsedFeed(problems=("The page has no elements.",))
    base, title = base_of(root, url), fragments.one_line(root.findtext(".//title") or "")
    language = (root.get("lang") or "").strip() or None
    for kind, found in (
        ("h-feed", _hfeed(root, base)),
        ("json-ld", _json_ld(root, base)),
        ("links", _links(root, url, base)),
    ):
        entries = _each_once(found, url)
        if entries:
            entries = tuple(replace(entry, language=language) for entry in entries)
            return ParsedFeed(kind=kind, title=title, language=language, link=url, entries=entries)
    return ParsedFeed(kind="links", title=title, language=language, link=url, problems=(EMPTY_FEED,))


def _each_once(entries: Iterator[ParsedEntry], page: str) -> tuple[ParsedEntry, ...]:
    by_key = dict[str, ParsedEntry]()
    for entry in entries:
        key = url_key(entry.url)
        if key and key != url_key(page):
            by_key.setdefault(key, entry)
        if len(by_key) >= _MOST_ENTRIES:
            break
    return tuple(by_key.values())


def _hfeed(root: "HtmlElement", url: str) -> Iterator[ParsedEntry]:
    """Yield h-entry (microformats.org) and its elder hentry, each with the first of its properties."""
    for element in root.iter("article", "div", "li", "section"):
        if not _ENTRY_CLASSES & class_names(element):
            continue
        name, link = _first(element, _NAME), _first(element, _URL)
        anchor = link if link is not None and link.tag == "a" else _anchor(name)
        address = fragments.absolute(anchor.get("href") or "", url) if anchor is not None else ""
        if address and name is not None:
            yield _entry(
                address,
                title=line(name),
                date=_moment_text(_first(element, _DATE), element),
                author=line(_first(element, _AUTHOR)),
                text=line(_first(element, _SUMMARY)),
                origin="h-entry",
            )


def _json_ld(root: "HtmlElement", url: str) -> Iterator[ParsedEntry]:
    for item in json_ld_objects(root):
        yield from _posts(item, url)


def _posts(item: dict[str, Any], url: str) -> Iterator[ParsedEntry]:
    main = item.get("mainEntity")
    for holder in (item, main if isinstance(main, dict) else {}):
        for name in ("blogPost", "blogPosts", "itemListElement", "hasPart"):
            inner = holder.get(name)
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, dict):
                    yield from _post(_listed(one), url)
    if is_of_type(item, _POST_TYPES):
        yield from _post(item, url)


def _listed(one: dict[str, Any]) -> dict[str, Any]:
    """Return what an element of a list is about: itself, or what it names as its item, by object or by address."""
    post = one.get("item")
    return post if isinstance(post, dict) else {"url": post, **one} if isinstance(post, str) else one


def _post(item: dict[str, Any], url: str) -> Iterator[ParsedEntry]:
    place = item.get("url") or item.get("mainEntityOfPage") or item.get("@id")
    place = place.get("@id") if isinstance(place, dict) else place
    address = fragments.absolute(place, url) if isinstance(place, str) else ""
    title = item.get("headline") or item.get("name")
    author = item.get("author")
    names = [
        one.get("name") if isinstance(one, dict) else one for one in (author if isinstance(author, list) else [author])
    ]
    if address and isinstance(title, str):
        yield _entry(
            address,
            title=fragments.plain(title),
            date=str(item.get("datePublished") or ""),
            author="; ".join(name for name in names if isinstance(name, str)),
            text=fragments.plain(str(item.get("description") or "")),
            origin="JSON-LD",
        )


def _links(root: "HtmlElement", url: str, base: str) -> Iterator[ParsedEntry]:
    """Yield links of the same site, below the page's own address, whose text can be a title."""
    site, _, path = url_key(url).partition("/")
    for anchor in root.iter("a"):
        address = fragments.absolute(anchor.get("href") or "", base)
        key = url_key(address)
        inside = key.startswith(f"{site}/{path}/" if path else f"{site}/")
        if not inside or "?" in key or is_no_post(key) or _is_surrounding(anchor):
            continue
        text = line(anchor)
        if len(text) >= _FEWEST_LETTERS and " " in text:
            box = next((above for above in anchor.iterancestors("article", "li", "section")), None)
            date = _moment_text(None, box) if box is not None and len(line(box)) < 1_000 else ""  # noqa: PLR2004  one post
            yield _entry(address, title=text[:300], date=date, author="", text="", origin="link")


def _entry(url: str, *, title: str, date: str, author: str, text: str, origin: str) -> ParsedEntry:
    published = dates.from_text(date)
    names = ["url", "title", *(["published"] if published else []), *(["text"] if text else [])]
    return ParsedEntry(
        guid="",
        url=url,
        title=title,
        authors=people([author]),
        published=published,
        updated=None,
        language=None,
        text=text,
        html="",
        origins=tuple((name, origin) for name in names),
    )


def _first(element: "HtmlElement", names: tuple[str, ...]) -> "HtmlElement | None":
    for name in names:
        for part in element.iter():
            if name in class_names(part) or (part.get("rel") or "") == name:
                return part
    return None


def _anchor(name: "HtmlElement | None") -> "HtmlElement | None":
    if name is None:
        return None
    around = [*name.iter("a"), *name.iterancestors("a")]
    return around[0] if around else None


def _moment_text(part: "HtmlElement | None", box: "HtmlElement") -> str:
    time = part if part is not None else next(box.iter("time"), None)
    if time is None:
        return ""
    inner = time if time.get("datetime") or time.get("title") else next(time.iter("time", "abbr"), time)
    return inner.get("datetime") or inner.get("title") or line(inner)


def _is_surrounding(anchor: "HtmlElement") -> bool:
    return any(above.tag in _SURROUNDINGS for above in anchor.iterancestors())
