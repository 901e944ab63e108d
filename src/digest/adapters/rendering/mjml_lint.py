"""MJML read before the compiler, which names no place in its errors and drops or keeps in silence what it does not know.

The rules are those of MJML's own validator, plus what mrml, the compiler used here, leaves out or can not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.entities import html5
from xml.parsers import expat

from digest.adapters.rendering.mjml_types import Element, expected, schema

DEEPEST = 200
"""mrml ends the whole process when elements are nested some 12 000 deep."""

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_EVERYWHERE = frozenset({"mj-class", "css-class"})
_DEFAULTS = frozenset({"mj-all", "mj-class"})
_NEEDS_ALT = frozenset({"img", "mj-image", "mj-carousel-image"})
UNREAD = frozenset({"mj-html-attributes", "mj-selector", "mj-html-attribute", "mj-include"})
"""Elements of MJML that mrml can not read, or that would read files."""
IGNORED = frozenset(
    {
        ("mj-button", "title"),
        ("mj-column", "inner-border-radius"),
        ("mj-hero", "border-radius"),
        ("mj-image", "border-bottom"),
        ("mj-image", "border-left"),
        ("mj-image", "border-right"),
        ("mj-image", "border-top"),
        ("mj-image", "sizes"),
        ("mj-raw", "position"),
        ("mj-social-element", "icon-position"),
        ("mj-social-element", "sizes"),
        ("mj-social-element", "srcset"),
        ("mj-style", "inline"),
        ("mj-table", "role"),
    }
)
"""Attributes of MJML without an effect here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, and where: `offset` counts characters from 0, `line` and `column` from 1."""

    offset: int
    line: int
    column: int
    what: str


def lint(mjml: str) -> tuple[Fault, ...]:
    """Return every fault of a document in its order; after the first that is not well-formed XML nothing can be read."""
    reader = _Reader(source=numeric_entities(mjml))
    reader.read()
    places = (_original(mjml, offset) for offset, _ in reader.found)
    return tuple(
        Fault(
            offset=offset,
            line=mjml.count("\n", 0, offset) + 1,
            column=offset - mjml.rfind("\n", 0, offset),
            what=what,
        )
        for offset, (_, what) in zip(places, reader.found, strict=True)
    )


def numeric_entities(markup: str) -> str:
    """Turn HTML's named entities into numbers: XML knows only five by name."""
    return _ENTITY.sub(_numeric, markup) if "&" in markup else markup


def _numeric(found: re.Match[str]) -> str:
    name = found[1]
    characters = html5.get(name + ";")
    if name in _XML_ENTITIES or characters is None:
        return found[0]
    return "".join(f"&#{ord(character)};" for character in characters)


def _original(mjml: str, offset: int) -> int:
    """Where a place of the text with numbers lies in the text as it was given."""
    grown = 0
    for entity in _ENTITY.finditer(mjml):
        if entity.start() + grown >= offset:
            break
        grown += len(_numeric(entity)) - len(entity[0])
    return offset - grown


@dataclass(slots=True)
class _Reader:
    """What expat calls while it reads."""

    source: str
    found: list[tuple[int, str]] = field(default_factory=list)
    _data: bytes = b""
    _open: list[str] = field(default_factory=list)
    _depth_told: bool = False
    _elements: Mapping[str, Element] = field(default_factory=lambda: schema().elements)
    _parser: expat.XMLParserType = field(default_factory=lambda: expat.ParserCreate("utf-8"))

    def read(self) -> None:
        """Go through the document."""
        self._data = self.source.encode("utf-8", "replace")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartCdataSectionHandler = self._instruction
        try:
            self._parser.Parse(self._data, True)  # noqa: FBT003
        except expat.ExpatError as error:
            self._tell(expat.ErrorString(error.code), self._parser.ErrorByteIndex)

    def _tell(self, what: str, at: int | None = None) -> None:
        index = self._parser.CurrentByteIndex if at is None else at
        self.found.append((len(self._data[:index].decode("utf-8", "replace")), what))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else ""
        self._open.append(name)
        if len(self._open) > DEEPEST:
            if not self._depth_told:
                self._tell(f"elements are nested more than {DEEPEST} deep")
                self._depth_told = True
            return
        if name in _NEEDS_ALT and parent != "mj-attributes" and "alt" not in attributes:
            self._tell(f'<{name}> has no alt; describe the picture, or write alt="" where it says nothing')
        for fault in _element_faults(name, parent):
            self._tell(fault)
        element = self._elements.get(name)
        if element is None:
            return
        for attribute, fault in _attribute_faults(name, parent, attributes):
            self._tell(fault, self._attribute_index(attribute))
        # Where text may stand, and most of a mail does, the parser need not tell.
        self._parser.CharacterDataHandler = None if element.text else self._text

    def _attribute_index(self, attribute: str) -> int:
        start = self._parser.CurrentByteIndex
        name = re.escape(attribute.encode())
        place = re.compile(rb"\s(" + name + rb")\s*=").search(self._data, start)
        return place.start(1) if place else start

    def _end(self, name: str) -> None:
        self._open.pop()
        if name in self._elements:
            self._parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        if text.isspace():
            return
        parent = self._elements.get(self._open[-1])
        if parent and not parent.text:
            self._tell(f"text can not stand directly in <{self._open[-1]}>; put it into <mj-text>")

    def _doctype(self, *_declaration: object) -> None:
        self._tell("a document type declaration is not allowed")

    def _instruction(self, *_content: object) -> None:
        self._tell("processing instructions and CDATA can not be read; write the text itself")


@lru_cache(maxsize=1024)
def _element_faults(name: str, parent: str) -> tuple[str, ...]:
    return tuple(_element_faults_read(name, parent))


def _element_faults_read(name: str, parent: str) -> Iterator[str]:
    elements = schema().elements
    if name in UNREAD:
        yield f"<{name}> is not supported here"
        return
    known = elements.get(name)
    if parent == "mj-attributes" and (known or name in _DEFAULTS):
        return
    if name.startswith("mj") and known is None:
        yield f"there is no element <{name}>{_nearest(name, elements)}"
        return
    above = elements.get(parent)
    if not parent and name != "mjml":
        yield "the outermost element has to be <mjml>"
    elif _is_misplaced(name, known, above):
        yield f"<{name}> can not stand in <{parent}>{_allowed(above)}"


def _is_misplaced(name: str, known: Element | None, above: Element | None) -> bool:
    if above is None:
        # Inside HTML: it has no place for MJML.
        return known is not None and name != "mjml"
    if above.text:
        return known is not None
    return name not in above.children


def _allowed(above: Element | None) -> str:
    return f"; there may be {', '.join(sorted(above.children))}" if above and above.children else ""


def _attribute_faults(name: str, parent: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    element = schema().elements.get(name)
    if element is None or (parent == "mj-attributes" and name in _DEFAULTS):
        return
    for attribute, value in attributes.items():
        if attribute in _EVERYWHERE:
            continue
        kind = element.attributes.get(attribute)
        if kind is None:
            yield attribute, f"<{name}> has no attribute {attribute}{_nearest(attribute, element.attributes)}"
        elif (name, attribute) in IGNORED:
            yield attribute, f"{attribute} has no effect on <{name}> here; take it out"
        elif wanted := expected(kind, value):
            yield attribute, f"{attribute} is {value!r}; it has to be {wanted}"


def _nearest(word: str, known: Mapping[str, object]) -> str:
    import difflib

    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
