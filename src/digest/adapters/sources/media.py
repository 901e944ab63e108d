"""Files and pictures that a feed's entry names: enclosures, Media RSS, iTunes, the pictures in its text."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from digest.adapters.sources import fragments
from digest.adapters.sources.feed_fields import field
from digest.models.article import Image
from digest.models.feed import Enclosure

_MOST_ENCLOSURES = 50
_SMALLEST = 100
"""Pixels, where they are said: smaller pictures are buttons and counters."""

_IMG = re.compile(r"<img\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(src|alt|width|height)=\"([^\"]*)\"", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A picture and where it was named."""

    image: Image
    origin: str


def enclosures(entry: Mapping[str, Any], base: str) -> tuple[Enclosure, ...]:
    """Return the files of an entry, each address once."""
    named = [*_mappings(entry, "enclosures"), *_mappings(entry, "media_content")]
    found = dict[str, Enclosure]()
    for item in named:
        url = fragments.absolute(field(item, "href") or field(item, "url"), base)
        size = field(item, "length") or field(item, "filesize")
        if url:
            number = int(size[:15]) if size.isascii() and size.isdigit() else None
            found.setdefault(url, Enclosure(url=url, type=field(item, "type")[:100], size=number or None))
    return tuple(found.values())[:_MOST_ENCLOSURES]


def lead_image(entry: Mapping[str, Any], safe_markup: str, base: str) -> Found | None:
    """Return the entry's picture: Media RSS, a picture as enclosure, iTunes, the first of its text."""
    credit = fragments.plain(", ".join(_credits(entry)))[:300]
    for origin, url, alt in _named(entry):
        if absolute := fragments.absolute(url, base):
            return Found(Image(url=absolute, alt=fragments.plain(alt)[:500], credit=credit), origin)
    for found in _IMG.finditer(safe_markup):
        said = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(found.group())}
        if fragments.is_web_address(said.get("src", "")) and not _is_small(said):
            return Found(Image(url=said["src"], alt=fragments.one_line(said.get("alt", "")), credit=credit), "text")
    return None


def descriptions(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what Media RSS says in words; for some platforms that is the only text."""
    said = field(entry, "media_description")
    return (said,) if said else ()


def _named(entry: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    alt = field(entry, "media_title")
    for item in _mappings(entry, "media_content"):
        url, kind = field(item, "url"), field(item, "type") or field(item, "medium")
        if (kind.startswith("image") or (not kind and _PICTURE_FILE.search(url))) and not _is_small(item):
            yield "media:content", url, alt
    for item in _mappings(entry, "enclosures"):
        if field(item, "type").startswith("image/") or _PICTURE_FILE.search(field(item, "href")):
            yield "enclosure", field(item, "href"), ""
    for item in _mappings(entry, "media_thumbnail"):
        if not _is_small(item):
            yield "media:thumbnail", field(item, "url"), alt
    picture = entry.get("image")
    if isinstance(picture, Mapping):
        yield "itunes:image", field(picture, "href"), ""


def _credits(entry: Mapping[str, Any]) -> Iterator[str]:
    for item in _mappings(entry, "media_credit"):
        yield field(item, "content")


def _is_small(item: Mapping[str, Any]) -> bool:
    sizes = (field(item, "width"), field(item, "height"))
    return any(size.isascii() and size.isdigit() and int(size[:6]) < _SMALLEST for size in sizes)


def _mappings(entry: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    value = entry.get(name)
    yield from (item for item in (value if isinstance(value, list) else []) if isinstance(item, Mapping))
