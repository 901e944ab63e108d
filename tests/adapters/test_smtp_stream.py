"""Many messages over several pipelined lines: everybody once, in whatever way servers fail."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.adapters.mailers.pacing import Pacer
from digest.adapters.mailers.smtp import SmtpMailer
from digest.adapters.mailers.smtp_dialogue import Dialogue, ProtocolError, ReplyReader
from digest.models.delivery import Accepted, Delivery, HandOver, Parcel, Refused, TryLater, Unknown
from postfix import kept, sink
from smtp_server import HANG_UP, Phase, Post, running

BODY = b"Subject: x\r\n\r\n" + b"words and words\r\n" * 200


def parcel(number: int, body: bytes = b"", *, domain: str = "example.net") -> Parcel:
    row = Delivery(
        issue_id="2026-11-26",
        newsletter_id="bonds",
        subscriber_id=f"s{number}",
        locale="en",
        state="claimed",
        token="a" * 32,
    )
    data = body or f"Message-ID: <{number}@example.org>\r\n".encode() + BODY
    return Parcel(delivery=row, sender="letters@example.org", recipient=f"reader{number}@{domain}", message=data)


class Log:
    """A journal in memory, which holds the mailer to its promises."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.outcomes: dict[str, HandOver] = {}
        self.begun: Counter[str] = Counter()
        self.stop_after = stop_after
        self.thread = threading.get_ident()

    def __call__(self, settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        assert threading.get_ident() == self.thread
        for one, outcome in settled:
            assert one.delivery.subscriber_id not in self.outcomes, "settled once"
            self.outcomes[one.delivery.subscriber_id] = outcome
        if len(self.outcomes) >= self.stop_after:
            return False
        self.begun.update(one.delivery.subscriber_id for one in beginning)
        return True

    def kinds(self) -> Counter[str]:
        return Counter(type(outcome).__name__ for outcome in self.outcomes.values())


def sent_to(
    port: int, count: int, log: Log, *, connections: int = 3, pacer: Pacer | None = None, body: bytes = b""
) -> Log:
    mailer = SmtpMailer(
        f"smtp://127.0.0.1:{port}",
        connections=connections,
        pacer=pacer or Pacer(first_pause=0.0),
        timeout_seconds=2.0,
        dot_timeout_seconds=2.0,
    )
    with mailer.open():
        mailer.send((parcel(number, body) for number in range(count)), log)
    return log


def test_postfix_takes_every_message_once_from_several_pipelined_lines() -> None:
    with kept() as (port, folder):
        log = sent_to(port, 60, Log())
        assert log.kinds() == {"Accepted": 60}
        assert set(log.begun.values()) == {1}
        bodies = [path.read_bytes() for path in folder.iterdir()]
    assert len(bodies) == 60
    assert len({body.partition(b"Message-ID: ")[2].partition(b"\n")[0] for body in bodies}) == 60


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        (("-p",), {"Accepted": 12}),  # no PIPELINING
        (("-e",), {"Accepted": 12}),  # no ESMTP at all
        (("-f", "RCPT"), {"Refused": 12}),
        (("-r", "DATA"), {"TryLater": 12}),
        (("-f", "."), {"Refused": 12}),
        (("-r", "."), {"TryLater": 12}),
        (("-q", "MAIL"), {"TryLater": 12}),
        (("-Q", "RCPT"), {"TryLater": 12}),  # 421, then it hangs up
        (("-q", "."), {"Unknown": 12}),  # hangs up without an answer to the dot
    ],
)
def test_every_fault_of_smtp_sink_is_told_for_what_it_is(options: tuple[str, ...], kinds: dict[str, int]) -> None:
    with sink(*options) as port:
        assert sent_to(port, 12, Log()).kinds() == kinds


def test_a_mail_of_four_megabytes_goes_through() -> None:
    big = b"Subject: big\r\n\r\n" + b"x" * 70 + b"\r\n" + (b"." + b"y" * 70 + b"\r\n") * 58_000
    with sink() as port:
        assert sent_to(port, 2, Log(), body=big).kinds() == {"Accepted": 2}


def test_a_stop_finishes_what_is_under_way_and_begins_nothing_more() -> None:
    with running(Post()) as post:
        log = sent_to(post.port, 40, Log(stop_after=10))
        assert sum(log.begun.values()) == len(log.outcomes) == len(post.messages)
        assert 10 <= len(log.outcomes) <= 13


