"""Accessibility of a mail: rules of our own, among them those that browser tools miss.

Mail programs put the body into a page of theirs, so language and direction have to stand on a wrapper in it, layout tables
have to say that they are none, and headings count from the mail's own first one.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.models.message import N_
from digest.models.segment import Finding, Severity
from digest.text.contrast import READABLE, contrast
from digest.text.gates.page import MailPage, Seen, is_element, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element

SMALLEST_TEXT_PX = 12
_QUOTED = 60
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?)", re.IGNORECASE)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEAST_LARGE = 3.0
"""WCAG 2.2, 1.4.3, for text of 24 pixels."""
_LARGE_PX = 24.0
_VAGUE = frozenset(
    {
        "click here", "here", "read more", "more", "learn more", "link", "this link", "go", "details",
        "clique aqui", "aqui", "leia mais", "saiba mais", "mais", "ver mais", "este link", "continue lendo",
        "cliquez ici", "ici", "en savoir plus", "lire la suite", "hier", "hier klicken", "mehr", "mehr lesen", "weiterlesen",
    }
)  # fmt: skip


def access_findings(page: MailPage, where: str) -> Iterator[Finding]:
    """Yield what keeps people with a screen reader, a magnifier or bad light from reading the mail."""
    for severity, message, values in (
        *_document(page),
        *_wrapper(page),
        *_headings(page),
        *_tables(page),
        *_pictures(page),
        *_links(page),
        *_small_text(page),
        *_faint_text(page),
    ):
        yield Finding(
            check="accessibility", severity=severity, message=message, values=tuple(values.items()), where=where
        )


_Fault = tuple[Severity, str, dict[str, str]]


def _document(page: MailPage) -> Iterator[_Fault]:
    if not _is_tagged(page.root):
        yield (
            "error",
            N_("The mail does not say its language and direction: the element `html` needs `lang` and `dir`."),
            {},
        )
    if not any(text_of(title) for title in page.all("title")):
        yield "error", N_("The mail has no title: screen readers say it first."), {}
    for element in page.elements:
        lang = element.get("lang")
        if lang is not None and not _TAG.fullmatch(lang):
            message = N_("“%(lang)s” is not a language: write it as pt-BR or en.")
            yield "error", message, {"lang": lang[:_QUOTED]}
    for meta in page.all("meta"):
        content = (meta.get("content") or "").replace(" ", "").lower()
        if meta.get("name") == "viewport" and re.search(
            r"user-scalable=(?:no|0)|maximum-scale=1(?:\.0*)?(?![\d.])", content
        ):
            yield "error", N_("The mail forbids its readers to enlarge it (`viewport`)."), {}


def _wrapper(page: MailPage) -> Iterator[_Fault]:
    inside = [child for body in page.all("body") for child in body if is_element(child)]
    if not any(child.get("role") == "article" and _is_tagged(child) for child in inside):
        message = N_(
            "The body has no wrapper with `role=article`, `lang` and `dir`: webmail drops the language of `html`."
        )
        yield "error", message, {}


def _headings(page: MailPage) -> Iterator[_Fault]:
    headings = [seen.element for seen in page.visible if seen.element.tag in _HEADINGS]
    levels = [int(str(one.tag)[1]) for one in headings]
    if levels.count(1) != 1:
        message = N_("Headings of the first level: %(count)s; there has to be one.")
        yield "error", message, {"count": str(levels.count(1))}
    for before, heading in pairwise([None, *headings]):
        level = int(str(before.tag)[1]) if before is not None else 0
        if heading is not None and int(str(heading.tag)[1]) > level + 1:
            message = N_("The heading “%(heading)s” skips a level.")
            yield "error", message, {"heading": text_of(heading)[:_QUOTED]}
    for heading in headings:
        if not _name(heading):
            yield "error", N_("A heading is empty."), {}


def _tables(page: MailPage) -> Iterator[_Fault]:
    layout = [one for one in page.all("table") if one.get("role") not in {"presentation", "none"}]
    wrong = [table for table in layout if next(table.iter("th"), None) is None]
    if wrong:
        message = N_("Layout tables that do not say what they are: %(count)s; each needs `role=presentation`.")
        yield "error", message, {"count": str(len(wrong))}


def _pictures(page: MailPage) -> Iterator[_Fault]:
    for image in page.all("img"):
        alt, source = image.get("alt"), (image.get("src") or "")[-_QUOTED:]
        if alt is None:
            yield "error", N_("The picture %(source)s has no description (`alt`)."), {"source": source}
        elif _FILE_NAME.fullmatch(alt.strip()):
            message = N_("The picture %(source)s is described by a file name; say what it shows.")
            yield "warning", message, {"source": source}


def _links(page: MailPage) -> Iterator[_Fault]:
    for link in page.all("a"):
        words = _name(link)
        if not words:
            message = N_("A link has no words: %(link)s")
            yield "error", message, {"link": (link.get("href") or "")[:_QUOTED]}
        elif re.sub(r"\W+$|^\W+", "", words.lower()) in _VAGUE:
            message = N_("The link “%(words)s” does not say where it leads.")
            yield "warning", message, {"words": words[:_QUOTED]}


def _small_text(page: MailPage) -> Iterator[_Fault]:
    for seen in _written(page):
        if seen.look.size is not None and seen.look.size < SMALLEST_TEXT_PX:
            message = N_("“%(words)s” is set in %(size)s pixels; the smallest that everybody can read is %(smallest)s.")
            size, smallest = f"{seen.look.size:g}", str(SMALLEST_TEXT_PX)
            yield "error", message, {"words": seen.text[:_QUOTED], "size": size, "smallest": smallest}


def _faint_text(page: MailPage) -> Iterator[_Fault]:
    """As far as inline styles say; a browser sees the rest."""
    for seen in _written(page):
        ratio = contrast(seen.look.colour, seen.look.ground)
        is_large = seen.look.size is not None and seen.look.size >= _LARGE_PX
        if ratio < (_LEAST_LARGE if is_large else READABLE):
            message = N_(
                "“%(words)s” is too faint: its contrast is %(ratio)s, and 4.5 is the least that everybody can read."
            )
            yield "error", message, {"words": seen.text[:_QUOTED], "ratio": f"{ratio:.1f}"}


def _written(page: MailPage) -> Iterator[Seen]:
    """What holds words, and no mere filling."""
    return (seen for seen in page.visible if seen.text and seen.text.strip("\u200a\u200c\u00a0 "))


def _name(element: "_Element") -> str:
    """What a screen reader says of a link or heading."""
    pictures = " ".join(image.get("alt") or "" for image in element.iter("img"))
    return " ".join((element.get("aria-label") or f"{text_of(element)} {pictures}").split())


def _is_tagged(element: "_Element") -> bool:
    return bool(element.get("lang")) and element.get("dir") in {"ltr", "rtl"}
