"""HTML as a tree, and the few questions that are asked of it again and again."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from digest.adapters.sources import fragments
from digest.adapters.sources.nesting import flattened

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_REFERENCES = 100


def document(markup: str) -> "HtmlElement | None":
    """Return the tree of a page of any depth, or None where there is no element in it."""
    return tree_of(markup)[0]


def tree_of(markup: str) -> "tuple[HtmlElement | None, bool]":
    """Return the tree of a page, and whether it was too deep to be taken as it stands."""
    root, whole = _parsed(markup)
    if whole:
        return root, False
    return _parsed(flattened(markup))[0], True


def _parsed(markup: str) -> "tuple[HtmlElement | None, bool]":
    """Return a tree, and whether it holds the whole page: libxml2 stops where elements nest deeper than 256."""
    from lxml import html
    from lxml.etree import LxmlError

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError):
        root = None
    return root, not any("depth" in fault.message for fault in parser.error_log)


def line(element: "HtmlElement | None") -> str:
    """Return the text of an element as one line."""
    if element is None:
        return ""
    if element.find(".//br") is None:
        return fragments.one_line(str(element.text_content()))
    return fragments.one_line(" ".join(_lines(element)))


def _lines(element: "HtmlElement") -> Iterator[str]:
    """Yield the text of an element, parted where a line ends."""
    words = list[str]()
    for part in element.iter():
        if part.tag == "br":
            yield "".join(words)
            words = []
        elif isinstance(part.tag, str) and part.text:
            words.append(part.text)
        if part is not element and part.tail:
            words.append(part.tail)
    yield "".join(words)


def base_of(root: "HtmlElement", url: str) -> str:
    """Return what the links of a page are relative to: its `base`, else its own address."""
    named = next((one.get("href") for one in root.iter("base") if one.get("href")), "")
    return fragments.absolute(named or "", url) or url


def described_object(root: "HtmlElement", kinds: Collection[str]) -> Mapping[str, Any]:
    """Return the first object of one of these types by which a page describes itself, or nothing.

    What it only refers to by its id (`author`, `image`) is filled in, as far as it stands in the page.
    """
    objects = list(json_ld_objects(root))
    found = next((item for item in objects if is_of_type(item, kinds)), {})
    by_id = {name: item for item in objects if isinstance(name := item.get("@id"), str)}
    return {**found, **{name: _resolved(found[name], by_id) for name in ("author", "image") if name in found}}


def _resolved(value: object, by_id: Mapping[str, Any]) -> object:
    if isinstance(value, list):
        return [_resolved(one, by_id) for one in value[:_MOST_REFERENCES]]
    name = value.get("@id") if isinstance(value, dict) else None
    return {**by_id.get(name, {}), **value} if isinstance(value, dict) and isinstance(name, str) else value


def class_names(element: "HtmlElement") -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset((element.get("class") or "").split())


def json_ld_objects(root: "HtmlElement") -> Iterator[dict[str, Any]]:
    """Yield the objects that a page describes itself by (schema.org), those inside `@graph` too."""
    for script in root.iter("script"):
        if (script.get("type") or "").lower().split(";")[0].strip() != "application/ld+json":
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _objects(value)


def is_of_type(item: Mapping[str, Any], kinds: Collection[str]) -> bool:
    """Whether an object of JSON-LD is of one of these types; it may name several."""
    said = item.get("@type")
    return any(isinstance(kind, str) and kind in kinds for kind in (said if isinstance(said, list) else [said]))


def _objects(value: object) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (inner for inner in (graph if isinstance(graph, list) else []) if isinstance(inner, dict))
