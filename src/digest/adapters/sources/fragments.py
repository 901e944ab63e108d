"""HTML of strangers: made safe, made absolute, made plain."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from digest.adapters.sources.nesting import flattened
from digest.models.article import Block
from digest.works.identity import study_named_by

if TYPE_CHECKING:
    import nh3

LONGEST_TEXT = 400_000
"""Characters; a longer article is cut."""

_TAGS = frozenset([
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "div", "section",
])  # fmt: skip
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_DROPPED = frozenset([
    "script", "style", "noscript", "iframe", "object", "embed", "form", "template", "svg", "canvas", "head", "title",
    "textarea", "select", "button", "video", "audio",
])  # fmt: skip
_MEANT = {**dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"), "li": "item"}
_BETWEEN = {"br": "\n", "td": " ", "th": " "}
_BREAKS = frozenset([
    "p", "div", "section", "article", "blockquote", "pre", "table", "tr", "ul", "ol", "dl", "dd", "dt", "figure", "figcaption",
    "hr", "header", "footer", "main", "aside", "nav", "body",
])  # fmt: skip
_ADDRESS = re.compile(r" href=\"([^\"]*)\"")
# Of an address that the URL standard leaves as it is.
_FOLDER = re.compile(r"https?://[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+/(?:[A-Za-z0-9_-]+/)*(?=[A-Za-z0-9_-]+\Z)")
_VOID = frozenset(["br", "hr", "img"])
_SAFE_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*)>")
_BOUNDARY = re.compile(rf"</?(?:{'|'.join(sorted(_BREAKS | _MEANT.keys()))})(?![a-z0-9])(?:[^<>\"]|\"[^\"]*\")*>")
_APART = re.compile(rf"<(?:{'|'.join(_BETWEEN)})(?![a-z0-9])")
_TAG_IN_ATTRIBUTE = re.compile(r"=\"[^\"<]*<")
_LINE_END = re.compile(r"<(?:br\s*/?|/(?:p|div|li|h[1-6]))\s*>", re.IGNORECASE)
_A_TAG = re.compile(r"<[A-Za-z!/?][^<>]*>")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b\ufeff]")
_ALTTEXT = re.compile(r"\balttext\s*=\s*\"([^\"]{1,500})\"", re.IGNORECASE)
_ANNOTATION = re.compile(r"<annotation\b[^<>]{0,300}tex[^<>]{0,300}>([^<>]{1,500})<", re.IGNORECASE)
_LONGEST_FORMULA = 20_000


def sanitised(markup: str, base: str) -> str:
    """Return markup with nothing active in it and absolute links; without a usable base relative links are dropped."""
    flat = flattened(_without_math(markup[: 4 * LONGEST_TEXT]))
    folder = _FOLDER.match(base)
    if folder and folder.end() < len(base):
        # Most links lead to the same place from the whole folder, whose cleaner is there since the last article.
        safe = _cleaner(folder.group()).clean(flat)
        if not any(f'"{folder.group()}{end}' in safe for end in '"?#'):
            return safe
    return _cleaner(base).clean(flat)


@lru_cache(maxsize=64)
def _cleaner(base: str) -> "nh3.Cleaner":
    """Return what makes markup safe; to make one takes longer than to clean an article."""
    import nh3

    clean = partial(
        nh3.Cleaner,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    if not is_web_address(base):
        return clean(url_relative="deny")
    try:
        return clean(url_relative=("rewrite_with_base", base))
    except ValueError:
        # A base that urllib takes and the URL standard does not.
        return clean(url_relative="deny")


def plain(markup: str) -> str:
    """Return one line of text without markup, e.g. of a title."""
    # A `<` that begins no tag is a letter: "why a<b".
    if _A_TAG.search(markup):
        import nh3

        markup = nh3.clean(
            flattened(_LINE_END.sub(" ", markup[:LONGEST_TEXT])), tags=set(), clean_content_tags=set(_DROPPED)
        )
    return one_line(html.unescape(markup) if "&" in markup else markup)


def one_line(text: str) -> str:
    """Return text with every run of white space as one blank, and without characters that no text has."""
    words = text.split()
    line = " ".join(words)
    # Most text is printable, which is quickly told.
    return line if line.isprintable() and "\u200b" not in line else " ".join(_NO_TEXT.sub("", line).split())


def blocks_of(safe_markup: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs and list items of sanitised markup, in order."""
    return tuple(_blocks(safe_markup))


