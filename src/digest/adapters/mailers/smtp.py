"""Mails to an SMTP server (RFC 5321) over a few connections, with the exact phase in which something went wrong.

No library pipelines or tells whether an error came before or after the final dot, and only that decides whether a
message may be sent again.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from digest.adapters.mailers.pacing import Pacer
from digest.adapters.mailers.smtp_connect import connect
from digest.adapters.mailers.smtp_line import Line
from digest.adapters.mailers.smtp_traffic import Traffic
from digest.adapters.mailers.smtp_url import parse_server
from digest.models.delivery import Journal, Parcel


class SmtpMailer:
    """Hands messages to one server; a lost connection is opened again for the next message."""

    def __init__(
        self,
        url: str,
        *,
        tls: ssl.SSLContext | None = None,
        connections: int = 1,
        pacer: Pacer | None = None,
        timeout_seconds: float = 120.0,
        dot_timeout_seconds: float = 600.0,
    ) -> None:
        """Nothing is connected before `open`. Raises SettingsError.

        RFC 5321 section 4.5.3.2.6 asks for ten minutes after the final dot: giving up earlier makes duplicates.
        """
        self._server = parse_server(url)
        self._tls = tls
        self._timeout = timeout_seconds
        self._traffic = Traffic(
            self._line,
            most=connections,
            pacer=pacer or Pacer(),
            timeout_seconds=timeout_seconds,
            dot_timeout_seconds=dot_timeout_seconds,
        )

    def __repr__(self) -> str:
        """Host and port only."""
        return f"SmtpMailer({self._server.host}:{self._server.port})"

    @contextmanager
    def open(self) -> Iterator[None]:
        """Connect, encrypt and sign in. Raises DeliveryError that says what to do."""
        lines = self._traffic.lines
        self._traffic.open_line()
        try:
            yield
            for line in lines:
                line.leave()
        finally:
            for line in lines:
                # After an interrupt, or a ledger that can not write, no QUIT may become part of a body.
                line.sock.close()
            lines.clear()

    def send(self, parcels: Iterator[Parcel], journal: Journal) -> None:
        """Hand messages over, inside `open`, until there are none or the journal says stop. Never raises for a reply.

        Messages have CRLF; dots are stuffed here. What the journal raises goes through: the bodies that had not begun
        never leave, and the server forgets those whose dot has not.
        """
        self._traffic.run(parcels, journal)

    def _line(self, pipelining: bool) -> Line:  # noqa: FBT001  the one thing a line can differ in
        connected = connect(self._server, tls=self._tls, timeout=self._timeout)
        return Line(connected, pipelining=pipelining)
