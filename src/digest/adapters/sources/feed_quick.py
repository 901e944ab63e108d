"""Well-formed RSS 2.0 and Atom 1.0 by the C parser alone, in the dictionaries that feedparser would give.

feedparser spends three quarters of its time in Python on every element. What it makes of the plain feeds that most
blogs write is simple, so that is done here; whatever is not surely the same (another element, an attribute, a second
title, markup inside a text, a document type) is left to feedparser whole. tests/adapters/test_feed_quick.py holds the
two side by side. expat is what feedparser uses too, so both take the same texts for well-formed, and without a document
type there are no entities to expand.
"""

import io
from collections.abc import Callable, Mapping
from functools import partial
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from digest.adapters.sources import dates
from digest.adapters.sources import feed_quick_fields as fields
from digest.adapters.sources.feed_fields import MOST_ENTRIES
from digest.adapters.sources.feed_quick_fields import Raw, UnsureError, unless

_MOST_TAGS = 200_000
"""Signs `<`: a tree of more elements than that would fill the memory."""

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Namespaces by the prefix that feedparser knows them by; elements of Atom have none there, wherever they stand.
_PREFIXES = {
    _ATOM: "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.rssboard.org/media-rss": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://a9.com/-/spec/opensearchrss/1.0/": "openSearch",
    "http://a9.com/-/spec/opensearch/1.1/": "openSearch",
    "http://schemas.google.com/g/2005": "gd",
    "com-wordpress:feed-additions:1": "",
}
_TAKEN_PREFIXES = frozenset(_PREFIXES.values()) - {"atom"}
_IN_FEED = {"ttl", "language", "sy:updatePeriod", "sy:updateFrequency"}
_ABOUT = frozenset(["title", "link", "atom:title", "atom:link", "atom:id", "atom:author"])
# Elements that say nothing which is asked for.
_PASSED_IN_FEED = frozenset([
    "description", "pubDate", "lastBuildDate", "generator", "docs", "copyright", "webMaster", "rating", "cloud", "category",
    "sy:updateBase", ":site", "atom:subtitle", "atom:updated", "atom:rights", "atom:generator", "atom:logo", "atom:icon",
    "atom:category", "dc:rights", "dc:publisher", "openSearch:totalResults", "openSearch:startIndex",
    "openSearch:itemsPerPage",
])  # fmt: skip
_PASSED_IN_ENTRY = frozenset([
    "wfw:commentRss", "slash:comments", "thr:total", "thr:in-reply-to", ":post-id", "dc:publisher", "dc:rights",
    "dc:type", "dc:format", "prism:issn", "prism:eIssn", "prism:volume", "prism:number", "prism:startingPage",
    "prism:endingPage", "prism:url", "prism:publicationDate", "prism:coverDate", "prism:copyright", "atom:rights",
])  # fmt: skip
_PASSED_INSIDE = {
    "image": frozenset(["title", "link", "url", "width", "height", "description"]),
    "skipHours": frozenset(["hour"]),
    "skipDays": frozenset(["day"]),
}
_TEXTS = {
    "pubDate": "published", "atom:published": "published", "atom:updated": "updated", "dc:date": "updated",
    "feedburner:origLink": "feedburner_origlink", "dc:identifier": "dc_identifier", "dc:source": "dc_source",
    "prism:doi": "prism_doi", "prism:publicationName": "prism_publicationname",
}  # fmt: skip
_RULES: dict[str, Callable[[Raw, Element], None]] = {
    **{name: partial(fields.text, key) for name, key in _TEXTS.items()},
    "comments": fields.comments,
    "link": fields.link,
    "guid": fields.guid,
    "title": fields.title,
    "description": fields.description,
    "content:encoded": fields.encoded,
    "category": fields.category,
    "author": fields.creator,
    "dc:creator": fields.creator,
    "enclosure": fields.enclosure,
    "media:content": fields.media_content,
    "media:thumbnail": fields.media_thumbnail,
    "atom:link": fields.atom_link,
}
# In RSS, feedparser guesses what is markup there.
_ATOM_RULES: dict[str, Callable[[Raw, Element], None]] = {
    "atom:id": fields.atom_id,
    "atom:title": fields.atom_title,
    "atom:category": fields.atom_category,
    "atom:author": fields.atom_author,
}


