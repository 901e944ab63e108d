"""What the desk works with; `bootstrap` fills it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.desk.front import FrontMemory
from digest.desk.refused import RefusedError
from digest.models.delivery import DeliveryCounts
from digest.models.engine_use import EngineCost
from digest.models.inbox import Writes
from digest.models.message import N_
from digest.models.newsletter import Newsletter
from digest.models.report import StageReport

if TYPE_CHECKING:
    from digest.pipeline import Workshop
    from digest.ports import FolderWatch


def no_test(_issue_id: str, _address: str) -> StageReport:
    """Stands where nothing can be sent. Raises RefusedError."""
    raise RefusedError(N_("No mail server is set, so no test can be sent."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One newsletter on its author's desk."""

    newsletter: Newsletter
    opened: "Callable[[], Workshop]"
    """Opens what the stages work with, once: the first page does without, for that takes a moment."""
    watch: "FolderWatch"
    front: FrontMemory
    exclusive: Callable[[], AbstractContextManager[None]]
    """Held while files are written. Raises StateConflictError while another command writes."""
    readers: Callable[[], tuple[tuple[str, str, int], ...]]
    """(locale, audience, number of readers); never an address."""
    deliveries: Callable[[str], DeliveryCounts]
    """Issue -> what became of its mails."""
    came_back: Callable[[], Mapping[str, int]]
    """Issue -> mails that came back after a server had taken them."""
    costs: Callable[[], Mapping[str, tuple[EngineCost, ...]]]
    """Issue -> what engines were asked for it."""
    letters: Callable[[], tuple[Writes, ...]]
    """What readers wrote in the last weeks, newest first."""
    send_test: Callable[[str, str], StageReport] = no_test
    """(issue, address of hers): a marked copy of each edition that counts nowhere. Raises DeliveryError, SettingsError."""

    @property
    def shop(self) -> "Workshop":
        """What the stages work with."""
        return self.opened()
