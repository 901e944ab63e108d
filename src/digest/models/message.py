"""The marker for message ids that are looked up later, in the reader's or author's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for the author: a message id of the catalogues, and what stands in its places."""

    message: str
    values: tuple[tuple[str, str], ...] = ()


def N_(message: str) -> str:  # noqa: N802 -- the name gettext tools know
    """Return the message id unchanged; `scripts/catalogues` finds it by this mark and adds it to the catalogues."""
    return message
