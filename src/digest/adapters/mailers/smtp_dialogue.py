"""One conversation with a mail server, message after message, without a socket: bytes in, bytes and events out.

Where the server offers PIPELINING (RFC 2920), a body and the envelope of the next message leave in one group, so each
message costs one round trip. At most one message per connection is then without an answer.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

from digest.adapters.mailers.smtp_connect import reply_words
from digest.models.delivery import Accepted, HandOver, Parcel, Refused, TryLater, Unknown

# Reply codes (RFC 5321 section 4.2): the first digit says how it went.
_TAKEN, _FOR_NOW, _FOR_GOOD = 2, 4, 5
_GO_AHEAD, HANGING_UP = 354, 421
_LONGEST_LINE: Final = 4096
_LONGEST_REPLY: Final = 65_536
_CODE_DIGITS = 3

_Label = Literal["DOT", "RSET", "MAIL", "RCPT", "DATA", "EMPTY"]


class ProtocolError(Exception):
    """The server said something that is no SMTP, or no answer to what was asked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, its lines joined."""

    code: int
    text: bytes

    @property
    def words(self) -> str:
        """Code and text, addresses taken out."""
        return reply_words(self.code, self.text)

    @property
    def kind(self) -> int:
        """First digit."""
        return self.code // 100


class ReplyReader:
    """Cuts what arrives into replies."""

    def __init__(self) -> None:
        """Nothing has arrived yet."""
        self._rest = bytearray()
        self._lines: list[bytes] = []
        self._length = 0

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that are now complete. Raises ProtocolError."""
        self._rest += data
        replies: list[Reply] = []
        while (end := self._rest.find(b"\n")) >= 0:
            line = bytes(self._rest[:end]).rstrip(b"\r")
            del self._rest[: end + 1]
            if (reply := self._line(line)) is not None:
                replies.append(reply)
        if len(self._rest) > _LONGEST_LINE:
            raise ProtocolError("the server's line has no end")
        return replies

    def _line(self, line: bytes) -> Reply | None:
        code, mark = line[:_CODE_DIGITS], line[_CODE_DIGITS : _CODE_DIGITS + 1]
        if not (len(code) == _CODE_DIGITS and code.isdigit() and mark in {b" ", b"-", b""}):
            raise ProtocolError("the server does not speak SMTP")
        self._lines.append(line[_CODE_DIGITS + 1 :])
        self._length += len(line)
        if self._length > _LONGEST_REPLY:
            raise ProtocolError("the server's reply has no end")
        if mark == b"-":
            return None
        text, self._lines, self._length = b"\n".join(self._lines), [], 0
        return Reply(int(code), text)


