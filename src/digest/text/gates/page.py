"""The HTML of a mail as a mail program reads it; what stands in comments for Outlook alone is not looked at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from digest.text.gates.colours import read_colour
from digest.text.gates.styles import KEPT, Sheet, read_declarations, read_sheet

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_PIXELS = re.compile(r"(\d{1,5}(?:\.\d+)?)px")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What an element takes over from those around it, as far as inline styles and old attributes say.

    Compared by identity: a page has hundreds of elements and few looks, each of which is made once.
    """

    colour: str = "#000000"
    ground: str = "#ffffff"
    size: float | None = None
    """Pixels; None where no style gives it in pixels."""
    is_hidden: bool = False


_PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Seen:
    """One element that can be seen."""

    element: "_Element"
    text: str
    """What stands directly in it, on one line."""
    look: Look


@dataclass(frozen=True)
class MailPage:
    """One HTML part, read once."""

    html: str
    root: "_Element"

    @cached_property
    def elements(self) -> tuple["_Element", ...]:
        """All elements in the order of the document."""
        from lxml import etree

        return tuple(self.root.iter(etree.Element))

    @cached_property
    def _by_tag(self) -> Mapping[str, list["_Element"]]:
        found: dict[str, list[_Element]] = {}
        for one in self.elements:
            found.setdefault(str(one.tag), []).append(one)
        return found

    def all(self, *tags: str) -> list["_Element"]:
        """The elements with these names, name by name."""
        return [one for tag in tags for one in self._by_tag.get(tag, ())]

    @cached_property
    def style_texts(self) -> tuple[str, ...]:
        """What stands in each `<style>`."""
        return tuple("".join(map(str, one.itertext())) for one in self.all("style"))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Each `<style>`, read."""
        return tuple(read_sheet(text) for text in self.style_texts)

    @cached_property
    def visible(self) -> tuple[Seen, ...]:
        """What can be seen, in the order of the document."""
        return tuple(_visible(self.root))

    @cached_property
    def words(self) -> str:
        """What can be read, element by element."""
        return " ".join(seen.text for seen in self.visible if seen.text)


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


def own_text(element: "_Element") -> str:
    """The words directly in an element, not those of the elements in it, on one line."""
    return _between(element, list(element))


def _between(element: "_Element", children: "list[_Element]") -> str:
    pieces = [element.text, *[child.tail for child in children]]
    return " ".join(" ".join(filter(None, pieces)).split())


def style_of(element: "_Element") -> Mapping[str, str]:
    """Return the declarations of the `style` attribute, the last of a property."""
    return _named(element.get("style") or "")


@lru_cache(maxsize=KEPT)
def _named(style: str) -> Mapping[str, str]:
    return {one.name: one.value for one in read_declarations(style)}


def text_of(element: "_Element") -> str:
    """Return all the words in an element on one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def _visible(root: "_Element") -> Iterator[Seen]:
    waiting = [(root, _PLAIN)]
    while waiting:
        element, around = waiting.pop()
        if not is_element(element) or element.tag in _UNSEEN:
            continue
        told = dict(element.items())
        look = _look(around, told.get("style", ""), told.get("bgcolor", ""), told.get("color", "")) if told else around
        if not look.is_hidden:
            children = list(element)
            yield Seen(element, _between(element, children), look)
            waiting += [(child, look) for child in reversed(children)]


@lru_cache(maxsize=KEPT)
def _look(around: Look, style: str, bgcolor: str, color: str) -> Look:
    """What an element looks like, given what is around it; the same styles stand in story after story."""
    named = _named(style)
    size = _PIXELS.fullmatch(named.get("font-size", ""))
    ground = named.get("background-color") or named.get("background") or bgcolor
    return replace(
        around,
        colour=read_colour(named.get("color") or color) or around.colour,
        ground=read_colour(ground) or around.ground,
        size=float(size[1]) if size else around.size,
        is_hidden=named.get("display", "").startswith("none"),
    )
