"""What `digest doctor` finds: one thing looked at, how it is, and the mend."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; counts and names, never an address of a person or a secret."""

    check: str
    """What was looked at, such as `source https://blog.example.org/feed/`."""
    status: Status
    detail: str
    mend: str = ""
    """What to do, empty where all is well."""
