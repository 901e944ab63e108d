"""Mails through Resend's HTTP API (https://resend.com/docs/api-reference/emails/send-email).

Each request carries a key of its own (https://resend.com/docs/dashboard/emails/idempotency-keys): for 24 hours the same
key never sends a second mail. So an answer that was lost is asked for again, where SMTP has to give up. The service
composes the mail anew from the parts that were approved.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import islice
from typing import Final

from digest.adapters.http_api import ApiAnswer, ApiClient, ApiRequest, Unreached
from digest.adapters.mailers.pacing import Pacer
from digest.models.delivery import Accepted, HandOver, Journal, Parcel, Refused, TryLater, Unknown
from digest.text.smtp_replies import scrubbed

KEY_WINDOW: Final = timedelta(hours=23)
"""One hour less than the service remembers a key."""
MARK: Final = "key at resend"
"""Written to the ledger with each mail that is handed over with a key."""

_PASSED_ON = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Content-Language")
_AGAIN_AFTER_SECONDS = (1.0, 5.0, 20.0)
_LONGEST_PAUSE_SECONDS = 60.0
_OK, _CONFLICT, _UNPROCESSABLE, _TOO_MANY, _BROKEN = 200, 409, 422, 429, 500


class ResendMailer:
    """Hands mails to the service, a few at once; the key of the account shows in no `repr` or report."""

    def __init__(
        self,
        key: str,
        client: ApiClient,
        *,
        url: str = "https://api.resend.com",
        connections: int = 1,
        pacer: Pacer | None = None,
        again_after: Sequence[float] = _AGAIN_AFTER_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is asked before `send`. `again_after`: seconds before each further try where an answer was lost."""
        self._key = key
        self._client = client
        self._url = f"{url.rstrip('/')}/emails"
        self._connections = connections
        self._pacer = pacer or Pacer()
        self._again_after = tuple(again_after)
        self._sleep, self._clock = sleep, clock

    def __repr__(self) -> str:
        """Without the key."""
        return f"ResendMailer({self._url})"

    @contextmanager
    def open(self) -> Iterator[None]:
        """Do nothing: every mail is a request of its own."""
        yield

    def send(self, parcels: Iterator[Parcel], journal: Journal) -> None:
        """Hand messages over until there are none or the journal says stop. Never raises for what the service says."""
        settled: list[tuple[Parcel, HandOver]] = []
        while chunk := list(islice(parcels, self._connections)):
            for parcel in chunk:
                self._wait(parcel.recipient)
            if not journal(settled, chunk):
                return
            settled = list(zip(chunk, self._handed(chunk), strict=True))
        journal(settled, [])

    def _wait(self, recipient: str) -> None:
        while (seconds := self._pacer.wait(recipient, self._clock())) > 0:
            self._sleep(seconds)
        self._pacer.take(recipient, self._clock())

    def _handed(self, chunk: Sequence[Parcel]) -> list[HandOver]:
        """Ask until each has an answer that settles it, with the same key each time, or the patience is over."""
        requests = [self._request(parcel) for parcel in chunk]
        outcomes: list[HandOver | None] = [None] * len(chunk)
        answers: dict[int, ApiAnswer | Unreached] = {}
        doubtful: set[int] = set()
        for pause in (0.0, *self._again_after):
            open_ = [number for number, outcome in enumerate(outcomes) if outcome is None]
            if not open_:
                break
            asked_for = max((_asked_pause(answers.get(number)) for number in open_), default=0.0)
            if pause:
                self._sleep(min(_LONGEST_PAUSE_SECONDS, max(pause, asked_for)))
            found = self._client.call_many([requests[number] for number in open_])
            answers.update(zip(open_, found, strict=True))
            for number in open_:
                outcomes[number] = _settled(answers[number])
                if _may_have_it(answers[number]):
                    doubtful.add(number)
        return [
            _last_word(outcome, answers[number], doubtful=number in doubtful) for number, outcome in enumerate(outcomes)
        ]

    def _request(self, parcel: Parcel) -> ApiRequest:
        row = parcel.delivery
        # What is in no ledger, as a test copy, may be sent as often as somebody asks for it.
        own = f"{row.newsletter_id[:60]}/{row.issue_id[:60]}/{row.token}"
        key = own if row.subscriber_id else secrets.token_hex(16)
        headers = (("Authorization", f"Bearer {self._key}"), ("Idempotency-Key", key))
        return ApiRequest(url=self._url, headers=headers, body=_body(parcel))


def _body(parcel: Parcel) -> bytes:
    """Return the mail as the service takes it. The date stays out: a second request has to be the same as the first."""
    mail = message_from_bytes(parcel.message, policy=default)
    headers = {name: str(mail[name]) for name in _PASSED_ON if mail[name]}
    fields: dict[str, object] = {
        "from": str(mail["From"]),
        "to": [parcel.recipient],
        "subject": str(mail["Subject"]),
        "text": _part(mail, "plain"),
        "headers": headers,
    }
    if html := _part(mail, "html"):
        fields["html"] = html
    if mail["Reply-To"]:
        fields["reply_to"] = str(mail["Reply-To"])
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    data = part.get_payload(decode=True) if part is not None else None
    return data.replace(b"\r\n", b"\n").decode("utf-8") if isinstance(data, bytes) else ""


def _settled(answer: ApiAnswer | Unreached) -> HandOver | None:
    """Return what an answer settles; None where the same request has to be made again."""
    if isinstance(answer, Unreached) or answer.status >= _BROKEN or answer.status == _TOO_MANY:
        return None
    name = _said(answer, "name")
    if answer.status == _OK:
        return Accepted(reply=scrubbed(f"200 {_said(answer, 'id')}"))
    if answer.status == _CONFLICT:
        # The first request is still under way, or had other words: then nobody but the service knows what it did.
        under_way = name == "concurrent_idempotent_requests"
        return None if under_way else Unknown(reply=scrubbed(f"409 {name}"))
    if answer.status == _UNPROCESSABLE and "`to`" in _said(answer, "message"):
        return Refused(reply="550 5.1.3 the service can not use the address")
    # Account, domain or settings: the next reader would fare the same.
    return Refused(reply=scrubbed(f"the service refused: {answer.status} {name}"))


def _may_have_it(answer: ApiAnswer | Unreached) -> bool:
    """Whether the service may have taken the mail although it did not say so."""
    return isinstance(answer, Unreached) or answer.status >= _BROKEN or answer.status == _CONFLICT


def _last_word(outcome: HandOver | None, answer: ApiAnswer | Unreached, *, doubtful: bool) -> HandOver:
    if isinstance(outcome, (Accepted, Unknown)):
        return outcome
    if doubtful:
        # A refusal of the second request says nothing of the first.
        why = answer.reason if isinstance(answer, Unreached) else f"the service said: {answer.status}"
        return Unknown(reply=scrubbed(f"{MARK}: {why}"))
    if outcome is None and isinstance(answer, ApiAnswer):
        return TryLater(reply=scrubbed(f"the service said: {answer.status} {_said(answer, 'name')}"))
    return outcome or TryLater(reply="the service was not asked")


def _asked_pause(answer: ApiAnswer | Unreached | None) -> float:
    return float(answer.retry_after_seconds or 0) if isinstance(answer, ApiAnswer) else 0.0


def _said(answer: ApiAnswer, name: str) -> str:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return "an answer that can not be read"
    value = found.get(name, "") if isinstance(found, dict) else ""
    return value if isinstance(value, str) else ""
