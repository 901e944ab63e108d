"""Feeds, pages, citations and findings as `digest inspect` prints them (DESIGN, section 7)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from digest.models.article import Citation, Image
from digest.models.feed import ParsedEntry, ParsedFeed, ParsedPage
from digest.models.resolution import AskAuthor, Confirmed, Resolution
from digest.models.segment import Finding
from digest.models.work import Work

EMPTY_FEED = "The feed is sound and has no entries."
"""The one problem of a feed that is no failure: a new blog, a search that found nothing."""


def feed_json(feed: ParsedFeed) -> dict[str, Any]:
    """Return `{"feed", "entries", "problems"}`, ready for `json.dumps`; what is unknown is null or empty.

    `from` says where each field of an entry came from.
    """
    return {
        "feed": {"title": feed.title, "language": feed.language, "link": feed.link, "kind": feed.kind or None},
        "entries": [_entry_json(entry) for entry in feed.entries],
        "problems": list(feed.problems),
    }


def page_json(page: ParsedPage) -> dict[str, Any]:
    """Return the fields of `inspect page`; `text` parts its blocks by a blank line."""
    return {
        "title": page.text.title,
        "authors": list(page.authors),
        "published": _moment(page.published),
        "language": page.text.language or None,
        "alternates": [{"language": other.language, "url": other.url} for other in page.alternates],
        "text": "\n\n".join(block.text for block in page.text.blocks),
        "html": page.html,
        "doi": page.doi,
        "url": page.text.url,
        "updated": _moment(page.updated),
        "categories": list(page.text.categories),
        "image": _image_json(page.text.image),
        "byline": page.text.byline or None,
        "copyright": page.text.copyright or None,
        "headings": [block.text for block in page.text.blocks if block.kind == "heading"],
        "from": dict(page.origins),
        "problems": list(page.problems),
    }


def findings_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return `{"findings": [...]}`: check, severity, place and the message in English."""
    return {
        "findings": [
            {
                "check": one.check,
                "severity": one.severity,
                "where": one.where,
                "message": one.message % dict(one.values) if one.values else one.message.replace("%%", "%"),
            }
            for one in findings
        ]
    }


def citation_json(citation: Citation, resolution: Resolution) -> dict[str, Any]:
    """Return one citation of `inspect citations`; `doi` is of a confirmed work, or what the text itself spells out."""
    status = {Confirmed: "confirmed", AskAuthor: "ask"}.get(type(resolution), "not_found")
    return {
        "text": citation.text,
        "authors": citation.authors,
        "title": citation.title,
        "year": citation.year,
        "doi": resolution.work.doi if isinstance(resolution, Confirmed) else citation.doi,
        "status": status,
        "reasons": [one.message % dict(one.values) for one in resolution.evidence],
        "proposals": [_proposal(work) for work in resolution.works] if isinstance(resolution, AskAuthor) else [],
    }


def _proposal(work: Work) -> dict[str, Any]:
    names = [person.family for person in work.authors[:3]]
    return {"doi": work.doi, "title": work.title, "authors": names, "year": next(iter(work.years), None)}


def _entry_json(entry: ParsedEntry) -> dict[str, Any]:
    return {
        "id": entry.guid or None,
        "url": entry.url or None,
        "title": entry.title,
        "authors": list(entry.authors),
        "published": _moment(entry.published),
        "updated": _moment(entry.updated),
        "language": entry.language,
        "text": entry.text,
        "doi": entry.doi,
        "journal": entry.journal or None,
        "categories": list(entry.categories),
        "comments": entry.comments_url or None,
        "image": _image_json(entry.image),
        "enclosures": [{"url": file.url, "type": file.type or None, "size": file.size} for file in entry.enclosures],
        "from": dict(entry.origins),
    }


def _image_json(image: Image | None) -> dict[str, str] | None:
    return {"url": image.url, "alt": image.alt, "credit": image.credit} if image else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
