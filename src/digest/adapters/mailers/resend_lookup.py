"""Asks Resend what became of mails whose answer was lost (https://resend.com/docs/api-reference/emails/list-emails).

A cron job hears of no event, but it can ask: the list of what was sent names recipients, and a mail's own text carries the
token of its reader, which nothing else does. So a mail that is found was certainly taken; one that is not proves nothing.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from digest.adapters.http_api import ApiAnswer, ApiClient, ApiRequest, Unreached
from digest.errors import DeliveryError

_SKEW = timedelta(minutes=10)
"""How far the clocks of the service and of this machine may differ."""
_MOST_PAGES = 200
_TRIES = 5
_OK, _TOO_MANY, _BROKEN = 200, 429, 500
_REFUSED = (401, 403)
_NOT_SENT = ("failed", "canceled")
"""The service took it and could not, or did not, pass it on: a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One mail whose answer was lost."""

    token: str
    address: str = field(repr=False)
    handed_at: datetime


class ResendLookup:
    """Looks mails up in the list of what an account sent; its key shows in no `repr` or report."""

    def __init__(self, key: str, client: ApiClient, *, url: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """The key has to be one with full access: one that may only send is refused the list."""
        self._headers = (("Authorization", f"Bearer {key}"),)
        self._client = client
        self._url = f"{url.rstrip('/')}/emails"
        self._sleep = sleep

    def found(self, sought: Sequence[Sought]) -> frozenset[str]:
        """Return the tokens of the mails that the service has taken. Raises DeliveryError where it does not say."""
        if not sought:
            return frozenset()
        found: set[str] = set()
        since = min(one.handed_at for one in sought) - _SKEW
        open_ = {one.token: one.address.lower() for one in sought}
        for listed in self._listed(since):
            recipients = [str(one).lower() for one in listed.get("to") or ()]
            likely = [token for token, address in open_.items() if address in recipients]
            if likely and listed.get("last_event") not in _NOT_SENT:
                mail = self._asked(f"/{quote(str(listed.get('id', '')), safe='')}")
                words = f"{mail.get('text') or ''}{mail.get('html') or ''}"
                for token in [token for token in likely if token in words]:
                    found.add(token)
                    del open_[token]
            if not open_:
                break
        return frozenset(found)

    def _listed(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Give what was sent since then, newest first."""
        after = ""
        for _ in range(_MOST_PAGES):
            page = self._asked(f"?limit=100{after}")
            mails = [mail for mail in page.get("data") or () if isinstance(mail, dict)]
            yield from mails
            if not mails or not page.get("has_more") or _moment(mails[-1]) < since:
                return
            after = f"&after={quote(str(mails[-1].get('id', '')), safe='')}"

    def _asked(self, what: str) -> dict[str, Any]:
        request = ApiRequest(url=f"{self._url}{what}", method="GET", headers=self._headers)
        answer: ApiAnswer | Unreached = Unreached(reason="it was not asked")
        for _ in range(_TRIES):
            answer = self._client.call(request)
            if isinstance(answer, ApiAnswer) and answer.status == _OK:
                return _object(answer.body)
            if isinstance(answer, ApiAnswer) and answer.status in _REFUSED:
                message = (
                    "Resend does not tell what it sent: its key may only send. Make one with full access, or look the mails up "
                    "in Resend's own pages."
                )
                raise DeliveryError(message)
            if isinstance(answer, ApiAnswer) and answer.status < _BROKEN and answer.status != _TOO_MANY:
                break
            self._sleep(1.0 if isinstance(answer, Unreached) else float(answer.retry_after_seconds or 1))
        why = answer.reason if isinstance(answer, Unreached) else f"it said {answer.status}"
        raise DeliveryError(f"Resend could not be asked what it sent: {why}. Try again later.")


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _moment(mail: dict[str, Any]) -> datetime:
    """When a mail was made; far in the future where that can not be read, so that the search goes on."""
    try:
        moment = datetime.fromisoformat(str(mail.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
