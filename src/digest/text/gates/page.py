"""The HTML of a mail as a mail program reads it; what stands in comments for Outlook alone is not looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from digest.text.gates.styles import KEPT, Sheet, read_declarations, read_sheet

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_DEEPEST = 400


@dataclass(frozen=True)
class MailPage:
    """One HTML part, read once."""

    html: str
    root: "_Element"

    @cached_property
    def elements(self) -> tuple["_Element", ...]:
        """All elements in the order of the document."""
        return tuple(one for one in self.root.iter() if is_element(one))

    def all(self, *tags: str) -> list["_Element"]:
        """The elements with one of these names."""
        return [one for one in self.elements if one.tag in tags]

    @cached_property
    def style_texts(self) -> tuple[str, ...]:
        """What stands in each `<style>`."""
        return tuple("".join(map(str, one.itertext())) for one in self.all("style"))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Each `<style>`, read."""
        return tuple(read_sheet(text) for text in self.style_texts)

    @cached_property
    def visible(self) -> tuple["_Element", ...]:
        """The elements of the body that can be seen."""
        return tuple(_visible(self.root, 0))

    @cached_property
    def words(self) -> str:
        """What can be read, element by element."""
        return " ".join(text for one in self.visible for text in own_texts(one))


def read_page(html: str) -> MailPage:
    """Read the HTML of a mail; whatever it is, it gives a page."""
    from lxml import etree
    from lxml import html as parser

    reader = parser.HTMLParser(encoding="utf-8", huge_tree=True)
    data = html.encode("utf-8", "replace").replace(b"\x00", b"")
    try:
        root = parser.document_fromstring(data, parser=reader, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing in it but white space or comments
        root = parser.document_fromstring("<html><body></body></html>")
    return MailPage(html=html, root=root)


def is_element(node: "_Element") -> bool:
    """Whether a node is an element and no comment or processing instruction."""
    tag: object = node.tag
    return isinstance(tag, str)


def own_texts(element: "_Element") -> Iterator[str]:
    """The texts directly in an element, not those of the elements in it."""
    if element.text and element.text.strip():
        yield element.text
    for child in element:
        if child.tail and child.tail.strip():
            yield child.tail


def style_of(element: "_Element") -> Mapping[str, str]:
    """Return the declarations of the `style` attribute, the last of a property."""
    return _named(element.get("style") or "")


@lru_cache(maxsize=KEPT)
def _named(style: str) -> Mapping[str, str]:
    return {one.name: one.value for one in read_declarations(style)}


def text_of(element: "_Element") -> str:
    """Return all the words in an element on one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def _visible(element: "_Element", depth: int) -> Iterator["_Element"]:
    if not is_element(element) or element.tag in _UNSEEN or depth > _DEEPEST:
        return
    if "style" in element.attrib and style_of(element).get("display", "").startswith("none"):
        return
    yield element
    for child in element:
        yield from _visible(child, depth + 1)
