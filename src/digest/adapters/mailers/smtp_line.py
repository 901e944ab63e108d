"""A socket and its conversation: moves bytes, and says which message may be offered again when the line is lost."""

import contextlib
import ssl
import time

from digest.adapters.mailers.smtp_connect import Connected, detail
from digest.adapters.mailers.smtp_dialogue import Dialogue, ProtocolError
from digest.models.delivery import Parcel

_AT_ONCE = 262_144
_TLS_RECORD = 16_384
_FAREWELL_SECONDS = 2.0
_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class LineLostError(Exception):
    """The line is gone; the words say why, without addresses."""

    def __init__(self, words: str, *, said: bool) -> None:
        """`said` where the words are the server's own."""
        super().__init__(words)
        self.words = words
        self.said = said


class Line:
    """One connection. All methods return at once; `LineLostError` means that it has to be dropped."""

    def __init__(self, connected: Connected, *, pipelining: bool) -> None:
        """Take a connection that is signed in."""
        self.sock = connected.sock
        self.largest = connected.largest
        self.dialogue = Dialogue(pipelining=connected.pipelining and pipelining)
        self.moved = time.monotonic()
        self._tls = isinstance(self.sock, ssl.SSLSocket)

    def fileno(self) -> int:
        """For selectors."""
        return self.sock.fileno()

    def flush(self) -> None:
        """Send as much as the system takes."""
        dialogue = self.dialogue
        limit = _TLS_RECORD if self._tls else _AT_ONCE
        while dialogue.outgoing:
            dialogue.trying(min(limit, len(dialogue.outgoing)))
            try:
                # A view, for a mail is large and copying it takes longer than all the rest.
                with memoryview(dialogue.outgoing) as view, view[:limit] as chunk:
                    count = self.sock.send(chunk)
            except _WOULD_BLOCK:
                # With TLS a part of a record may be on its way although nothing was counted.
                dialogue.left(0, exactly=not self._tls)
                return
            except OSError as error:
                dialogue.left(0, exactly=not self._tls)
                raise LineLostError(f"the connection was lost: {detail(error)}", said=False) from None
            dialogue.left(count, exactly=True)
            self.moved = time.monotonic()

    def read(self) -> None:
        """Take what has arrived."""
        while True:
            try:
                data = self.sock.recv(_AT_ONCE)
            except _WOULD_BLOCK:
                return
            except OSError as error:
                raise LineLostError(f"the connection was lost: {detail(error)}", said=False) from None
            if not data:
                raise LineLostError("the connection was lost: the server hung up", said=False)
            self.moved = time.monotonic()
            try:
                self.dialogue.receive(data)
            except ProtocolError as error:
                raise LineLostError(str(error), said=True) from None
            if not self._tls and len(data) < _AT_ONCE:
                return

    def drop(self, why: str) -> Parcel | None:
        """Close without a word, and return the message whose envelope alone had been offered."""
        self.sock.close()
        return self.dialogue.broken(why)

    def leave(self) -> None:
        """Say QUIT and close."""
        with contextlib.suppress(OSError):
            self.sock.settimeout(_FAREWELL_SECONDS)
            self.sock.sendall(b"QUIT\r\n")
            self.sock.recv(_AT_ONCE)
        self.sock.close()
