"""Whether the text part says what the HTML part says: a reader without HTML is owed the same letter."""

import re
from collections.abc import Iterator
from functools import lru_cache

from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.gates.page import MailPage
from digest.text.gates.styles import KEPT

_ADDRESS = re.compile(r"\b(?:https?://|mailto:|doi:|www\.)\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_LABELS = 8
"""So many words may stand in the text alone: labels such as `Picture:`."""
_NAMED = 12


def word_findings(page: MailPage, text: str, where: str) -> Iterator[Finding]:
    """Yield the words that one part has and the other lacks."""
    descriptions = " ".join(image.get("alt") or "" for image in page.all("img"))
    shown = _words(f"{page.words} {descriptions}")
    written = _words(text)
    lacking = [word for word in shown if word not in written]
    if lacking:
        yield _finding("error", N_("The TXT part lacks words of the HTML part: %(words)s"), lacking, where)
    more = [word for word in written if word not in shown]
    if len(more) > _LABELS:
        yield _finding("warning", N_("The HTML part lacks words of the TXT part: %(words)s"), more, where)


def _words(text: str) -> dict[str, None]:
    words: dict[str, None] = {}
    for piece in dict.fromkeys(text.split()):
        for word in _pieces(piece):
            words[word] = None
    return words


@lru_cache(maxsize=KEPT)
def _pieces(piece: str) -> tuple[str, ...]:
    """The words of what stands between two spaces: a comma after a word, a hyphen in it, an address."""
    small = piece.casefold()
    return (small,) if small.isalnum() else tuple(_WORD.findall(_ADDRESS.sub(" ", small)))


def _finding(severity: str, message: str, words: list[str], where: str) -> Finding:
    shown = ", ".join(words[:_NAMED]) + (" …" if len(words) > _NAMED else "")
    return Finding(
        check="same_words",
        severity="error" if severity == "error" else "warning",
        message=message,
        values=(("words", shown),),
        where=where,
    )
