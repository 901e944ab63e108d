"""Cited studies in prose, as the author writes them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.adapters.sources.fragments import blocks_of
from digest.works.citations import citation_of_record, citations_in, citations_of


@pytest.mark.parametrize(
    ("line", "authors", "title", "year"),
    [
        (
            "Dr. Julianne Holt-Lunstad and her colleagues: Social Relationships and Mortality Risk: A Meta-analytic Review (2010)",
            "Dr. Julianne Holt-Lunstad and her colleagues",
            "Social Relationships and Mortality Risk: A Meta-analytic Review",
            2010,
        ),
        (
            "Dra. Julianne Holt-Lunstad e colegas: Social Relationships and Mortality Risk (2010)",
            "Dra. Julianne Holt-Lunstad e colegas",
            "Social Relationships and Mortality Risk",
            2010,
        ),
        ("Sue Johnson e colaboradores: O apego (2013).", "Sue Johnson e colaboradores", "O apego", 2013),
        ("Profa. Dra. Maria da Silva et al.: “O apego” (2019)", "Profa. Dra. Maria da Silva et al.", "O apego", 2019),
        (
            "This week I read Dr. Ana Souza and Dr. Bia Lima: On bonds (2012), which moved me.",
            "Dr. Ana Souza and Dr. Bia Lima",
            "On bonds",
            2012,
        ),
        ("Veja Johnson, Hunsley e Schindler: Therapy (1999a)", "Johnson, Hunsley e Schindler", "Therapy", 1999),
        (
            "Wiebe, S. A., & Johnson, S. M. (2016). A review of the research in emotionally focused therapy. Family Process.",
            "Wiebe, S. A., & Johnson, S. M.",
            "A review of the research in emotionally focused therapy",
            2016,
        ),
    ],
)
def test_a_cited_study_is_found_as_the_author_wrote_it(line: str, authors: str, title: str, year: int) -> None:
    [citation] = citations_in([line])

    assert (citation.authors, citation.title, citation.year, citation.doi) == (authors, title, year, None)
    assert citation.text in line


@pytest.mark.parametrize(
    ("line", "authors", "title"),
    [
        ("As Sue Lima and her colleagues showed: A Title (2013).", "Sue Lima and her colleagues", "A Title"),
        ("Como Lima e suas colegas mostraram mais uma vez: O título (2013)", "Lima e suas colegas", "O título"),
        ("Matthew J. Brandt-Hill and his team wrote: A Title (2013)", "Matthew J. Brandt-Hill and his team", "A Title"),
        ("Lima e colaboradores (2013) mostraram que o apego muda.", "Lima e colaboradores", ""),
        ("Lima e colaboradores (2013) – uma equipe canadense – mostraram isso.", "Lima e colaboradores", ""),
        ("Lima e colaboradores (2013), Canadá, mostraram que o apego muda.", "Lima e colaboradores", ""),
        ("Lima et al. (2013). They asked couples.", "Lima et al.", ""),
        ("Em 2013, Lima e colaboradores mostraram que o apego muda.", "Lima e colaboradores", ""),
        ("Back in 2013, Ana Lima and Bia Reis asked couples.", "Ana Lima and Bia Reis", ""),
        ("Distance hurts (see Lima et al., 2013).", "Lima et al.", ""),
    ],
)
def test_a_sentence_about_a_study_is_not_taken_for_its_title(line: str, authors: str, title: str) -> None:
    [citation] = citations_in([line])

    assert (citation.authors, citation.title, citation.year) == (authors, title, 2013)


@pytest.mark.parametrize(
    "line",
    [
        "Attachment Theory: An Overview (2010)",
        "We saw one thing: the study began early (2010)",
        "In short: nothing (2010)",
        "It began (2010) and ended (2012).",
        "See the comments: thank you all.",
        "",
    ],
)
def test_what_names_nobody_is_no_citation(line: str) -> None:
    assert citations_in([line]) == ()


def test_two_studies_in_one_line_are_two() -> None:
    line = "Dr. A. One: First title (2001); Dr. B. Two and her team: Second title (2002)"

    assert [(one.authors, one.title) for one in citations_in([line])] == [
        ("Dr. A. One", "First title"),
        ("Dr. B. Two and her team", "Second title"),
    ]


def test_a_doi_belongs_to_the_study_of_its_line() -> None:
    [citation] = citations_in(["Dr. A. One and colleagues: A title (2001), https://doi.org/10.1111/ABC.1."])

    assert (citation.title, citation.doi) == ("A title", "10.1111/abc.1")


@pytest.mark.parametrize(
    ("href", "doi", "study_id"),
    [
        ("https://doi.org/10.5555/ABC.1", "10.5555/abc.1", ""),
        ("https://journal.example.org/doi/full/10.5555/abc.1?af=R", "10.5555/abc.1", ""),
        ("https://pubmed.ncbi.nlm.nih.gov/9000001/", None, "pmid:9000001"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/9000001", None, "pmid:9000001"),
        ("https://europepmc.org/article/MED/9000001", None, "pmid:9000001"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC900/", None, "pmcid:PMC900"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/pmc900", None, "pmcid:PMC900"),
    ],
)
def test_a_link_to_a_study_counts_beside_its_name_and_alone(href: str, doi: str | None, study_id: str) -> None:
    markup = f'<p>Dr. A. One and colleagues: <a href="{href}">A title</a> (2001) moved me.</p><p>More <a href="{href}">here</a>.</p>'
    named, alone = blocks_of(markup)
    [citation] = citations_of([named])
    assert (citation.title, citation.doi, citation.study_id) == ("A title", doi, study_id)
    [citation] = citations_of([alone])
    assert (citation.text, citation.title, citation.doi, citation.study_id) == ("", "", doi, study_id)


def test_a_link_to_anything_else_names_no_study() -> None:
    [block] = blocks_of('<p><a href="https://blog.example.org/2010/1234567">Dr. A. One</a></p>')
    assert block.studies == ()


def test_a_number_of_pubmed_in_a_reference_is_kept() -> None:
    [citation] = citations_in(["Wiebe, S. A. (2016). A review of the research. Fam Proc. PMID: 9000001."])
    assert (citation.title, citation.study_id) == ("A review of the research", "pmid:9000001")


def test_a_bare_doi_is_a_citation_without_words() -> None:
    [citation] = citations_in(["More at https://doi.org/10.1111/abc.1."])

    assert (citation.doi, citation.title, citation.year) == ("10.1111/abc.1", "", None)


def test_a_study_named_twice_counts_once() -> None:
    assert len(citations_in(["Dr. A. One: A title (2001)", "Dr. A. One: A Title (2001)"])) == 1


@pytest.mark.parametrize(
    "line", ["A: " * 5_000 + "(2010)", "Dr. " * 5_000 + ": x (2010)", "(2010) " * 5_000, "A. " * 9_000]
)
def test_a_hostile_line_ends_soon(line: str) -> None:
    started = time.monotonic()
    citations_in([line])
    assert time.monotonic() - started < 5


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_is_read_without_failing_and_without_inventing(lines: list[str]) -> None:
    joined = " ".join(" ".join(line.split()) for line in lines)
    for citation in citations_in(lines):
        assert citation.doi or citation.text in joined


@pytest.mark.parametrize(
    ("guid", "record", "published", "year"),
    [
        ("pubmed:1", "Family Process. 2016;55(3):390-407. doi: 10.1/x.", 2026, 2016),
        ("pubmed:1", "J Marital Fam Ther. 2024 Nov 19. doi: 10.1/x.", 2026, 2024),
        ("pubmed:1", "No line of that kind", 2026, None),
        ("https://journal.example.org/1", "Family Process, EarlyView.", 2025, 2025),
        ("https://journal.example.org/1", "", None, None),
    ],
)
def test_the_year_of_a_record_is_that_of_its_citation_line(
    guid: str, record: str, published: int | None, year: int | None
) -> None:
    citation = citation_of_record(
        title="T", authors=("A", "B"), journal="J", doi=None, guid=guid, record=record, published=published
    )

    assert (citation.year, citation.authors, citation.text) == (year, "A; B", "")