class Dialogue:
    """The state of one connection once it is signed in. Never touches a socket.

    `settled` collects the messages whose fate is known; `ready` is the one whose body the server waits for.
    """

    def __init__(self, *, pipelining: bool) -> None:
        """Begin where the server waits for the first envelope."""
        self.pipelining = pipelining
        self.outgoing = bytearray()
        self.settled: list[tuple[Parcel, HandOver]] = []
        self.ready: Parcel | None = None
        self._offered: Parcel | None = None
        self._dotted: Parcel | None = None
        self._refusal: HandOver | None = None
        self._until_dot = 0
        self._dot_tried = False
        self._commands: deque[tuple[_Label, bytes]] = deque()
        self._expected: deque[_Label] = deque()
        self._reset_first = False
        self._replies = ReplyReader()

    @property
    def free(self) -> bool:
        """Whether a message can be offered now."""
        return self._offered is None and self.ready is None and self._dotted is None

    @property
    def awaits_dot(self) -> bool:
        """Whether the answer to a final dot is the next one."""
        return self._dotted is not None and self._until_dot == 0

    @property
    def grouped(self) -> bool:
        """Whether several commands are without an answer: what a server that lies about PIPELINING trips over."""
        return len(self._expected) > 1

    def offer(self, parcel: Parcel) -> None:
        """Give the envelope of a message."""
        self._offered, self._refusal = parcel, None
        if self._reset_first:
            self._commands.append(("RSET", b"RSET\r\n"))
            self._reset_first = False
        self._commands += (
            ("MAIL", f"MAIL FROM:<{parcel.sender}>\r\n".encode("ascii")),
            ("RCPT", f"RCPT TO:<{parcel.recipient}>\r\n".encode("ascii")),
            ("DATA", b"DATA\r\n"),
        )
        self._say()

    def hand_body(self, following: Parcel | None) -> None:
        """Let the body of `ready` out, and behind it the next envelope where the server takes them together."""
        assert self.ready is not None  # noqa: S101  a promise to the type checker; the caller has just looked
        self._dotted, self.ready = self.ready, None
        _add_stuffed(self.outgoing, self._dotted.message)
        self._until_dot, self._dot_tried = len(self.outgoing), False
        self._expected.append("DOT")
        if following is not None:
            self.offer(following)

    def trying(self, count: int) -> None:
        """Say that so many bytes are about to be given to the system: from then on they may have left."""
        self._dot_tried = self._dot_tried or 0 < self._until_dot <= count

    def left(self, count: int, *, exactly: bool) -> None:
        """Say that so many bytes have left; `exactly` where nothing more can have."""
        del self.outgoing[:count]
        self._until_dot = max(0, self._until_dot - count)
        if exactly and self._until_dot:
            self._dot_tried = False

    def receive(self, data: bytes) -> None:
        """Take what the server sent. Raises ProtocolError after which the connection has to be dropped."""
        for reply in self._replies.feed(data):
            self._answered(reply)

    def broken(self, why: str) -> Parcel | None:
        """Settle what was on its way when the connection ended, and return the message that may be offered again.

        A body whose dot has left may have arrived; one whose dot has not, the server has to forget (RFC 5321 4.1.1.4).
        """
        if self._dotted is not None:
            lost = self._until_dot == 0 or self._dot_tried
            self._settle(self._dotted, Unknown(reply=why) if lost else TryLater(reply=why))
            self._dotted = None
        pending = self._offered or self.ready
        self._offered = self.ready = None
        return pending

    def _settle(self, parcel: Parcel, outcome: HandOver) -> None:
        self.settled.append((parcel, outcome))

    def _say(self) -> None:
        """Send what may be sent now: everything, or one command at a time, and nothing while a dot is unanswered."""
        while self._commands and (self.pipelining or not self._expected):
            label, line = self._commands.popleft()
            self.outgoing += line
            self._expected.append(label)

    def _answered(self, reply: Reply) -> None:
        label = self._expected.popleft() if self._expected else None
        if label == "DOT":
            self._dot(reply)
        elif label is None or reply.code == HANGING_UP:
            raise ProtocolError(reply.words)
        elif label == "DATA":
            self._data(reply)
        elif label == "EMPTY":
            self._refused()
        elif label == "RSET":
            if reply.kind != _TAKEN:
                raise ProtocolError(reply.words)
        elif reply.kind != _TAKEN:
            self._envelope_refused(label, reply)
        self._say()

    def _dot(self, reply: Reply) -> None:
        parcel, self._dotted = self._dotted, None
        assert parcel is not None  # noqa: S101  a DOT is expected only after `hand_body`
        if self._until_dot:
            # An answer before the end of the body: the server wants no more of it, and hears no more.
            self._settle(parcel, _no(reply) if reply.kind in {_FOR_NOW, _FOR_GOOD} else TryLater(reply=reply.words))
            raise ProtocolError(reply.words)
        self._settle(parcel, _verdict(reply))
        if reply.code == HANGING_UP or reply.kind not in {_TAKEN, _FOR_NOW, _FOR_GOOD}:
            raise ProtocolError(reply.words)

    def _envelope_refused(self, label: _Label, reply: Reply) -> None:
        if reply.kind not in {_FOR_NOW, _FOR_GOOD}:
            raise ProtocolError(reply.words)
        if self._refusal is None:
            no = _no(reply)
            # In words, for a code alone would read as if this one reader's mailbox were meant.
            refused = label == "MAIL" and isinstance(no, Refused)
            self._refusal = Refused(reply=f"the sender is refused: {no.reply}") if refused else no
        if not self.pipelining:
            self._commands.clear()
            self._refused()

    def _data(self, reply: Reply) -> None:
        if reply.code == _GO_AHEAD and self._refusal is None:
            self.ready, self._offered = self._offered, None
        elif reply.code == _GO_AHEAD:
            # RFC 2920 section 3.1: a server may ask for a body although there is no recipient; it gets an empty one.
            self.outgoing += b".\r\n"
            self._expected.append("EMPTY")
        elif reply.kind in {_FOR_NOW, _FOR_GOOD}:
            self._refusal = self._refusal or _no(reply)
            self._refused()
        else:
            raise ProtocolError(reply.words)

    def _refused(self) -> None:
        if self._offered is not None and self._refusal is not None:
            self._settle(self._offered, self._refusal)
        self._offered, self._reset_first = None, True


def _no(reply: Reply) -> Refused | TryLater:
    return Refused(reply=reply.words) if reply.kind == _FOR_GOOD else TryLater(reply=reply.words)


def _verdict(reply: Reply) -> HandOver:
    """Say what the answer to the final dot means.

    421 says that the connection ends, not what became of the message, so like any odd answer it leaves it open.
    """
    if reply.kind == _TAKEN:
        return Accepted(reply=reply.words)
    if reply.code == HANGING_UP or reply.kind not in {_FOR_NOW, _FOR_GOOD}:
        return Unknown(reply=reply.words)
    return _no(reply)


def _add_stuffed(outgoing: bytearray, message: bytes) -> None:
    """Add the body as it travels: dots doubled at the start of lines (RFC 5321 4.5.2), and the dot that ends it."""
    if b"\r\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    if message.startswith(b"."):
        outgoing += b"."
    outgoing += message
    outgoing += b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