def dropping(every: int, reply: str = HANG_UP) -> Callable[[Phase, int, str], str]:
    return lambda phase, number, _: reply if phase == "DOT" and number % every == 0 else ""


@pytest.mark.parametrize("keeps", [True, False])
def test_at_most_one_message_a_line_is_uncertain_when_a_server_hangs_up(keeps: bool) -> None:  # noqa: FBT001  a table
    with running(Post(answer=dropping(7), keeps_what_it_drops=keeps)) as post:
        log = sent_to(post.port, 40, Log())
    assert log.kinds()["Accepted"] + log.kinds()["Unknown"] == 40
    assert log.kinds()["Unknown"] == post.reached["DOT"] // 7
    assert set(post.copies.values()) == {1}


def test_a_server_that_says_421_gets_fewer_lines_and_everybody_still_once() -> None:
    def busy(phase: Phase, number: int, recipient: str) -> str:
        return "421 4.7.0 too many connections" if phase == "MAIL" and number in {2, 5} else ""

    with running(Post(answer=busy)) as post:
        log = sent_to(post.port, 30, Log())
    assert log.kinds() == {"Accepted": 30}
    assert set(post.copies.values()) == {1}


class Liar:
    """Says PIPELINING and throws away what comes behind the first line or body of each packet."""

    def __init__(self) -> None:
        self.bodies = 0
        self.in_body = False
        self.body = b""

    def answer(self, data: bytes) -> bytes:
        if self.in_body:
            self.body += data
            if b"\r\n.\r\n" not in self.body:
                return b""
            self.in_body, self.body = False, b""
            self.bodies += 1
            return b"250 kept\r\n"
        verb = data[:4].upper()
        self.in_body = verb == b"DATA"
        known = {b"EHLO": b"250-liar\r\n250 PIPELINING\r\n", b"DATA": b"354 go\r\n"}
        return known.get(verb, b"250 ok\r\n")


def lying_server(ready: list[int], liar: Liar, end: threading.Event) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        ready.append(listening.getsockname()[1])
        while not end.is_set():
            try:
                client, _ = listening.accept()
            except TimeoutError:
                continue
            with client:
                client.sendall(b"220 liar\r\n")
                liar.in_body, liar.body = False, b""
                while data := client.recv(1_000_000):
                    client.sendall(liar.answer(data))


def test_a_server_that_lies_about_pipelining_is_found_out_and_nobody_gets_it_twice() -> None:
    liar, ready, end = Liar(), list[int](), threading.Event()
    thread = threading.Thread(target=lying_server, args=(ready, liar, end))
    thread.start()
    try:
        while not ready:
            end.wait(0.01)
        mailer = SmtpMailer(f"smtp://127.0.0.1:{ready[0]}", timeout_seconds=0.3, dot_timeout_seconds=5)
        log = Log()
        with mailer.open():
            mailer.send((parcel(number) for number in range(4)), log)
    finally:
        end.set()
        thread.join(20)
    assert log.kinds() == {"Accepted": 4}
    assert liar.bodies == 4


# ---- the dialogue by itself ----

LINES = st.sampled_from(
    [b"250 ok", b"250-more", b"354 go", b"421 bye", b"450 4.7.1 wait", b"550 5.1.1 no", b"552 full", b"22", b"x", b""]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=30), st.booleans(), st.integers(1, 7))
def test_whatever_a_server_says_no_message_is_settled_twice_or_accepted_before_its_dot(
    lines: list[bytes],
    pipelining: bool,  # noqa: FBT001  drawn
    chunk: int,
) -> None:
    dialogue = Dialogue(pipelining=pipelining)
    numbers = iter(range(100))
    outcomes: dict[str, HandOver] = {}
    bodies: set[str] = set()

    def turn() -> None:
        for one, outcome in dialogue.settled:
            name = one.delivery.subscriber_id
            assert name not in outcomes
            assert not isinstance(outcome, (Accepted, Unknown)) or name in bodies
            outcomes[name] = outcome
        dialogue.settled.clear()
        if dialogue.ready:
            bodies.add(dialogue.ready.delivery.subscriber_id)
            dialogue.hand_body(parcel(next(numbers)))
        elif dialogue.free:
            dialogue.offer(parcel(next(numbers)))
        dialogue.left(len(dialogue.outgoing), exactly=True)

    turn()
    try:
        for data in _chunks(b"\r\n".join([*lines, b""]), chunk):
            dialogue.receive(data)
            turn()
    except ProtocolError:
        pass
    dialogue.broken("lost")
    turn_settled = {one.delivery.subscriber_id for one, _ in dialogue.settled}
    assert not turn_settled & outcomes.keys()


