"""MJML to HTML with mrml, after checks that mrml does not make.

mrml ends the process when elements are nested some 12 000 deep, names no line in its errors, and drops or keeps unknown
elements in silence; so expat reads the document first.
"""

import re
from html.entities import html5
from xml.parsers import expat

from digest.errors import FileFormatError

LARGEST_BYTES = 2_000_000
DEEPEST = 200

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ELEMENTS = frozenset(
    "mjml mj-all mj-attributes mj-body mj-breakpoint mj-button mj-class mj-column mj-divider mj-group mj-head mj-hero"
    " mj-image mj-preview mj-raw mj-section mj-spacer mj-style mj-table mj-text mj-title mj-wrapper".split()
)


class MrmlCompiler:
    """Implements `MjmlCompiler`; the same MJML always gives the same bytes."""

    def compile(self, mjml: str) -> str:
        """Return HTML. Raises FileFormatError that names line and column of the MJML."""
        source = numeric_entities(mjml)
        check_mjml(source)
        from mjml import mjml2html

        try:
            # No remote fonts: a reader's mailbox asks nobody. No comments: editorial notes do not leave.
            return str(mjml2html(source, disable_comments=True, fonts={}))
        except ValueError as error:
            message = (
                f"The mail template gives MJML that can not be compiled: {error}. Mend templates/email/digest.mjml."
            )
            raise FileFormatError(message) from None


def numeric_entities(markup: str) -> str:
    """Turn HTML's named entities into numbers: XML knows only five by name."""
    return _ENTITY.sub(_numeric, markup)


def check_mjml(source: str) -> None:
    """Check size, depth, well-formedness and MJML element names. Raises FileFormatError with line and column."""
    data = source.encode("utf-8", "replace")
    if len(data) > LARGEST_BYTES:
        message = f"The mail would be {len(data) // 1000} KB of MJML before layout. Shorten the issue."
        raise FileFormatError(message)
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise reader.fault(expat.ErrorString(error.code)) from None


class _Reader:
    """What expat calls while it reads."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._depth = 0

    def fault(self, what: str) -> FileFormatError:
        place = f"line {self.parser.CurrentLineNumber}, column {self.parser.CurrentColumnNumber + 1}"
        return FileFormatError(
            f"The mail template gives MJML that is wrong at {place}: {what}. Mend templates/email/digest.mjml."
        )

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.fault(f"elements are nested more than {DEEPEST} deep")
        if name.startswith("mj") and name not in _ELEMENTS:
            raise self.fault(f"there is no element <{name}>")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, *_declaration: object) -> None:
        raise self.fault("a document type declaration is not allowed")


def _numeric(found: re.Match[str]) -> str:
    name = found[1]
    characters = html5.get(name + ";")
    if name in _XML_ENTITIES or characters is None:
        return found[0]
    return "".join(f"&#{ord(character)};" for character in characters)
