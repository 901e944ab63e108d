"""A real SMTP server (aiosmtpd, in a thread) that counts copies and can be told to misbehave."""

import asyncio
import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Phase = Literal["MAIL", "RCPT", "DATA", "DOT", "RSET"]
HANG_UP = "hang up"
HANG_UP_IN_BODY = "hang up in the body"
SILENCE = "silence"
_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE)

Answer = Callable[[Phase, int, str], str]
"""(phase, how often that phase was reached, recipient) -> a reply, HANG_UP, SILENCE, or empty for the usual one."""


def obliging(phase: Phase, number: int, recipient: str) -> str:
    """Take everything."""
    return ""


@dataclass
class Post:
    """What the server has taken, and what it answers."""

    answer: Answer = obliging
    keeps_what_it_drops: bool = False
    """Whether a message counts as delivered although the answer to its dot is never given."""
    pipelining: bool = True
    credentials: tuple[bytes, bytes] | None = None
    greeting: str = ""
    greeted_by: list[str] = field(default_factory=list)
    copies: Counter[str] = field(default_factory=Counter)
    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    port: int = 0

    def ask(self, phase: Phase, recipient: str) -> str:
        self.reached[phase] += 1
        return self.answer(phase, self.reached[phase], recipient)

    def keep(self, envelope: Envelope) -> None:
        content = envelope.original_content
        assert content is not None
        found = _MESSAGE_ID.search(content)
        self.copies[found[1].decode() if found else "no id"] += 1
        self.messages.append(content)
        self.recipients.append(envelope.rcpt_tos[0])

    def signs_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == self.credentials, handled=False)


class _Handler:
    """The hooks of aiosmtpd."""

    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_EHLO(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        offer = ["250-PIPELINING"] if self.post.pipelining else []
        return [*responses[:-1], *offer, responses[-1]]

    async def handle_MAIL(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        answer = await _given(self.post.ask("MAIL", ""), server)
        if not answer:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        answer = await _given(self.post.ask("RCPT", address), server)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_RSET(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return await _given(self.post.ask("RSET", ""), server) or "250 OK"

    async def handle_DATA(  # noqa: N802  the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.post.ask("DOT", envelope.rcpt_tos[0])
        if not answer or (self.post.keeps_what_it_drops and answer in {HANG_UP, SILENCE}):
            self.post.keep(envelope)
        return await _given(answer, server) or "250 OK queued"


async def _given(answer: str, server: Any) -> str:
    if answer == HANG_UP:
        server.transport.abort()
    if answer in {HANG_UP, SILENCE}:
        # aiosmtpd cancels the task of a connection once its transport is gone.
        await asyncio.Event().wait()
    return answer


class _Server(SMTP):
    """Asks before it lets a body come."""

    def __init__(self, post: Post, **options: Any) -> None:
        self.post = post
        post.connections += 1
        super().__init__(_Handler(post), **options)

    async def push(self, status: Any) -> None:
        greeted = self.session is not None and self.session.host_name
        await super().push(self.post.greeting if self.post.greeting and not greeted else status)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802  the name is aiosmtpd's
        self.post.greeted_by.append(hostname)
        await super().smtp_EHLO(hostname)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  the name is aiosmtpd's
        answer = await _given(self.post.ask("DATA", ""), self)
        if answer == HANG_UP_IN_BODY:
            await self.push("354 go on")
            await _given(HANG_UP, self)
        elif answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


async def _serve(
    post: Post, implicit_tls: ssl.SSLContext | None, options: dict[str, Any], ready: threading.Event, end: asyncio.Event
) -> None:
    loop = asyncio.get_running_loop()
    servers: list[_Server] = []

    def factory() -> _Server:
        servers.append(_Server(post, loop=loop, **options))
        return servers[-1]

    listening = await loop.create_server(factory, "127.0.0.1", 0, ssl=implicit_tls)
    post.port = listening.sockets[0].getsockname()[1]
    ready.set()
    await end.wait()
    listening.close()
    for server in servers:
        if server.transport is not None:
            server.transport.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def running(
    post: Post, *, implicit_tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[Post]:
    """Serve on a free port of 127.0.0.1 until the block ends; `post.port` says which."""
    options: dict[str, Any] = {"ident": "test", "hostname": "mail.example.org", "data_size_limit": 10_000_000}
    if starttls:
        options["tls_context"] = starttls
    if post.credentials:
        # aiosmtpd knows of no TLS but STARTTLS, so over implicit TLS it is told not to insist.
        strict = implicit_tls is None
        options |= {"authenticator": post.signs_in, "auth_required": strict, "auth_require_tls": strict}
    ready, loop, end = threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(_serve(post, implicit_tls, options, ready, end)))
    thread.start()
    try:
        assert ready.wait(30)
        yield post
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(30)
        loop.close()
