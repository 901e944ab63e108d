"""The question whether somebody wants the newsletter, put to the address itself (double opt-in)."""

from dataclasses import dataclass, field
from datetime import datetime

from digest.models.delivery import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question that is open; whoever it is put to is not on the list by it."""

    subscriber: Subscriber
    """Who would get the newsletter, and how."""
    token: str
    """Opaque; an answer that carries it comes from whoever has the question."""
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The mail that asks, ready to be handed over, and the sentence that an answer agrees to."""

    sender: str
    message: bytes = field(repr=False)
    wording: str
    language: str
    """BCP 47 tag of the wording."""
