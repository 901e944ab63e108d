"""On which line of a TOML file each setting stands."""

import re
from collections.abc import Mapping

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")


def settings_lines(text: str) -> dict[str, int]:
    """Map paths such as `sources[1].url` to line numbers, counted from 1.

    tomllib does not tell positions; this reads headers and the first key of each line, which is how people
    write settings. A value whose line is not found is reported with the line of its table.
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            name = header[2].replace(" ", "")
            if header[1] == "[[":
                index = counts.get(name, -1) + 1
                counts[name] = index
                name = f"{name}[{index}]"
            prefix = _nested(name, counts)
            found.setdefault(prefix, number)
            prefix += "."
        elif key := _KEY.match(line):
            found.setdefault(prefix + key[1], number)
    return found


def _nested(name: str, counts: Mapping[str, int]) -> str:
    """`[newsletters.legal]` belongs to the last `[[newsletters]]` before it."""
    head, dot, rest = name.partition(".")
    return f"{head}[{counts[head]}].{rest}" if dot and head in counts else name
