"""OPML 2.0 (opml.org): lists of feeds as other readers import and export them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import FileFormatError
from digest.works.identity import url_key

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_OUTLINES = 10_000
_WEB_ADDRESS = re.compile(r"https?://[^\s\"<>\\\x00-\x20\x7f]{3,2000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list."""

    url: str
    title: str = ""
    folder: str = ""
    """The titles of the groups around it, outermost first, parted by ` / `."""
    language: str = ""


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Return the feeds of a list, each address once, in their order. Raises FileFormatError for what is no OPML."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or str(root.tag).lower() != "opml":
        message = "This is not an OPML file. Export your subscriptions from the other reader as OPML."
        raise FileFormatError(message)
    found = dict[str, Outline]()
    for element in root.iter():
        outline = _outline(element) if len(found) < _MOST_OUTLINES else None
        if outline:
            found.setdefault(url_key(outline.url), outline)
    return tuple(found.values())


def write_opml(outlines: Iterable[Outline], title: str) -> bytes:
    """Return a list that other readers can import."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _printable(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, _Element] = {}
    for one in outlines:
        if one.folder and one.folder not in folders:
            folders[one.folder] = etree.SubElement(body, "outline", text=_printable(one.folder))
        said = {"type": "rss", "text": _printable(one.title or one.url), "xmlUrl": _printable(one.url)}
        if one.language:
            said["language"] = _printable(one.language)
        etree.SubElement(folders.get(one.folder, body), "outline", said)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _outline(element: "_Element") -> Outline | None:
    said = {str(name).lower(): str(value) for name, value in element.attrib.items()}
    url = said.get("xmlurl", "").strip()
    if not _WEB_ADDRESS.fullmatch(url) or not url_key(url):
        return None
    groups = [above.get("title") or above.get("text") or "" for above in element.iterancestors("outline")]
    return Outline(
        url=url,
        title=" ".join((said.get("title") or said.get("text") or "").split())[:300],
        folder=" / ".join(group.strip() for group in reversed(groups) if group.strip())[:300],
        language=said.get("language", "").strip()[:35],
    )


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