def _chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_are_replies_or_an_error(data: bytes, size: int) -> None:
    reader = ReplyReader()
    try:
        replies = [reply for piece in _chunks(data, size) for reply in reader.feed(piece)]
    except ProtocolError:
        return
    assert all(0 <= reply.code <= 999 for reply in replies)


@pytest.mark.parametrize("data", [b"2" * 5000, b"250-" + b"x" * 3000 + b"\r\n"])
def test_a_reply_without_an_end_is_cut_off(data: bytes) -> None:
    reader = ReplyReader()
    with pytest.raises(ProtocolError):
        list(map(reader.feed, [data] * 30))


def test_a_body_that_has_not_left_whole_was_not_delivered() -> None:
    dialogue = Dialogue(pipelining=True)
    dialogue.offer(parcel(1))
    dialogue.left(len(dialogue.outgoing), exactly=True)
    dialogue.receive(b"250 ok\r\n250 ok\r\n354 go\r\n")
    dialogue.hand_body(parcel(2))
    whole = dialogue.outgoing.index(b"\r\n.\r\n") + 5
    dialogue.trying(whole - 1)
    dialogue.left(whole - 1, exactly=True)
    assert dialogue.broken("lost") == parcel(2)
    assert [type(outcome) for _, outcome in dialogue.settled] == [TryLater]


def test_a_body_that_tls_may_have_sent_is_uncertain() -> None:
    dialogue = Dialogue(pipelining=True)
    dialogue.offer(parcel(1))
    dialogue.left(len(dialogue.outgoing), exactly=True)
    dialogue.receive(b"250 ok\r\n250 ok\r\n354 go\r\n")
    dialogue.hand_body(None)
    dialogue.trying(len(dialogue.outgoing))
    dialogue.left(0, exactly=False)
    dialogue.broken("lost")
    assert [type(outcome) for _, outcome in dialogue.settled] == [Unknown]


def test_a_server_that_asks_for_a_body_without_a_recipient_gets_an_empty_one() -> None:
    dialogue = Dialogue(pipelining=True)
    dialogue.offer(parcel(1))
    dialogue.left(len(dialogue.outgoing), exactly=True)
    dialogue.receive(b"250 ok\r\n550 5.1.1 unknown\r\n354 go\r\n")
    assert bytes(dialogue.outgoing) == b".\r\n"
    dialogue.left(3, exactly=True)
    dialogue.receive(b"554 no valid recipients\r\n")
    assert dialogue.settled == [(parcel(1), Refused(reply="550 5.1.1 unknown"))]
    dialogue.offer(parcel(2))
    assert dialogue.outgoing.startswith(b"RSET\r\nMAIL FROM")


# ---- how fast ----


def test_a_bucket_lets_so_many_through_a_second_and_no_burst() -> None:
    pacer = Pacer(rate=10.0)
    left, now = 0, 0.0
    while now < 60.0:
        wait = pacer.wait("a@example.net", now)
        if wait == 0.0:
            pacer.take("a@example.net", now)
            left += 1
        now += max(wait, 0.001)
    assert 598 <= left <= 612


def test_a_slow_domain_does_not_hold_up_the_others() -> None:
    pacer = Pacer(per_domain=1.0)
    pacer.take("a@one.example", 0.0)
    assert pacer.wait("b@one.example", 0.0) > 0.9
    assert pacer.wait("b@two.example", 0.0) == 0.0
    assert pacer.wait("b@ONE.example", 1.1) == 0.0


def test_a_server_that_asks_for_patience_gets_more_each_time() -> None:
    pacer = Pacer(first_pause=5.0)
    waits = []
    for _ in range(9):
        pacer.pause(0.0)
        waits.append(pacer.wait("a@example.net", 0.0))
    assert waits[:3] == [5.0, 10.0, 20.0]
    assert waits[-1] == 300.0
    pacer.accepted()
    pacer.pause(1000.0)
    assert pacer.wait("a@example.net", 1000.0) == 5.0


def test_a_clock_that_steps_back_stops_nothing() -> None:
    pacer = Pacer(rate=10.0)
    pacer.take("a@example.net", 100.0)
    assert pacer.wait("a@example.net", 50.0) <= 0.1
    assert pacer.wait("a@example.net", 50.2) == 0.0
