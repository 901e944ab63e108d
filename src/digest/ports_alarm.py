"""What the watch over the schedule asks of the outside."""

from typing import Protocol

from digest.models.alarm import Notice, Posted


class Board(Protocol):
    """Where the author looks, or is told of what is new."""

    def post(self, notice: Notice) -> Posted:
        """Put a notice there unless one with its title ever was; never raises."""
        ...
