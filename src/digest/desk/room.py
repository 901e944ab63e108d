"""What the desk works with; `bootstrap` fills it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from digest.desk.refused import RefusedError
from digest.models.delivery import DeliveryCounts
from digest.models.message import N_
from digest.models.report import StageReport
from digest.pipeline import Workshop


def no_test(_issue_id: str, _address: str) -> StageReport:
    """Stands where nothing can be sent. Raises RefusedError."""
    raise RefusedError(N_("No mail server is set, so no test can be sent."))


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
    send_test: Callable[[str, str], StageReport] = no_test
    """(issue, address of hers): a marked copy of each edition that counts nowhere. Raises DeliveryError, SettingsError."""
