"""SciELO's ArticleMeta (JSON of ISIS fields such as `v12`) as `Work`; PePSIC speaks the same."""

from collections.abc import Iterator
from datetime import datetime

from digest.adapters.sources import json_fields as fields
from digest.adapters.sources.crossref_work import MOST_AUTHORS
from digest.models.work import Person, Work, WorkDate, WorkText
from digest.works.identity import normalise_doi
from digest.works.provenance import with_origins


def work_of(answer: object, at: datetime) -> Work | None:
    """Return the work of one `article` answer, or None for what has no title. Never raises."""
    article = fields.at(answer, "article")
    titles = tuple(_titles(article))
    if not titles:
        return None
    licence = fields.licence(fields.text(answer, "license") or _subfield(fields.at(answer, "title"), "v541"))
    language = _subfield(article, "v40")[:2].lower()
    free = _free_url(answer, language)
    abstracts = (
        WorkText(language=_language(one), text=fields.plain(fields.text(one, "a")), rights=licence, source="scielo")
        for one in fields.items(article, "v83")
        if fields.text(one, "a")
    )
    ordered = sorted(titles, key=lambda title: title.language != language)
    work = Work(
        doi=normalise_doi(fields.text(answer, "doi")),
        other_dois=tuple(_other_dois(answer)),
        scielo_pid=fields.text(answer, "code") or _subfield(article, "v880") or None,
        titles=tuple(ordered),
        abstracts=tuple(abstracts),
        authors=tuple(_authors(article))[:MOST_AUTHORS],
        dates=tuple(_dates(answer, article)),
        types=tuple(kind for kind in (_subfield(article, "v71"), fields.text(answer, "document_type")) if kind),
        keywords=tuple(dict.fromkeys(word for one in fields.items(article, "v85") if (word := fields.text(one, "k")))),
        languages=tuple(dict.fromkeys(title.language for title in ordered if title.language)),
        journal=_subfield(fields.at(answer, "title"), "v100") or _subfield(article, "v30"),
        volume=_subfield(article, "v31"),
        issue=_subfield(article, "v32"),
        pages=_pages(article),
        issns=fields.texts(answer, "code_title"),
        licence=licence,
        funders=tuple(dict.fromkeys(_subfields(article, "v58"))),
        is_open=True,
        free_url=free,
    )
    return with_origins(work, "scielo", at)


def _titles(article: object) -> Iterator[WorkText]:
    for one in fields.items(article, "v12"):
        main, sub = fields.plain(fields.text(one, "_")), fields.plain(fields.text(one, "s"))
        if main:
            yield WorkText(language=_language(one), text=f"{main}: {sub}" if sub else main, source="scielo")


def _authors(article: object) -> Iterator[Person]:
    for one in fields.items(article, "v10"):
        if family := fields.text(one, "s"):
            yield Person(family=family, given=fields.text(one, "n"))
    for group in _subfields(article, "v11"):
        yield Person(family=group)


def _dates(answer: object, article: object) -> Iterator[WorkDate]:
    found = (
        fields.iso_date("published", _subfield(article, "v223") or _subfield(article, "v65")),
        fields.date_of("published", fields.text(answer, "publication_year")),
        fields.iso_date("accepted", _subfield(article, "v114")),
        fields.iso_date("indexed", fields.text(answer, "processing_date")),
    )
    yield from dict.fromkeys(date for date in found if date)


def _other_dois(answer: object) -> Iterator[str]:
    """A translation has a DOI of its own (`v337`)."""
    own = normalise_doi(fields.text(answer, "doi"))
    for one in fields.items(answer, "article", "v337"):
        doi = normalise_doi(fields.text(one, "d"))
        if doi and doi != own:
            yield doi


def _pages(article: object) -> str:
    first = last = electronic = ""
    for one in fields.items(article, "v14"):
        first, last = first or fields.text(one, "f"), last or fields.text(one, "l")
        electronic = electronic or fields.text(one, "e")
    return f"{first}-{last}" if first and last else first or electronic


def _free_url(answer: object, language: str) -> str:
    pages = fields.at(answer, "fulltexts", "html")
    found = fields.text(pages, language) or next(
        iter(fields.texts(list(pages.values()) if isinstance(pages, dict) else [])), ""
    )
    found = found.replace("http://www.scielo.br?", "http://www.scielo.br/scielo.php?")
    return found.replace("http://", "https://", 1) if found.startswith("http") else ""


def _language(one: object) -> str:
    return fields.text(one, "l")[:2].lower()


def _subfield(record: object, name: str) -> str:
    return next(_subfields(record, name), "")


def _subfields(record: object, name: str) -> Iterator[str]:
    for one in fields.items(record, name):
        if said := fields.plain(fields.text(one, "_")):
            yield said
