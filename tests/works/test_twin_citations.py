"""Her own translation of a post names the same studies in the other language."""

from digest.works.citations import citations_in
from digest.works.twin_citations import with_translations

ENGLISH = [
    "Dr. A. One and her colleagues: Ties and lives (2010)",
    "Dr. B. Two: Bonds (2012)",
    "Dr. C. Three: More bonds (2012), https://doi.org/10.5555/three",
    "Dr. D. Four: Only in English (2015)",
]
PORTUGUESE = [
    "Dra. A. One e suas colegas: Ties and lives (2010)",
    "Dr. B. Two: Vínculos (2012)",
    "Dr. C. Three: Mais vínculos (2012), https://doi.org/10.5555/three",
]


def test_citations_are_paired_by_doi_and_by_place_within_a_year() -> None:
    found = with_translations(citations_in(ENGLISH), "pt-BR", PORTUGUESE)

    assert [dict(one.translations).get("pt-BR", "") for one in found] == [
        "Dra. A. One e suas colegas: Ties and lives (2010)",
        "Dr. B. Two: Vínculos (2012)",
        "Dr. C. Three: Mais vínculos (2012)",
        "",
    ]


def test_what_can_not_be_paired_stays_as_it_is() -> None:
    own = citations_in(ENGLISH[1:2])
    assert with_translations(own, "pt-BR", [*PORTUGUESE[1:2], "Dr. E. Five: Outro (2012)"]) == own
    assert with_translations(own, "pt-BR", []) == own
