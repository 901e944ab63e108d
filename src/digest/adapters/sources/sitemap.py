"""Sitemaps (sitemaps.org): addresses with the day they changed, the last means against a blog without a feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from itertools import pairwise

from digest.adapters.sources import dates, fragments
from digest.adapters.sources.page_signs import is_no_post
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.works.identity import url_key

_HEAD = 3_000
_ROOT = re.compile(r"<(?:\w+:)?(urlset|sitemapindex)\b", re.IGNORECASE)
_ITEM = re.compile(r"<(?:\w+:)?(?:url|sitemap)\s*>")
_LOC = re.compile(r"<(?:\w+:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<>\s]{1,2000})\s*(?:\]\]>)?\s*<")
_LASTMOD = re.compile(r"<(?:\w+:)?lastmod\s*>\s*([^<]{1,40})<")
_TITLE = re.compile(r"<news:title\s*>\s*(?:<!\[CDATA\[)?([^<]{1,500})")
_POSTS = re.compile(r"post|blog|news|article|artigo|noticia", re.IGNORECASE)
_MOST_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One address of a sitemap."""

    url: str
    changed: datetime | None
    title: str


def is_sitemap(text: str) -> bool:
    """Whether a text is a sitemap or a list of sitemaps."""
    return _ROOT.search(text, 0, _HEAD) is not None


def parts_of_index(text: str, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a list names, those of posts first; nothing if the text is no list."""
    root = _ROOT.search(text, 0, _HEAD)
    if root is None or root[1].lower() != "sitemapindex":
        return ()
    named = [one.url for one in _listed(text, url)]
    posts = [one for one in named if _POSTS.search(one.rsplit("/", maxsplit=1)[-1])]
    return tuple(posts or named)


def parse_sitemap(text: str, url: str, prefix: str) -> ParsedFeed:
    """Read the pages under a prefix as entries, the newest first. Their titles and texts come from their pages."""
    wanted = url_key(prefix)
    listed = [one for one in _listed(text, url) if _is_post(one.url, wanted)]
    listed.sort(key=lambda one: one.changed.timestamp() if one.changed else 0.0, reverse=True)
    entries = tuple(_entry(one) for one in listed[:_MOST_ENTRIES])
    return ParsedFeed(kind="sitemap", link=prefix, entries=entries, problems=() if entries else (EMPTY_FEED,))


def _listed(text: str, url: str) -> Iterator[Listed]:
    begins = [found.end() for found in _ITEM.finditer(text)]
    for begin, end in pairwise([*begins, len(text)]):
        part = text[begin : min(end, begin + 5_000)]
        loc, lastmod, title = _LOC.search(part), _LASTMOD.search(part), _TITLE.search(part)
        if loc and (address := fragments.absolute(unescape(loc[1]), url)):
            changed = dates.from_text(lastmod[1]) if lastmod else None
            yield Listed(address, changed, fragments.plain(title[1]) if title else "")


def _is_post(url: str, prefix: str) -> bool:
    key = url_key(url)
    inside = key.startswith(f"{prefix}/") if "/" in prefix else key.split("/")[0] == prefix and "/" in key
    return inside and not is_no_post(key)


def _entry(one: Listed) -> ParsedEntry:
    # `lastmod` is the day of the last change; the page knows when it was published.
    return ParsedEntry(
        guid="",
        url=one.url,
        title=one.title,
        authors=(),
        published=None,
        updated=one.changed,
        language=None,
        text="",
        html="",
        origins=(("url", "loc"), *((("updated", "lastmod"),) if one.changed else ())),
    )
