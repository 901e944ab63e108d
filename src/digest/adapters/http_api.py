"""Calls to services that take and give JSON: guarded like every other request, with a key that is never repeated.

A key travels only over https, is not sent on by a redirect, and shows in no `repr`, message or log. What a service
says in a refusal is not repeated either, since some repeat the key in it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.adapters.http_body import capped_body
from digest.adapters.http_rules import address_refusal, retry_after_seconds

if TYPE_CHECKING:
    from digest.adapters.http_transport import Client

ANSWER_BYTES = 4_000_000
"""Most that an answer may have, unpacked."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """One call."""

    url: str
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """May hold a key."""
    body: bytes = field(default=b"", repr=False)
    """JSON in UTF-8, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAnswer:
    """What a service answered, whatever its status."""

    status: int
    body: bytes = field(repr=False)
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """No answer; the reason is one sentence without the address."""

    reason: str
    timed_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbered:
    number: int
    request: ApiRequest

    @property
    def url(self) -> str:
        return self.request.url


class ApiClient:
    """Calls services side by side, at most `at_once` a host; `total_timeout` (seconds) is for one call.

    With `allow_private_addresses` it also reaches services on this machine or in this network, without https.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private_addresses: bool = False,
        total_timeout: float = 120.0,
        at_once: int = 4,
    ) -> None:
        self._user_agent = user_agent
        self._open = allow_private_addresses
        self._total_timeout = total_timeout
        self._at_once = at_once

    def call(self, request: ApiRequest) -> ApiAnswer | Unreached:
        """Make one call."""
        return self.call_many([request])[0]

    def call_many(self, requests: Sequence[ApiRequest]) -> tuple[ApiAnswer | Unreached, ...]:
        """Return one answer a request, in their order; a failed call is an answer too, never an exception."""
        from digest.adapters.http_transport import Batch

        numbered = [_Numbered(number=number, request=request) for number, request in enumerate(requests)]
        batch: Batch[_Numbered, ApiAnswer | Unreached] = Batch(
            self._call_one, numbered, guarded=not self._open, concurrency=self._at_once, per_host=self._at_once
        )
        thread = threading.Thread(target=batch.run, name="digest-api", daemon=True)
        thread.start()
        try:
            answers = {asked.number: answer for asked, answer in batch.results()}
        finally:
            batch.stop()
            thread.join()
        return tuple(answers[number] for number in range(len(numbered)))

    async def _call_one(self, client: "Client", numbered: _Numbered) -> ApiAnswer | Unreached:
        import asyncio

        from digest.adapters import http_transport as transport

        if refusal := self._refusal(numbered.url):
            return Unreached(reason=refusal)
        try:
            async with asyncio.timeout(self._total_timeout):
                return await self._answer(client, numbered.request)
        except TimeoutError:
            return Unreached(
                reason=f"there was no complete answer within {self._total_timeout:g} seconds", timed_out=True
            )
        except transport.AddressRefusedError as error:
            return Unreached(reason=str(error))
        except transport.FAILURES as error:
            return Unreached(reason=transport.sentence(error))

    def _refusal(self, url: str) -> str:
        if refusal := address_refusal(url, private_allowed=self._open):
            return refusal
        if not self._open and urlsplit(url).scheme != "https":
            return "a key and texts are only sent over https"
        return ""

    async def _answer(self, client: "Client", request: ApiRequest) -> ApiAnswer | Unreached:
        headers = {
            "User-Agent": self._user_agent.encode("ascii", "ignore").decode(),
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **({"Content-Type": "application/json"} if request.body else {}),
            **dict(request.headers),
        }
        raw = [(name.encode("ascii"), value.encode()) for name, value in headers.items()]
        async with client.stream(request.method, request.url, headers=raw, content=request.body) as response:
            if response.status_code in _REDIRECTS:
                return Unreached(reason="the service has moved; its new address has to be in the settings")
            pause = retry_after_seconds(response.headers.get("retry-after"), now=datetime.now(UTC))
            body = await capped_body(response, ANSWER_BYTES)
            if isinstance(body, str):
                return Unreached(reason=body)
            return ApiAnswer(status=response.status_code, body=body, retry_after_seconds=pause)
