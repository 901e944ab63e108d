"""CSS as far as mail programs care: rules with their selectors, declarations, and what at-rules ask for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

KEPT = 4096
"""Styles of a mail repeat from story to story and from issue to issue."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One property and its value, both in small letters."""

    name: str
    value: str
    important: bool
    functions: frozenset[str]
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A selector and what it sets."""

    selector: str
    declarations: tuple[Declaration, ...]
    is_nested: bool
    """Whether it stands in another rule."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One style sheet, flat."""

    rules: tuple[Rule, ...]
    at_rules: tuple[tuple[str, str], ...]
    """(name, prelude): `("media", "(prefers-color-scheme: dark)")`."""
    nested_at_rules: tuple[str, ...]
    """At-rules in at-rules: Gmail drops the whole sheet."""


@dataclass(slots=True)
class _Found:
    rules: list[Rule]
    at_rules: list[tuple[str, str]]
    nested: list[str]


@lru_cache(maxsize=KEPT)
def read_declarations(text: str) -> tuple[Declaration, ...]:
    """Read a `style` attribute; what is not valid is left out."""
    import tinycss2

    nodes = tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True) if text else ()
    return tuple(_declarations(nodes))


@lru_cache(maxsize=64)
def read_sheet(text: str) -> Sheet:
    """Read a style sheet; what is not valid is left out."""
    import tinycss2

    found = _Found([], [], [])
    _read(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), found, inside=(), rule=False)
    return Sheet(tuple(found.rules), tuple(found.at_rules), tuple(found.nested))


def _read(nodes: Sequence[Any], found: _Found, *, inside: tuple[str, ...], rule: bool) -> None:
    import tinycss2

    for node in nodes:
        if node.type == "qualified-rule":
            content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            selector = tinycss2.serialize(node.prelude).strip()
            found.rules.append(Rule(selector, tuple(_declarations(content)), rule))
            _read(content, found, inside=inside, rule=True)
        elif node.type == "at-rule":
            name = node.lower_at_keyword
            found.at_rules.append((name, tinycss2.serialize(node.prelude).strip().lower()))
            if inside:
                found.nested.append(name)
            if node.content is not None and name not in {"font-face", "keyframes", "page"} and len(inside) < 8:  # noqa: PLR2004 - deeper is hostile
                content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                _read(content, found, inside=(*inside, name), rule=rule)


def _declarations(nodes: Sequence[Any]) -> Iterator[Declaration]:
    import tinycss2

    for node in nodes:
        if node.type == "declaration":
            value = tinycss2.serialize(node.value).strip().lower()
            functions, units = _parts(node.value)
            yield Declaration(node.lower_name, value, node.important, frozenset(functions), frozenset(units))


def _parts(values: Sequence[Any]) -> tuple[set[str], set[str]]:
    functions: set[str] = set()
    units: set[str] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value.type == "function":
            functions.add(value.lower_name)
            waiting += value.arguments
        elif value.type == "dimension":
            units.add(value.lower_unit)
        elif value.type == "percentage":
            units.add("percent")
    return functions, units
