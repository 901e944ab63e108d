"""A stand-in for Resend's sending API, built from its documentation alone and never compared with the service.

It answers as documented: one mail a key within 24 hours, 409 for the same key with other words, errors with `name` and
`message` (https://resend.com/docs/api-reference/errors).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from http_server import Exchange, serving

KEY = "re_example"
Fault = Callable[[int], str]
"""What goes wrong with the n-th request: `lose` (taken, no answer), `break` (500), a status line, or nothing."""


@dataclass
class Service:
    """What it has sent, by key and by recipient."""

    fault: Fault = lambda number: ""
    port: int = 0
    requests: int = 0
    mails: list[dict[str, object]] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def copies(self) -> Counter[str]:
        return Counter(str(mail["to"]) for mail in self.mails)

    def emails(self, exchange: Exchange) -> None:
        self.requests += 1
        fault = self.fault(self.requests)
        asked = exchange.asked
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return refuse(exchange, "401 Unauthorized", "missing_api_key")
        if fault.startswith("4"):
            return refuse(exchange, fault, fault.partition(" ")[2])
        if fault == "break":
            return refuse(exchange, "500 Internal Server Error", "internal_server_error")
        key = asked.headers["idempotency-key"]
        self.used.append(key)
        if self.keys.setdefault(key, asked.body) != asked.body:
            return refuse(exchange, "409 Conflict", "invalid_idempotent_request")
        if len(self.keys) > len(self.mails):
            self.mails.append(json.loads(asked.body))
        if fault != "lose":
            exchange.answer(json.dumps({"id": f"id-{list(self.keys).index(key)}"}).encode())
        return None


def refuse(exchange: Exchange, status: str, name: str) -> None:
    message = "Invalid `to` field." if name == "to" else "no"
    headers = {"Retry-After": "2"} if status.startswith("429") else {}
    body = {"statusCode": int(status[:3]), "name": name, "message": message}
    exchange.answer(json.dumps(body).encode(), status=status, headers=headers)


@contextmanager
def running(fault: Fault = lambda number: "") -> Iterator[Service]:
    service = Service(fault=fault)
    with serving({"/emails": service.emails}) as server:
        service.port = server.port
        yield service
