"""Which features of HTML, CSS and pictures a mail uses, by the names that caniemail.com gives them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.text.gates.page import MailPage
from digest.text.gates.styles import KEPT, Declaration, read_declarations, read_sheet

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAGS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "dl"), "html-lists"),
    **dict.fromkeys(
        "article aside details figcaption figure footer header main mark nav section summary time".split(),
        "html-semantics",
    ),
    "map": "html-image-maps",
}
_ATTRIBUTES = {
    "srcset": "html-srcset",
    "sizes": "html-srcset",
    "loading": "html-loading-attribute",
    "inert": "css-inert-attribute",
    "popover": "html-popover",
}
_PROPERTIES = {
    **dict.fromkeys(("left", "right", "top", "bottom"), "css-left-right-top-bottom"),
    **dict.fromkeys(("gap", "row-gap", "column-gap"), "css-gap"),
    **dict.fromkeys(("grid-template", "grid-template-areas", "grid-template-columns", "grid-template-rows"),
                    "css-grid-template"),
    **dict.fromkeys(("column-fill", "column-rule", "column-width", "columns"), "css-column-layout-properties"),
    **dict.fromkeys(("margin-inline", "margin-block"), "css-margin-inline-block"),
    **dict.fromkeys(("padding-inline", "padding-block"), "css-padding-inline-block"),
    **dict.fromkeys(("border-inline", "border-block"), "css-border-inline-block"),
    "block-size": "css-block-inline-size",
    "scroll-snap-type": "css-scroll-snap",
}  # fmt: skip
_FUNCTIONS = {
    "var": "css-variables",
    "calc": "css-unit-calc",
    **dict.fromkeys(("lch", "oklch", "lab", "oklab"), "css-modern-color"),
    **dict.fromkeys(("rgb", "rgba", "linear-gradient", "radial-gradient", "conic-gradient"), ""),
}
_VALUES = (("system-ui", "css-sytem-ui"), ("fit-content", "css-intrinsic-size"), ("min-content", "css-intrinsic-size"),
           ("max-content", "css-intrinsic-size"))  # fmt: skip
_COMBINATORS = ((">", "child"), ("+", "adjacent-sibling"), ("~", "general-sibling"), (",", "grouping"))
_SPECIAL = ("a", "button", "img", "input", "meta", "source")
_PREFIX = re.compile(r"^-(?:webkit|moz|ms|o)-")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]")
_MEDIA = re.compile(r"\(\s*(?:any-|-webkit-)?([a-z-]+)")
_CHAINED = re.compile(r"[\w\])][.#\[]")


def used_features(page: MailPage) -> dict[str, str]:
    """Return each feature and one place that uses it; what repeats from story to story is read once."""
    found: dict[str, str] = {}
    if page.html.lstrip()[:15].lower() == "<!doctype html>":
        found["html-doctype"] = "<!doctype html>"
    for shape in dict.fromkeys((str(one.tag), tuple(one.keys())) for one in page.elements):
        found |= _shape(*shape)
    for element in page.all(*_SPECIAL):
        found |= dict(_special(element, str(element.tag)))
    for style in dict.fromkeys(one.get("style") or "" for one in page.elements):
        found |= _style(style)
    for text in page.style_texts:
        found |= _sheet(text)
    return found


@lru_cache(maxsize=KEPT)
def _shape(tag: str, attributes: tuple[str, ...]) -> dict[str, str]:
    return {
        _TAGS.get(tag, f"html-{tag}"): f"<{tag}>",
        **{_ATTRIBUTES.get(name, f"html-{name}"): f"<{tag} {name}>" for name in attributes},
    }


def _special(element: "_Element", tag: str) -> Iterator[tuple[str, str]]:
    if tag == "a":
        target = (element.get("href") or "").strip().lower()
        if target.startswith("#"):
            yield "html-anchor-links", f'href="{target[:20]}"'
        elif target.startswith("mailto:"):
            yield "html-mailto-links", "mailto:"
    elif tag in {"input", "button"}:
        yield f"html-{tag}-{element.get('type') or 'text'}", f"<{tag}>"
    elif tag == "meta" and element.get("name") == "color-scheme":
        yield "html-meta-color-scheme", '<meta name="color-scheme">'
    elif tag in {"img", "source"}:
        yield from _pictures(element)


def _pictures(element: "_Element") -> Iterator[tuple[str, str]]:
    for address in filter(None, (element.get("src"), *(element.get("srcset") or "").split(","))):
        word = address.strip().split(" ")[0]
        if word.lower().startswith("data:"):
            yield "image-base64", "data:"
            continue
        try:
            ending = urlsplit(word).path.rpartition(".")[2].lower()
        except ValueError:
            continue
        yield f"image-{'jpg' if ending == 'jpeg' else ending}", f".{ending[:8]}"


@lru_cache(maxsize=KEPT)
def _style(text: str) -> dict[str, str]:
    return {feature: place for one in read_declarations(text) for feature, place in _declaration(one)}


@lru_cache(maxsize=64)
def _sheet(text: str) -> dict[str, str]:
    return {"css-comments": "/* */", **dict(_rules(text))} if "/*" in text else dict(_rules(text))


def _rules(text: str) -> Iterator[tuple[str, str]]:
    sheet = read_sheet(text)
    for name, prelude in sheet.at_rules:
        yield f"css-at-{name}", f"@{name}"
        yield from ((f"css-at-media-{one}", f"@media ({one})") for one in _MEDIA.findall(prelude) if name == "media")
    for rule in sheet.rules:
        if rule.is_nested:
            yield "css-nesting", rule.selector
        yield from ((feature, rule.selector) for feature in _selector(rule.selector))
        for one in rule.declarations:
            yield from _declaration(one)


def _declaration(one: Declaration) -> Iterator[tuple[str, str]]:
    place = f"{one.name}: {one.value[:30]}"
    if one.name.startswith("--"):
        yield "css-variables", place
    name = _PREFIX.sub("", one.name)
    yield _PROPERTIES.get(name, f"css-{name}"), place
    if name == "display":
        yield f"css-display-{one.value.removeprefix('inline-')}", place
    if one.important:
        yield "css-important", "!important"
    for function in one.functions:
        yield (
            _FUNCTIONS.get(function) or (f"css-{function}" if function in _FUNCTIONS else f"css-function-{function}"),
            place,
        )
    for unit in one.units:
        yield f"css-unit-{unit}", place
    yield from ((feature, place) for word, feature in _VALUES if word in one.value)


def _selector(selector: str) -> Iterator[str]:
    bare = _STRING.sub("[]", selector)
    for pseudo in re.findall(r"::?([a-z-]+)", bare):
        kind = (
            "element"
            if pseudo in {"before", "after", "first-letter", "first-line", "marker", "placeholder"}
            else "class"
        )
        yield f"css-pseudo-{kind}-{pseudo}"
    yield from (f"css-selector-{kind}" for sign, kind in _COMBINATORS if sign in bare)
    yield from (
        f"css-selector-{kind}"
        for sign, kind in ((".", "class"), ("#", "id"), ("[", "attribute"), ("*", "universal"))
        if sign in bare
    )
    if _CHAINED.search(bare):
        yield "css-selector-chaining"
    for part in bare.split(","):
        compounds = re.split(r"\s*[>+~]\s*|\s+", part.strip())
        if re.search(r"[^\s>+~]\s+[^\s>+~]", part.strip()):
            yield "css-selector-descendant"
        if any(re.match(r"[a-z]", compound) for compound in compounds):
            yield "css-selector-type"
