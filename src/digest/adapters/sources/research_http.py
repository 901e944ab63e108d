"""Asks the research sources politely: one request at a time, no faster than each server says it bears.

Limits are read from the headers of every answer, for they change; what is written here only holds for the first request.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from digest.adapters.http import HttpRequest
from digest.adapters.http_rules import host_key
from digest.models.source import Blocked, Failed, Fetched, FetchResult

FIRST_PAUSES = {
    "eutils.ncbi.nlm.nih.gov": 0.34,
    "api.crossref.org": 0.34,
    "www.ebi.ac.uk": 0.2,
    "articlemeta.scielo.org": 1.0,
    "api.openalex.org": 0.2,
}
"""Seconds between two requests until a server says otherwise: three a second for PubMed without key and for Crossref's lists."""

_USUAL_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
_LONGEST_WAIT = 10
"""Seconds: a `Retry-After` up to here is waited for, a longer one is left to the next run."""

_INTERVAL = re.compile(r"(\d{1,6})\s*(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_HTML = re.compile(rb"\s*<(?:!doctype|html)", re.IGNORECASE)
ANSWER_BYTES = 30_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """No answer that can be read, in one sentence."""

    reason: str
    status: int | None = None
    retry_after_seconds: int | None = None


class ResearchClient:
    """One request at a time to each host; `clock` and `sleep` count in seconds."""

    def __init__(
        self,
        fetch: Callable[[HttpRequest], FetchResult],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._sleep = sleep
        self._pauses: dict[str, float] = dict(FIRST_PAUSES)
        self._free_at: dict[str, float] = {}
        self.requests: Counter[str] = Counter()
        """How many requests each host got."""

    def get(self, url: str, parameters: Mapping[str, str], *, accept: str) -> Fetched | Unusable:
        """Return the body of one answer; a short pause that the server asks for is waited for, once."""
        address = f"{url}?{urlencode(parameters)}" if parameters else url
        request = HttpRequest(url=address, max_bytes=ANSWER_BYTES, accept=accept)
        result = self._paced(request)
        if isinstance(result, Blocked) and result.retry_after_seconds is not None:
            if result.retry_after_seconds > _LONGEST_WAIT:
                return Unusable(reason=result.reason, retry_after_seconds=result.retry_after_seconds)
            self._sleep(max(result.retry_after_seconds, _USUAL_PAUSE))
            result = self._paced(request)
        if isinstance(result, Fetched):
            return result
        if isinstance(result, Failed):
            return Unusable(reason=result.reason, status=result.status)
        reason = getattr(result, "reason", "the site says it has not changed")
        return Unusable(reason=reason, retry_after_seconds=getattr(result, "retry_after_seconds", None))

    def get_json(self, url: str, parameters: Mapping[str, str]) -> Any | Unusable:  # noqa: ANN401 - JSON has any shape
        """Return the JSON of one answer."""
        answer = self.get(url, parameters, accept="application/json")
        return answer if isinstance(answer, Unusable) else parsed(answer.body)

    def _paced(self, request: HttpRequest) -> FetchResult:
        host = host_key(request.url)
        wait = self._free_at.get(host, 0.0) - self._clock()
        if wait > 0:
            self._sleep(wait)
        self.requests[host] += 1
        result = self._fetch(request)
        if isinstance(result, Fetched) and (pause := pause_seconds(dict(result.limits))) is not None:
            self._pauses[host] = pause
        self._free_at[host] = self._clock() + self._pauses.get(host, _USUAL_PAUSE)
        return result


def parsed(body: bytes) -> Any | Unusable:  # noqa: ANN401 - JSON has any shape
    """Read JSON; a web page with status 200 and an answer that breaks off are said to be so."""
    if _HTML.match(body):
        return Unusable(reason="the server answered with a web page instead of data")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return Unusable(reason="the answer is not JSON, or it broke off")


def pause_seconds(limits: Mapping[str, str]) -> float | None:
    """Return the seconds between two requests that an answer's headers ask for; None where they say nothing usable."""
    allowed = limits.get("x-rate-limit-limit", "").split(",")[0].strip()
    interval = _INTERVAL.fullmatch(limits.get("x-rate-limit-interval", "1s").strip())
    if not (allowed.isascii() and allowed.isdigit()) or interval is None or int(allowed[:9]) == 0:
        return None
    return min(int(interval[1]) * _SECONDS[interval[2]] / int(allowed[:9]), _LONGEST_PAUSE)
