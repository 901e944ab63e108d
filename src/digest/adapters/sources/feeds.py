"""RSS, RDF and Atom: bytes to entries (research-feeds, section 2), and the reader that asks for them.

feedparser runs without its two HTML passes (they are quadratic on hostile markup and let active content through); what
it leaves is cleaned by nh3.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from digest.adapters.http import FEED_BYTES, HttpClient, HttpRequest
from digest.adapters.sources import dates, fragments
from digest.adapters.sources.isolated import ParserFailedError, run_isolated
from digest.adapters.sources.nesting import DEEPEST, feed_too_deep
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.models.source import FeedCache, Fetched, FetchResult, Read, Source, SourceAnswer, Unchanged
from digest.works.identity import normalise_doi

_ACCEPT = "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.5"
_MOST_ENTRIES = 1_000
_LONGEST_FIELD = 1_000
_MOST_AUTHORS = 200
_LONGEST_CATEGORY, _MOST_CATEGORIES = 80, 50
_HEAD_BYTES = 2_000
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel|cdf)\b", re.IGNORECASE)
_HTML_ROOT = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED_LINK = re.compile(
    rb"<link\b[^<>]{0,500}\btype\s*=\s*[\"']?application/(?:rss|atom)\+xml[^<>]{0,500}>", re.IGNORECASE
)
_HREF = re.compile(rb"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_REGION = len("BR")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_PUBMED_DOI = re.compile(r"DOI:\s*(?:<a\b[^<>]{0,300}>)?\s*(10\.[^<\s]+)", re.IGNORECASE)
# Notes of feedparser that say nothing about the entries.
_HARMLESS = frozenset(["CharacterEncodingOverride", "NonXMLContentType"])


class FeedReader:
    """`SourceReader` over HTTP."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def read_all(self, asked: Sequence[tuple[Source, FeedCache]]) -> Iterable[tuple[Source, SourceAnswer]]:
        """Ask all sources side by side, and read what they answer."""
        waiting = {source.key: (source, cache) for source, cache in asked}
        requests = [
            HttpRequest(
                url=source.url,
                key=source.key,
                etag=cache.etag,
                last_modified=cache.last_modified,
                max_bytes=FEED_BYTES,
                accept=_ACCEPT,
            )
            for source, cache in asked
        ]
        for request, result in self._client.fetch_many(requests):
            source, cache = waiting[request.key]
            yield source, _answer(result, cache)


def _answer(result: FetchResult, cache: FeedCache) -> SourceAnswer:
    if not isinstance(result, Fetched):
        return result
    digest = hashlib.sha256(result.body).hexdigest()
    if digest == cache.body_sha256:
        return Unchanged(
            max_age_seconds=result.max_age_seconds,
            moved_to=result.moved_to,
            same_bytes=True,
            etag=result.etag,
            last_modified=result.last_modified,
        )
    return Read(
        feed=parse(result.body, url=result.url, content_type=result.content_type),
        body_sha256=digest,
        etag=result.etag,
        last_modified=result.last_modified,
        max_age_seconds=result.max_age_seconds,
        moved_to=result.moved_to,
    )


def parse(body: bytes, *, url: str, content_type: str) -> ParsedFeed:
    """Read any bytes as a feed; never raises and never hangs. What is wrong is in `problems`, with whatever entries there are."""
    if refusal := _no_feed(body, url):
        return ParsedFeed(problems=(refusal,))
    try:
        return run_isolated(_parse, body, url, content_type)
    except ParserFailedError as error:
        return ParsedFeed(problems=(f"The feed is broken: {error}.",))


def _no_feed(body: bytes, url: str) -> str:
    if not body.strip():
        return "The answer is empty."
    if feed_too_deep(body):
        return f"The feed nests its elements deeper than {DEEPEST}; that is no feed of articles."
    head = body[:_HEAD_BYTES]
    if _FEED_ROOT.search(head) or not _HTML_ROOT.search(head):
        return ""
    named = [_href(link.group(), url) for link in _FEED_LINK.finditer(body[:200_000])]
    hint = next((f" It names this feed: {address}" for address in named if address), "")
    return f"The address answers with a web page, not with a feed.{hint}"


def _href(link: bytes, base: str) -> str:
    found = _HREF.search(link)
    target = next((group for group in found.groups() if group), b"") if found else b""
    return fragments.absolute(target.decode("utf-8", "replace").replace("&amp;", "&"), base)


