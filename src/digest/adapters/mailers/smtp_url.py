"""The address of a mail server: `smtps://`, `smtp+starttls://` or `smtp://`, with user and password."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from digest.errors import SettingsError

Security = Literal["none", "starttls", "tls"]
FORMS = "smtps://user:password@host:465 or smtp+starttls://user:password@host:587"

_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed over; user and password never show in `repr`."""

    host: str
    port: int
    security: Security
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def parse_server(url: str) -> Server:
    """Read `smtps://`, `smtp+starttls://` or `smtp://`. Raises SettingsError, which never repeats the URL."""
    try:
        parts = urlsplit(url)
        security, port = _SCHEMES[parts.scheme]
        server = Server(
            host=parts.hostname or "",
            port=parts.port or port,
            security=security,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
    except (ValueError, KeyError):
        server = None
    if server is None or not server.host:
        message = f"The address of the mail server can not be read. Write it as {FORMS}."
        raise SettingsError(message)
    if server.user and server.security == "none" and server.host not in _LOOPBACK:
        message = f"smtp:// would send the password to {server.host} in the clear. Use {FORMS}."
        raise SettingsError(message)
    return server
