"""Where a site keeps its articles, for an author who knows only its address: the first means that gives any.

The address itself is a feed; the page names one; its platform keeps one at a known place; one lies at a usual place; the sitemap
names the posts with the day they changed; the page lists them by h-feed or JSON-LD; its links do.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from digest.adapters.http import FEED_BYTES, PAGE_BYTES, HttpClient, HttpRequest
from digest.adapters.sources import fragments, sitemap
from digest.adapters.sources.decoding import decoded
from digest.adapters.sources.feeds import ACCEPT, is_page, parse_unguarded
from digest.adapters.sources.isolated import ParserFailedError, run_isolated
from digest.adapters.sources.listing import parse_listing
from digest.adapters.sources.platforms import GENERIC_PATHS, PLATFORMS
from digest.adapters.sources.robots import NotAllowed, Robots
from digest.models.feed import ParsedFeed
from digest.models.source import Failed, Fetched, FetchResult
from digest.works.identity import url_key

LISTS = frozenset({"h-feed", "json-ld", "sitemap", "links"})
"""Kinds that are read from pages, under the rules of robots.txt."""

_SAID = frozenset({"h-feed", "json-ld"})
"""Lists that a page makes on purpose: a sitemap comes before them only if it is sure to list posts."""

_MOST_OF_THEM = 0.8

_MOST_SITEMAPS = 4
_LINK = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(rel|type|href|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_BASE = re.compile(r"<base\b[^<>]{0,500}\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_FEED_TYPES = re.compile(r"application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json|xml)|text/xml", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?\b|coment[aá]rios", re.IGNORECASE)


class Discovery:
    """Looks for what a site's articles can be read from."""

    def __init__(self, client: HttpClient, robots: Robots) -> None:
        self._client = client
        self._robots = robots

    def find(self, url: str) -> tuple[Fetched, ParsedFeed] | FetchResult:
        """Return the answer to read from now on with what it says, or how the first request failed."""
        page = self._robots.fetch(HttpRequest(url=url, max_bytes=FEED_BYTES))
        if isinstance(page, NotAllowed):
            return Failed(reason=page.reason)
        if not isinstance(page, Fetched):
            return page
        feed = read_any(page, prefix=url)
        if feed.entries and feed.kind not in LISTS:
            return page, feed
        found = self._in_feeds(page) or self._in_lists(page, feed, url)
        return found or Failed(reason=_nothing(feed))

    def _in_lists(self, page: Fetched, listed: ParsedFeed, url: str) -> tuple[Fetched, ParsedFeed] | None:
        mapped = self._in_sitemaps(url)
        if mapped and (listed.kind not in _SAID or not listed.entries or lists_the_same(mapped[1], listed)):
            return mapped
        return (page, listed) if listed.entries else mapped

    def _in_feeds(self, page: Fetched) -> tuple[Fetched, ParsedFeed] | None:
        text = decoded(page.body[:PAGE_BYTES], page.content_type)
        tried = (self._feed_at(address) for address in feed_addresses(text, page.url))
        return next((found for found in tried if found), None)

    def _feed_at(self, url: str) -> tuple[Fetched, ParsedFeed] | None:
        request = HttpRequest(url=url, max_bytes=FEED_BYTES, accept=ACCEPT)
        # A collection as JSON is no feed that a site offers, so its rules count.
        answer = self._robots.fetch(request) if "format=json" in url else self._client.fetch(request)
        if not isinstance(answer, Fetched):
            return None
        feed = read_any(answer, prefix=url)
        return (answer, feed) if feed.entries and feed.kind not in LISTS else None

    def _in_sitemaps(self, url: str) -> tuple[Fetched, ParsedFeed] | None:
        named = (fragments.absolute(one, url) for one in self._robots.sitemaps(url))
        waiting = [one for one in named if one] or [urljoin(url, "/sitemap.xml")]
        deeper = True
        for _ in range(_MOST_SITEMAPS):
            if not waiting:
                return None
            answer = self._robots.fetch(HttpRequest(url=waiting.pop(0), max_bytes=FEED_BYTES))
            if not isinstance(answer, Fetched):
                continue
            inner = sitemap.parts_of_index(decoded(answer.body, answer.content_type), answer.url)
            if inner and deeper:
                waiting, deeper = list(inner), False
                continue
            feed = read_any(answer, prefix=url)
            if feed.kind == "sitemap" and feed.entries:
                return answer, feed
        return None


