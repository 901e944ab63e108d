"""The values that MJML allows, as its own validator writes them: `unit(px,%){1,4}`, `enum(left,right)`, `color`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_CALL = re.compile(r"(?P<kind>\w+)\((?P<items>.*)\)(?:\{(?P<times>[\d,]+)\})?")
_COLOUR = r"rgba?\([^)]*\)|#(?:[0-9a-f]{3}){1,2}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What one MJML element may carry."""

    attributes: Mapping[str, str]
    """Name -> type of the value."""
    children: frozenset[str]
    text: bool
    """Whether HTML stands in it instead of MJML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All elements, and the names of colours."""

    elements: Mapping[str, Element]
    colours: frozenset[str]


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Return MJML's own table, read once."""
    import json
    from importlib import resources

    text = resources.files("digest.adapters.rendering").joinpath("mjml_schema.json").read_text("utf-8")
    table = json.loads(text)
    elements = {
        name: Element(attributes=one["attributes"], children=frozenset(one["children"]), text=one["text"])
        for name, one in table["elements"].items()
    }
    return Schema(elements=elements, colours=frozenset(table["colours"]))


def expected(kind: str, value: str) -> str:
    """Return what a value of this type should have been, or an empty string where it fits."""
    pattern, said = _pattern(kind)
    if pattern is None or pattern.fullmatch(value) or (kind == "color" and value in schema().colours):
        return ""
    return said


@lru_cache(maxsize=64)
def _pattern(kind: str) -> tuple[re.Pattern[str] | None, str]:
    """A pattern of the whole value, and the words for it; None where anything goes."""
    if kind == "color":
        return re.compile(_COLOUR, re.IGNORECASE), "a colour such as #2a5a70"
    if kind == "boolean":
        return re.compile("true|false", re.IGNORECASE), "true or false"
    if kind == "integer":
        return re.compile(r"\d+"), "a whole number"
    call = _CALL.fullmatch(kind)
    if call is None:
        return None, ""
    items = [item for item in call["items"].split(",") if item]
    if call["kind"] == "enum":
        return re.compile("|".join(map(re.escape, items))), f"one of: {', '.join(items)}"
    return _sizes(call, items)


def _sizes(call: re.Match[str], items: list[str]) -> tuple[re.Pattern[str], str]:
    units = [re.escape(item) for item in items if item != "auto"]
    # A last comma stands for a number without a unit: `unit(px,%,)`.
    units += [""] if call["items"].endswith(",") else []
    sign = "-?" if call["kind"] == "unitWithNegative" else ""
    one = rf"(?:{sign}[\d.,]+(?:{'|'.join(units)})|0{'|auto' if 'auto' in items else ''})"
    times = call["times"] or "1"
    many = f"{times.replace(',', ' to ')} sizes" if times != "1" else "a size"
    return re.compile(rf"(?:{one} ?){{{times}}}"), f"{many} in {' or '.join(items)}"
