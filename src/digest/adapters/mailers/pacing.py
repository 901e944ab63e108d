"""How fast mails may leave: token buckets for the provider and for each receiving domain, and pauses that a server asks for.

A bucket holds one second's worth of tokens at most (and at least one), so that a slow start is not made up for in a burst.
"""

from dataclasses import dataclass, field

FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0


@dataclass(slots=True)
class _Bucket:
    """Tokens that come back at `rate` a second."""

    rate: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until there is a token; a clock that steps back gives none back and takes none away."""
        size = max(1.0, self.rate)
        self.tokens = min(size, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.tokens >= 1.0 else (1.0 - self.tokens) / self.rate


@dataclass(slots=True, kw_only=True)
class Pacer:
    """Says when the next mail to a domain may leave. Times are seconds of any steady clock; rates are mails a second."""

    rate: float | None = None
    per_domain: float | None = None
    first_pause: float = FIRST_PAUSE_SECONDS
    _all: _Bucket | None = None
    _domains: dict[str, _Bucket] = field(default_factory=dict)
    _paused_until: float = 0.0
    _next_pause: float = 0.0

    def wait(self, recipient: str, now: float) -> float:
        """Seconds until a mail to this address may leave, 0 for at once."""
        longest = max(0.0, self._paused_until - now)
        for bucket in self._buckets(recipient, now):
            longest = max(longest, bucket.wait(now))
        return longest

    def take(self, recipient: str, now: float) -> None:
        """Count one mail that leaves now."""
        for bucket in self._buckets(recipient, now):
            bucket.tokens -= 1.0

    def pause(self, now: float) -> None:
        """Obey a server that said 421 or 4.7.x: nothing leaves for a while, each time twice as long."""
        self._next_pause = min(LONGEST_PAUSE_SECONDS, self._next_pause * 2 or self.first_pause)
        self._paused_until = max(self._paused_until, now + self._next_pause)

    def accepted(self) -> None:
        """Forget how long the last pause was: the server takes mail again."""
        self._next_pause = 0.0

    def _buckets(self, recipient: str, now: float) -> list[_Bucket]:
        found: list[_Bucket] = []
        if self.rate is not None:
            self._all = self._all or _Bucket(self.rate, 1.0, now)
            found.append(self._all)
        if self.per_domain is not None:
            domain = recipient.rpartition("@")[2].lower()
            found.append(self._domains.setdefault(domain, _Bucket(self.per_domain, 1.0, now)))
        return found
