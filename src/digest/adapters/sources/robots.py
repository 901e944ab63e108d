"""robots.txt (RFC 9309) for pages. A feed that somebody subscribed to is asked without it, as all readers do."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.adapters.http import MOST_REDIRECTS, HttpClient, HttpRequest
from digest.adapters.http_rules import host_key
from digest.adapters.sources.decoding import decoded
from digest.models.source import Blocked, Failed, Fetched, FetchResult

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "digest"
"""The name that a site's rules can speak to."""

_LARGEST = 500_000
"""Bytes: the least that RFC 9309 asks a reader to take."""

_SERVER_ERRORS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAllowed:
    """The site's rules refuse the page, or could not be read."""

    reason: str
    for_good: bool = False
    """Whether the rules were read and say no."""


class Robots:
    """What sites allow, asked once a run."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._known: dict[str, Protego | str] = {}

    def refusal(self, url: str) -> str:
        """Return why a page is not to be asked for, or an empty text."""
        rules = self._rules(url)
        if isinstance(rules, str):
            return rules
        return "" if rules.can_fetch(url, PRODUCT) else "the site's robots.txt does not allow it"

    def fetch(self, request: HttpRequest) -> "FetchResult | NotAllowed":
        """Fetch a page if its site allows it, through redirects: the site of every target is asked for its rules too."""
        url = request.url
        for _ in range(MOST_REDIRECTS + 1):
            if refusal := self.refusal(url):
                return NotAllowed(reason=refusal, for_good=self._forbids(url))
            answer = self._client.fetch(replace(request, url=url, follow=False))
            if not isinstance(answer, Failed) or not answer.leads_to:
                return answer
            url = answer.leads_to
        return Failed(reason=f"the address redirects more than {MOST_REDIRECTS} times")

    def _forbids(self, url: str) -> bool:
        rules = self._rules(url)
        return not isinstance(rules, str) and not rules.can_fetch(url, PRODUCT)

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that a site names."""
        rules = self._rules(url)
        return () if isinstance(rules, str) else tuple(dict.fromkeys(rules.sitemaps))

    def _rules(self, url: str) -> "Protego | str":
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if site not in self._known:
            answer = self._client.fetch(HttpRequest(url=f"{site}/robots.txt", max_bytes=_LARGEST, accept="text/plain"))
            self._known[site] = _read(answer)
            rules = self._known[site]
            delay = None if isinstance(rules, str) else rules.crawl_delay(PRODUCT)
            if delay:
                self._client.slow_down(host_key(url), delay)
        return self._known[site]


def _read(answer: FetchResult) -> "Protego | str":
    """A site without rules allows everything; one that can not tell its rules now is left alone for now."""
    from protego import Protego

    if isinstance(answer, Failed) and (answer.status is None or answer.status >= _SERVER_ERRORS):
        return f"the site's robots.txt can not be read now: {answer.reason}"
    if isinstance(answer, Blocked) and answer.retry_after_seconds is not None:
        return f"the site's robots.txt can not be read now: {answer.reason}"
    text = decoded(answer.body, answer.content_type) if isinstance(answer, Fetched) else ""
    return Protego.parse(text)
