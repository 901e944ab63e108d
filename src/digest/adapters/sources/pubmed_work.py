"""PubMed's efetch XML (`PubmedArticleSet`) as `Work`. No DTD is loaded and no entity is expanded."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from digest.adapters.sources import json_fields as fields
from digest.adapters.sources.crossref_work import MOST_AUTHORS
from digest.models.work import DateKind, Notice, NoticeKind, Person, Work, WorkDate, WorkText
from digest.works.identity import normalise_doi
from digest.works.provenance import with_origins

LANGUAGES = {
    "eng": "en", "por": "pt", "spa": "es", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "ita": "it", "dut": "nl",
    "chi": "zh", "jpn": "ja", "rus": "ru", "pol": "pl",
}  # fmt: skip
_NOTICES: dict[str, NoticeKind] = {
    "RetractionIn": "retraction", "PartialRetractionIn": "retraction", "ExpressionOfConcernIn": "concern",
    "ErratumIn": "correction", "CorrectedandRepublishedIn": "correction",
}  # fmt: skip
_NOTICE_OF = frozenset({"RetractionOf", "PartialRetractionOf", "ExpressionOfConcernFor", "ErratumFor"})
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_LONGEST_MEDLINE_DATE = 40
NOT_PUBMED = "The answer is not a PubMed record set."


def works_of(body: bytes, at: datetime) -> tuple[tuple[Work, ...], str]:
    """Return the works of an answer and what is wrong with it, empty where nothing is. Never raises."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return (), NOT_PUBMED
    if root is None or root.tag != "PubmedArticleSet":
        return (), NOT_PUBMED
    works = tuple(work for article in root.findall("PubmedArticle") if (work := work_of(article, at)))
    # A recovered tree ends where the answer broke off.
    cut = any(error.level_name == "FATAL" for error in parser.error_log)
    return works, "The answer is damaged; the records before the damage were read." if cut else ""


def work_of(record: "etree._Element", at: datetime) -> Work | None:
    """Return one work, or None for what has no PMID."""
    pmid = _said(record, "MedlineCitation/PMID")
    article = record.find("MedlineCitation/Article")
    if not pmid.isdigit() or article is None:
        return None
    language = LANGUAGES.get(_said(article, "Language").lower(), "")
    doi = _doi(record, article)
    work = Work(
        doi=doi,
        pmid=pmid,
        pmcid=_id(record, "pmc") or None,
        titles=tuple(_titles(article, language)),
        abstracts=tuple(_abstracts(record, article)),
        authors=tuple(_authors(article))[:MOST_AUTHORS],
        dates=tuple(dict.fromkeys(_dates(record, article))),
        types=tuple(_all(article, "PublicationTypeList/PublicationType")),
        keywords=tuple(
            dict.fromkeys(
                (
                    *_all(record, "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName"),
                    *_all(record, "MedlineCitation/KeywordList/Keyword"),
                )
            )
        ),
        languages=tuple(dict.fromkeys(LANGUAGES.get(code.lower(), code.lower()) for code in _all(article, "Language"))),
        journal=_said(article, "Journal/Title"),
        volume=_said(article, "Journal/JournalIssue/Volume"),
        issue=_said(article, "Journal/JournalIssue/Issue"),
        pages=_said(article, "Pagination/MedlinePgn"),
        issns=tuple(_all(article, "Journal/ISSN")),
        funders=tuple(dict.fromkeys(_all(article, "GrantList/Grant/Agency"))),
        conflicts=_said(record, "MedlineCitation/CoiStatement"),
        is_preprint="Preprint" in _all(article, "PublicationTypeList/PublicationType"),
        is_open=True if _id(record, "pmc") else None,
        free_url=f"https://pmc.ncbi.nlm.nih.gov/articles/{_id(record, 'pmc')}/" if _id(record, "pmc") else "",
        notices=tuple(_notices(record)),
        notice_of=tuple(_notice_of(record)),
        notices_checked_at=at,
    )
    return with_origins(work, "pubmed", at)


