"""The list of sources for people: its health, and other readers' lists in and out (OPML)."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from digest.models.source import FeedCache, Source
from digest.works import visits
from digest.works.identity import public_url, url_key
from digest.works.opml import Outline, read_opml, write_opml

_LONGEST_SECTION = 40


def opml_of(sources: Iterable[Source], title: str) -> bytes:
    """Return the feeds among sources as OPML, one folder a section."""
    outlines = (
        Outline(
            url=source.url,
            title=public_url(source.url),
            folder=source.section,
            language=source.language or "",
            kind="page" if source.kind == "page" else "feed",
        )
        for source in sources
        if source.kind in {"feed", "page"}
    )
    return write_opml(outlines, title)


def additions(body: bytes, known: Iterable[Source], section: str) -> tuple[str, tuple[str, ...]]:
    """Return the `[[sources]]` tables that an OPML file adds to digest.toml, and one line a feed. Raises FileFormatError.

    Without a `section` the folder of a feed is its section; never `posts`, which are the author's own.
    """
    seen = {url_key(source.url) for source in known}
    tables, lines = list[str](), list[str]()
    for outline in read_opml(body):
        if outline.refused:
            lines.append(f"{outline.title or 'a feed without a name'}: skipped: {outline.refused}")
            continue
        name = f"{outline.title or public_url(outline.url)} ({public_url(outline.url)})"
        if url_key(outline.url) in seen:
            lines.append(f"{name}: already a source")
            continue
        chosen = section or _section(outline.folder)
        tables.append(_table(outline, chosen))
        lines.append(f"{name}: new, in the section {chosen}")
    return "".join(tables), tuple(lines)


def health(source: Source, cache: FeedCache, now: datetime) -> dict[str, Any]:
    """Return how a source is, ready for JSON; `address` is without what its query might hide."""
    if visits.is_gone(cache):
        state = "gone"
    elif visits.has_moved(cache, now):
        state = "moved"
    elif cache.errors:
        state = "failing"
    else:
        state = "well" if cache.last_status else "new"
    return {
        "address": public_url(source.url),
        "kind": source.kind,
        "section": source.section,
        "state": state,
        "said": cache.last_status,
        "failures": cache.errors,
        "last_news": _moment(cache.changed_at),
        "next_visit": _moment(cache.next_at),
        "read_from": public_url(cache.found_url) if cache.found_url else None,
        "moved_to": public_url(cache.moved_to) if state == "moved" else None,
    }


def health_lines(sources: Sequence[Source], caches: Mapping[str, FeedCache], now: datetime) -> list[str]:
    """Return one line a source for people."""
    lines = []
    for source in sources:
        one = health(source, caches[source.key], now)
        words = [one["state"]]
        if one["failures"]:
            words.append(f"{one['failures']} failures in a row: {one['said']}")
        words += [f"now at {one['moved_to']}"] if one["moved_to"] else []
        words += [f"read from {one['read_from']}"] if one["read_from"] else []
        words += [f"last news {one['last_news']:.10}"] if one["last_news"] else []
        words += [f"next visit {one['next_visit']:.16}"] if one["next_visit"] and one["state"] != "gone" else []
        lines.append(f"{one['address']} ({one['kind']}, {one['section']}): {'; '.join(words)}")
    return lines


def _table(outline: Outline, section: str) -> str:
    language = (
        f"language = {json.dumps(outline.language)}\n" if re.fullmatch(r"[A-Za-z0-9-]+", outline.language) else ""
    )
    comment = "".join(char for char in outline.title if char.isprintable())
    head = f"\n[[sources]]  # {comment}\n" if comment else "\n[[sources]]\n"
    return (
        f'{head}kind = "{outline.kind}"\nurl = {json.dumps(outline.url)}\nsection = {json.dumps(section)}\n{language}'
    )


def _section(folder: str) -> str:
    plain = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode("ascii").lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SECTION].strip("-")
    return name if name and name[0].isalpha() and name != "posts" else "others"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
