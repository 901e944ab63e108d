"""HTML of strangers: made safe, made absolute, made plain."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from digest.adapters.sources.nesting import flattened
from digest.models.article import Block
from digest.works.identity import study_named_by

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
_LINK = "link"
_ADDRESS = re.compile(r" href=\"([^\"]*)\"")
_VOID = frozenset(["br", "hr", "img"])
_SAFE_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:[^<>\"]|\"[^\"]*\")*>")
_A_TAG = re.compile(r"<[A-Za-z!/?][^<>]*>")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b\ufeff]")
_ALTTEXT = re.compile(r"\balttext\s*=\s*\"([^\"]{1,500})\"", re.IGNORECASE)
_ANNOTATION = re.compile(r"<annotation\b[^<>]{0,300}tex[^<>]{0,300}>([^<>]{1,500})<", re.IGNORECASE)
_LONGEST_FORMULA = 20_000


def sanitised(markup: str, base: str) -> str:
    """Return markup with nothing active in it and absolute links; without a usable base relative links are dropped."""
    import nh3

    rewrite: str | tuple[str, str] = "deny"
    if is_web_address(base):
        rewrite = ("rewrite_with_base", base)
    arguments = {
        "tags": set(_TAGS),
        "clean_content_tags": set(_DROPPED),
        "attributes": _ATTRIBUTES,
        "url_schemes": {"http", "https", "mailto"},
        "link_rel": "noopener noreferrer",
    }
    markup = flattened(_without_math(markup[: 4 * LONGEST_TEXT]))
    try:
        return nh3.clean(markup, url_relative=rewrite, **arguments)  # type: ignore[arg-type]
    except ValueError:
        # A base that urllib takes and the URL standard does not.
        return nh3.clean(markup, url_relative="deny", **arguments)  # type: ignore[arg-type]


def plain(markup: str) -> str:
    """Return one line of text without markup, e.g. of a title."""
    # A `<` that begins no tag is a letter: "why a<b".
    if _A_TAG.search(markup):
        import nh3

        markup = nh3.clean(flattened(markup[:LONGEST_TEXT]), tags=set(), clean_content_tags=set(_DROPPED))
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


def text_of(blocks: tuple[Block, ...]) -> str:
    """Return blocks as one plain text, parted by a blank line."""
    return "\n\n".join(block.text for block in blocks)[:LONGEST_TEXT]


def paragraphs_as_markup(text: str) -> str:
    """Return plain text as paragraphs of markup."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return "".join(f"<p>{html.escape(part.strip())}</p>" for part in parts if part.strip())


def absolute(url: str, base: str) -> str:
    """Return a web address made absolute, or an empty text for anything that is none."""
    try:
        joined = urljoin(base, url.strip())
    except ValueError:
        return ""
    # Joined with nothing, a base is itself.
    return joined if url.strip() and is_web_address(joined) else ""


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
    kind, words, studies = "paragraph", list[str](), list[str]()
    for name, text in _events(safe_markup):
        if name == _LINK:
            studies.append(text)
        elif name:
            yield from _block(kind, words, studies)
            words, studies, kind = [], [], name
        else:
            words.append(text)
    yield from _block(kind, words, studies)


def _events(safe_markup: str) -> Iterator[tuple[str, str]]:
    """Yield ("", text), (kind of the block that begins, "") and links to studies in document order.

    What the sanitiser writes is well-formed, with a few elements in small letters, so it needs no parser again.
    """
    open_names, end = list[str](), 0
    for found in _SAFE_TAG.finditer(safe_markup):
        yield "", _said(safe_markup[end : found.start()])
        end, name, starts = found.end(), found[2], not found[1]
        in_item = open_names[-1:] == ["li"]
        if name in _MEANT:
            yield _MEANT[name] if starts else "paragraph", ""
        elif name in _BREAKS:
            # A paragraph inside a list item goes on being an item.
            yield "item" if starts and in_item else "paragraph", ""
        elif starts:
            yield _inside(name, found.group())
        if not starts:
            open_names[-1:] = []
        elif name not in _VOID:
            open_names.append(name)
    yield "", _said(safe_markup[end:])


def _inside(name: str, tag: str) -> tuple[str, str]:
    """Return what an element that is no block says where it begins: a blank, or the study that it links to."""
    address = _ADDRESS.search(tag) if name == "a" else None
    study = study_named_by(html.unescape(address[1])) if address else None
    return (_LINK, study) if study else ("", _BETWEEN.get(name, ""))


def _said(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _block(kind: str, words: list[str], studies: list[str]) -> Iterator[Block]:
    text = one_line("".join(words))
    if not text:
        return
    if kind == "heading":
        yield Block(kind="heading", text=text, studies=tuple(dict.fromkeys(studies)))
    elif kind == "item":
        yield Block(kind="item", text=text, studies=tuple(dict.fromkeys(studies)))
    else:
        yield Block(kind="paragraph", text=text, studies=tuple(dict.fromkeys(studies)))
