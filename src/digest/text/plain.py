"""Text as it may stand in a mail: one line, no control characters, wrapped for reading."""

import re

# C0 and C1 controls, bidirectional embeddings, overrides and isolates (a feed could turn our words around with them),
# surrogates (not encodable as UTF-8) and noncharacters. Tab and line ends stay; so do the marks and joiners of scripts.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_INDENT = re.compile(r" *(?:- )?")
ELLIPSIS = "…"


def without_controls(text: str) -> str:
    """Drop what XML 1.0 section 2.2 does not allow, other control characters and bidirectional overrides."""
    # Nearly every text is printable, and then it holds none of them.
    return text if text.isprintable() else _UNWANTED.sub("", text)


def lines_without_controls(text: str) -> str:
    """The same for a text of many lines, most of which are printable."""
    lines = text.split("\n")
    return text if all(map(str.isprintable, lines)) else "\n".join(map(without_controls, lines))


def one_line(text: str) -> str:
    """Return the text without controls, every run of white space (also U+2028) as one space."""
    return " ".join(without_controls(text).split())


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters, cut between words where possible, with an ellipsis where cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > limit // 2 else cut).rstrip(" ,;:-") + ELLIPSIS


def wrapped(text: str, width: int) -> str:
    """Wrap every longer line at `width`, keeping its indent or bullet; links stay whole, blank lines at most one."""
    lines: list[str] = []
    for line in map(str.rstrip, text.split("\n")):
        if len(line) <= width:
            lines.append(line)
        else:
            lines += _wrapped_line(line, width)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _wrapped_line(line: str, width: int) -> list[str]:
    # Not `textwrap`, which takes longer for this than all the templates together.
    lead = _INDENT.match(line)
    indent = lead.group() if lead else ""
    rest = " ".join(filter(None, line[len(indent) :].split(" ")))
    room = width - len(indent)
    lines: list[str] = []
    while len(rest) > room:
        at = rest.rfind(" ", 0, room + 1)
        if at < 0:  # a word that is too long has a line of its own
            at = rest.find(" ", room)
        if at < 0:
            break
        lines.append(indent + rest[:at])
        rest, indent = rest[at + 1 :], " " * len(indent)
    return [*lines, indent + rest]
