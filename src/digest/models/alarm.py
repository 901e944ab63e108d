"""What the author has to be told outside of a receipt that nobody may be reading."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that went wrong in the schedule; told once."""

    kind: Literal["missed", "silent"]
    """A slot passed without its mail, or no run ended well for more than a day."""
    name: str
    """The issue, or the moment since which it has been silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An alarm in the author's languages."""

    title: str
    """The same for the same alarm, and for no other."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An issue was opened on the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WasThere:
    """There is one with this title already, open or closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpened:
    """The board could not be written; the reason is one sentence."""

    reason: str


Posted = Opened | WasThere | NotOpened


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """The settings of `[alarm]`; neither the token nor the heartbeat's address shows in `repr`."""

    repository: str = ""
    """`owner/name` on GitHub; empty where there is none."""
    api: str = "https://api.github.com"
    token: str = field(default="", repr=False)
    heartbeat: str = field(default="", repr=False)
    """Address that is fetched after every good run; whoever watches it notices when that stops."""
