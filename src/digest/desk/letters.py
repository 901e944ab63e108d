"""What readers wrote, as the desk shows it: their words and the articles they name, never who they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.models.inbox import Writes

SHOWN = 20
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
_HIDDEN = "…@…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A question, an answer or a suggestion."""

    topic: str
    text: str
    links: tuple[str, ...]
    wants_to_leave: bool


def shown(letters: Sequence[Writes]) -> tuple[Letter, ...]:
    """Return the newest letters without the addresses that stand in them, such as in a signature."""
    return tuple(
        Letter(
            topic=without_addresses(one.topic),
            text=without_addresses(one.text),
            links=tuple(link for link in one.links if not _ADDRESS.search(link)),
            wants_to_leave=one.wants_to_leave,
        )
        for one in letters[:SHOWN]
    )


def without_addresses(text: str) -> str:
    """Return a text with every mail address made unreadable."""
    return _ADDRESS.sub(_HIDDEN, text)
