"""Which place of which template a place of the output comes from.

Only asked for when something is wrong: the templates are rendered once more, with a mark before every piece of their own
text that names its place; then the marks are taken out again.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

# Private use characters (Unicode chapter 23.5): nobody's text has them in this order.
_MARK = re.compile("\ue000\ue001([^\ue000\ue001\ue002]*)\ue001(\\d+)\ue001(\\d+)\ue002")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a template, counted from 1."""

    template: str
    line: int
    column: int


class Marking(Extension):
    """A Jinja extension that marks every line of a template's own text."""

    _source = ""
    _at = 0

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's
        """Keep the source, in which the lexer's pieces are looked up."""
        self._source = source.replace("\r\n", "\n").replace("\r", "\n")
        self._at = 0
        return source

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Put the marks in after white space has been trimmed, so that they change nothing else."""
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", self._marked(token.value, stream.name or ""))
            else:
                yield token

    def _marked(self, text: str, name: str) -> str:
        found = self._source.find(text, self._at)
        start = found if found >= 0 else self._at
        self._at = start + len(text)
        pieces = []
        for piece in text.splitlines(keepends=True):
            line = self._source.count("\n", 0, start) + 1
            column = start - self._source.rfind("\n", 0, start)
            pieces.append(f"\ue000\ue001{name}\ue001{line}\ue001{column}\ue002{piece}")
            start += len(piece)
        return "".join(pieces)


def places(marked: str, output: str, offsets: list[int]) -> list[Place | None]:
    """Return where each offset of the output comes from; None for all where the marks changed the output."""
    starts: list[int] = []
    found: list[Place] = []
    taken = 0
    for mark in _MARK.finditer(marked):
        starts.append(mark.start() - taken)
        found.append(Place(template=mark[1], line=int(mark[2]), column=int(mark[3])))
        taken += len(mark[0])
    if _MARK.sub("", marked) != output:
        return [None for _ in offsets]
    return [_place(found, starts, output, offset) for offset in offsets]


def _place(found: list[Place], starts: list[int], output: str, offset: int) -> Place | None:
    index = bisect_right(starts, offset) - 1
    if index < 0:
        return None
    place, start = found[index], starts[index]
    before = output[start:offset]
    # What a template prints may bring lines of its own; the template's place is then where that began.
    column = place.column if "\n" in before else place.column + len(before)
    return Place(template=place.template, line=place.line, column=column)
