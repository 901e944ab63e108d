"""How deep markup is nested, found in linear time before a parser sees it.

Parsers need time that grows with the square of the depth (nh3: 4 s for 24,000 elements; feedparser: 2 s for 12,000) or
stop at 256 (libxml2), and with them the text would be lost.
"""

import re
from collections.abc import Iterator

DEEPEST = 200
"""Elements; real pages stay under 60."""

_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,60})([^<>]*)>")
_CDATA = (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>"))
_COMMENT = (re.compile(r"<!--"), re.compile(r"-->"))
_SCRIPT = (re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script\s*>", re.IGNORECASE))
_STYLE = (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style\s*>", re.IGNORECASE))
# Elements without an end, and those that end when the next one begins.
_NOT_COUNTED = frozenset([
    "br", "img", "hr", "input", "meta", "wbr", "source", "area", "base", "col", "embed", "param", "track",
    "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option",
])  # fmt: skip
_CONTAINERS = re.compile(
    r"</?(?:div|span|section|font|center|b|i|u|em|strong|small|big|blockquote|table|tbody|ul|ol|dl|details|summary|q|cite|ins"
    r"|[a-z]+-[a-z-]+)\b[^<>]*>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^<>]*>")


def too_deep(markup: str) -> bool:
    """Whether elements are nested deeper than parsers bear."""
    if markup.count("<") <= DEEPEST:
        return False
    open_names = list[str]()
    for closing, written, rest in _TAG.findall(markup):
        name = written.lower()
        if name in _NOT_COUNTED or rest.endswith("/"):
            continue
        if not closing:
            open_names.append(name)
        elif name in open_names:
            # What was left open inside ends here too.
            while open_names.pop() != name:
                pass
        if len(open_names) > DEEPEST:
            return True
    return False


def feed_too_deep(text: str) -> bool:
    """The same for the XML of a feed, where escaped markup and comments do not count."""
    return too_deep(_without(text, _CDATA, _COMMENT))


def flattened(markup: str) -> str:
    """Return markup that no parser stumbles over: as it is, or without its containers, or without any element."""
    if not too_deep(markup):
        return markup
    markup = _CONTAINERS.sub(" ", markup)
    if not too_deep(markup):
        return markup
    bare = _ANY_TAG.sub(" ", _without(markup, _SCRIPT, _STYLE, _COMMENT))
    return f"<p>{bare.replace('<', '&lt;')}</p>"


def _without(text: str, *pairs: tuple[re.Pattern[str], re.Pattern[str]]) -> str:
    for opening, closing in pairs:
        text = "".join(_outside(text, opening, closing))
    return text


def _outside(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[str]:
    """Yield what stands outside of pairs; one that never closes is no pair (`.*?` would be quadratic on it)."""
    begin = 0
    while (first := opening.search(text, begin)) and (last := closing.search(text, first.end())):
        yield text[begin : first.start()]
        begin = last.end()
    yield text[begin:]
