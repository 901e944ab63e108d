"""Keeps a few lines to one mail server busy: which message is on which line, what waits, and what is written down.

One thread moves all lines, so that what happened on them goes to the journal together, before any further body leaves.
"""

import re
import select
import time
from collections import deque
from collections.abc import Callable, Iterator

from digest.adapters.mailers.pacing import Pacer
from digest.adapters.mailers.smtp_line import Line, LineLostError
from digest.errors import DeliveryError, DigestError
from digest.models.delivery import Accepted, HandOver, Journal, Parcel, Refused, TryLater

_ENVELOPE = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+")
_ASKS_FOR_PATIENCE = re.compile(r"421\b|4\d\d[ -]4\.7\.")
_LOOK_AHEAD = 50
"""Mails held back while their domain has to wait and others go first."""
_SLOWEST_TURN_SECONDS = 1.0


class Traffic:
    """The lines to one server. `run` is one stream of messages; the lines stay for the next."""

    def __init__(
        self,
        connect: Callable[[bool], Line],
        *,
        most: int,
        pacer: Pacer,
        timeout_seconds: float,
        dot_timeout_seconds: float,
    ) -> None:
        """`connect` opens a line, with pipelining or without, or raises DeliveryError; `most` lines are open at once."""
        self.lines: list[Line] = []
        self._connect = connect
        self._most = most
        self._pacer = pacer
        self._timeout = timeout_seconds
        self._dot_timeout = dot_timeout_seconds
        self._pipelining = True
        self._begin(iter(()), _nobody_listens)

    def _begin(self, parcels: Iterator[Parcel], journal: Journal) -> None:
        self._parcels: Iterator[Parcel] | None = parcels
        self._journal = journal
        self._waiting: deque[Parcel] = deque()
        self._again: deque[Parcel] = deque()
        self._offered_twice: set[int] = set()
        self._settled: list[tuple[Parcel, HandOver]] = []
        self._limit = self._most
        self._wake = 0.0
        self._going = True
        self._failure: DigestError | None = None

    def open_line(self) -> Line:
        """Open one more line. Raises DeliveryError."""
        line = self._connect(self._pipelining)
        self.lines.append(line)
        return line

    def run(self, parcels: Iterator[Parcel], journal: Journal) -> None:
        """Go on until nothing is left, or the journal says stop, and every answer has come."""
        self._begin(parcels, journal)
        try:
            self._go_on()
        except BaseException:
            # An interrupt, or a ledger that can not write: what the server was promised must not be taken up again.
            for line in self.lines:
                line.sock.close()
            self.lines.clear()
            raise
        if self._failure is not None:
            raise self._failure

    def _go_on(self) -> None:
        while True:
            self._write_down()
            self._offer()
            busy = [line for line in self.lines if not line.dialogue.free]
            if busy or (not self._settled and self._going and self._left()):
                self._move(busy)
            elif not self._settled:
                return

    def _left(self) -> bool:
        return bool(self._again or self._waiting or self._parcels is not None)

    # ---- what goes next ----

    def _offer(self) -> None:
        """Give every free line a message, and open another line while there are messages for it."""
        while self._going:
            line = next((one for one in self.lines if one.dialogue.free), None)
            if line is None and len(self.lines) >= self._limit:
                return
            parcel = self._next()
            if parcel is None:
                return
            line = line or self._opened(parcel)
            if line is not None:
                line.dialogue.offer(parcel)
                self._attempt(line, line.flush)

    def _opened(self, parcel: Parcel) -> Line | None:
        """Open one more line. Where the server takes no more, go on with those there are."""
        try:
            return self.open_line()
        except DeliveryError as error:
            self._limit = max(1, len(self.lines))
            if self.lines:
                self._again.append(parcel)
            else:
                self._settled.append((parcel, TryLater(reply=str(error))))
                self._going = self._going and self._write_down()
            return None

    def _next(self) -> Parcel | None:
        """Return a message that may leave now; one that can never leave is settled here."""
        self._wake = 0.0
        now = time.monotonic()
        while (parcel := self._allowed(now)) is not None:
            self._pacer.take(parcel.recipient, now)
            refusal = self._impossible(parcel)
            if refusal is None:
                return parcel
            self._settled.append((parcel, refusal))
        return None

    def _allowed(self, now: float) -> Parcel | None:
        for held in (self._again, self._waiting):
            for number, parcel in enumerate(held):
                if self._may_leave(parcel, now):
                    del held[number]
                    return parcel
        while len(self._waiting) < _LOOK_AHEAD and self._parcels is not None:
            pulled = self._pulled(self._parcels)
            if pulled is None:
                self._parcels = None
            elif self._may_leave(pulled, now):
                return pulled
            else:
                self._waiting.append(pulled)
        return None

    def _pulled(self, parcels: Iterator[Parcel]) -> Parcel | None:
        """Return one more; None at their end, and where they fail: what is under way comes to its end first."""
        try:
            return next(parcels, None)
        except DigestError as error:
            self._failure = error
            return None

    def _may_leave(self, parcel: Parcel, now: float) -> bool:
        seconds = self._pacer.wait(parcel.recipient, now)
        if seconds > 0:
            self._wake = min(self._wake or now + seconds, now + seconds)
        return seconds <= 0

    def _impossible(self, parcel: Parcel) -> Refused | None:
        if not (_ENVELOPE.fullmatch(parcel.sender) and _ENVELOPE.fullmatch(parcel.recipient)):
            return Refused(reply="550 5.1.3 the address can not be used over plain SMTP")
        largest = max((line.largest for line in self.lines), default=0)
        if largest and len(parcel.message) > largest:
            return Refused(reply=f"552 5.3.4 the mail has {len(parcel.message)} bytes, the server takes {largest}")
        return None

    # ---- what has happened ----

    def _write_down(self) -> bool:
        """Tell the journal, and let the bodies out that it has noted; False once it says stop."""
        ready = [line for line in self.lines if line.dialogue.ready is not None]
        for line in self.lines:
            self._settled += line.dialogue.settled
            line.dialogue.settled.clear()
        if not self._settled and not ready:
            return self._going
        self._learn()
        settled, self._settled = self._settled, []
        beginning = [line.dialogue.ready for line in ready if line.dialogue.ready is not None]
        self._going = self._journal(settled, beginning)
        for line in ready:
            if self._going:
                line.dialogue.hand_body(self._next())
                self._attempt(line, line.flush)
            else:
                self._drop(line, "")
        return self._going

    def _learn(self) -> None:
        """Slow down where the server asks for it, and forget that once it takes mail again."""
        for parcel, outcome in self._settled:
            self._offered_twice.discard(id(parcel))
            if isinstance(outcome, Accepted):
                self._pacer.accepted()
            elif _ASKS_FOR_PATIENCE.match(outcome.reply):
                self._pacer.pause(time.monotonic())

    # ---- moving bytes ----

    def _move(self, busy: list[Line]) -> None:
        """Wait for the network, at most until a time is out, and let every line that can move do so."""
        now = time.monotonic()
        turn = min(_SLOWEST_TURN_SECONDS, max(0.0, self._wake - now)) if self._wake else _SLOWEST_TURN_SECONDS
        poll, by_number = select.poll(), {}
        for line in busy:
            poll.register(line, select.POLLIN | (select.POLLOUT if line.dialogue.outgoing else 0))
            by_number[line.fileno()] = line
            turn = max(0.0, min(turn, self._deadline(line) - now))
        for number, _ in poll.poll(turn * 1000):
            line = by_number[number]
            self._attempt(line, line.read)
            if line in self.lines:
                self._attempt(line, line.flush)
        now = time.monotonic()
        for line in busy:
            if line in self.lines and now >= self._deadline(line):
                self._lost(
                    line, LineLostError("the connection was lost: the server did not answer in time", said=False)
                )

    def _deadline(self, line: Line) -> float:
        return line.moved + (self._dot_timeout if line.dialogue.awaits_dot else self._timeout)

    def _attempt(self, line: Line, move: Callable[[], None]) -> None:
        try:
            move()
        except LineLostError as lost:
            self._lost(line, lost)

    def _lost(self, line: Line, lost: LineLostError) -> None:
        if lost.said and _ASKS_FOR_PATIENCE.match(lost.words):
            self._pacer.pause(time.monotonic())
            # "Too many connections" is the usual reason: one fewer for the rest of this run.
            self._limit = max(1, self._limit - 1)
        elif line.dialogue.grouped:
            # It may be one that lies about PIPELINING, so the next lines do without.
            self._pipelining = False
        self._drop(line, lost.words)

    def _drop(self, line: Line, why: str) -> None:
        pending = line.drop(why)
        self.lines.remove(line)
        with_another = bool(line.dialogue.settled)
        self._settled += line.dialogue.settled
        if pending is None or not self._going:
            return
        if with_another:
            # The line was lost with the body before it, which is settled: that is no attempt of this one.
            self._again.append(pending)
        elif id(pending) in self._offered_twice:
            self._settled.append((pending, TryLater(reply=why)))
        else:
            # Servers hang up after so many messages or minutes: nothing was handed over, so try once anew.
            self._offered_twice.add(id(pending))
            self._again.append(pending)


def _nobody_listens(settled: object, beginning: object) -> bool:
    """Stand for a journal before the first stream."""
    del settled, beginning
    return False
