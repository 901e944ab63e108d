"""TOML that people edit by hand: read with the line of every mistake, written so that a diff stays readable."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TypeVar

import tomli_w

from digest.errors import FileFormatError

_PLACE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")

_HEADER = re.compile(r"\s*\[\[\s*([^\]]*?)\s*\]\]")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a file, with enough of the text to say on which line something is wrong."""

    file: str
    lines: tuple[str, ...]
    values: Mapping[str, object]
    line: int = 1
    """Where the table begins, counted from 1; keys are looked for from here on."""
    path: str = ""
    """Dotted name of an array of tables, to find its headers."""

    def check_keys(self, known: Iterable[str]) -> None:
        """Raise FileFormatError for the first key that is not `known`."""
        names = sorted(known)
        for key in self.values:
            if key not in names:
                raise self.wrong(key, f"the key {key!r} is not known here. Known keys: {', '.join(names)}")

    def wrong(self, key: str, message: str) -> FileFormatError:
        """Return the error for a key, with file and line."""
        return located(self.file, self.line_of(key), message)

    def line_of(self, key: str) -> int:
        """Where a key stands, or where its table begins."""
        if key not in self.values:
            return self.line
        name = re.escape(key)
        pattern = re.compile(rf"""(?:^\s*|[{{,]\s*)["']?{name}["']?\s*[=.]|^\s*\[[^=]*\b{name}["']?\s*\]""")
        for number, text in enumerate(self.lines[self.line - 1 :], self.line):
            if pattern.search(text):
                return number
        return self.line

    def text(self, key: str, default: str = "") -> str:
        """Return a string."""
        return self._typed(key, str, "text in quotes", default)

    def required(self, key: str) -> str:
        """Return a string that has to be there and not be empty."""
        if not (value := self.text(key)):
            raise self.wrong(key, f'{key!r} is missing or empty; write {key} = "..."')
        return value

    def optional(self, key: str) -> str | None:
        """Return a string, or None where the key is absent."""
        return self.text(key) if key in self.values else None

    def choice(self, key: str, allowed: Sequence[T], default: T) -> T:
        """Return one of the allowed values."""
        value = self.values.get(key, default)
        for one in allowed:
            if one == value:
                return one
        raise self.wrong(key, f"{key!r} is {value!r}, but has to be one of {', '.join(map(str, allowed))}")

    def number(self, key: str) -> int | None:
        """Return a whole number, or None where the key is absent."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.wrong(key, f"{key!r} has to be a whole number")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings."""
        return self._items(key, str, "a list of texts in quotes")

    def numbers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        items = self._items(key, int, "a list of whole numbers")
        if any(isinstance(item, bool) for item in items):
            raise self.wrong(key, f"{key!r} has to be a list of whole numbers")
        return items

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return a table of strings as pairs, in the order of the file."""
        table = self._typed(key, dict, 'a table such as { en = "..." }', {})
        if not all(isinstance(value, str) for value in table.values()):
            raise self.wrong(key, f"every value of {key!r} has to be text in quotes")
        return tuple(table.items())

    def moment(self, key: str) -> datetime | None:
        """Return a moment in UTC, or None; one without a zone is taken as UTC, a day as its first moment."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            moment = _moment(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            raise self.wrong(key, f'{key!r} is not a moment such as "2026-11-26T08:00:00+00:00"') from None

    def day(self, key: str, default: str) -> date:
        """Return a day."""
        value = self.values.get(key, default)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            raise self.wrong(key, f'{key!r} is not a day such as "2026-11-26"') from None

    def table(self, key: str) -> "Table | None":
        """Return a table below this one, or None."""
        values: dict[str, object] = self._typed(key, dict, "a table", {})
        return self._below(values, self.line_of(key)) if values else None

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return the tables of an array, `[[key]]` or inline."""
        path = f"{self.path}.{key}" if self.path else key
        items = self._items(key, dict, f"a list of tables ([[{path}]])")
        heads = self._headers(path)
        return tuple(
            self._below(item, heads[index] if index < len(heads) else self.line_of(key), path)
            for index, item in enumerate(items)
        )

    def mixed(self, key: str) -> tuple["str | Table", ...]:
        """Return a list of strings and tables."""
        items: tuple[object, ...] = self._items(key, object, "a list")
        line = self.line_of(key)
        if not all(isinstance(item, str | dict) for item in items):
            raise self.wrong(key, f'{key!r} has to be a list of texts or of {{ text = "...", anchors = [1] }}')
        return tuple(self._below(item, line) if isinstance(item, dict) else str(item) for item in items)

    def _below(self, values: Mapping[str, object], line: int, path: str = "") -> "Table":
        return Table(file=self.file, lines=self.lines, values=values, line=line, path=path)

    def _headers(self, path: str) -> list[int]:
        return [number for number, name in _headers_of(self.lines) if name == path and number >= self.line]

    def _typed(self, key: str, kind: type[T], what: str, default: T) -> T:
        value = self.values.get(key, default)
        if not isinstance(value, kind):
            raise self.wrong(key, f"{key!r} has to be {what}")
        return value

    def _items(self, key: str, kind: type[T], what: str) -> tuple[T, ...]:
        values: list[object] = self._typed(key, list, what, [])
        items = tuple(value for value in values if isinstance(value, kind))
        if len(items) != len(values):
            raise self.wrong(key, f"{key!r} has to be {what}")
        return items


@lru_cache(maxsize=4)
def _headers_of(lines: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Return (line, path) of every `[[path]]`: a file has many tables, and each asks for its own."""
    found = ((number, _HEADER.match(text)) for number, text in enumerate(lines, 1) if "[[" in text)
    return tuple((number, re.sub(r"\s*\.\s*", ".", head[1])) for number, head in found if head)


