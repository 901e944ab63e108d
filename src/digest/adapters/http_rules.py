"""Which addresses may be asked, and what answer headers mean (RFC 9110, RFC 9111); pure functions."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

LONGEST_PAUSE_SECONDS = 7 * 24 * 3600
LONGEST_MAX_AGE_SECONDS = 24 * 3600
"""Caps: else one wrong header silences a source."""

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,18})", re.IGNORECASE)


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
