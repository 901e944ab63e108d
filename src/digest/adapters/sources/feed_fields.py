"""What the fields of feeds of all formats have in common."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from digest.adapters.sources import fragments
from digest.models.feed import ParsedEntry

MOST_ENTRIES = 1_000
LONGEST_FIELD = 1_000
_MOST_AUTHORS = 200
_LONGEST_CATEGORY, _MOST_CATEGORIES = 80, 50
_REGION = len("BR")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_INITIALS = r"(?:[^\W\d_]\.?[ -]?){1,4}"
_LISTED = re.compile(rf"[^,;]{{2,60}}, {_INITIALS}(?:, [^,;]{{2,60}}, {_INITIALS})+,?")
_PAIR = re.compile(rf"([^,;]{{2,60}}, {_INITIALS})(?:, |,?$)")


def field(mapping: Mapping[str, Any], name: str) -> str:
    """Return a field if it is a text, else an empty one."""
    value = mapping.get(name)
    return value if isinstance(value, str) else ""


def language_tag(text: str) -> str | None:
    """Return a language tag in its usual spelling (RFC 5646: `pt-BR`), or None."""
    if not _TAG.fullmatch(text.strip()):
        return None
    first, *rest = re.split(r"[-_]", text.strip())
    return "-".join([first.lower(), *(part.upper() if len(part) == _REGION else part for part in rest)])


def says_anything(entry: ParsedEntry) -> bool:
    """Whether an entry is more than an empty element."""
    words = entry.title or entry.html or entry.text
    return bool(words or entry.url or entry.guid or entry.published or entry.image or entry.enclosures)


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of authors, each once: without addresses, and each for itself where one field lists several."""
    clean = (fragments.plain(one)[:LONGEST_FIELD].strip(" ,;") for name in names for one in _each(name))
    return tuple(dict.fromkeys(name for name in clean if name and "@" not in name))[:_MOST_AUTHORS]


def categories(terms: Iterable[str]) -> tuple[str, ...]:
    """Return categories, each once."""
    plain = (fragments.plain(term) for term in terms)
    return tuple(dict.fromkeys(term for term in plain if 0 < len(term) <= _LONGEST_CATEGORY))[:_MOST_CATEGORIES]


def _each(name: str) -> list[str]:
    """Part `Lima, N., Simon, A.` and `Lima N; Simon A`; a comma alone may stand inside a name."""
    name = name[: 20 * LONGEST_FIELD]
    if ";" in name and "&" not in name:
        return name.split(";")
    if _LISTED.fullmatch(name.strip()):
        return [found[1] for found in _PAIR.finditer(name.strip())]
    return [name]
