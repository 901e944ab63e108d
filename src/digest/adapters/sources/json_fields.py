"""Reads JSON that may have any shape: each getter returns the kind of value it names, empty where there is another."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from digest.models.work import DateKind, TextRights, WorkDate

LONGEST_TEXT = 20_000
MOST_ITEMS = 1_000
_FIRST_YEAR, _LAST_YEAR = 1500, 2200
_BREAK = re.compile(r"</?(?:jats:)?(?:p|sec|title|br|list-item)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_LICENCE = re.compile(r"\b(?:cc[ -]|creativecommons\.org/licenses/)?(by(?:-(?:nc|nd|sa)){0,2})\b", re.IGNORECASE)
_CC0 = re.compile(r"\bcc-?0\b|publicdomain/zero", re.IGNORECASE)
_LICENCES: dict[str, TextRights] = {
    "by": "cc-by", "by-sa": "cc-by-sa", "by-nd": "cc-by-nd", "by-nc": "cc-by-nc", "by-nc-sa": "cc-by-nc-sa",
    "by-nc-nd": "cc-by-nc-nd",
}  # fmt: skip


def at(value: object, *path: str) -> Any:  # noqa: ANN401 - the other getters narrow it
    """Return what lies under the keys, or None."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: object, *path: str) -> str:
    """Return a text (a number is written out), or an empty one."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    # A number of thousands of digits can not be written out.
    return str(found)[:LONGEST_TEXT].strip() if isinstance(found, str) or abs(found) < 10**18 else ""


def items(value: object, *path: str) -> Iterator[Any]:
    """Yield what a list holds; a single object stands for a list of one."""
    found = at(value, *path)
    yield from found[:MOST_ITEMS] if isinstance(found, list) else [found] if isinstance(found, dict) else []


def texts(value: object, *path: str) -> tuple[str, ...]:
    """Return the texts of a list, or the one text that stands in its place."""
    found = at(value, *path)
    listed = found if isinstance(found, list) else [found]
    return tuple(said for item in listed[:MOST_ITEMS] if (said := text(item)))


def plain(markup: str) -> str:
    """Return the words of a text with JATS, MathML or HTML in it; paragraphs are parted by a blank line."""
    unpacked = html.unescape(markup) if "&" in markup else markup
    if "<" not in unpacked:
        return " ".join(unpacked.split())
    parts = (" ".join(_TAG.sub("", part).split()) for part in _BREAK.split(unpacked))
    return "\n\n".join(part for part in parts if part)


def licence(name_or_url: str) -> TextRights:
    """Return what a licence's name or address says; what is not known as open is the publisher's."""
    if _CC0.search(name_or_url):
        return "cc0"
    open_licence = _LICENCE.search(name_or_url)
    if open_licence:
        return _LICENCES.get(open_licence[1].lower(), "publisher")
    return "publisher" if name_or_url.strip() else "unknown"


def date_of(kind: DateKind, year: object, month: object = None, day: object = None) -> WorkDate | None:
    """Return a date as far as its parts make sense."""
    number = _number(year)
    if number is None or not _FIRST_YEAR <= number <= _LAST_YEAR:
        return None
    in_year = _number(month)
    if in_year is None or not 1 <= in_year <= 12:  # noqa: PLR2004 - the months of a year
        return WorkDate(kind=kind, year=number)
    in_month = _number(day)
    try:
        datetime(number, in_year, in_month or 0)  # noqa: DTZ001 - only whether there is such a day
    except ValueError:
        return WorkDate(kind=kind, year=number, month=in_year)
    return WorkDate(kind=kind, year=number, month=in_year, day=in_month)


def iso_date(kind: DateKind, said: str) -> WorkDate | None:
    """Return a date such as `2024-12-21`, `2024-12`, `20241221` or `2024`."""
    digits = said.replace("-", "")[:8]
    return date_of(kind, digits[:4], digits[4:6], digits[6:8]) if digits.isascii() and digits.isdigit() else None


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    said = value.strip() if isinstance(value, str) else ""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else None  # noqa: PLR2004 - a year
