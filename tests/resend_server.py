"""A stand-in for Resend's sending API, built from its documentation alone and never compared with the service.

It answers as documented: one mail a key within 24 hours, 409 for the same key with other words, errors with `name` and
`message` (https://resend.com/docs/api-reference/errors).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from http_server import Exchange, Route, serving

KEY = "re_example"
Fault = Callable[[int], str]
"""What goes wrong with the n-th request: `lose` (taken, no answer), `break` (500), a status line, or nothing."""


@dataclass
class Service:
    """What it has sent, by key and by recipient."""

    fault: Fault = lambda number: ""
    port: int = 0
    requests: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    listing: str = "200 OK"
    """How the list of what was sent is answered."""
    last_event: str = "delivered"
    created_at: str = "2026-11-26 07:30:00.000000+00"
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
        if exchange.asked.method == "GET":
            return self.listed(exchange)
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
        fresh = key not in self.keys
        if self.keys.setdefault(key, asked.body) != asked.body:
            return refuse(exchange, "409 Conflict", "invalid_idempotent_request")
        if fresh:
            self.mails.append(json.loads(asked.body))
            self.routes[f"/emails/id-{len(self.mails) - 1}"] = self.one
        if fault != "lose":
            exchange.answer(json.dumps({"id": f"id-{list(self.keys).index(key)}"}).encode())
        return None

    def listed(self, exchange: Exchange) -> None:
        """Answer newest first, in pages of two at most."""
        if exchange.asked.headers.get("authorization") != f"Bearer {KEY}":
            return refuse(exchange, "401 Unauthorized", "missing_api_key")
        if not self.listing.startswith("200"):
            return refuse(exchange, self.listing, "restricted_api_key")
        asked = parse_qs(urlsplit(exchange.asked.path).query)
        newest_first = [f"id-{number}" for number in reversed(range(len(self.mails)))]
        start = newest_first.index(asked["after"][0]) + 1 if "after" in asked else 0
        page = newest_first[start : start + 2]
        body = {"object": "list", "has_more": start + 2 < len(newest_first), "data": [self.told(one) for one in page]}
        return exchange.answer(json.dumps(body).encode())

    def one(self, exchange: Exchange) -> None:
        name = exchange.asked.path.rpartition("/")[2]
        mail = self.mails[int(name.removeprefix("id-"))]
        exchange.answer(json.dumps({**self.told(name), "text": mail["text"], "html": mail.get("html")}).encode())

    def told(self, name: str) -> dict[str, object]:
        mail = self.mails[int(name.removeprefix("id-"))]
        return {"id": name, "to": mail["to"], "created_at": self.created_at, "last_event": self.last_event}


def refuse(exchange: Exchange, status: str, name: str) -> None:
    message = "Invalid `to` field." if name == "to" else "no"
    headers = {"Retry-After": "2"} if status.startswith("429") else {}
    body = {"statusCode": int(status[:3]), "name": name, "message": message}
    exchange.answer(json.dumps(body).encode(), status=status, headers=headers)


@contextmanager
def running(fault: Fault = lambda number: "") -> Iterator[Service]:
    service = Service(fault=fault)
    with serving({"/emails": service.emails}) as server:
        service.port, service.routes = server.port, server.routes
        yield service
