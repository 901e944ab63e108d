"""JSON Feed 1.0 and 1.1 (jsonfeed.org), forgiving: ids may be numbers, dates may be odd, one bad item stops nothing."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from digest.adapters.sources import dates, fragments
from digest.adapters.sources.feed_fields import LONGEST_FIELD, categories, field, language_tag, people, says_anything
from digest.adapters.sources.feed_platforms import platform_feed
from digest.models.article import Image
from digest.models.feed import Enclosure, ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.works.identity import normalise_doi

_VERSION = "jsonfeed.org/version/"
_LIST = re.compile(r"\[\s*\{")
_MARKUP = re.compile(r"</(?:a|b|i|em|strong|span|su[bp])>|<br\s*/?>|&(?:amp|quot|nbsp|#\d{2,5});", re.IGNORECASE)
_HEAD = 5_000
_MOST_ENTRIES = 1_000
_MOST_ENCLOSURES = 50


def looks_like_json(text: str, content_type: str) -> bool:
    """Whether an answer is meant as JSON."""
    begin = text[:_HEAD].lstrip()
    return begin[:1] == "{" or _LIST.match(begin) is not None or "feed+json" in content_type.lower()


def parse_json(text: str, url: str) -> ParsedFeed:
    """Read a feed; with nothing in `entries` the problems say why."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return ParsedFeed(problems=(f"The answer is not well-formed JSON{where}.",))
    if isinstance(feed, dict | list) and (posts := platform_feed(feed, url)):
        return posts
    if not isinstance(feed, dict) or not (_VERSION in field(feed, "version") or isinstance(feed.get("items"), list)):
        return ParsedFeed(problems=("The answer is JSON, but not a JSON Feed.",))
    items = [item for item in _list(feed, "items") if isinstance(item, dict)]
    link = fragments.absolute(field(feed, "home_page_url"), url)
    language = language_tag(field(feed, "language"))
    entries = [_entry(item, feed, base=link or url, language=language) for item in items[:_MOST_ENTRIES]]
    whole = tuple(entry for entry in entries if says_anything(entry))
    return ParsedFeed(
        kind="json" + field(feed, "version").rpartition("/")[2].replace(".", "")[:4],
        title=fragments.one_line(field(feed, "title")),
        language=language,
        link=link,
        entries=whole,
        problems=tuple(_problems(len(_list(feed, "items")), len(whole))),
    )


def _problems(listed: int, read: int) -> Iterator[str]:
    if not listed:
        yield EMPTY_FEED
    elif not read:
        yield f"None of its {listed} entries says anything."
    if listed > _MOST_ENTRIES:
        yield f"The feed is very long: only its first {_MOST_ENTRIES} entries were read."


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any], *, base: str, language: str | None) -> ParsedEntry:
    guid = _id(item.get("id"))
    url, url_from = _address(item, guid, base)
    # `external_url` is what a link post is about; the item's own page comes first.
    markup, text_from = _body(item)
    safe = fragments.sanitised(markup, url or base)
    authors, authors_from = _authors(item), "item"
    if not authors:
        authors, authors_from = _authors(feed), "feed"
    published = dates.from_text(_text(item.get("date_published")), language)
    updated = dates.from_text(_text(item.get("date_modified")), language)
    own_language = language_tag(field(item, "language"))
    image, enclosures = _image(item, url or base), _enclosures(item, url or base)
    doi = normalise_doi(guid)
    doi, doi_from = (doi, "id") if doi else (normalise_doi(url) if "doi" in url else None, url_from)
    terms = categories(tag for tag in _list(item, "tags") if isinstance(tag, str))
    origins = {
        "id": "id" if guid else "",
        "url": url_from,
        "title": "title" if field(item, "title") else "",
        "authors": authors_from if authors else "",
        "published": "date_published" if published else "date_modified" if updated else "",
        "updated": "date_modified" if updated else "",
        "language": "item" if own_language else "feed" if language else "",
        "text": text_from,
        "image": ("image" if field(item, "image") else "banner_image") if image else "",
        "doi": doi_from if doi else "",
        "categories": "tags" if terms else "",
        "enclosures": "attachments" if enclosures else "",
    }
    return ParsedEntry(
        guid=guid,
        url=url,
        title=_title(field(item, "title"))[:LONGEST_FIELD],
        authors=authors,
        published=published or updated,
        updated=updated,
        language=own_language or language,
        text=fragments.text_in(safe),
        html=safe,
        categories=terms,
        doi=doi,
        image=image,
        enclosures=enclosures,
        origins=tuple((name, origin) for name, origin in origins.items() if origin),
    )


def _title(said: str) -> str:
    """Return a title, which should be plain text; what some programs write is markup all the same."""
    return fragments.plain(said) if _MARKUP.search(said) else fragments.one_line(said)


def _id(value: object) -> str:
    """Return an id as a text: `1` and `1.0` are what people write, a truth value is a mistake."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()[:LONGEST_FIELD]


def _address(item: Mapping[str, Any], guid: str, base: str) -> tuple[str, str]:
    for name in ("url", "external_url"):
        if url := fragments.absolute(field(item, name), base):
            return url, name
    return (guid, "id") if fragments.is_web_address(guid) and " " not in guid else ("", "")


def _body(item: Mapping[str, Any]) -> tuple[str, str]:
    if said := field(item, "content_html").strip():
        return said, "content_html"
    for name in ("content_text", "summary"):
        if said := field(item, name).strip():
            return fragments.paragraphs_as_markup(said), name
    return "", ""


def _authors(mapping: Mapping[str, Any]) -> tuple[str, ...]:
    """Return `authors` (1.1), else `author` (1.0)."""
    listed = [*_list(mapping, "authors"), mapping.get("author")]
    return people(field(one, "name") if isinstance(one, dict) else _text(one) for one in listed)


def _image(item: Mapping[str, Any], base: str) -> Image | None:
    url = fragments.absolute(field(item, "image") or field(item, "banner_image"), base)
    return Image(url=url, alt="", credit="") if url else None


def _enclosures(item: Mapping[str, Any], base: str) -> tuple[Enclosure, ...]:
    found = []
    for file in _list(item, "attachments")[:_MOST_ENCLOSURES]:
        url = fragments.absolute(field(file, "url"), base) if isinstance(file, dict) else ""
        if url:
            size = file.get("size_in_bytes")
            number = int(size) if isinstance(size, int | float) and 0 < size < 1e15 else None  # noqa: PLR2004  a petabyte
            found.append(Enclosure(url=url, type=field(file, "mime_type")[:100], size=number))
    return tuple(found)


def _list(mapping: Mapping[str, Any], name: str) -> list[Any]:
    value = mapping.get(name)
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
