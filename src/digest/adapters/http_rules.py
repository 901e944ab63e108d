"""Which addresses may be asked, and what answer headers mean (RFC 9110, RFC 9111); pure functions."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

LONGEST_PAUSE_SECONDS = 7 * 24 * 3600
LONGEST_MAX_AGE_SECONDS = 24 * 3600
"""Caps: else one wrong header silences a source."""

APART_SECONDS = 1.0
LONGEST_APART_SECONDS = 10.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,18})", re.IGNORECASE)


class Pace:
    """How long to wait before a host is asked again: a second from request to request, unless it is this machine."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._apart: dict[str, float] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave more time for one host, up to ten seconds."""
        self._apart[host] = max(APART_SECONDS, min(seconds, LONGEST_APART_SECONDS))

    def left(self, host: str, *, now: float) -> float:
        """Return the seconds to wait from `now` on, without taking the turn."""
        return max(0.0, self._next.get(host, now) - now)

    def wait(self, host: str, *, now: float) -> float:
        """Return the seconds to wait from `now` on (any clock that only goes forward), and take that turn."""
        if is_loopback(host):
            return 0.0
        turn = max(now, self._next.get(host, now))
        self._next[host] = turn + self._apart.get(host, APART_SECONDS)
        return turn - now


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name."""
    return host in {"localhost", "::1"} or (host.startswith("127.") and host.replace(".", "").isdigit())


def address_refusal(url: str, *, private_allowed: bool) -> str:
    """Return why an address may not be asked, or an empty text; where its name leads is checked when connecting."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "this is not a usable web address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "only http and https addresses are read"
    if not private_allowed and port not in {None, 80, 443}:
        return "only the ports 80 and 443 are allowed"
    return ""


def host_key(url: str) -> str:
    """Return the host of an address, empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def redirect_refusal(url: str, target: str) -> str:
    """Return why a redirect is not followed, or an empty text: what was asked in secret is not told in the clear."""
    if url.lower().startswith("https:") and target.lower().startswith("http:"):
        return "the site redirects from https to http"
    return ""


def retry_after_seconds(value: str | None, *, now: datetime) -> int | None:
    """Return `Retry-After` (seconds or an HTTP date) as 0 to seven days, or None where it says nothing usable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:18]), LONGEST_PAUSE_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0, min(int((moment - now).total_seconds()), LONGEST_PAUSE_SECONDS))


def max_age_seconds(cache_control: str | None) -> int | None:
    """Return `max-age` as 0 to 24 hours; None where there is none or the answer must not be kept."""
    text = cache_control or ""
    if re.search(r"no-(?:store|cache)", text, re.IGNORECASE):
        return None
    found = _MAX_AGE.search(text)
    return min(int(found[1]), LONGEST_MAX_AGE_SECONDS) if found else None
