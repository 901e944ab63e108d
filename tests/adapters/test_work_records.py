"""Records of the research sources become works, whatever shape they have."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import work_records as records
from digest.adapters.sources import crossref_work, europepmc_work, openalex_work, pubmed_work, scielo_work
from digest.models.work import Person, Work
from work_records import AT


def from_crossref(**changes: Any) -> Work:
    [work] = crossref_work.works_of({"message": {"items": [records.crossref(**changes)]}}, AT)
    return work


def from_pubmed(**changes: str) -> Work:
    [work], problem = pubmed_work.works_of(records.pubmed(**changes), AT)
    assert problem == ""
    return work


def from_scielo(**changes: Any) -> Work:
    work = scielo_work.work_of(records.scielo(**changes), AT)
    assert work
    return work


def test_a_crossref_record_is_read_whole() -> None:
    work = from_crossref()

    assert (work.doi, work.title, work.years) == (
        "10.5555/sleep.1",
        "Shared worries and sleep in couples: A trial",
        (2025, 2024),
    )
    assert work.authors == (Person(family="Example", given="Ann B."), Person(family="The Night Group"))
    assert (work.journal, work.volume, work.issue, work.pages) == ("Journal of Nights", "12", "3", "101-119")
    assert (work.licence, work.abstracts[0].rights, work.is_open) == ("cc-by", "cc-by", True)
    assert (work.funders, work.preprints) == (("Foundation for Nights",), ("10.5555/preprint.7",))
    assert {origin.source for origin in work.origins} == {"crossref"}
    assert {"doi", "titles", "authors", "dates", "journal", "licence"} <= {origin.field for origin in work.origins}


@pytest.mark.parametrize(
    ("update", "kinds"),
    [
        ({"DOI": "10.5555/notice", "type": "retraction"}, ["retraction"]),
        ({"DOI": "10.5555/notice", "type": "expression_of_concern"}, ["concern"]),
        ({"DOI": "10.5555/notice", "type": "erratum"}, ["correction"]),
        ({"DOI": "10.5555/sleep.1", "type": "new_version"}, []),
        ({"DOI": "10.5555/sleep.1", "type": "correction"}, []),
        ({"DOI": "10.5555/other", "type": "new_version"}, []),
        ("no object", []),
    ],
)
def test_notices_stand_in_updated_by_of_the_article(update: object, kinds: list[str]) -> None:
    assert [notice.kind for notice in from_crossref(**{"updated-by": [update]}).notices] == kinds


def test_what_a_notice_updates_is_not_what_the_notice_suffers() -> None:
    notice = from_crossref(DOI="10.5555/notice", **{"update-to": [{"DOI": "10.5555/sleep.1", "type": "retraction"}]})

    assert (notice.notices, notice.notice_of) == ((), ("10.5555/sleep.1",))


def test_a_record_that_updates_itself_is_no_notice() -> None:
    work = from_crossref(**{"update-to": [{"DOI": "10.5555/sleep.1", "type": "new_version"}]})

    assert (work.notices, work.notice_of) == ((), ())


def test_a_pubmed_record_is_read_whole_and_its_references_are_not_it() -> None:
    work = from_pubmed()

    assert (work.doi, work.pmid, work.pmcid) == ("10.5555/sleep.1", "9000001", "PMC900")
    assert work.title == "Shared worries and sleep in couples: A trial"
    assert [abstract.language for abstract in work.abstracts] == ["en", "pt"]
    assert work.abstracts[0].text.startswith("Methods: We asked 128 couples")
    assert {abstract.rights for abstract in work.abstracts} == {"unknown"}
    assert "Randomized Controlled Trial" in work.types
    assert (work.funders, work.conflicts) == (("NIGHT NIH",), "The authors declare no conflicts of interest.")
    assert work.years == (2025,)


@pytest.mark.parametrize(
    ("comments", "kinds"),
    [
        ('<CommentsCorrections RefType="RetractionIn"><RefSource>J. doi: 10.5555/r.</RefSource></CommentsCorrections>', ["retraction"]),
        ('<CommentsCorrections RefType="ErratumIn"><RefSource>J</RefSource></CommentsCorrections>', ["correction"]),
        ('<CommentsCorrections RefType="ExpressionOfConcernIn"/>', ["concern"]),
        ('<CommentsCorrections RefType="RetractionOf"><PMID>1</PMID></CommentsCorrections>', []),
        ('<CommentsCorrections RefType="CommentIn"><PMID>1</PMID></CommentsCorrections>', []),
    ],
)  # fmt: skip
def test_notices_of_pubmed_point_at_the_article(comments: str, kinds: list[str]) -> None:
    assert [notice.kind for notice in from_pubmed(comments=comments).notices] == kinds


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html><body>Error</body></html>", b"{}", b"\xff\xfe\x00",
        b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><PubmedArticleSet>&c;</PubmedArticleSet>',
    ],
)  # fmt: skip
def test_what_is_no_pubmed_answer_brings_no_works(body: bytes) -> None:
    assert pubmed_work.works_of(body, AT)[0] == ()


def test_a_pubmed_answer_that_breaks_off_says_so() -> None:
    whole = records.pubmed()
    works, problem = pubmed_work.works_of(whole[: len(whole) - 40], AT)

    assert "damaged" in problem
    assert [work.pmid for work in works] == ["9000001"]


def test_a_europe_pmc_record_is_read_whole() -> None:
    [work] = europepmc_work.works_of({"resultList": {"result": [records.europepmc()]}}, AT)

    assert (work.doi, work.pmid, work.title) == (
        "10.5555/sleep.1",
        "9000001",
        "Shared worries and sleep in couples: A trial",
    )
    assert (work.licence, work.is_open, work.free_url) == (
        "cc-by",
        True,
        "https://europepmc.example.org/articles/PMC900",
    )
    assert not work.is_preprint
    [preprint] = europepmc_work.works_of({"resultList": {"result": records.europepmc(source="PPR")}}, AT)
    assert preprint.is_preprint


def test_a_europe_pmc_erratum_is_a_notice_of_another_work() -> None:
    links = {"commentCorrection": [{"type": "Erratum for", "reference": "J. doi: 10.5555/sleep.1."}]}
    erratum = records.europepmc(
        doi="10.5555/e", pubTypeList={"pubType": ["Published Erratum"]}, commentCorrectionList=links
    )
    [work] = europepmc_work.works_of({"resultList": {"result": [erratum]}}, AT)

    assert (work.notices, work.notice_of) == ((), ("10.5555/sleep.1",))


def test_a_scielo_record_has_every_language_and_both_dois() -> None:
    work = from_scielo()

    assert [(title.language, title.text) for title in work.titles] == [
        ("pt", "Preocupações divididas e sono em casais: um ensaio"),
        ("en", "Shared worries and sleep in couples: A trial"),
    ]
    assert [(one.language, one.rights) for one in work.abstracts] == [("pt", "cc-by"), ("en", "cc-by")]
    assert (work.doi, work.other_dois) == ("10.5555/sleep.pt", ("10.5555/sleep.en",))
    assert (work.is_open, work.free_url) == (True, "https://www.scielo.example.org/a?tlng=pt")


def test_an_openalex_abstract_is_put_back_into_its_order() -> None:
    [work] = openalex_work.works_of({"results": [records.openalex()]}, AT)

    assert (work.doi, work.pmid, work.abstracts[0].text) == ("10.5555/sleep.1", "9000001", "Talking may help.")
    assert openalex_work.works_of(records.openalex(is_retracted=True), AT)[0].notices[0].kind == "retraction"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["10.5555/x", "2024-13-40", "<p>a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
READERS: list[tuple[Callable[..., Any], Callable[[Any], object]]] = [
    (records.crossref, lambda record: crossref_work.works_of([record], AT)),
    (records.europepmc, lambda record: europepmc_work.works_of({"resultList": {"result": [record]}}, AT)),
    (records.scielo, lambda record: scielo_work.work_of(record, AT)),
    (records.openalex, lambda record: openalex_work.works_of([record], AT)),
]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_shape_of_a_record_raises(data: st.DataObject) -> None:
    make, read = data.draw(st.sampled_from(READERS))
    record = make()
    for key in data.draw(st.lists(st.sampled_from(sorted(record)), max_size=4)):
        record[key] = data.draw(VALUES)
    read(record)
    read(data.draw(VALUES))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 2_000))
def test_no_bytes_raise(noise: bytes, at: int) -> None:
    whole = records.pubmed()
    pubmed_work.works_of(whole[:at] + noise + whole[at:], AT)


def test_three_hundred_authors_are_kept_and_no_more() -> None:
    assert len(from_crossref(author=[{"family": f"N{number}"} for number in range(900)]).authors) == 300


def test_a_title_of_mathml_is_its_words() -> None:
    title = "Ties of <mml:math><mml:mi>x</mml:mi><mml:mo>=</mml:mo><mml:mn>2</mml:mn></mml:math> &amp; more"
    assert from_crossref(title=[title], subtitle=[]).title == "Ties of x=2 & more"
