"""What WordPress and Squarespace answer in JSON of their own, where a site keeps its feed closed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from digest.adapters.http_rules import host_key
from digest.adapters.sources import dates, fragments
from digest.adapters.sources.feed_fields import (
    LONGEST_FIELD,
    MOST_ENTRIES,
    categories,
    field,
    language_tag,
    people,
    says_anything,
)
from digest.models.article import Image
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED

Answer = Mapping[str, Any] | list[Any]


def platform_feed(answer: Answer, url: str) -> ParsedFeed | None:
    """Read a list of posts of WordPress's REST API or a collection of Squarespace; None for anything else."""
    if isinstance(answer, list):
        posts = [post for post in answer if isinstance(post, dict) and "link" in post]
        return _feed("wordpress", url, {}, posts, _wordpress_post) if posts else None
    if "collection" not in answer or "website" not in answer:
        return None
    posts, site = [post for post in _list(answer, "items") if isinstance(post, dict)], _inner(answer, "website")
    feed = _feed("squarespace", url, site, posts, _squarespace_post)
    return replace(feed, older_url=_squarespace_page(_inner(answer, "pagination"), url))


def _squarespace_page(pagination: Mapping[str, Any], url: str) -> str:
    """Return the address of the next page, as JSON; the one that is named is for browsers."""
    named = fragments.absolute(field(pagination, "nextPageUrl"), url) if pagination.get("nextPage") is True else ""
    if not named or host_key(named) != host_key(url):
        return ""
    return named if "format=" in named else f"{named}{'&' if '?' in named else '?'}format=json"


def _feed(
    kind: str,
    url: str,
    site: Mapping[str, Any],
    posts: list[dict[str, Any]],
    read: Callable[[Mapping[str, Any], str], ParsedEntry],
) -> ParsedFeed:
    entries = tuple(entry for post in posts[:MOST_ENTRIES] if says_anything(entry := read(post, url)))
    problems = () if entries else (EMPTY_FEED,)
    title, language = fragments.plain(field(site, "siteTitle")), language_tag(field(site, "language"))
    return ParsedFeed(kind=kind, title=title, language=language, link=url, entries=entries, problems=problems)


def _wordpress_post(post: Mapping[str, Any], base: str) -> ParsedEntry:
    url = fragments.absolute(field(post, "link"), base)
    whole, beginning = field(_inner(post, "content"), "rendered"), field(_inner(post, "excerpt"), "rendered")
    updated = _gmt(post, "modified_gmt")
    return _entry(
        guid=field(_inner(post, "guid"), "rendered"),
        url=url,
        title=field(_inner(post, "title"), "rendered"),
        authors=(field(one, "name") for one in _list(_inner(post, "_embedded"), "author") if isinstance(one, dict)),
        dates_said={"date_gmt": _gmt(post, "date_gmt"), "modified_gmt": updated},
        markup=whole or beginning,
        text_from="content" if whole else "excerpt",
    )


def _squarespace_post(post: Mapping[str, Any], base: str) -> ParsedEntry:
    whole, beginning = field(post, "body"), field(post, "excerpt")
    return _entry(
        guid=field(post, "id"),
        url=fragments.absolute(field(post, "fullUrl"), base),
        title=field(post, "title"),
        authors=[field(_inner(post, "author"), "displayName")],
        dates_said={name: str(post.get(name) or "") for name in ("publishOn", "updatedOn")},
        markup=whole or beginning,
        text_from="body" if whole else "excerpt",
        terms=[term for name in ("tags", "categories") for term in _list(post, name) if isinstance(term, str)],
        picture=fragments.absolute(field(post, "assetUrl"), base),
    )


def _entry(  # noqa: PLR0913  the fields of an entry
    *,
    guid: str,
    url: str,
    title: str,
    authors: Iterator[str] | list[str],
    dates_said: Mapping[str, str],
    markup: str,
    text_from: str,
    terms: list[str] | None = None,
    picture: str = "",
) -> ParsedEntry:
    (first, first_said), (last, last_said) = dates_said.items()
    published, updated = dates.from_text(first_said), dates.from_text(last_said)
    safe, names, labels = fragments.sanitised(markup, url), people(authors), categories(terms or ())
    origins = {
        "id": "id" if guid else "",
        "url": "link" if url else "",
        "title": "title" if title else "",
        "authors": "author" if names else "",
        "published": first if published else last if updated else "",
        "updated": last if updated else "",
        "text": text_from if safe else "",
        "image": "assetUrl" if picture else "",
        "categories": "tags" if labels else "",
    }
    return ParsedEntry(
        guid=guid.strip()[:LONGEST_FIELD],
        url=url,
        title=fragments.plain(title)[:LONGEST_FIELD],
        authors=names,
        published=published or updated,
        updated=updated,
        language=None,
        text=fragments.text_in(safe),
        html=safe,
        categories=labels,
        image=Image(url=picture, alt="", credit="") if picture else None,
        origins=tuple((name, origin) for name, origin in origins.items() if origin),
    )


def _gmt(post: Mapping[str, Any], name: str) -> str:
    said = field(post, name)
    return f"{said}Z" if said and not said.endswith("Z") else said


def _inner(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = mapping.get(name)
    return value if isinstance(value, dict) else {}


def _list(mapping: Mapping[str, Any], name: str) -> list[Any]:
    value = mapping.get(name)
    return value if isinstance(value, list) else []
