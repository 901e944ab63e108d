"""Crossref's works (REST API, `/works`) as `Work`. Retractions stand in `updated-by` of the article.

`update-to` is the other direction: it stands on the notice. A `new_version` that points at itself is nothing.
"""

from collections.abc import Iterator
from datetime import datetime

from digest.adapters.sources import json_fields as fields
from digest.models.work import DateKind, Notice, NoticeKind, Person, Work, WorkDate, WorkText
from digest.works.identity import normalise_doi
from digest.works.provenance import with_origins

_DATES: tuple[tuple[str, DateKind], ...] = (
    ("published", "published"), ("issued", "published"), ("published-print", "print"),
    ("published-online", "online"), ("accepted", "accepted"), ("indexed", "indexed"),
)  # fmt: skip
NOTICE_KINDS: dict[str, NoticeKind] = {
    "retraction": "retraction", "partial_retraction": "retraction", "withdrawal": "retraction", "removal": "retraction",
    "expression_of_concern": "concern", "expression-of-concern": "concern", "correction": "correction",
    "erratum": "correction", "corrigendum": "correction", "addendum": "correction", "clarification": "correction",
}  # fmt: skip
MOST_AUTHORS = 300


def works_of(answer: object, at: datetime) -> tuple[Work, ...]:
    """Return the works of an answer: `message.items`, one `message`, one work, or a list of works. Never raises.

    The list may also stand under `items` or `works`, as in files that keep something beside it.
    """
    message = fields.at(answer, "message")
    holder = message if isinstance(message, dict) else answer
    places = (answer, fields.at(holder, "items"), fields.at(holder, "works"), [holder])
    listed = next(place for place in places if isinstance(place, list))
    return tuple(work for item in listed if isinstance(item, dict) and (work := work_of(item, at)))


def work_of(record: dict[str, object], at: datetime) -> Work | None:
    """Return one work, or None for what names neither a title nor a DOI."""
    doi = normalise_doi(fields.text(record, "DOI"))
    titles = tuple(_titles(record))
    if doi is None and not titles:
        return None
    licence_url = _licence_url(record)
    licence = fields.licence(licence_url)
    kind = fields.text(record, "type")
    abstract = fields.plain(fields.text(record, "abstract"))
    language = fields.text(record, "language")[:2].lower()
    published = _related(record, "is-preprint-of")
    work = Work(
        doi=doi,
        titles=titles,
        abstracts=(WorkText(language=language, text=abstract, rights=licence, source="crossref"),) if abstract else (),
        authors=tuple(_authors(record)),
        dates=tuple(dict.fromkeys(_dates(record))),
        types=tuple(one for one in (kind, fields.text(record, "subtype")) if one),
        languages=(language,) if language else (),
        journal=fields.plain(next(iter(fields.texts(record, "container-title")), "")),
        volume=fields.text(record, "volume"),
        issue=fields.text(record, "issue"),
        pages=fields.text(record, "page") or fields.text(record, "article-number"),
        issns=fields.texts(record, "ISSN"),
        licence=licence,
        licence_url=licence_url,
        funders=tuple(
            dict.fromkeys(name for one in fields.items(record, "funder") if (name := fields.text(one, "name")))
        ),
        is_preprint=kind == "posted-content" or fields.text(record, "subtype") == "preprint",
        is_open=True if licence not in {"unknown", "publisher"} else None,
        notices=tuple(_notices(record, doi)),
        notice_of=tuple(_notice_of(record, doi)),
        notices_checked_at=at,
        published_as=published[0] if published else None,
        preprints=_related(record, "has-preprint"),
    )
    return with_origins(work, "crossref", at)


def _titles(record: dict[str, object]) -> Iterator[WorkText]:
    language = fields.text(record, "language")[:2].lower()
    subtitle = fields.plain(next(iter(fields.texts(record, "subtitle")), ""))
    for said in fields.texts(record, "title"):
        title = fields.plain(said)
        if subtitle and subtitle.casefold() not in title.casefold():
            title = f"{title.rstrip(' :')}: {subtitle}"
        if title:
            yield WorkText(language=language, text=title, rights="cc0", source="crossref")
    for said in fields.texts(record, "original-title"):
        if title := fields.plain(said):
            yield WorkText(language="", text=title, rights="cc0", source="crossref")


def _authors(record: dict[str, object]) -> Iterator[Person]:
    listed = list(fields.items(record, "author")) or list(fields.items(record, "editor"))
    for person in listed[:MOST_AUTHORS]:
        family = fields.plain(
            fields.text(person, "family") or fields.text(person, "name") or fields.text(person, "literal")
        )
        given = fields.plain(fields.text(person, "given"))
        if family or given:
            yield Person(family=family or given, given=given if family else "")


def _dates(record: dict[str, object]) -> Iterator[WorkDate]:
    for name, kind in _DATES:
        parts = fields.at(record, name, "date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        if not isinstance(first, list):
            continue
        padded = (*first[:3], None, None, None)
        if date := fields.date_of(kind, *padded[:3]):
            yield date


def _licence_url(record: dict[str, object]) -> str:
    """The licence of the version of record, else any open one; a `tdm` licence is not for readers."""
    listed = [(fields.text(one, "content-version"), fields.text(one, "URL")) for one in fields.items(record, "license")]
    ranked = sorted(
        (pair for pair in listed if pair[0] != "tdm" and pair[1]),
        key=lambda pair: (fields.licence(pair[1]) == "publisher", pair[0] != "vor"),
    )
    return ranked[0][1] if ranked else ""


def _notices(record: dict[str, object], doi: str | None) -> Iterator[Notice]:
    for update in fields.items(record, "updated-by"):
        kind = NOTICE_KINDS.get(fields.text(update, "type").lower())
        notice = normalise_doi(fields.text(update, "DOI"))
        # A retraction may carry the article's own DOI (the record was replaced); a correction of itself is a version.
        if kind and (notice != doi or kind == "retraction"):
            yield Notice(kind=kind, doi=notice, date=_updated(update), source="crossref")


def _notice_of(record: dict[str, object], doi: str | None) -> Iterator[str]:
    for update in fields.items(record, "update-to"):
        target = normalise_doi(fields.text(update, "DOI"))
        if target and target != doi and fields.text(update, "type").lower() in NOTICE_KINDS:
            yield target


def _updated(update: object) -> str:
    parts = fields.at(update, "updated", "date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    date = fields.date_of("published", *(*first[:3], None, None, None)[:3])
    if date is None:
        return ""
    numbers = [f"{date.year:04}", *(f"{part:02}" for part in (date.month, date.day) if part)]
    return "-".join(numbers)


def _related(record: dict[str, object], relation: str) -> tuple[str, ...]:
    found = (normalise_doi(fields.text(one, "id")) for one in fields.items(record, "relation", relation))
    return tuple(dict.fromkeys(doi for doi in found if doi))