def located(file: str, line: int, message: str) -> FileFormatError:
    """Return the error of one line of a file."""
    return FileFormatError(f"{file}, line {line}: {message}.")


def decoded(file: str, data: bytes) -> str:
    """Return UTF-8 text without a byte order mark. Raises FileFormatError with the line of the first wrong byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise located(file, line, "the text is not UTF-8; save the file with that encoding") from error


def parse(file: str, data: bytes) -> Table:
    """Read a TOML file. Raises FileFormatError with file and line."""
    text = decoded(file, data)
    lines = tuple(text.split("\n"))
    try:
        return Table(file=file, lines=lines, values=tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else max(1, len(lines))
        raise located(file, line, f"not valid TOML: {_PLACE.sub('', str(error))}") from error
    except RecursionError as error:
        raise located(file, 1, "not valid TOML: nested too deeply") from error


def quoted(text: str) -> str:
    """Return a TOML string on one line."""
    return tomli_w.dumps({"v": text}).removeprefix("v = ").rstrip("\n")


def block(text: str) -> str:
    """Return a TOML string, over several lines where the text has them."""
    # A carriage return would be lost in a string over several lines.
    spread = "\n" in text and "\r" not in text
    return tomli_w.dumps({"v": text}, multiline_strings=spread).removeprefix("v = ").removesuffix("\n")


def inline(values: Mapping[str, str]) -> str:
    """Return an inline table from keys and values that are TOML already; empty values are left out."""
    parts = [f"{key} = {value}" for key, value in values.items() if value]
    return f"{{ {', '.join(parts)} }}" if parts else "{}"


def inline_texts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return an inline table of strings."""
    return inline({_key(key): quoted(value) for key, value in pairs})


def array(items: Sequence[str]) -> str:
    """Return an array on one line, from items that are TOML already."""
    return f"[{', '.join(items)}]"


def long_array(items: Sequence[str]) -> str:
    """Return an array with one item a line, from items that are TOML already."""
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def assignments(values: Mapping[str, str]) -> str:
    """Return `key = value` lines from values that are TOML already; empty values are left out."""
    return "".join(f"{_key(key)} = {value}\n" for key, value in values.items() if value)


def encoded(text: str) -> bytes:
    """Return UTF-8; half a surrogate pair, which no file can hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quoted(key)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    raise TypeError
