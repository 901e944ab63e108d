"""OPML 2.0 (opml.org): lists of feeds as other readers import and export them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from digest.errors import FileFormatError
from digest.works.identity import url_key

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_OUTLINES = 10_000
# As browsers hand feeds over to readers: `feed://host/` and `feed:https://host/`.
_FEED_SCHEME = re.compile(r"^feed:(?://|(https?://))", re.IGNORECASE)
# Left as it is, the parser drops it together with the name behind it.
_BARE_AMPERSAND = re.compile(rb"&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)(?!\0)")
_WEB_ADDRESS = re.compile(r"https?://[^\s\"<>\\\x00-\x20\x7f]{3,2000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list."""

    url: str
    title: str = ""
    folder: str = ""
    """The titles of the groups around it, outermost first, parted by ` / `."""
    language: str = ""
    kind: Literal["feed", "page"] = "feed"
    """`page`: the address is a site's; only lists that this program wrote say that."""
    refused: str = ""
    """Why the feed can not be taken over; then it has no address."""


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Return the feeds of a list, each address once, in their order, and those that can not be taken over.

    Raises FileFormatError for what is no OPML.
    """
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", body.lstrip()), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or str(root.tag).lower() != "opml":
        message = "This is not an OPML file. Export your subscriptions from the other reader as OPML."
        raise FileFormatError(message)
    found = dict[str, Outline]()
    refused = list[Outline]()
    for element in root.iter():
        outline = _outline(element)
        if outline and len(found) + len(refused) >= _MOST_OUTLINES:
            refused.append(
                Outline(url="", title=outline.title, refused=f"only {_MOST_OUTLINES} feeds of a list are read")
            )
            break
        if outline and outline.refused:
            refused.append(outline)
        elif outline:
            found.setdefault(url_key(outline.url), outline)
    return (*found.values(), *refused)


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
        if one.kind == "page":
            said |= {"kind": "page", "htmlUrl": said["xmlUrl"]}
        if one.language:
            said["language"] = _printable(one.language)
        etree.SubElement(folders.get(one.folder, body), "outline", said)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _outline(element: "_Element") -> Outline | None:
    said = {str(name).lower(): str(value) for name, value in element.attrib.items()}
    if "xmlurl" not in said:
        return None
    url, refused = _address(said["xmlurl"])
    groups = [above.get("title") or above.get("text") or "" for above in element.iterancestors("outline")]
    return Outline(
        url=url,
        title=" ".join((said.get("title") or said.get("text") or "").split())[:300],
        folder=" / ".join(group.strip() for group in reversed(groups) if group.strip())[:300],
        language=said.get("language", "").strip()[:35],
        kind="page" if said.get("kind") == "page" else "feed",
        refused=refused,
    )


def _address(said: str) -> tuple[str, str]:
    """Return a web address as it can be asked, or an empty text and why it can not."""
    url = _FEED_SCHEME.sub(lambda found: found[1] or "http://", said.strip()).replace(" ", "%20")
    if not _WEB_ADDRESS.fullmatch(url) or not url_key(url):
        return "", "its address is no web address"
    if "@" in urlsplit(url).netloc:
        return "", "its address holds a user name or a password, which settings do not keep"
    return url, ""


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
