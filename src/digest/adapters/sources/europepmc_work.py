"""Europe PMC's search answers (`resultType=core`, JSON) as `Work`."""

from collections.abc import Iterator
from datetime import datetime

from digest.adapters.sources import json_fields as fields
from digest.adapters.sources.crossref_work import MOST_AUTHORS
from digest.adapters.sources.pubmed_work import LANGUAGES
from digest.models.work import DateKind, Notice, NoticeKind, Person, Work, WorkDate, WorkText
from digest.works.identity import normalise_doi
from digest.works.provenance import with_origins

_NOTICES: dict[str, NoticeKind] = {
    "retraction in": "retraction", "partial retraction in": "retraction", "expression of concern in": "concern",
    "erratum in": "correction", "corrected and republished in": "correction",
}  # fmt: skip
_NOTICE_TYPES = frozenset({"published erratum", "retraction of publication", "expression of concern"})
_DATES: tuple[tuple[DateKind, tuple[str, ...]], ...] = (
    ("print", ("journalInfo", "printPublicationDate")),
    ("online", ("electronicPublicationDate",)),
    ("published", ("firstPublicationDate",)),
    ("indexed", ("firstIndexDate",)),
)


def works_of(answer: object, at: datetime) -> tuple[Work, ...]:
    """Return the works of an answer. Never raises."""
    results = fields.items(answer, "resultList", "result")
    return tuple(work for result in results if isinstance(result, dict) and (work := work_of(result, at)))


def work_of(record: dict[str, object], at: datetime) -> Work | None:
    """Return one work, or None for what names neither a title nor an id."""
    title = fields.plain(fields.text(record, "title")).removesuffix(".").strip("[]")
    doi, source = normalise_doi(fields.text(record, "doi")), fields.text(record, "source")
    if not title and not doi:
        return None
    code = fields.text(record, "language").lower()
    language = LANGUAGES.get(code, code[:2])
    licence = fields.licence(fields.text(record, "license"))
    abstract = fields.plain(fields.text(record, "abstractText"))
    types = fields.texts(record, "pubTypeList", "pubType")
    is_notice = bool({kind.lower() for kind in types} & _NOTICE_TYPES)
    pmcid = fields.text(record, "pmcid")
    work = Work(
        doi=doi,
        pmid=fields.text(record, "pmid") or None,
        pmcid=pmcid or None,
        titles=(WorkText(language=language, text=title, source="europepmc"),) if title else (),
        abstracts=(WorkText(language="en", text=abstract, rights=licence, source="europepmc"),) if abstract else (),
        authors=tuple(_authors(record))[:MOST_AUTHORS],
        dates=tuple(_dates(record)),
        types=types,
        keywords=tuple(dict.fromkeys((*_mesh(record), *fields.texts(record, "keywordList", "keyword")))),
        languages=(language,) if language else (),
        journal=fields.text(record, "journalInfo", "journal", "title"),
        volume=fields.text(record, "journalInfo", "volume"),
        issue=fields.text(record, "journalInfo", "issue"),
        pages=fields.text(record, "pageInfo"),
        issns=tuple(issn for name in ("issn", "essn") if (issn := fields.text(record, "journalInfo", "journal", name))),
        licence=licence,
        funders=tuple(
            dict.fromkeys(
                agency for one in fields.items(record, "grantsList", "grant") if (agency := fields.text(one, "agency"))
            )
        ),
        is_preprint=source == "PPR" or "preprint" in {kind.lower() for kind in types},
        is_open=_is_open(record),
        free_url=_free_url(record),
        notices=() if is_notice else tuple(_notices(record)),
        notice_of=tuple(_notice_of(record)),
        notices_checked_at=at,
    )
    return with_origins(work, "europepmc", at)


def _authors(record: dict[str, object]) -> Iterator[Person]:
    for author in fields.items(record, "authorList", "author"):
        family = (
            fields.text(author, "lastName") or fields.text(author, "collectiveName") or fields.text(author, "fullName")
        )
        if family:
            yield Person(family=family, given=fields.text(author, "firstName") or fields.text(author, "initials"))


def _dates(record: dict[str, object]) -> Iterator[WorkDate]:
    for kind, path in _DATES:
        if date := fields.iso_date(kind, fields.text(record, *path)):
            yield date
    if date := fields.date_of("published", fields.text(record, "pubYear")):
        yield date


def _mesh(record: dict[str, object]) -> Iterator[str]:
    for heading in fields.items(record, "meshHeadingList", "meshHeading"):
        if name := fields.text(heading, "descriptorName"):
            yield name


def _is_open(record: dict[str, object]) -> bool | None:
    said = fields.text(record, "isOpenAccess").upper()
    if said == "Y" or fields.text(record, "inEPMC").upper() == "Y":
        return True
    # "N" alone is about the open access subset, not about being free to read.
    links = [
        fields.text(link, "availabilityCode").upper() for link in fields.items(record, "fullTextUrlList", "fullTextUrl")
    ]
    if "F" in links or "OA" in links:
        return True
    return False if links and said == "N" else None


def _free_url(record: dict[str, object]) -> str:
    for link in fields.items(record, "fullTextUrlList", "fullTextUrl"):
        url = fields.text(link, "url")
        if fields.text(link, "availabilityCode").upper() in {"F", "OA"} and url.startswith("https://"):
            return url
    return ""


def _notices(record: dict[str, object]) -> Iterator[Notice]:
    for link in fields.items(record, "commentCorrectionList", "commentCorrection"):
        if kind := _NOTICES.get(fields.text(link, "type").lower()):
            doi = normalise_doi(fields.text(link, "reference"))
            yield Notice(kind=kind, doi=doi, date="", source="europepmc")
    if "retracted publication" in {kind.lower() for kind in fields.texts(record, "pubTypeList", "pubType")}:
        yield Notice(kind="retraction", doi=None, date="", source="europepmc")


def _notice_of(record: dict[str, object]) -> Iterator[str]:
    for link in fields.items(record, "commentCorrectionList", "commentCorrection"):
        kind = fields.text(link, "type").lower()
        if kind in {"erratum for", "retraction of", "partial retraction of", "expression of concern for"}:
            yield normalise_doi(fields.text(link, "reference")) or fields.text(link, "id")
