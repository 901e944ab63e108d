"""Reads one TOML table value by value and notes every mistake with its line, instead of stopping at the first."""

import math
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from email.utils import parseaddr
from typing import Any, get_args
from urllib.parse import urlsplit

from digest.models.newsletter import Legal, Schedule, Weekday

_EVERY = ("week", "2 weeks", "month", "post")
_COUNTRIES = ("FR", "LU", "DE", "BR")
"""Whose rules on the footer of a newsletter are known."""


@dataclass(slots=True, kw_only=True)
class Table:
    """One table of the settings; each getter notes a mistake and returns something harmless."""

    values: Mapping[str, Any]
    path: str
    lines: Mapping[str, int]
    mistakes: list[tuple[int, str]]
    environment: Mapping[str, str] = field(repr=False)
    read: set[str] = field(default_factory=set)

    def mistake(self, key: str, what: str) -> None:
        """Note one mistake at the line of a key."""
        place = f"{self.path}.{key}" if self.path else key
        line = self.lines.get(place) or self.lines.get(f"{place}[0]") or self._own_line()
        self.mistakes.append((line, f"{place}: {what}"))

    def _own_line(self) -> int:
        place = self.path
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place.rpartition(".")[0]
        return 0

    def finish(self) -> None:
        """Report keys that nobody asked for, with the nearest known name."""
        for key in self.values:
            if key not in self.read:
                self.mistake(key, f"unknown setting{_nearest(key, self.read)}")

    def _take(self, key: str, default: object, wanted: type | tuple[type, ...], kind: str) -> Any:  # noqa: ANN401 - the getters narrow it
        self.read.add(key)
        value = self.values.get(key, _MISSING)
        if value is _MISSING:
            if default is _MISSING:
                self.mistake(key, "is missing")
                return None
            return default
        if isinstance(value, str) and value.startswith("env:"):
            value = self.environment.get(value[4:], "")
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is int):
            self.mistake(key, f"has to be {kind}")
            return None if default is _MISSING else default
        return value

    def text(self, key: str, default: object = None) -> str:
        """A text that is not empty, unless a default is given."""
        value = self._take(key, _MISSING if default is None else default, str, "a text in quotes")
        if value == "" and default is None:
            self.mistake(key, "is empty")
        return value or ""

    def secret(self, key: str, default: str) -> str:
        """A text that is never repeated in a message."""
        return str(self._take(key, default, str, "a text in quotes, best `env:NAME`"))

    def integer(self, key: str, *, default: int, low: int, high: int) -> int:
        """A whole number within limits."""
        value = int(self._take(key, default, int, "a whole number"))
        if not low <= value <= high:
            self.mistake(key, f"has to lie between {low} and {high}")
            return default
        return value

    def number(self, key: str, *, default: float) -> float:
        """A number that is not negative."""
        value = float(self._take(key, default, (int, float), "a number"))
        if not 0 <= value < math.inf:
            self.mistake(key, "may not be negative")
            return default
        return value

    def boolean(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._take(key, default, bool, "true or false"))

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value and value not in allowed:
            self.mistake(key, f"has to be one of: {', '.join(allowed)}{_nearest(value, allowed)}")
            return allowed[0]
        return value

    def texts(self, key: str, default: object = None) -> tuple[str, ...]:
        """A list of texts."""
        value = self._take(key, _MISSING if default is None else default, (list, tuple), "a list of texts")
        items = tuple(value or ())
        if not all(isinstance(item, str) for item in items):
            self.mistake(key, "has to be a list of texts")
            return ()
        if default is None and value is not None and not items:
            self.mistake(key, "is empty")
        return items

    def identifier(self, key: str) -> str:
        """A short name for files and headers."""
        value = self.text(key)
        if value and not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", value):
            self.mistake(key, "may only hold small letters, digits and hyphens, and starts with a letter")
        return value

    def locales(self, key: str) -> tuple[str, ...]:
        """CLDR identifiers: `pt_BR`, `en`; `pt-BR` is read as well."""
        items = tuple(item.replace("-", "_") for item in self.texts(key))
        for item in items:
            if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", item):
                self.mistake(key, f"{item!r} is not a locale such as pt_BR or en")
        return items

    def audiences(self, key: str) -> tuple[str, ...]:
        """Groups of readers, as they stand in the names of files; everyone is one already."""
        items = self.texts(key, default=())
        for item in items:
            if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", item) or item in {"everyone", "html", "txt", "dark"}:
                self.mistake(key, f"{item!r} can not name an audience: use small letters, digits and hyphens")
        return items

    def issns(self, key: str) -> tuple[str, ...]:
        """Journals by ISSN, with the check digit checked (ISO 3297)."""
        items = tuple(item.strip().upper() for item in self.texts(key, default=()))
        for item in items:
            if not is_issn(item):
                self.mistake(key, f"{item!r} is no ISSN: its check digit does not fit, or it is not like 1234-5679")
        return items

    def web_address(self, key: str, default: object = None) -> str:
        """An http or https URL without a password in it."""
        value = self.text(key, default)
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
            secret = parts.username is not None
        except ValueError:
            good, secret = False, False
        if value and not good:
            self.mistake(key, "has to be a web address that starts with https:// or http://")
        if secret:
            self.mistake(key, "holds a user name; use a web address without one")
        return value

    def mailbox(self, key: str, default: object = None) -> str:
        """`Name <local@domain>` or a bare address."""
        value = self.text(key, default)
        if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", parseaddr(value)[1]):
            self.mistake(key, "has to be a mail address such as: A. Example <letters@example.org>")
        return value

    def translations(self, key: str) -> tuple[tuple[str, str], ...]:
        """One text per locale."""
        value = self._take(key, _MISSING, (dict, str), "a table with one text per locale")
        if isinstance(value, str):
            return (("en", value),)
        pairs = tuple((str(name).replace("-", "_"), text) for name, text in (value or {}).items())
        if value is not None and (not pairs or not all(isinstance(text, str) and text for _, text in pairs)):
            self.mistake(key, "needs a text for each locale")
            return (("en", "?"),)
        return pairs or (("en", "?"),)

    def table(self, key: str, *, optional: bool = False) -> "Table":
        """A table inside this one; an absent optional one reads as empty."""
        value = self._take(key, {} if optional else _MISSING, dict, "a table")
        path = f"{self.path}.{key}" if self.path else key
        # A table that is missing has one mistake, not one for each of its keys.
        mistakes = self.mistakes if value is not None else []
        return Table(values=value or {}, path=path, lines=self.lines, mistakes=mistakes, environment=self.environment)

    def tables(self, key: str) -> list["Table"]:
        """`[[key]]` tables."""
        value = self._take(key, [], list, f"written as [[{key}]]")
        if not all(isinstance(item, dict) for item in value):
            self.mistake(key, f"has to be written as [[{key}]]")
            return []
        return [
            Table(
                values=item,
                path=f"{key}[{index}]",
                lines=self.lines,
                mistakes=self.mistakes,
                environment=self.environment,
            )
            for index, item in enumerate(value)
        ]

    def schedule(self) -> Schedule:
        """`{ every, day, time, timezone, window, reader_time }`."""
        every = self.choice("every", _EVERY)
        day = self.choice("day", get_args(Weekday), "monday")
        clock = self.text("time", "08:00")
        zone = self.text("timezone")
        window = self.text("window", "12h")
        reader_time = self.boolean("reader_time", default=False)
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock):
            self.mistake("time", "has to be a time such as 08:00")
            clock = "08:00"
        if not re.fullmatch(r"[1-9]\d?h", window):
            self.mistake("window", "has to be a number of hours such as 12h")
            window = "12h"
        if zone and not _is_zone(zone):
            self.mistake("timezone", f"{zone!r} is not a time zone such as Europe/Luxembourg")
        self.finish()
        return Schedule(
            every=every,  # type: ignore[arg-type]  # checked by choice()
            day=day,  # type: ignore[arg-type]  # checked by choice()
            time=time.fromisoformat(clock),
            timezone=zone,
            window=timedelta(hours=int(window[:-1])),
            reader_time=reader_time,
        )

    def legal(self) -> Legal:
        """`{ name, address, notice_url, country, profession, register, crp }`."""
        country = self.choice("country", _COUNTRIES, default="")
        crp = self.text("crp", default="")
        if crp and not re.fullmatch(r"CRP (0[1-9]|1\d|2[0-4])/\d{3,6}", crp):
            self.mistake("crp", "has to be a council's number such as CRP 06/123456")
        legal = Legal(
            name=self.text("name"),
            address=self.text("address"),
            notice_url=self.web_address("notice_url"),
            country=country,
            professions=self.translations("profession") if "profession" in self.values else (),
            register=self.text("register", default=""),
            crp=crp,
        )
        self.read.add("profession")
        self.finish()
        return legal


class _Missing:
    """Tells an absent value from None."""


_MISSING = _Missing()


def _is_zone(name: str) -> bool:
    try:
        return bool(zoneinfo.ZoneInfo(name).key)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _nearest(word: str, known: Sequence[str] | set[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def is_issn(text: str) -> bool:
    """Whether a text is an ISSN with a check digit that fits (ISO 3297)."""
    if not re.fullmatch(r"\d{4}-\d{3}[\dX]", text, re.ASCII):
        return False
    digits = [10 if sign == "X" else int(sign) for sign in text.replace("-", "")]
    return sum(digit * weight for digit, weight in zip(digits, range(8, 0, -1), strict=True)) % 11 == 0
