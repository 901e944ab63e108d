"""One entry of an XML feed: feedparser's dictionary to a ParsedEntry, and where each field came from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digest.adapters.sources import dates, fragments, media
from digest.adapters.sources.feed_fields import LONGEST_FIELD, categories, field, language_tag, people
from digest.models.feed import ParsedEntry
from digest.works.identity import normalise_doi

_PUBMED_DOI = re.compile(r"DOI:\s*(?:<a\b[^<>]{0,300}>)?\s*(10\.[^<\s]+)", re.IGNORECASE)
_ISSUE_LINE = re.compile(r"^[^:]{3,120}, Vol\.? \d{1,4}, (?:Pages?|Issue) [^:]{1,40}: ")


@dataclass(frozen=True, slots=True)
class About:
    """What a feed says for all of its entries."""

    base: str
    """The site's address, which its texts are relative to."""
    url: str
    """The feed's own, which the links of its entries are relative to."""
    language: str | None
    authors: tuple[str, ...]
    strict_titles: bool
    """Atom 1.0 says which titles are text (RFC 4287, 3.1.1), and there a `<` is a letter. Others say nothing."""


def entry_of(entry: Mapping[str, Any], about: About) -> ParsedEntry:
    """Read one entry. What it does not say is empty, and not invented."""
    guid = field(entry, "id").strip()[:LONGEST_FIELD]
    url, url_from = _address(entry, guid, about.url)
    markup, said_language, body_base, text_from = _body(entry)
    safe = fragments.sanitised(markup, fragments.absolute(body_base, about.base) or url or about.base)
    language = language_tag(field(entry, "language")) or said_language or about.language
    authors = authors_of(entry)
    updated, _ = _moment(entry, ("updated",), language)
    published, published_from = _moment(entry, ("published", "created", "updated"), language)
    doi, doi_from = _doi(entry, guid, url, markup)
    enclosures, image = media.enclosures(entry, url or about.base), media.lead_image(entry, safe, url or about.base)
    in_prism = field(entry, "prism_publicationname")
    journal = fragments.plain(in_prism or field(entry, "dc_source"))[:300]
    terms = categories(field(tag, "label") or field(tag, "term") for tag in _mappings(entry, "tags"))
    comments_url = fragments.absolute(field(entry, "comments"), about.base)
    origins = {
        "id": "guid" if guid else "",
        "url": url_from,
        "title": "title" if field(entry, "title") else "",
        "authors": "entry" if authors else "feed" if about.authors else "",
        "published": published_from,
        "updated": "updated" if updated else "",
        "language": "entry" if field(entry, "language") or said_language else "feed" if language else "",
        "text": text_from if safe else "",
        "doi": doi_from,
        "image": image.origin if image else "",
        "journal": ("prism:publicationName" if in_prism else "dc:source") if journal else "",
        "categories": "category" if terms else "",
        "comments": "comments" if comments_url else "",
        "enclosures": ("enclosure" if entry.get("enclosures") else "media:content") if enclosures else "",
    }
    return ParsedEntry(
        guid=guid,
        url=url,
        title=_title(entry, about, journal)[:LONGEST_FIELD],
        authors=authors or about.authors,
        published=published,
        updated=updated,
        language=language,
        text=fragments.text_in(safe),
        html=safe,
        categories=terms,
        comments_url=comments_url,
        doi=doi,
        journal=journal,
        image=image.image if image else None,
        enclosures=enclosures,
        origins=tuple((name, origin) for name, origin in origins.items() if origin),
    )


def authors_of(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """All authors: `author` is only the last of them. Addresses are no names."""
    names = [field(author, "name") for author in _mappings(entry, "authors")]
    return people(names if any(names) else [field(entry, "author")])


def _title(entry: Mapping[str, Any], about: About, journal: str) -> str:
    detail = entry.get("title_detail")
    kind = field(detail, "type") if isinstance(detail, Mapping) else ""
    said = field(entry, "title")
    literal = about.strict_titles and kind == "text/plain"
    title = fragments.one_line(said) if literal else fragments.plain(said)
    # Some publishers write the issue before the title; that is what `dc:source` and PRISM are for.
    return _ISSUE_LINE.sub("", title) if journal and title.startswith(journal.split(",", maxsplit=1)[0]) else title


def _address(entry: Mapping[str, Any], guid: str, base: str) -> tuple[str, str]:
    """Return the entry's own address: a feed service's detour leads past the publisher."""
    for name, origin in (("feedburner_origlink", "feedburner:origLink"), ("link", "link")):
        if url := fragments.absolute(field(entry, name), base):
            return url, origin
    for link in _mappings(entry, "links"):
        url = fragments.absolute(field(link, "href"), base)
        if url and field(link, "rel") in {"alternate", ""}:
            return url, "link"
    # Only RSS can say that a guid is no address (`isPermaLink="false"`).
    usable = entry.get("guidislink") is not False and " " not in guid
    url = fragments.absolute(guid, base) if usable and (guid[:1] == "/" or fragments.is_web_address(guid)) else ""
    return (url, "guid") if url else ("", "")


def _body(entry: Mapping[str, Any]) -> tuple[str, str | None, str, str]:
    """Return the longest text of an entry as markup, the language and base that it declares, and its name."""
    found = [(item, "content") for item in _mappings(entry, "content")]
    summary = entry.get("summary_detail")
    found.append((summary if isinstance(summary, Mapping) else {"value": field(entry, "summary")}, "summary"))
    found += [({"value": text}, "media:description") for text in media.descriptions(entry)]
    best, name = max(found, key=lambda item: len(field(item[0], "value")))
    value = field(best, "value")
    if field(best, "type") == "text/plain" or name == "media:description":
        value = fragments.paragraphs_as_markup(value)
    return value, language_tag(field(best, "language")), field(best, "base"), name


def _moment(entry: Mapping[str, Any], names: tuple[str, ...], language: str | None) -> tuple[datetime | None, str]:
    """Return the first date among fields, and which it was. RDF feeds have only `dc:date`, which is called `updated`."""
    for name in names:
        said = field(entry, name)
        moment = dates.from_text(said, language) or dates.from_struct(entry.get(f"{name}_parsed")) if said else None
        if moment:
            return moment, name
    return None, ""


def _doi(entry: Mapping[str, Any], guid: str, url: str, markup: str) -> tuple[str | None, str]:
    """Return the DOI of the entry itself; one that its text cites is another work's."""
    named = [("prism:doi", field(entry, "prism_doi")), ("dc:identifier", field(entry, "dc_identifier")), ("guid", guid)]
    if "doi" in url:
        named.append(("link", url))
    if guid.startswith("pubmed:") and (line := _PUBMED_DOI.search(markup)):
        named.append(("PubMed's citation line", line[1]))
    return next(((doi, origin) for origin, text in named if (doi := normalise_doi(text))), (None, ""))


def _mappings(entry: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    value = entry.get(name)
    yield from (item for item in (value if isinstance(value, list) else []) if isinstance(item, Mapping))
