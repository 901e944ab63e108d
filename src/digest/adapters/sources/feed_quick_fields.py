"""The elements of plain RSS 2.0 and Atom 1.0, each put where feedparser would put it; see feed_quick.

A rule takes the dictionary of the feed or entry and the element, and raises UnsureError for what is not surely read as
feedparser reads it.
"""

import re
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element

Raw = dict[str, Any]

_LINK_ATTRIBUTES = frozenset(["rel", "href", "type", "title", "hreflang", "length"])
_MEDIA_TITLES = frozenset(f"{{{uri}}}title" for uri in (
    "http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss", "http://www.rssboard.org/media-rss",
))  # fmt: skip
_AUTHOR_PARTS = frozenset(["name", "uri", "email"])
_TYPES = {None: "text/plain", "text": "text/plain", "html": "text/html"}
_PAGES = frozenset(["html", "text/html", "xhtml", "application/xhtml+xml"])
_SLASHES = re.compile(r"([A-Za-z][A-Za-z0-9+,.-]*://)/+")
_QUERY_NAME = re.compile(r"&([A-Za-z0-9_]+);")
_ADDRESSED = re.compile(r"[A-Za-z0-9_.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,4}(?: \(([^()<>@]*)\))?")
# What Windows-1252 has where Latin-1 has control characters.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(128, 160)}


class UnsureError(Exception):
    """Something that feedparser has to read."""


def unless(sure: bool) -> None:  # noqa: FBT001  reads as a sentence: unless sure, give up
    """Raise UnsureError for what is not sure."""
    if not sure:
        raise UnsureError


def text(key: str, raw: Raw, element: Element) -> None:
    """A text that stands once."""
    unless(key not in raw and not element.attrib)
    raw[key] = _said(element)


def comments(raw: Raw, element: Element) -> None:
    """The address of the comments."""
    text("comments", raw, element)
    raw["comments"] = _address(raw["comments"])


def title(raw: Raw, element: Element) -> None:
    """A title of RSS, which may be markup or not."""
    text("title", raw, element)


def link(raw: Raw, element: Element) -> None:
    """The address of RSS."""
    unless(not element.attrib)
    url = _QUERY_NAME.sub(r"&\1", _address(_said(element)).replace("&amp;", "&"))
    raw["link"] = url
    raw.setdefault("links", []).append({"rel": "alternate", "href": url} if url else {"rel": "alternate"})


def guid(raw: Raw, element: Element) -> None:
    """The id of RSS, which is an address too unless it says that it is none."""
    unless("id" not in raw and element.attrib.keys() <= {"isPermaLink"})
    _identify(raw, _said(element), is_link=element.get("isPermaLink", "true") == "true")


def description(raw: Raw, element: Element) -> None:
    """The summary of RSS."""
    unless("summary_detail" not in raw and not element.attrib)
    raw["summary"] = _said(element)
    raw["summary_detail"] = {"type": "text/html", "value": raw["summary"]}


def encoded(raw: Raw, element: Element) -> None:
    """The whole text of RSS."""
    unless(not element.attrib)
    _content(raw, element, "text/html", None)


def category(raw: Raw, element: Element) -> None:
    """A category of RSS."""
    unless(element.attrib.keys() <= {"domain"})
    if said := _said(element):
        raw.setdefault("tags", []).append({"term": said})


def creator(raw: Raw, element: Element) -> None:
    """A person in one text, perhaps beside an address."""
    unless(not element.attrib)
    said = _said(element)
    addressed = _ADDRESSED.fullmatch(said)
    unless("@" not in said or addressed is not None)
    name = (addressed[1] or "").strip() if addressed else said
    raw.setdefault("authors", []).append({"name": name, "text": said})


def enclosure(raw: Raw, element: Element) -> None:
    """A file."""
    unless("url" in element.attrib and element.attrib.keys() <= {"url", "type", "length"} and not len(element))
    _said(element)
    file = {name: value for name, value in element.items() if name != "url"}
    file |= {"type": file["type"].lower()} if "type" in file else {}
    raw["links"].append({**file, "href": element.attrib["url"], "rel": "enclosure"})


def media_content(raw: Raw, element: Element) -> None:
    """A picture or film; its title is not the entry's, once that has one."""
    unless(all(part.tag in _MEDIA_TITLES and not len(part) for part in element))
    unless(not len(element) or bool(raw.get("title")))
    raw.setdefault("media_content", []).append(_plain_attributes(element))


