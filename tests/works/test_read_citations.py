"""From a text to its cited studies: what is confirmed is right, what is doubtful is asked, and nothing is made up."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citation_set import FULL, citation_set
from digest.adapters.sources.crossref_work import works_of
from digest.models.inspect import citation_json
from digest.models.resolution import AskAuthor, Confirmed, NotFound
from digest.works.candidates import Candidates
from digest.works.citations import citations_in
from digest.works.read_citations import paragraphs, read_citations
from digest.works.titles import likeness
from prose_set import FORMS, HELD_OUT, NO_STUDY, prose_set

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def record(doi: str, title: str, year: int, *people: str, subtitle: str = "", **more: object) -> dict[str, object]:
    named = [{"given": name.rsplit(" ", 1)[0], "family": name.rsplit(" ", 1)[1]} for name in people]
    return {
        "DOI": f"10.5555/{doi}",
        "title": [title],
        "subtitle": [subtitle] if subtitle else [],
        "type": "journal-article",
        "issued": {"date-parts": [[year]]},
        "author": named,
        **more,
    }


RECORDS = [
    record("ties", "Close Ties and Length of Life: A Meta-analytic Review", 2010, "Juliane Hall-Lindt", "Tim B. Smythe"),
    record("alone", "Being Alone as a Risk for Health", 2015, "Juliane Hall-Lindt", "Mark Bakker", subtitle="A Review"),
    record("couples", "A Review of the Research in Bond Therapy for Couples", 2016, "Stefanie A. Wieber", "Susan M. Jonson"),
    record("calm", "Calming the Alarmed Brain: Comfort and Bond Therapy", 2013, "Susan M. Jonson", "Melissa Moser"),
    record("love", "Romantic love seen as an attachment process.", 1987, "Cynthia Hazon", "Philip Shaver"),
    record("raiva", "Regulação da raiva e satisfação conjugal: um estudo com casais", 2018, "Clarice Mosmam", "Adriana Vagner"),
    record("gone", "RETRACTED: Marital quality and stress in newlyweds", 2012, "Anna Beispiel"),
    record("part1", "Intimacy in couples: Part I", 1999, "Karen Prager"),
    record("exile", "Impacto da migração na vida conjugal de brasileiros", 2021, "Fernanda Rocha", "Paula de Oliveira"),
    record("twin1", "The same title of two works", 2001, "Ida Same"),
    record("twin2", "The same title of two works", 2001, "Ida Same"),
    record("preprint", "Work first shown as a preprint", 2019, "Uma Early", type="posted-content"),
    record("published", "Work first shown as a preprint", 2019, "Uma Early"),
    record("part-of", "Calming the Alarmed Brain: Comfort and Bond Therapy", 2013, "Susan M. Jonson", type="component"),
]  # fmt: skip


@pytest.fixture(scope="module")
def candidates() -> Candidates:
    return Candidates(works_of(RECORDS, NOW))


def confirmed(text: str, candidates: Candidates) -> set[str]:
    found = read_citations(paragraphs(text), candidates)
    return {str(result.work.doi).removeprefix("10.5555/") for _, result in found if isinstance(result, Confirmed)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Juliane Hall-Lindt and her colleagues: Close Ties and Length of Life: A Meta-analytic Review (2010)", {"ties"}),
        ("Juliane Hall-Lindt and her team (Close Ties and Length of Life: A Meta-analytic Review, 2010) found it.", {"ties"}),
        ("Being Alone as a Risk for Health: A Review, by Juliane Hall-Lindt and colleagues (2015), is short.", {"alone"}),
        ("Hall-Lindt & Smythe's 2010 review, Close Ties and Length of Life: A Meta-analytic Review, explains why.", {"ties"}),
        ("Wieber and Jonson (2016) say in “A Review of the Research in Bond Therapy for Couples” that it helps.", {"couples"}),
        ("Stefanie Wieber and Sue Jonson looked back in 2016: A Review of the Research in Bond Therapy for Couples.", {"couples"}),
        ("WIEBER, S. A.; JONSON, S. M. A review of the research in bond therapy for couples. Família, v. 5, p. 390-407, 2016. Acesso em: 3 mar. 2024.", {"couples"}),
        ("O estudo “Romantic love seen as an attachment process”, publicado em 1987 por Cynthia Hazon, mudou o campo.", {"love"}),
        ("Hazon C, Shaver P. Romantic love seen as an attachment process. J Ex. 1987;52(3):511-24.", {"love"}),
        ("Segundo Clarice Mosmam e colaboradores: Regulação da raiva e satisfação conjugal: um estudo com casais (2018).", {"raiva"}),
        ("Mosmam e Vagner (2018), em “Regulacao da raiva e satisfacao conjugal: um estudo com casais”, mostram isso.", {"raiva"}),
        ("Beispiel, A. (2012). Marital quality and stress in newlyweds. J Ex, 1, 1-2.", {"gone"}),
        ("Rocha F, de Oliveira P. Impacto da migração na vida conjugal de brasileiros. Rev X. 2022;1:2.", {"exile"}),
        ("This week: *Calming the Alarmed Brain: Comfort and Bond Therapy* (Jonson et al., 2013).", {"calm"}),
        ("[1] S. M. Jonson, M. Moser, et al., \"Calming the Alarmed Brain: Comfort and Bond Therapy,\" J. Ex, vol. 8, 2013.", {"calm"}),
        ("Hall-Lindt, J., 2010. Close Ties and Length of Life: A Meta-analytic Review. J Ex 7(7).", {"ties"}),
        ("As Hall-Lindt and Smythe say in their 2010 paper \"Close Ties and Length of Life: A Meta-analytic Review,\" it counts. See also Wieber, S. A., & Jonson, S. M. (2016). A review of the research in bond therapy for couples. Família.", {"ties", "couples"}),
        ("Uma Early: Work first shown as a preprint (2019)", {"published"}),
        ("Read https://doi.org/10.5555/CALM and https://journals.example.org/doi/abs/10.5555/love.", {"calm", "love"}),
        ("Dr. Juliane Hall-Lindt and her colleagues: Close Ties\nand length of life: a meta-analytic review (2010)", {"ties"}),
    ],
)  # fmt: skip
def test_a_study_named_in_full_is_confirmed(text: str, expected: set[str], candidates: Candidates) -> None:
    assert confirmed(text, candidates) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Karen Prager: Intimacy in couples: Part II (1999)",
        "Dr. Karen Prager: Intimacy in couples (1999)",
        "Susan M. Jonson: A Review of the Research in Bond Therapy for Families (2016)",
        "Jonson, S. M. (2016). Reply to: A Review of the Research in Bond Therapy for Couples. J Ex.",
        "Wieber and Jonson's erratum to “A Review of the Research in Bond Therapy for Couples” (2016)",
        "Dr. Xenia Other and colleagues: Close Ties and Length of Life: A Meta-analytic Review (2010)",
        "Dr. Juliane Hall-Lindt: Close Ties and Length of Life: A Meta-analytic Review (1990)",
        "Jonson e colaboradores (2013)",
        "Laços próximos e duração da vida: uma revisão (Hall-Lindt e colaboradores, 2010)",
        "Dr. Ida Same: The same title of two works (2001)",
        "Hazon, C. (1987). Romantic love seen as an attachment process. J Ex. https://doi.org/10.5555/another",
    ],
)
def test_what_is_nearly_a_known_study_is_not_confirmed(text: str, candidates: Candidates) -> None:
    assert confirmed(text, candidates) == set()


@pytest.mark.parametrize(
    ("text", "proposed", "reason"),
    [
        ("Jonson e colaboradores (2013)", "10.5555/calm", "The text gives no title"),
        ("Dr. Juliane Hall-Lindt: Close Ties and Length of Life: A Meta-analytic Review (1990)", "10.5555/ties", "The year differs"),
        ("Dr. Ida Same: The same title of two works (2001)", "10.5555/twin1", "2 records fit equally well."),
        ("Hazon, C. (1987). Romantic love seen as an attachment process. https://doi.org/10.5555/else", "10.5555/love", "No record was found for the DOI"),
        ("Dr. Karen Prager: Loneliness among bakers at night. https://doi.org/10.5555/part1 (1999)", "10.5555/part1", "another title"),
    ],
)  # fmt: skip
def test_the_author_is_asked_with_the_records_and_the_reasons(
    text: str, proposed: str, reason: str, candidates: Candidates
) -> None:
    [(citation, result)] = read_citations(paragraphs(text), candidates)

    assert isinstance(result, AskAuthor)
    said = citation_json(citation, result)
    assert said["status"] == "ask"
    assert said["proposals"][0]["doi"] == proposed
    assert any(reason in line for line in said["reasons"])


def test_an_unknown_study_keeps_the_words_of_the_author_and_gets_no_doi(candidates: Candidates) -> None:
    [(citation, result)] = read_citations(["Dr. B. Nobody and her team: Bakers at night (2003)"], candidates)

    assert isinstance(result, NotFound)
    said = citation_json(citation, result)
    assert (said["authors"], said["title"], said["year"], said["doi"], said["status"]) == (
        "Dr. B. Nobody and her team",
        "Bakers at night",
        2003,
        None,
        "not_found",
    )


@pytest.mark.no_cover
def test_on_many_citations_in_both_languages_what_is_confirmed_is_right() -> None:
    records, cited = citation_set(seed=20, works_count=500)
    index = Candidates(works_of(records, NOW))
    right = wrong = full = found = 0
    for one in cited:
        dois = {result.work.doi for _, result in read_citations([one.text], index) if isinstance(result, Confirmed)}
        right += one.doi in dois
        wrong += len(dois - {one.doi})
        if one.doi and one.kind.partition("/")[0] in FULL:
            full += 1
            found += one.doi in dois

    assert right / (right + wrong) >= 0.99
    assert found / full >= 0.93


@pytest.mark.parametrize(
    "forms", [pytest.param(FORMS, marks=pytest.mark.no_cover), HELD_OUT], ids=["forms", "held-out"]
)
def test_prose_of_another_kind_is_read_as_well(forms: dict[str, dict[str, str]]) -> None:
    records, texts = prose_set(seed=4, count=400, forms=forms)
    index = Candidates(works_of(records, NOW))
    right = wrong = found = 0
    for one in texts:
        dois = {result.work.doi for _, result in read_citations([one.text], index) if isinstance(result, Confirmed)}
        found += one.doi in dois
        right += one.doi in dois
        wrong += len(dois - {one.doi})

    assert right / (right + wrong) >= 0.99
    assert found / sum(1 for one in texts if one.doi) >= 0.93


def test_a_title_is_found_in_prose_before_anybody_is_asked() -> None:
    """The servers are asked for the title that the text names, so that it must be found without candidates."""
    records, texts = prose_set(seed=6, count=400)
    titles = {record["DOI"]: record["title"][0] for record in records}
    named = [one for one in texts if one.doi]
    found = [
        any(likeness(cited.title, titles[one.doi or ""]) == "equal" for cited in citations_in([one.text]))
        for one in named
    ]

    assert sum(found) / len(named) >= 0.93


@pytest.mark.parametrize("text", NO_STUDY)
def test_prose_about_something_else_confirms_nothing(text: str) -> None:
    records, _ = prose_set(seed=4, count=50)

    assert not any(
        isinstance(result, Confirmed) for _, result in read_citations([text], Candidates(works_of(records, NOW)))
    )


@pytest.mark.parametrize("between", ["\n", " I kept thinking about it. "])
def test_several_studies_in_one_text_are_told_apart(between: str) -> None:
    records, cited = citation_set(seed=5, works_count=300)
    index = Candidates(works_of(records, NOW))
    full = found = wrong = 0
    for at in range(0, len(cited) - 3, 3):
        group = cited[at : at + 3]
        text = between.join(one.text if one.text.endswith(".") else f"{one.text}." for one in group)
        results = read_citations(paragraphs(text), index)
        dois = {result.work.doi for _, result in results if isinstance(result, Confirmed)}
        wanted = {one.doi for one in group if one.doi and one.kind.partition("/")[0] in FULL}
        full += len(wanted)
        found += len(wanted & dois)
        wrong += len(dois - {one.doi for one in group})

    assert wrong == 0
    assert found / full >= 0.93


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=300), st.sampled_from(["(2010)", "Dr. A: ", " et al. ", "“", "10.5555/"]))))
def test_any_text_is_read(parts: list[str]) -> None:
    index = Candidates(works_of(RECORDS[:3], NOW))
    for citation, result in read_citations(paragraphs("".join(parts)), index):
        citation_json(citation, result)


@pytest.mark.parametrize("text", ["A, B. " * 3_000, "(2010) " * 3_000, "“A b c” " * 2_000, "Close ties and " * 2_000])
def test_a_hostile_text_ends(text: str, candidates: Candidates) -> None:
    read_citations(paragraphs(text), candidates)
