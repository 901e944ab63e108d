"""Dates of feeds and pages, which are written in many ways: found part by part, in seven languages."""

import re
import unicodedata
from calendar import timegm
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from time import struct_time

_EARLIEST_YEAR = 1995
"""Before there were feeds: 1970 and year 0 are zeros that somebody printed."""

_LONGEST = 120
# By their first letters, without accents: English, Portuguese, Spanish, French, German, Italian, Dutch.
_MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "fev": 2, "feb": 2, "mar": 3, "maer": 3, "mrt": 3, "abr": 4, "apr": 4, "avr": 4,
    "mai": 5, "may": 5, "mag": 5, "mei": 5, "maj": 5, "juin": 6, "jun": 6, "giu": 6, "juil": 7, "jul": 7, "lug": 7,
    "ago": 8, "aug": 8, "aou": 8, "set": 9, "sep": 9, "out": 10, "oct": 10, "okt": 10, "ott": 10, "nov": 11,
    "dez": 12, "dec": 12, "dic": 12,
}  # fmt: skip
_MONTH = r"([a-z]{3,12})\.?"
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1,
    "mesz": 2, "sast": 2, "eet": 2, "eest": 3, "msk": 3, "brt": -3, "brst": -2, "art": -3, "clt": -4, "est": -5,
    "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "hst": -10, "jst": 9,
    "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_RFC_5322 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ((?:19|20)[0-9]{2}) "
    r"(?P<h>[0-9]{2}):(?P<m>[0-9]{2}):(?P<s>[0-5][0-9]) (?:GMT|(?P<sign>[+-])(?P<hours>[01][0-9])(?P<minutes>[0-5][0-9]))"
)
_RFC_3339 = re.compile(
    r"((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})T(?P<h>[0-9]{2}):(?P<m>[0-9]{2}):(?P<s>[0-5][0-9])(?:\.[0-9]{1,9})?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>[01][0-9]):(?P<minutes>[0-5][0-9]))"
)
_UNIX = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_TIME = re.compile(
    r"(?<![\d:/-])(\d{1,2})\s?[:h]\s?(\d{1,2})(?:[:m](\d{1,2})s?)?(?:[.,]\d+)?\s*(?:hrs?\b|h\b)?\s*(?:([ap])\.?\s?m\b)?"
)
_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+-])\s?(\d{2}|\d(?!\d)):?(\d{2})?(?::\d{2})?\s*(?:\([^)]*\))?$")
_NAMED_ZONE = re.compile(r"\b([a-z]{1,4})\)?$")
_YMD = re.compile(r"(?<!\d)((?:19|20)\d{2})([-/.]?)(\d{2}|\d(?=\2\d))\2(\d{1,2})(?=\D|t|$)")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2})?)?(?=z|[+-]|$)")
_WEEK = re.compile(r"^((?:19|20)\d{2})-?w(\d{2})-?(\d)?$")
_DAY_OF_YEAR = re.compile(r"^((?:19|20)\d{2})-?(\d{3})(?=t|$)")
_YEAR_MONTH = re.compile(r"^((?:19|20)\d{2})(?:-(\d{2}))?$")
_DMY = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|o|º|ª|\.)?[\s-]*(?:de\s+|of\s+)?{_MONTH},?[\s-]*(?:de\s+|of\s+)?(\d{{4}}|\d{{2}})(?![\d:])"
)
_MDY = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?:.{{0,20}}?\s)??(\d{{4}})(?![\d:])")
_YMD_WORDED = re.compile(rf"(?<!\d)((?:19|20)\d{{2}})[\s-]+{_MONTH}[\s-]+(\d{{1,2}})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_MONTH_YEAR = re.compile(rf"^{_MONTH},?\s+(?:de\s+)?(\d{{4}})$")


def from_struct(value: struct_time | None) -> datetime | None:
    """Return the moment that feedparser read (UTC), unless it is impossible."""
    if value is None:
        return None
    try:
        return plausible(datetime.fromtimestamp(timegm(value), tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


@lru_cache(maxsize=1_024)
def from_text(text: str, language: str | None = None) -> datetime | None:
    """Return a date as UTC, or None. Without a zone it counts as UTC; `language` decides what 3/4/2026 means."""
    return _as_standards_say(text) or _as_people_write(text, language)


def _as_standards_say(text: str) -> datetime | None:
    """Return a date in the two forms that almost all feeds use (RFC 5322, RFC 3339), at a tenth of the usual cost."""
    if found := _RFC_5322.fullmatch(text):
        year, month, day = found[3], _MONTHS[found[2].lower()], found[1]
    elif found := _RFC_3339.fullmatch(text):
        year, month, day = found[1], int(found[2]), found[3]
    else:
        return None
    sign, hours, minutes = found["sign"] or "+", found["hours"] or "0", found["minutes"] or "0"
    shift = timedelta(hours=int(sign + hours), minutes=int(sign + minutes))
    clock = (int(found["h"]), int(found["m"]), int(found["s"]))
    try:
        return plausible(datetime(int(year), month, int(day), *clock, tzinfo=UTC) - shift)
    except (ValueError, OverflowError):
        return None


def _as_people_write(text: str, language: str | None) -> datetime | None:
    plain = _plain(text)
    if _UNIX.fullmatch(plain):
        return _unix(plain)
    try:
        day = _day(plain, language or "")
        return None if day is None else plausible(_with_time(day, plain))
    except (ValueError, OverflowError):
        return None


def plausible(moment: datetime) -> datetime | None:
    """Return a moment as UTC, or None for one before there were feeds."""
    try:
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _EARLIEST_YEAR else None


def _plain(text: str) -> str:
    """Return a text in small letters without accents, with every run of white space as one blank."""
    short = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()
    return " ".join("".join(char for char in short if not unicodedata.combining(char)).split())


def _unix(digits: str) -> datetime | None:
    seconds = float(digits)
    try:
        return plausible(datetime.fromtimestamp(seconds / 1_000 if seconds > 1e11 else seconds, tz=UTC))  # noqa: PLR2004
    except (ValueError, OverflowError, OSError):
        return None


def _day(text: str, language: str) -> datetime | None:
    if found := _COMPACT.search(text) or _YMD.search(text):
        year, month, day = (found[1], found[2], found[3]) if found.re is _COMPACT else (found[1], found[3], found[4])
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    if found := _WEEK.search(text):
        return datetime.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1)).replace(tzinfo=UTC)
    if found := _DAY_OF_YEAR.search(text):
        return datetime(int(found[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(found[2]) - 1)
    return _worded(text) or _numeric(text, language) or _part_of_a_date(text)


def _worded(text: str) -> datetime | None:
    for pattern, day, month, year in ((_YMD_WORDED, 3, 2, 1), (_DMY, 1, 2, 3), (_MDY, 2, 1, 3)):
        for found in pattern.finditer(text):
            if number := _month(found[month]):
                return datetime(_year(found[year]), number, int(found[day]), tzinfo=UTC)
    return None


def _numeric(text: str, language: str) -> datetime | None:
    found = _NUMERIC.search(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    american = found[2] == "/" and language.lower().partition("-")[0] in {"", "en"} and language.lower() != "en-gb"
    month_first = second > 12 or (first <= 12 and american)  # noqa: PLR2004  months
    month, day = (first, second) if month_first else (second, first)
    return datetime(year, month, day, tzinfo=UTC)


def _part_of_a_date(text: str) -> datetime | None:
    """Return the first day of a month or year, which is all that some journals say."""
    if found := _YEAR_MONTH.search(text):
        return datetime(int(found[1]), int(found[2] or 1), 1, tzinfo=UTC)
    found = _MONTH_YEAR.search(text)
    number = _month(found[1]) if found else 0
    return datetime(int(found[2]), number, 1, tzinfo=UTC) if found and number else None


def _month(word: str) -> int:
    return _MONTHS.get(word[:4], 0) or _MONTHS.get(word[:3], 0)


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)  # noqa: PLR2004  RFC 5322, POSIX


def _with_time(day: datetime, text: str) -> datetime:
    compact = _COMPACT.search(text)
    if compact and compact[4]:
        clock, rest = (compact[4], compact[5], compact[6] or "0", ""), text[compact.end() :]
    else:
        found = _TIME.search(re.sub(r"(?<=\d)t(?=\d)", " ", text))
        if not found:
            return day
        clock, rest = (found[1], found[2], found[3] or "0", found[4] or ""), text[found.end() :]
    hours, minutes, seconds = int(clock[0]), int(clock[1]), min(int(clock[2]), 59)
    if clock[3] and hours <= 12:  # noqa: PLR2004  a clock face
        hours = hours % 12 + (12 if clock[3] == "p" else 0)
    if hours > 24 or minutes > 59:  # noqa: PLR2004  a clock
        return day
    return (day + timedelta(hours=hours, minutes=minutes, seconds=seconds)).replace(tzinfo=_zone(rest))


def _zone(rest: str) -> timezone:
    """Return the zone that stands after the time; the year may stand there too."""
    rest = re.sub(r"(?<!\d)(?:19|20)\d{2}$", "", rest.strip()).strip()
    if offset := _OFFSET.search(rest):
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(shift if offset[1] == "+" else -shift)
    named = _NAMED_ZONE.search(rest)
    return timezone(timedelta(hours=_ZONES.get(named[1], 0) if named else 0))