def _titles(article: "etree._Element", language: str) -> Iterator[WorkText]:
    # In brackets: a title that PubMed translated; the article's own is `VernacularTitle`.
    english = _said(article, "ArticleTitle")
    own = _said(article, "VernacularTitle")
    if own:
        yield WorkText(language=language, text=own.rstrip("."), source="pubmed")
    if title := english.strip("[]. ") if english.startswith("[") else english.removesuffix("."):
        yield WorkText(language="en" if own or english.startswith("[") else language, text=title, source="pubmed")


def _abstracts(record: "etree._Element", article: "etree._Element") -> Iterator[WorkText]:
    for language, place in (("en", article.find("Abstract")), *_other_abstracts(record)):
        if place is None:
            continue
        parts = []
        for part in place.findall("AbstractText")[: fields.MOST_ITEMS]:
            words = _words(part)
            label = str(part.get("Label") or "").strip()
            if words:
                parts.append(f"{label.capitalize()}: {words}" if label and label.upper() != "UNLABELLED" else words)
        if parts:
            # "Abstracts may be protected": PubMed gives no licence for them.
            yield WorkText(language=language, text="\n\n".join(parts)[: fields.LONGEST_TEXT], source="pubmed")


def _other_abstracts(record: "etree._Element") -> Iterator[tuple[str, "etree._Element"]]:
    for other in record.findall("MedlineCitation/OtherAbstract"):
        code = str(other.get("Language") or "").lower()
        yield LANGUAGES.get(code, code[:2]), other


def _authors(article: "etree._Element") -> Iterator[Person]:
    for author in article.findall("AuthorList/Author"):
        family = _said(author, "LastName") or _said(author, "CollectiveName")
        if family:
            yield Person(family=family, given=_said(author, "ForeName") or _said(author, "Initials"))


def _dates(record: "etree._Element", article: "etree._Element") -> Iterator[WorkDate]:
    places: tuple[tuple[DateKind, etree._Element | None], ...] = (
        ("print", article.find("Journal/JournalIssue/PubDate")),
        *(("online", date) for date in article.findall("ArticleDate")),
        *(("indexed", date) for date in record.findall("PubmedData/History/PubMedPubDate[@PubStatus='pubmed']")),
    )
    for kind, place in places:
        if place is None:
            continue
        said = _said(place, "MedlineDate")[:_LONGEST_MEDLINE_DATE].split()
        year = _said(place, "Year") or next((word[:4] for word in said if word[:4].isdigit()), "")
        month = _said(place, "Month")
        date = fields.date_of(kind, year, _MONTHS.get(month[:3].lower(), month), _said(place, "Day"))
        if date:
            yield date


def _notices(record: "etree._Element") -> Iterator[Notice]:
    for link in record.findall("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        if kind := _NOTICES.get(str(link.get("RefType"))):
            said = _said(link, "RefSource")
            yield Notice(kind=kind, doi=normalise_doi(said), date="", source="pubmed")
    types = _all(record, "MedlineCitation/Article/PublicationTypeList/PublicationType")
    if "Retracted Publication" in types:
        yield Notice(kind="retraction", doi=None, date="", source="pubmed")


def _notice_of(record: "etree._Element") -> Iterator[str]:
    for link in record.findall("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        target = normalise_doi(_said(link, "RefSource")) or _said(link, "PMID")
        if str(link.get("RefType")) in _NOTICE_OF and target:
            yield target


def _doi(record: "etree._Element", article: "etree._Element") -> str | None:
    for place in article.findall("ELocationID[@EIdType='doi']"):
        if place.get("ValidYN") != "N" and (doi := normalise_doi(_words(place))):
            return doi
    return normalise_doi(_id(record, "doi"))


def _id(record: "etree._Element", kind: str) -> str:
    # Not `//`: the reference list holds the ids of other papers.
    return _said(record, f"PubmedData/ArticleIdList/ArticleId[@IdType='{kind}']")


def _said(place: "etree._Element", path: str) -> str:
    found = place.find(path)
    return "" if found is None else _words(found)


def _all(place: "etree._Element", path: str) -> list[str]:
    return [words for found in place.findall(path)[: fields.MOST_ITEMS] if (words := _words(found))]


def _words(element: "etree._Element") -> str:
    # All text below, for titles hold <i>, <sup> and MathML.
    said = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return " ".join(said.split())[: fields.LONGEST_TEXT]
