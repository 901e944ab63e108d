"""Dates of feeds and pages, which are written in many ways."""

import re
from calendar import timegm
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time

_EARLIEST_YEAR = 1995
"""Before there were feeds: 1970 and year 0 are zeros that somebody printed."""

_MONTHS = {
    "jan": "Jan", "fev": "Feb", "feb": "Feb", "mar": "Mar", "abr": "Apr", "apr": "Apr", "mai": "May", "may": "May",
    "jun": "Jun", "jul": "Jul", "ago": "Aug", "aug": "Aug", "set": "Sep", "sep": "Sep", "out": "Oct", "oct": "Oct",
    "nov": "Nov", "dez": "Dec", "dec": "Dec",
}  # fmt: skip
_WORDED = re.compile(
    r"(\d{1,2})\.?\s+(?:de\s+)?([A-Za-zç]{3})[A-Za-zç]*\.?,?\s+(?:de\s+)?(\d{4})(?:,?\s+(\d{1,2}:\d{2}(?::\d{2})?))?"
    r"\s*([A-Z]{2,4}|[+-]\d{4})?"
)
_BRASILIA = re.compile(r"\bBR(S?)T\b")
"""BRT and BRST, which readers of dates take for UTC."""


def needs_own_reading(text: str) -> bool:
    """Whether feedparser would read a date wrongly."""
    return _BRASILIA.search(text) is not None


def from_struct(value: struct_time | None) -> datetime | None:
    """Return the moment that feedparser read (UTC), unless it is impossible."""
    if value is None:
        return None
    try:
        return plausible(datetime.fromtimestamp(timegm(value), tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def from_text(text: str) -> datetime | None:
    """Return an ISO 8601, RFC 5322 or worded date (English or Portuguese) as UTC, or None."""
    text = _BRASILIA.sub(lambda zone: "-0200" if zone[1] else "-0300", text.strip()[:100])
    for read in (_iso, _mail, _worded):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if moment is not None:
            return plausible(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return None


def plausible(moment: datetime) -> datetime | None:
    """Return a moment as UTC, or None for one before there were feeds."""
    try:
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _EARLIEST_YEAR else None


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text[:4].isdigit() and "-" in text else None


def _mail(text: str) -> datetime | None:
    return parsedate_to_datetime(text)


def _worded(text: str) -> datetime | None:
    found = _WORDED.search(text)
    month = _MONTHS.get(found[2].lower()) if found else None
    if found is None or month is None:
        return None
    return parsedate_to_datetime(f"{found[1]} {month} {found[3]} {found[4] or '00:00'} {found[5] or '+0000'}")
