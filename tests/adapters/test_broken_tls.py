"""A connection whose TLS breaks at any moment: no message is given to the server twice, and none is lost."""

import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Literal

import pytest

from certificates import certificate
from digest.adapters.mailers.pacing import Pacer
from digest.adapters.mailers.smtp import SmtpMailer
from digest.errors import DeliveryError
from digest.models.delivery import Accepted, Delivery, HandOver, Parcel, TryLater, Unknown
from smtp_server import Post, running

MAILS = 12
How = Literal["garbage", "cut"]


@contextmanager
def breaking(port: int, *, at: int, how: How) -> Iterator[int]:
    """Pass bytes on to a server; what comes back of the first connection is spoilt from its `at`-th piece on."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(64) as pool:
        pool.submit(_accept, listening, port, pool, at, how)
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, port: int, pool: ThreadPoolExecutor, at: int, how: How) -> None:
    with suppress(OSError), ExitStack() as stack:
        while True:
            near = stack.enter_context(listening.accept()[0])
            far = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            stack.callback(_shut, near, far)
            pool.submit(_pump, near, far, 0, how)
            pool.submit(_pump, far, near, at, how)
            at = 0


def _pump(source: socket.socket, target: socket.socket, at: int, how: How) -> None:
    pieces = 0
    with suppress(OSError):
        while data := source.recv(65_536):
            pieces += 1
            if at and pieces >= at:
                if how == "cut":
                    break
                data = bytes(byte ^ 0x5A for byte in data)
            target.sendall(data)
    _shut(source, target)


def _shut(*ends: socket.socket) -> None:
    """Wake whoever waits at either end."""
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def parcel(number: int) -> Parcel:
    row = Delivery(
        issue_id="2026-11-26", newsletter_id="bonds", subscriber_id=f"s{number}", locale="en", state="claimed", token=""
    )
    data = f"Message-ID: <{number}@example.org>\r\n\r\nwords\r\n".encode()
    return Parcel(delivery=row, sender="letters@example.org", recipient=f"r{number}@example.net", message=data)


def sent_all(mailer: SmtpMailer, settled: list[tuple[Parcel, HandOver]]) -> None:
    def journal(some: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        del beginning
        settled.extend(some)
        return True

    with mailer.open():
        mailer.send(iter([parcel(number) for number in range(MAILS)]), journal)


@pytest.mark.parametrize(("scheme", "how"), [("smtps", "cut"), ("smtp+starttls", "garbage")])
def test_tls_that_breaks_at_any_moment_doubles_nothing_and_loses_nobody(scheme: str, how: How, tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    tls = {"implicit_tls": server} if scheme == "smtps" else {"starttls": server}
    broke_at_once = broke_later = 0
    for at in (1, 3, 4, *range(5, 22, 2)):
        settled: list[tuple[Parcel, HandOver]] = []
        with running(Post(), **tls) as post, breaking(post.port, at=at, how=how) as port:
            mailer = SmtpMailer(
                f"{scheme}://127.0.0.1:{port}",
                tls=client,
                pacer=Pacer(first_pause=0.0),
                timeout_seconds=1,
                dot_timeout_seconds=1,
            )
            try:
                sent_all(mailer, settled)
            except DeliveryError:
                broke_at_once += 1
                assert settled == []
                assert post.messages == []
                continue
        kinds = [type(outcome) for _, outcome in settled]
        broke_later += Unknown in kinds or TryLater in kinds or post.connections > 1
        assert sorted(one.delivery.subscriber_id for one, _ in settled) == sorted(
            f"s{number}" for number in range(MAILS)
        )
        assert kinds.count(Unknown) <= 1
        assert set(post.copies.values()) <= {1}
        assert len(post.messages) - kinds.count(Unknown) <= kinds.count(Accepted) <= len(post.messages)
    assert broke_at_once
    assert broke_later
