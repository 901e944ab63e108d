"""How heavy a mail is: Gmail clips near 102 KB, and reads only so many styles."""

import re
from collections.abc import Iterator
from html import unescape

from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.gates.page import MailPage

LARGEST_KB = 95
"""Gmail clips near 102 KB and then drops styles and footer; what the mail server adds needs room too."""
LARGE_KB = 80
MOST_STYLE_BYTES = 16_384
"""Gmail cuts what is longer: https://github.com/hteumeuleu/email-bugs/issues/90."""
MUCH_STYLE_BYTES = 8_192
_STORIES_NAMED = 3
_TITLE = re.compile(r"<h[1-6][^>]*>\s*<a\s[^>]*>(.*?)</a>\s*</h[1-6]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def weight_findings(page: MailPage, where: str) -> Iterator[Finding]:
    """Yield what makes Gmail clip the mail or drop its styles, and what could move to the web."""
    kilobytes = len(page.html.encode("utf-8", "replace")) / 1024
    if kilobytes > LARGE_KB:
        largest = largest_stories(page.html)
        yield Finding(
            check="size",
            severity="error" if kilobytes > LARGEST_KB else "warning",
            message=N_("The edition is %(size)s KB; Gmail clips near 102 KB. To leave to the web: %(stories)s.")
            if largest
            else N_("The edition is %(size)s KB; Gmail clips near 102 KB."),
            values=(("size", f"{kilobytes:.0f}"), *((("stories", "; ".join(largest)),) if largest else ())),
            where=where,
        )
    styles = sum(len(text.encode("utf-8", "replace")) for text in page.style_texts)
    if styles > MUCH_STYLE_BYTES:
        yield Finding(
            check="style_size",
            severity="error" if styles > MOST_STYLE_BYTES else "warning",
            message=N_("The styles are %(size)s KB; Gmail reads 16 KB at most, and 8 KB are enough."),
            values=(("size", f"{styles / 1024:.1f}"),),
            where=where,
        )
    for name in dict.fromkeys(name for sheet in page.sheets for name in sheet.nested_at_rules):
        yield Finding(
            check="styles",
            severity="error",
            message=N_("An @-rule stands in another one (@%(name)s): Gmail drops the whole style sheet."),
            values=(("name", name),),
            where=where,
        )


def largest_stories(html: str) -> tuple[str, ...]:
    """The stories that take most room, each with its size: a story begins with a heading that is a link."""
    titles = list(_TITLE.finditer(html))
    ends = [title.start() for title in titles[1:]] + [len(html)] * bool(titles)
    sizes = [
        (len(html[title.start() : end].encode("utf-8", "replace")), unescape(_TAG.sub("", title[1])).strip())
        for title, end in zip(titles, ends, strict=True)
    ]
    return tuple(f"{name} ({size / 1024:.1f} KB)" for size, name in sorted(sizes, reverse=True)[:_STORIES_NAMED])
