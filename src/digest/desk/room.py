"""What the desk works with; `bootstrap` fills it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from digest.models.delivery import DeliveryCounts
from digest.pipeline import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One newsletter on its author's desk."""

    shop: Workshop
    exclusive: Callable[[], AbstractContextManager[None]]
    """Held while files are written. Raises StateConflictError while another command writes."""
    readers: Callable[[], tuple[tuple[str, str, int], ...]]
    """(locale, audience, number of readers); never an address."""
    deliveries: Callable[[str], DeliveryCounts]
    """Issue -> what became of its mails."""