def _parse(body: bytes, url: str, content_type: str) -> ParsedFeed:
    import feedparser

    headers = {"content-location": url} if url else {}
    if content_type:
        headers["content-type"] = content_type
    # A stream: bytes would be tried as the name of a local file first.
    raw = feedparser.parse(
        io.BytesIO(_cut(_stripped(body))), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    feed = raw.get("feed", {})
    link = fragments.absolute(_field(feed, "link"), url)
    base = link or url
    language = _language(_field(feed, "language"))
    entries = [
        _entry(entry, base=base, language=language, authors=_authors(feed)) for entry in raw.entries[:_MOST_ENTRIES]
    ]
    parsed = ParsedFeed(
        title=fragments.plain(_field(feed, "title")),
        language=language,
        link=link,
        entries=tuple(entry for entry in entries if entry.title or entry.text or entry.url),
    )
    return replace(parsed, problems=tuple(_problems(raw, parsed)))


def _problems(raw: Mapping[str, Any], parsed: ParsedFeed) -> Iterator[str]:
    fault = raw.get("bozo_exception")
    if raw.get("bozo") and type(fault).__name__ not in _HARMLESS:
        line = getattr(fault, "getLineNumber", lambda: None)()
        where = f" in line {line}" if line else ""
        yield f"The feed is not well-formed{where}; {len(parsed.entries)} entries could be read."
    elif not raw.get("version"):
        yield "The answer is not a feed."
    elif not parsed.entries:
        yield (
            f"None of its {len(raw['entries'])} entries has a title, a link or a text."
            if raw["entries"]
            else EMPTY_FEED
        )
    if len(raw["entries"]) >= _MOST_ENTRIES:
        yield f"The feed is very long: only its first {_MOST_ENTRIES} entries were read."


def _cut(body: bytes) -> bytes:
    """Take out the entries beyond the most that are read, since feedparser needs a second for each thousand."""
    ends = [found.end() for found in _ENTRY_END.finditer(body)]
    return body[: ends[_MOST_ENTRIES - 1]] + body[ends[-1] :] if len(ends) > _MOST_ENTRIES else body


def _stripped(body: bytes) -> bytes:
    """Take away what stands before the XML declaration, the commonest fault of real feeds."""
    bom = next((mark for mark in _BOMS if body.startswith(mark)), b"")
    if bom in _BOMS[1:]:
        return body
    return body[len(bom) :].lstrip()


def _entry(entry: Mapping[str, Any], *, base: str, language: str | None, authors: tuple[str, ...]) -> ParsedEntry:
    guid = _field(entry, "id").strip()[:_LONGEST_FIELD]
    url = fragments.absolute(_field(entry, "link"), base)
    markup, said_language = _body(entry)
    safe = fragments.sanitised(markup, url or base)
    updated = _moment(entry, "updated")
    return ParsedEntry(
        guid=guid,
        url=url or (guid if fragments.is_web_address(guid) else ""),
        title=fragments.plain(_field(entry, "title"))[:_LONGEST_FIELD],
        authors=_authors(entry) or authors,
        # RDF feeds have only `dc:date`, which feedparser calls `updated`.
        published=_moment(entry, "published") or updated,
        updated=updated,
        language=_language(_field(entry, "language")) or said_language or language,
        text=fragments.text_of(fragments.blocks_of(safe)),
        html=safe,
        categories=_categories(entry),
        comments_url=fragments.absolute(_field(entry, "comments"), base),
        doi=_doi(entry, guid, url, markup),
        journal=fragments.plain(_field(entry, "prism_publicationname") or _field(entry, "dc_source"))[:300],
    )


def _body(entry: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the longest text of an entry as markup, and the language it declares."""
    contents = [item for item in entry.get("content", []) if isinstance(item, Mapping)]
    contents.append(entry.get("summary_detail") or {"value": _field(entry, "summary")})
    best = max(contents, key=lambda item: len(_field(item, "value")))
    value = _field(best, "value")
    if _field(best, "type") == "text/plain":
        value = fragments.paragraphs_as_markup(value)
    return value, _language(_field(best, "language"))


def _authors(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """All authors: `author` is only the last of them. Addresses are no names."""
    names = [_field(author, "name") for author in entry.get("authors", []) if isinstance(author, Mapping)]
    clean = (fragments.plain(name)[:_LONGEST_FIELD] for name in names or [_field(entry, "author")])
    return tuple(dict.fromkeys(name for name in clean if name and "@" not in name))[:_MOST_AUTHORS]


def _categories(entry: Mapping[str, Any]) -> tuple[str, ...]:
    terms = (fragments.plain(_field(tag, "label") or _field(tag, "term")) for tag in entry.get("tags", []))
    return tuple(dict.fromkeys(term for term in terms if 0 < len(term) <= _LONGEST_CATEGORY))[:_MOST_CATEGORIES]


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    # `in` and not `get`: feedparser warns when it answers one date for the other.
    if name not in entry:
        return None
    text = _field(entry, name)
    if dates.needs_own_reading(text):
        return dates.from_text(text)
    return dates.from_struct(entry.get(f"{name}_parsed")) or dates.from_text(text)


def _doi(entry: Mapping[str, Any], guid: str, url: str, markup: str) -> str | None:
    """Return the DOI of the entry itself; one that its text cites is another work's."""
    fields = (_field(entry, "prism_doi"), _field(entry, "dc_identifier"), guid)
    found = next((doi for text in fields if (doi := normalise_doi(text))), None)
    if found is None and "doi" in url:
        found = normalise_doi(url)
    if found is None and guid.startswith("pubmed:"):
        line = _PUBMED_DOI.search(markup)
        found = normalise_doi(line[1]) if line else None
    return found


def _language(text: str) -> str | None:
    """Return a language tag in its usual spelling (RFC 5646: `pt-BR`), or None."""
    if not _TAG.fullmatch(text.strip()):
        return None
    first, *rest = re.split(r"[-_]", text.strip())
    return "-".join([first.lower(), *(part.upper() if len(part) == _REGION else part for part in rest)])


def _field(mapping: Mapping[str, Any], name: str) -> str:
    value = mapping.get(name)
    return value if isinstance(value, str) else ""