def lists_the_same(mapped: ParsedFeed, listed: ParsedFeed) -> bool:
    """Whether a sitemap lists the posts that a page lists, with the days they changed, and hardly anything else.

    Most sitemaps name every page of a site, so what lies beside the posts must be told from them by its folder.
    """
    posts = {url_key(entry.url) for entry in listed.entries}
    named = {url_key(entry.url) for entry in mapped.entries if entry.updated}
    folders = {_folder(key) for key in posts}
    beside = sum(_folder(key) in folders for key in named)
    has_folders = all("/" in folder for folder in folders)
    return has_folders and 2 * len(posts & named) >= len(posts) and beside >= _MOST_OF_THEM * len(mapped.entries)


def _folder(key: str) -> str:
    """Return the folder of an address, the same for every year, month and day."""
    return re.sub(r"\d+", "#", key.rpartition("/")[0])


def read_any(answer: Fetched, *, prefix: str) -> ParsedFeed:
    """Read an answer as whatever it is: a feed, a sitemap, a page that lists posts. Never raises and never hangs."""
    try:
        return run_isolated(_read_any, answer.body, answer.url, answer.content_type, prefix)
    except ParserFailedError as error:
        return ParsedFeed(problems=(f"The answer is broken: {error}.",))


def _read_any(body: bytes, url: str, content_type: str, prefix: str) -> ParsedFeed:
    text = decoded(body, content_type)
    if sitemap.is_sitemap(text):
        return sitemap.parse_sitemap(text, url, prefix)
    return parse_listing(text, url) if is_page(text) else parse_unguarded(body, url, content_type)


def feed_addresses(text: str, url: str) -> tuple[str, ...]:
    """Return where the feed of a page may be, likeliest first, each once."""
    return tuple(dict.fromkeys((*_named(text, url), *_guessed(text, url))))


def _named(text: str, url: str) -> list[str]:
    """Return the feeds that a page names (`link rel="alternate"`), feeds of comments last."""
    base = _BASE.search(text, 0, 20_000)
    url = fragments.absolute(base[1], url) or url if base else url
    found = list[tuple[bool, str]]()
    for link in _LINK.finditer(text):
        said = {name.lower(): next(filter(None, values), "") for name, *values in _ATTRIBUTE.findall(link.group())}
        rel = said.get("rel", "").lower().split()
        address = fragments.absolute(said.get("href", "").replace("&amp;", "&"), url)
        if address and ("alternate" in rel or "feed" in rel) and _FEED_TYPES.search(said.get("type", "")):
            about = f"{said.get('title', '')} {address}"
            found.append((_COMMENTS.search(about) is not None or "wp-json" in address or "oembed" in address, address))
    return [address for _, address in sorted(found, key=lambda pair: pair[0])][:6]


def _guessed(text: str, url: str) -> Iterator[str]:
    markup = f"{url} {text[:200_000]}".lower()
    known = [platform for platform in PLATFORMS if any(sign in markup for sign in platform.signs)]
    for path in [path for platform in known for path in platform.paths] + list(GENERIC_PATHS):
        if path.startswith("?"):
            yield url.split("?", maxsplit=1)[0] + path
        else:
            yield urljoin(url if url.endswith("/") else f"{url}/", path)


def _nothing(feed: ParsedFeed) -> str:
    return " ".join(("no feed, no sitemap and no list of posts was found there.", *feed.problems))
