"""RSS, RDF, Atom and CDF as text: plain feeds by feed_quick, all others by feedparser, with small faults mended before.

feedparser runs without its two HTML passes (they are quadratic on hostile markup and let active content through); what
it leaves is cleaned by nh3. A text that is not well-formed costs its second, forgiving parser, which loses detail;
so what most often breaks real feeds is mended here: something before the declaration or after the end, bare ampersands,
HTML's entities, control characters.
"""

import html.entities
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from digest.adapters.sources import feed_entry, fragments
from digest.adapters.sources.feed_fields import MOST_ENTRIES, field, language_tag, says_anything
from digest.adapters.sources.feed_quick import raw_feed
from digest.models.feed import ParsedFeed
from digest.models.inspect import EMPTY_FEED
from digest.works.visits import DAY_NAMES

FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel|cdf)\b", re.IGNORECASE)
_HEAD = 20_000
_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf|channel|cdf)\s*>", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^<>]{0,300}\?>", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)?")
_ILLEGAL_REFERENCE = re.compile(r"&#(?:[0-8]|1[1-9]|1[24]|2\d|3[01]|x0?[0-8bcBC]|x0?[eE]|x0?[fF]|x1[0-9A-Fa-f]);")
# Notes of feedparser that say nothing about the entries.
_HARMLESS = frozenset(["CharacterEncodingOverride", "NonXMLContentType"])
_SKIPPED = re.compile(r"<skip(?:Hours|Days)>(.{0,3000}?)</skip", re.IGNORECASE | re.DOTALL)
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def parse_plain(text: str, url: str) -> ParsedFeed | None:
    """Read a feed that is surely read as `parse_xml` reads it; None for any other."""
    raw = raw_feed(text)
    parsed = _feed_of(raw, url, _quiet(text)) if raw else None
    return parsed if parsed and parsed.entries else None


def parse_xml(text: str, url: str) -> ParsedFeed:
    """Read a feed; with nothing in `entries` the problems say why."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    if url and "xml:base" in text:
        # Without it nothing but the feed's own address counts, and feedparser would join it again at every tag.
        headers["content-location"] = url
    body = mended(cut(text)).encode("utf-8", "replace")
    # A stream: bytes would be tried as the name of a local file first.
    raw = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    # feedparser's own dictionary looks for aliases at every access, which takes a third of the time; one key it makes up.
    entries = [{**entry, "enclosures": entry.get("enclosures")} for entry in raw.entries[:MOST_ENTRIES]]
    return _feed_of({**raw, "entries": entries}, url, _quiet(text))


def _feed_of(raw: Mapping[str, Any], url: str, quiet: str) -> ParsedFeed:
    feed = raw.get("feed", {})
    link = fragments.absolute(field(feed, "link"), url)
    about = feed_entry.About(
        base=link or url,
        url=url or link,
        language=language_tag(field(feed, "language")),
        authors=feed_entry.authors_of(feed),
        strict_titles=raw.get("version") == "atom10",
    )
    entries = [feed_entry.entry_of(entry, about) for entry in raw["entries"]]
    parsed = ParsedFeed(
        kind=str(raw.get("version") or ""),
        title=fragments.plain(field(feed, "title")),
        language=about.language,
        link=link,
        pause_seconds=_pause(feed),
        quiet=quiet,
        entries=tuple(entry for entry in entries if says_anything(entry)),
    )
    return replace(parsed, problems=tuple(_problems(raw, parsed)))


def cut(text: str) -> str:
    """Take out the entries beyond the most that are read, since feedparser needs a second for each thousand."""
    ends = [found.end() for found in _ENTRY_END.finditer(text)]
    return text[: ends[MOST_ENTRIES - 1]] + text[ends[-1] :] if len(ends) > MOST_ENTRIES else text


def mended(text: str) -> str:
    """Return a feed without the commonest faults, and without its declaration: the text is no bytes any more."""
    text = _ILLEGAL.sub("", text)
    root = FEED_ROOT.search(text, 0, _HEAD)
    if root:
        begin = max((found.start() for found in _DECLARATION.finditer(text, 0, root.start())), default=-1)
        head = _DECLARATION.sub("", text[begin : root.start()]) if begin >= 0 else _clean_head(text[: root.start()])
        ends = [found.end() for found in _ROOT_END.finditer(text, max(root.start(), len(text) - _HEAD))]
        text = head + text[root.start() : ends[-1] if ends else None]
    if "<!ENTITY" in text[:_HEAD]:
        return text
    return "".join(_mended_parts(text))


def _clean_head(head: str) -> str:
    """Keep what may stand before a root element: comments, instructions, a document type."""
    begin = head.find("<!DOCTYPE")
    return head[begin:] if begin >= 0 else ""


def _mended_parts(text: str) -> Iterator[str]:
    """Yield a text with its references mended, but for its CDATA sections, where `&` is a letter."""
    begin = 0
    while (opening := text.find("<![CDATA[", begin)) >= 0 and (closing := text.find("]]>", opening)) >= 0:
        yield _references(text[begin:opening])
        yield text[opening : closing + 3]
        begin = closing + 3
    yield _references(text[begin:])


def _references(text: str) -> str:
    return _ILLEGAL_REFERENCE.sub("", _AMPERSAND.sub(_reference, text)) if "&" in text else text


def _reference(found: re.Match[str]) -> str:
    named = html.entities.html5.get(found[1] or "")
    return "".join(f"&#{ord(char)};" for char in named) if named else f"&amp;{found[1] or ''}"


def _pause(feed: Mapping[str, Any]) -> int:
    """Return the pause in seconds that a feed asks for, at most a day: RSS `ttl` (minutes), or the syndication module."""
    ttl, period = field(feed, "ttl").strip(), _PERIODS.get(field(feed, "sy_updateperiod").strip().lower(), 0)
    times = field(feed, "sy_updatefrequency").strip()
    if ttl.isascii() and ttl.isdigit():
        return min(int(ttl[:9]) * 60, 86_400)
    often = int(times[:4]) if times.isascii() and times.isdigit() else 1
    return min(period // max(often, 1), 86_400)


def _quiet(text: str) -> str:
    """Return the hours and days on which a feed of RSS asks not to be read; feedparser keeps only the last of each."""
    # Outside of its entries, which may speak of anything.
    first, last = text.find("<item"), text.rfind("</item")
    about = f"{text[:first]}{text[last:]}" if 0 <= first < last else text
    if "<skip" not in about:
        return ""
    said = " ".join(found[1] for found in _SKIPPED.finditer(about)).lower()
    hours = {int(found) % 24 for found in re.findall(r">\s*(\d{1,2})\s*<", said)}
    return " ".join([*map(str, sorted(hours)), *(day for day in DAY_NAMES if day in said)])


def _problems(raw: Mapping[str, Any], parsed: ParsedFeed) -> Iterator[str]:
    fault, count = raw.get("bozo_exception"), len(raw["entries"])
    if raw.get("bozo") and type(fault).__name__ not in _HARMLESS:
        line = getattr(fault, "getLineNumber", lambda: None)()
        where = f" in line {line}" if line else ""
        yield f"The feed is not well-formed{where}; {len(parsed.entries)} entries could be read."
    elif not raw.get("version"):
        yield "The answer is not a feed."
    elif not parsed.entries:
        yield f"None of its {count} entries says anything." if count else EMPTY_FEED
    if count >= MOST_ENTRIES:
        yield f"The feed is very long: only its first {MOST_ENTRIES} entries were read."
