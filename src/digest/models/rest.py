"""What a run that had nothing to do leaves for the next one, so that it need not find that out again."""

from dataclasses import dataclass
from datetime import datetime

from digest.models.report import RunReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Nothing is due from the end of a run to `until`, as long as nothing is touched."""

    receipt: RunReceipt
    """Of the run that found it out, or of the last one that relied on it."""
    until: datetime
    """The first moment, UTC, at which time alone may give a run something to do."""
    touched: str
    """SHA-256 of names, sizes and times of all files that a run starts from, the state's database included."""
