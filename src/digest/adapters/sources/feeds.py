"""Feeds of all formats: bytes to entries."""

import re
from dataclasses import replace

from digest.adapters.sources import fragments
from digest.adapters.sources.decoding import decoded
from digest.adapters.sources.feed_json import looks_like_json, parse_json
from digest.adapters.sources.feed_xml import FEED_ROOT, parse_plain, parse_xml
from digest.adapters.sources.isolated import ParserFailedError, run_isolated
from digest.adapters.sources.nesting import DEEPEST, feed_too_deep
from digest.models.feed import ParsedFeed

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, "
    "*/*;q=0.5"
)
_HEAD = 5_000
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED_LINK = re.compile(
    r"<link\b[^<>]{0,500}\btype\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|feed\+json)[^<>]{0,500}>", re.IGNORECASE
)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)


def parse(body: bytes, *, url: str, content_type: str) -> ParsedFeed:
    """Read any bytes as a feed; never raises and never hangs. What is wrong is in `problems`, with whatever entries there are."""
    if not body.strip():
        return ParsedFeed(problems=("The answer is empty.",))
    try:
        return run_isolated(parse_unguarded, body, url, content_type)
    except ParserFailedError as error:
        return ParsedFeed(problems=(f"The feed is broken: {error}.",))


def parse_unguarded(body: bytes, url: str, content_type: str) -> ParsedFeed:
    """Read a feed in this process; hostile bytes may make this slow, or make it raise anything."""
    text = decoded(body, content_type)
    if looks_like_json(text, content_type):
        return parse_json(text, url)
    if plain := parse_plain(text, url):
        return plain
    if feed_too_deep(text):
        return ParsedFeed(
            problems=(f"The feed nests its elements deeper than {DEEPEST}; that is no feed of articles.",)
        )
    if is_page(text):
        named = next(iter(_named_feeds(text, url)), "")
        hint = f" It names this feed: {named}" if named else ""
        return ParsedFeed(problems=(f"The address answers with a web page, not with a feed.{hint}",))
    return parse_xml(text, url)


def parse_lean(body: bytes, url: str, content_type: str) -> ParsedFeed:
    """Read as `parse_unguarded`, without markup and origins, which would double what a pipe carries.

    It is here, where a process of its own finds it without loading what fetches.
    """
    feed = parse_unguarded(body, url, content_type)
    return replace(feed, entries=tuple(replace(entry, html="", origins=()) for entry in feed.entries))


def is_page(text: str) -> bool:
    """Whether a text is a web page and no feed."""
    page, feed = _HTML_ROOT.search(text, 0, _HEAD), FEED_ROOT.search(text, 0, _HEAD)
    return page is not None and (feed is None or page.start() < feed.start())


def _named_feeds(text: str, url: str) -> list[str]:
    links = (_HREF.search(found.group()) for found in _FEED_LINK.finditer(text[:200_000]))
    targets = (next((group for group in link.groups() if group), "") for link in links if link)
    return [address for target in targets if (address := fragments.absolute(target.replace("&amp;", "&"), url))]
