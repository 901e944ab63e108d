"""Why the desk did not do what it was asked for, in words that can be said in the author's language."""

from digest.errors import StateConflictError
from digest.i18n import fill
from digest.models.issue import Reason


class RefusedError(StateConflictError):
    """Nothing was changed; `said` tells why and what to do, `status` is that of HTTP (RFC 9110, section 15.5)."""

    def __init__(self, message: str, *, status: int = 409, **values: object) -> None:
        self.said = Reason(message=message, values=tuple((name, str(value)) for name, value in values.items()))
        self.status = status
        super().__init__(fill(self.said.message, dict(self.said.values)))