def media_thumbnail(raw: Raw, element: Element) -> None:
    """A small picture."""
    unless("url" in element.attrib and not _said(element))
    raw.setdefault("media_thumbnail", []).append(_plain_attributes(element))


def atom_link(raw: Raw, element: Element) -> None:
    """A link of Atom; the last one to a page is the entry's address."""
    unless("href" in element.attrib and element.attrib.keys() <= _LINK_ATTRIBUTES and not len(element))
    found = {"rel": "alternate", **element.attrib, "href": _address(element.attrib["href"])}
    found["rel"] = found["rel"].lower()
    found["type"] = found.get("type", "application/atom+xml" if found["rel"] == "self" else "text/html").lower()
    raw.setdefault("links", []).append(found)
    if found["rel"] == "alternate" and found["type"] in _PAGES:
        raw["link"] = found["href"]


def atom_id(raw: Raw, element: Element) -> None:
    """An id of Atom, which stands for the address until there is one."""
    unless("id" not in raw and not element.attrib)
    _identify(raw, _said(element), is_link=True)


def atom_title(raw: Raw, element: Element) -> None:
    """A title of Atom, which says whether it is markup."""
    unless("title" not in raw)
    kind = _type(element)
    raw["title"] = _said(element)
    raw["title_detail"] = {"type": kind}


def atom_summary(language: str | None, raw: Raw, element: Element) -> None:
    """The summary of Atom."""
    unless("summary_detail" not in raw)
    kind = _type(element)
    raw["summary"] = _said(element)
    raw["summary_detail"] = {"type": kind, "language": language, "value": raw["summary"]}


def atom_content(language: str | None, raw: Raw, element: Element) -> None:
    """The whole text of Atom."""
    _content(raw, element, _type(element), language)


def atom_category(raw: Raw, element: Element) -> None:
    """A category of Atom."""
    unless("term" in element.attrib and element.attrib.keys() <= {"term", "scheme", "label"} and not _said(element))
    raw.setdefault("tags", []).append(element.attrib)


def atom_author(raw: Raw, element: Element) -> None:
    """A person in parts."""
    unless(not element.attrib)
    author = dict[str, str]()
    for part in element:
        name = part.tag.removeprefix("{http://www.w3.org/2005/Atom}")
        unless(part.tag == "{http://schemas.google.com/g/2005}image" or (name in _AUTHOR_PARTS and name not in author))
        unless(not len(part))
        # As it stands: feedparser mends no names.
        author[name] = (part.text or "").strip()
    # feedparser gives a person without a name that of the one before, and mixes up people in parts and in one text.
    unless(bool(author.get("name")) and not any("text" in one for one in raw.get("authors", [])))
    raw.setdefault("authors", []).append({"name": author["name"]})


def _identify(raw: Raw, said: str, *, is_link: bool) -> None:
    raw["id"] = _address(said) if is_link else said
    raw.setdefault("guidislink", is_link and "link" not in raw)
    if is_link:
        raw.setdefault("link", raw["id"])


def _content(raw: Raw, element: Element, kind: str, language: str | None) -> None:
    unless("content" not in raw)
    said = _said(element)
    raw["content"] = [{"type": kind, "language": language, "value": said}]
    raw.setdefault("summary", said)


def _type(element: Element) -> str:
    unless(element.attrib.keys() <= {"type"})
    kind = _TYPES.get(element.get("type"))
    unless(kind is not None)
    return kind or ""


def _plain_attributes(element: Element) -> dict[str, str]:
    """Return attributes of which none is of another namespace, or says the base or the language of what follows."""
    found = {name.lower(): value for name, value in element.items()}
    unless(len(found) == len(element.attrib) and not found.keys() & {"base", "lang"} and "{" not in "".join(found))
    return found | ({"type": found["type"].lower()} if "type" in found else {})


def _said(element: Element) -> str:
    """Return the text of an element without elements in it, with what feedparser mends mended."""
    unless(not len(element))
    said = (element.text or "").strip()
    if said.isascii():
        return said
    with suppress(UnicodeError):
        # UTF-8 that somebody took for Latin-1 and encoded again.
        said = said.encode("latin-1").decode("utf-8")
    return said.translate(_WINDOWS)


def _address(url: str) -> str:
    """Return an address with two slashes after its scheme."""
    return _SLASHES.sub(r"\1", url, count=1) if _SLASHES.match(url) else url
