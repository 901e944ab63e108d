"""Links, DOIs and citations are taken out of a sentence before a machine sees it, and put back by us.

Machines alter them ("Do Not Change Me", arXiv 2505.06010). Numbers stay in the sentence, since grammar needs them.
"""

import re
from collections import Counter
from dataclasses import dataclass

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”{}]+"
    r"|(?:\bdoi:\s?)?\b10\.\d{4,9}/[^\s<>\"“”{}]+"
    r"|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b",
    re.IGNORECASE,
)
# Only what can be nothing else: "(Brazil, 2010)" has to be translated.
_NAMES = r"[A-ZÀ-Ý][\w'’-]{1,40}(?:,? (?:et al\.?,?|&|[A-ZÀ-Ý][\w'’-]{1,40}|[A-Z]\.,?)){1,8}"
_CITATION = re.compile(
    rf"\((?=[^()]{{0,200}}(?:et al|&)){_NAMES} ?\d{{4}}[a-z]?(?:; ?{_NAMES} ?\d{{4}}[a-z]?){{0,9}}\)"
)
_TOKEN = re.compile(r"\{c\d{1,4}\}")
_TRAILING = ".,;:!?’'\""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A sentence with `{c1}`, `{c2}` ... in the places of `values`."""

    text: str
    values: tuple[str, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The placeholders in their order."""
        return tuple(f"{{c{number}}}" for number in range(1, len(self.values) + 1))


def protect(text: str) -> Protected:
    """Take out links, DOIs, mail addresses and plain author-year citations; what looks like a placeholder too."""
    values: list[str] = []
    spans = _spans(text)
    parts: list[str] = []
    last = 0
    for start, end in spans:
        values.append(text[start:end])
        parts += [text[last:start], f"{{c{len(values)}}}"]
        last = end
    made = "".join([*parts, text[last:]])
    return Protected(text=made, values=tuple(values))


def restore(text: str, protected: Protected) -> str | None:
    """Put everything back, or return None where a placeholder is missing, doubled or invented."""
    if Counter(_TOKEN.findall(text)) != Counter(protected.tokens):
        return None
    values = dict(zip(protected.tokens, protected.values, strict=True))
    return _TOKEN.sub(lambda found: values[found[0]], text)


def links_in(text: str) -> frozenset[str]:
    """Return the links, DOIs and mail addresses of a text, without the full stop after them."""
    return frozenset(text[start:end] for start, end in _links(text))


def _spans(text: str) -> list[tuple[int, int]]:
    """Where something is taken out, in order, none over another."""
    found = [*_links(text), *(match.span() for pattern in (_CITATION, _TOKEN) for match in pattern.finditer(text))]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _links(text: str) -> list[tuple[int, int]]:
    return [(match.start(), match.start() + len(_without_tail(match[0]))) for match in _LINK.finditer(text)]


def _without_tail(link: str) -> str:
    bare = link.rstrip(_TRAILING)
    # A bracket belongs to the link only where it was opened in it.
    while bare.endswith((")", "]")) and bare.count("(") + bare.count("[") < bare.count(")") + bare.count("]"):
        bare = bare[:-1].rstrip(_TRAILING)
    return bare


def around_links(text: str) -> tuple[tuple[str, bool], ...]:
    """Return the text in pieces, each with whether it is a link; joined they are the text."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for start, end in _links(text):
        pieces += [(text[last:start], False), (text[start:end], True)]
        last = end
    pieces.append((text[last:], False))
    return tuple(piece for piece in pieces if piece[0])
