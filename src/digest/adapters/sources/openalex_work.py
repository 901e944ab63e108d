"""OpenAlex's works (JSON) as `Work`; its abstract comes as an inverted index."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from digest.adapters.sources import json_fields as fields
from digest.adapters.sources.crossref_work import MOST_AUTHORS
from digest.models.work import Notice, Person, Work, WorkDate, WorkText
from digest.works.identity import normalise_doi
from digest.works.provenance import with_origins

_LONGEST_ABSTRACT = 5_000
"""Words."""


def works_of(answer: object, at: datetime) -> tuple[Work, ...]:
    """Return the works of a list answer or of one work. Never raises."""
    results = fields.at(answer, "results")
    listed = results if isinstance(results, list) else [answer]
    return tuple(work for one in listed[: fields.MOST_ITEMS] if isinstance(one, dict) and (work := work_of(one, at)))


def work_of(record: dict[str, object], at: datetime) -> Work | None:
    """Return one work, or None for what names neither a title nor a DOI."""
    doi = normalise_doi(fields.text(record, "doi"))
    title = fields.plain(fields.text(record, "title") or fields.text(record, "display_name"))
    if doi is None and not title:
        return None
    language = fields.text(record, "language")[:2].lower()
    licence = fields.licence(fields.text(record, "best_oa_location", "license"))
    abstract = _abstract(fields.at(record, "abstract_inverted_index"))
    place = fields.at(record, "primary_location", "source")
    retracted = fields.at(record, "is_retracted") is True
    free = fields.text(record, "open_access", "oa_url") or fields.text(record, "best_oa_location", "landing_page_url")
    kinds = fields.texts(record, "type")
    work = Work(
        doi=doi,
        pmid=fields.text(record, "ids", "pmid").rstrip("/").rpartition("/")[2] or None,
        titles=(WorkText(language=language, text=title, rights="cc0", source="openalex"),) if title else (),
        # The data are CC0; that says nothing about the abstract's words.
        abstracts=(WorkText(language=language, text=abstract, rights=licence, source="openalex"),) if abstract else (),
        authors=tuple(_authors(record))[:MOST_AUTHORS],
        dates=tuple(_dates(record)),
        types=kinds,
        keywords=tuple(
            dict.fromkeys(
                name
                for group in ("topics", "keywords")
                for one in fields.items(record, group)
                if (name := fields.text(one, "display_name"))
            )
        ),
        languages=(language,) if language else (),
        journal=fields.text(place, "display_name"),
        volume=fields.text(record, "biblio", "volume"),
        issue=fields.text(record, "biblio", "issue"),
        pages="-".join(page for name in ("first_page", "last_page") if (page := fields.text(record, "biblio", name))),
        issns=fields.texts(place, "issn"),
        licence=licence,
        funders=tuple(
            dict.fromkeys(
                name for one in fields.items(record, "grants") if (name := fields.text(one, "funder_display_name"))
            )
        ),
        is_preprint="preprint" in kinds,
        is_open=cast("bool | None", fields.at(record, "open_access", "is_oa"))
        if isinstance(fields.at(record, "open_access", "is_oa"), bool)
        else None,
        free_url=free if free.startswith("https://") else "",
        notices=(Notice(kind="retraction", doi=None, date="", source="openalex"),) if retracted else (),
        notices_checked_at=at,
    )
    return with_origins(work, "openalex", at)


def _authors(record: dict[str, object]) -> Iterator[Person]:
    for one in fields.items(record, "authorships"):
        name = fields.text(one, "author", "display_name")
        given, _, family = name.rpartition(" ")
        if family:
            yield Person(family=family, given=given)


def _dates(record: dict[str, object]) -> Iterator[WorkDate]:
    date = fields.iso_date("published", fields.text(record, "publication_date"))
    year = date or fields.date_of("published", fields.at(record, "publication_year"))
    if year:
        yield year


def _abstract(index: object) -> str:
    """Put the words of an inverted index (`word: [places]`) back into their order."""
    if not isinstance(index, dict):
        return ""
    words: dict[int, str] = {}
    for word, places in index.items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and not isinstance(place, bool) and 0 <= place < _LONGEST_ABSTRACT:
                words[place] = str(word)
    return fields.plain(" ".join(words[place] for place in sorted(words)))
