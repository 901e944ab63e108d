"""Which links may stand in a mail."""

import re
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_FORBIDDEN = re.compile(r"[\s\x00-\x1f\x7f\"<>\\^`{|}]")


def safe_link(url: str) -> str:
    """Return the link if a reader may be given it, else an empty string.

    `https` and `mailto` may pass; `http` only to this computer itself, where the demo runs. Everything else
    (`javascript:`, `data:`, relative links, credentials in the link, characters RFC 3986 forbids) is dropped.
    """
    link = url.strip()
    if _FORBIDDEN.search(link):
        return ""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        return link if "@" in parts.path else ""
    allowed = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    return link if allowed and host and "@" not in parts.netloc else ""


def doi_link(doi: str | None) -> str:
    """Return the resolver's link to a DOI (ISO 26324), or an empty string where it is none."""
    found = _DOI.fullmatch((doi or "").strip())
    # Encoded, so that a DOI such as 10.1002/(SICI)1<1::AID>3.0.CO;2-X is a valid link.
    return "https://doi.org/" + quote(found.group(), safe="/:;().,_-") if found else ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
