"""Colours as inline styles and old attributes write them."""

import re

_HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b")
_NAMED = {"black": "#000000", "white": "#ffffff", "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0",
          "red": "#ff0000", "yellow": "#ffff00", "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3"}  # fmt: skip
_NAME = re.compile(rf"\b(?:{'|'.join(_NAMED)})\b")


def read_colour(value: str) -> str:
    """Return `#rrggbb` of a value that holds a colour, else an empty string."""
    lower = value.lower()
    found = _HEX.search(lower)
    if found:
        digits = found[0][1:]
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))  # noqa: PLR2004 - rrggbb
    named = _NAME.search(lower)
    return _NAMED[named[0]] if named else ""