def raw_feed(text: str) -> Raw | None:
    """Return `version`, `feed` and `entries` as feedparser would, as far as they are asked for; None where it shall read."""
    if text.count("<") > _MOST_TAGS or "<!DOCTYPE" in text or "xml:base" in text:
        return None
    try:
        return _raw(text.strip("\ufeff \t\r\n"))
    except (UnsureError, ET.ParseError, UnicodeError):
        return None


def _raw(text: str) -> Raw:
    reading = ET.iterparse(io.StringIO(text), events=("start-ns",))  # noqa: S314  no document type, so no entities
    bound = dict[str, str]()
    for _, (prefix, uri) in reading:
        unless(bound.setdefault(prefix, uri) == uri and _is_usual(prefix, uri))
    root: Element = reading.root  # type: ignore[attr-defined]  # documented, but not known to typeshed
    if root.tag == "rss":
        unless(root.keys() == ["version"] and root.attrib["version"].startswith("2.") and len(root) == 1)
        unless(root[0].tag == "channel" and not root[0].attrib)
        return _Reading({}, None).feed(root[0], "rss20", "item")
    unless(root.tag == f"{{{_ATOM}}}feed" and bound[""] == _ATOM and root.attrib.keys() <= {_LANGUAGE})
    language = root.get(_LANGUAGE, "").replace("_", "-") or None
    summary, content = partial(fields.atom_summary, language), partial(fields.atom_content, language)
    rules = _ATOM_RULES | {"atom:summary": summary, "atom:content": content}
    return _Reading(rules, language).feed(root, "atom10", "atom:entry")


def _is_usual(prefix: str, uri: str) -> bool:
    """Whether feedparser knows what is bound here by the name that it has here, if it knows either."""
    if uri == _ATOM or uri not in _PREFIXES:
        # RSS 1.0 and UserLand's decide what version it takes a feed for.
        own = uri.lower() != "http://purl.org/rss/1.0/" and "backend.userland.com/rss" not in uri.lower()
        return own and (prefix not in _TAKEN_PREFIXES or (uri == _ATOM and not prefix))
    return prefix == _PREFIXES[uri]


class _Reading:
    """One feed; `language` is what its root declares for all of it."""

    def __init__(self, rules: Mapping[str, Callable[[Raw, Element], None]], language: str | None) -> None:
        self._names = dict[str, str]()
        self._rules = {**_RULES, **rules}
        self._raw_feed: Raw = {"language": language} if language else {}

    def feed(self, element: Element, version: str, entry_name: str) -> Raw:
        """Read a feed's own fields and its entries."""
        feed, entries = self._raw_feed, list[Raw]()
        for child in element:
            name = self._name(child)
            if name == entry_name:
                entries.append(self._entry(child))
                unless(len(entries) <= MOST_ENTRIES)
            elif name in _PASSED_INSIDE:
                unless(all(one.tag in _PASSED_INSIDE[name] and not len(one) for one in child))
            elif name not in _PASSED_IN_FEED:
                self._about(name, feed, child)
            else:
                unless(not len(child))
        return {"version": version, "feed": feed, "entries": entries, "bozo": False}

    def _about(self, name: str, feed: Raw, child: Element) -> None:
        if name in _IN_FEED:
            fields.text(name.replace(":", "_").lower(), feed, child)
        elif name == "managingEditor":
            fields.creator(feed, child)
        else:
            unless(name in _ABOUT and name in self._rules)
            self._rules[name](feed, child)

    def _entry(self, element: Element) -> Raw:
        unless(not element.attrib)
        entry: Raw = {"links": []}
        for child in element:
            name = self._name(child)
            if rule := self._rules.get(name):
                rule(entry, child)
            else:
                unless(name in _PASSED_IN_ENTRY and not len(child))
        for name in ("published", "updated"):
            # Where we can not read a date, it may.
            unless(name not in entry or dates.from_text(entry[name]) is not None)
        entry["enclosures"] = [link for link in entry["links"] if link["rel"] == "enclosure"]
        return entry

    def _name(self, element: Element) -> str:
        """Return the name of an element as it is usually written, e.g. `dc:creator`."""
        name = self._names.get(element.tag)
        if name is None:
            uri, parted, local = element.tag.rpartition("}")
            unless(not parted or uri[1:] in _PREFIXES)
            name = self._names[element.tag] = f"{_PREFIXES[uri[1:]]}:{local}" if parted else local
        return name
