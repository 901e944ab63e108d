"""The lead picture of a page, with its description and credit."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from digest.adapters.sources import fragments, page_signs
from digest.models.article import Image

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_OF = r"(?:\s+(?:credits?|by|of|de|do|da|das|dos|por))?"
_PICTURE = r"(?:images?|imagem|imagens|photos?|photograph|fotos?|fotografia|picture|illustration|ilustra[cç][aã]o)"
_CREDIT_WORD = rf"(?:{_PICTURE}|(?:credits?|cr[eé]ditos?)(?:{_OF}\s+(?:the\s+)?{_PICTURE})?)"
_CREDIT_BEGIN = re.compile(rf"^\s*{_CREDIT_WORD}{_OF}\s*[:\-–—]\s*", re.IGNORECASE)
_CREDIT_INSIDE = re.compile(
    rf"(?:^|[.(|;·]\s*){_CREDIT_WORD}\s*(?:credits?)?\s*(?::|by\b|de\b|por\b)\s*", re.IGNORECASE
)
_LONGEST_CREDIT = 200
_SMALLEST_PICTURE = 100
"""Pixels, where the page says them: smaller ones are portraits and buttons."""


def lead_image(
    root: "HtmlElement", article: "HtmlElement", base: str, described: Mapping[str, Any], named: tuple[str, str]
) -> tuple[Image | None, str]:
    """Return the article's first picture of some size, else what the page names (schema.org, Open Graph), and which it was.

    `named` is Open Graph's address and description.
    """
    for picture in article.iter("img"):
        url = fragments.absolute(_source(picture), base)
        if url and not _is_small(picture) and not _in_surroundings(picture, article):
            alt = fragments.one_line(picture.get("alt") or "")
            return Image(url=url, alt=alt, credit=_credit_of(picture)), "the article's first picture"
    said, shown = _described(described.get("image")), named[0]
    url = fragments.absolute(said.get("url", "") or shown, base)
    if not url:
        return None, ""
    picture = next((one for one in root.iter("img") if fragments.absolute(_source(one), base) == url), None)
    credit = said.get("creditText", "") or (_credit_of(picture) if picture is not None else "")
    alt = named[1] or (fragments.one_line(picture.get("alt") or "") if picture is not None else "")
    return Image(url=url, alt=alt, credit=credit), "JSON-LD" if said.get("url") else "og:image"


def credit_line(text: str) -> str:
    """Return who made a picture if a line says that and nothing else, or an empty text."""
    found = _CREDIT_BEGIN.match(text) or _CREDIT_INSIDE.match(text)
    return text[found.end() :].strip(" .)") if found and len(text) <= _LONGEST_CREDIT else ""


def _credit_of(picture: "HtmlElement") -> str:
    """Return who made the picture: by its caption, the line below it, or its own title."""
    caption = page_signs.caption_of(picture)
    if caption:
        return _credit(caption)
    return credit_line(page_signs.line_below(picture)) or credit_line(picture.get("title") or "")


def _credit(caption: str) -> str:
    """Return who made the picture; a caption that does not say which part that is counts whole, so none is lost."""
    begin = _CREDIT_BEGIN.match(caption)
    if begin:
        return caption[begin.end() :].strip()
    inside = _CREDIT_INSIDE.search(caption)
    if inside:
        return caption[inside.end() :].strip(" .)") or caption
    return caption


def _described(said: object) -> dict[str, str]:
    """Return the texts of an `image` of schema.org, which is an address, an object, or a list of either."""
    first = said[0] if isinstance(said, list) and said else said
    if isinstance(first, str):
        return {"url": first}
    if not isinstance(first, dict):
        return {}
    texts = {name: value for name, value in first.items() if isinstance(value, str)}
    maker = first.get("creator") or first.get("author")
    name = maker.get("name") if isinstance(maker, dict) else maker
    credit = texts.get("creditText") or (name if isinstance(name, str) else "") or texts.get("copyrightNotice", "")
    return {
        "url": texts.get("contentUrl") or texts.get("url", ""),
        "creditText": fragments.plain(credit)[:_LONGEST_CREDIT],
    }


def _source(picture: "HtmlElement") -> str:
    for name in ("src", "data-src", "data-lazy-src", "data-original"):
        value = (picture.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return str(value)
    return str((picture.get("srcset") or picture.get("data-srcset") or "").strip().split(" ")[0])


def _is_small(picture: "HtmlElement") -> bool:
    sizes = (picture.get("width") or "", picture.get("height") or "")
    return any(size.isdigit() and int(size) < _SMALLEST_PICTURE for size in sizes)


def _in_surroundings(element: "HtmlElement", article: "HtmlElement") -> bool:
    for above in element.iterancestors():
        if above is article:
            return False
        if above.tag in {"nav", "aside", "form"} or re.search(
            r"comment|avatar|sidebar|related", above.get("class") or ""
        ):
            return True
    return False