def length_of(safe_markup: str) -> int:
    """Return how many characters of text sanitised markup has."""
    return len(one_line(html.unescape(_SAFE_TAG.sub("", safe_markup))))


def text_of(blocks: tuple[Block, ...]) -> str:
    """Return blocks as one plain text, parted by a blank line."""
    return "\n\n".join(block.text for block in blocks)[:LONGEST_TEXT]


def text_in(safe_markup: str) -> str:
    """Return what `text_of` says of the blocks of sanitised markup, without making them.

    A feed's entry keeps the text alone: kinds, and which study each link names, would be found for nothing.
    """
    if _TAG_IN_ATTRIBUTE.search(safe_markup):
        # Only here may a `<` begin no tag.
        return text_of(blocks_of(safe_markup))
    texts = (_words_of(part) for part in _BOUNDARY.split(safe_markup) if part)
    return "\n\n".join(text for text in texts if text)[:LONGEST_TEXT]


def _words_of(part: str) -> str:
    if "<" in part:
        part = _SAFE_TAG.sub("", _APART.sub(r" \g<0>", part))
    return one_line(html.unescape(part) if "&" in part else part)


def paragraphs_as_markup(text: str) -> str:
    """Return plain text as paragraphs of markup."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return "".join(f"<p>{html.escape(part.strip())}</p>" for part in parts if part.strip())


def absolute(url: str, base: str) -> str:
    """Return a web address made absolute, or an empty text for anything that is none."""
    url = url.strip()
    if not url:
        # Joined with nothing, a base is itself.
        return ""
    try:
        joined = urljoin(base, url)
    except ValueError:
        return ""
    return joined if is_web_address(joined) else ""


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _without_math(markup: str) -> str:
    """Replace MathML, which the sanitiser would drop with its content, by its text."""
    kept, begin = list[str](), 0
    while (opening := markup.find("<math", begin)) >= 0:
        closing = markup.find("</math>", opening)
        if closing < 0:
            break
        kept += (markup[begin:opening], _formula(markup[opening : min(closing, opening + _LONGEST_FORMULA)]))
        begin = closing + len("</math>")
    return "".join(kept) + markup[begin:]


def _formula(math: str) -> str:
    told = _ALTTEXT.search(math[: math.find(">") + 1]) or _ANNOTATION.search(math)
    words = told[1] if told else re.sub(r"<[^<>]*>", " ", math)
    return html.escape(html.unescape(words.strip()))


def _blocks(safe_markup: str) -> Iterator[Block]:
    """Yield blocks in document order.

    What the sanitiser writes is well-formed, with a few elements in small letters, so it needs no parser again.
    """
    kind, studies, open_names = "paragraph", list[str](), list[str]()
    first, *rest = _SAFE_TAG.split(safe_markup)
    words = [first]
    for ends, name, attributes, text in zip(rest[::4], rest[1::4], rest[2::4], rest[3::4], strict=True):
        begins = _kind_begun(name, ends=bool(ends), in_item=open_names[-1:] == ["li"])
        if begins:
            yield from _block(kind, words, studies)
            words, studies, kind = [], [], begins
        elif name == "a" and attributes and (study := _study_linked(attributes)):
            studies.append(study)
        elif not ends and name in _BETWEEN:
            words.append(_BETWEEN[name])
        words.append(text)
        if ends:
            open_names[-1:] = []
        elif name not in _VOID:
            open_names.append(name)
    yield from _block(kind, words, studies)


def _kind_begun(name: str, *, ends: bool, in_item: bool) -> str:
    """Return the kind of the block that begins at a tag, or an empty text inside one."""
    if name in _MEANT:
        return "paragraph" if ends else _MEANT[name]
    if name in _BREAKS:
        # A paragraph inside a list item goes on being an item.
        return "item" if in_item and not ends else "paragraph"
    return ""


def _study_linked(attributes: str) -> str:
    address = _ADDRESS.search(attributes)
    return study_named_by(html.unescape(address[1])) if address else ""


def _block(kind: str, words: list[str], studies: list[str]) -> Iterator[Block]:
    said = "".join(words)
    text = one_line(html.unescape(said) if "&" in said else said)
    if not text:
        return
    if kind == "heading":
        yield Block(kind="heading", text=text, studies=tuple(dict.fromkeys(studies)))
    elif kind == "item":
        yield Block(kind="item", text=text, studies=tuple(dict.fromkeys(studies)))
    else:
        yield Block(kind="paragraph", text=text, studies=tuple(dict.fromkeys(studies)))
