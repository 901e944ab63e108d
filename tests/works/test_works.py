"""One study from many records; its label, its notices, and what may be done with its words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import work_records as records
from digest.adapters.sources import crossref_work, europepmc_work, pubmed_work, scielo_work
from digest.models.work import Notice, SeenNotice, TextRights, Work, WorkText
from digest.works.evidence import DESIGNS, design, label
from digest.works.merge import merged, same_study
from digest.works.notices import Noticed, noticed, untold, with_log
from digest.works.rights import Allowed, Refused, may, rights_of
from digest.works.sample import samples
from work_records import AT

CROSSREF = crossref_work.works_of([records.crossref()], AT)[0]
PUBMED = pubmed_work.works_of(records.pubmed(), AT)[0][0]
EUROPEPMC = europepmc_work.works_of({"resultList": {"result": [records.europepmc()]}}, AT)[0]
SCIELO = scielo_work.work_of(records.scielo(), AT)


def said(work: Work) -> list[str]:
    return [part.message % dict(part.values) for part in label(work, read_in="abstract")]


def study(
    abstract: str = "", *, title: str = "A title", types: tuple[str, ...] = (), keywords: tuple[str, ...] = ()
) -> Work:
    return Work(
        titles=(WorkText(language="en", text=title, source="crossref"),),
        abstracts=(WorkText(language="en", text=abstract, source="pubmed"),) if abstract else (),
        types=types,
        keywords=keywords,
    )


def test_records_of_one_study_become_one_work_with_the_best_of_each() -> None:
    [work] = merged([EUROPEPMC, PUBMED, CROSSREF])

    assert (work.doi, work.pmid, work.pmcid) == ("10.5555/sleep.1", "9000001", "PMC900")
    assert work.journal == "Journal of Nights"
    assert work.types[:2] == ("Journal Article", "Randomized Controlled Trial")
    assert next(one for one in work.abstracts if one.language == "en").source == "pubmed"
    assert work.conflicts.startswith("The authors declare no")
    assert {origin.source for origin in work.origins if origin.field == "conflicts"} == {"pubmed"}
    assert {origin.source for origin in work.origins if origin.field == "journal"} == {"crossref"}


def test_a_preprint_and_its_published_version_are_one_work() -> None:
    early = datetime(2024, 1, 1, tzinfo=UTC)
    preprint = replace(CROSSREF, doi="10.5555/preprint.7", preprints=(), is_preprint=True, first_seen=early)
    [work] = merged([preprint, replace(CROSSREF, first_seen=AT)])

    assert (work.doi, work.other_dois, work.is_preprint) == ("10.5555/sleep.1", ("10.5555/preprint.7",), False)
    assert work.first_seen == early


def test_two_language_editions_are_one_work() -> None:
    assert SCIELO
    english = replace(CROSSREF, doi="10.5555/sleep.en")
    assert len(merged([english, SCIELO])) == 1


def test_a_third_record_joins_two_that_did_not_know_each_other() -> None:
    alone, other = replace(PUBMED, doi=None), replace(CROSSREF, pmid=None)
    bridge = replace(EUROPEPMC)
    assert len(merged([alone, other])) == 2
    assert len(merged([alone, other, bridge])) == 1


def test_likeness_alone_merges_nothing_and_is_only_proposed() -> None:
    other = replace(CROSSREF, doi="10.5555/elsewhere", preprints=())
    assert len(merged([CROSSREF, other])) == 2
    assert same_study(CROSSREF, other)
    assert not same_study(CROSSREF, replace(other, dates=()))


@settings(max_examples=40, deadline=None)
@given(st.permutations([CROSSREF, PUBMED, EUROPEPMC, replace(CROSSREF, doi="10.5555/z", preprints=())]))
def test_the_order_of_records_decides_nothing_about_which_are_one(works: list[Work]) -> None:
    found = merged(works)
    assert {work.doi for work in found} == {"10.5555/sleep.1", "10.5555/z"}
    assert {work.doi for work in merged([*found, *works])} == {work.doi for work in found}


def test_the_label_says_where_each_part_comes_from_and_when() -> None:
    [work] = merged([CROSSREF, PUBMED, EUROPEPMC])
    parts = label(work, read_in="abstract")

    assert [part.message % dict(part.values) for part in parts] == [
        "Design: randomised controlled trial (chance decided who got what)",
        "Took part: 128 couples (“128 couples”)",
        "Sample: “N = 256”",
        "Published in the journal Journal of Nights",
        "Funding: Foundation for Nights; NIGHT NIH",
        "Conflicts of interest: the authors declare none",
        "Free to read",
        "Read for this digest: the abstract only",
    ]
    assert dict(parts[0].values)["source"] == "PubMed"
    assert all(dict(part.values)["date"] == "2026-11-25" for part in parts[:-2])


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (study(types=("Journal Article",)), ""),
        (study(types=("Review", "Meta-Analysis")), "meta-analysis"),
        (study("We searched. This meta-analysis pools 12 trials."), "meta-analysis"),
        (study("No randomized controlled trial exists. We interviewed 12 women."), ""),
        (study("Future randomised controlled trials are needed."), ""),
        (study("A previous meta-analysis found more."), ""),
        (study("Couples were randomly assigned to two groups."), "rct"),
        (study("Os casais foram aleatorizados em dois grupos."), "rct"),
        (study(title="Bonds: a study protocol for a randomized controlled trial"), "protocol"),
        (study(title="Laços em casais: revisão sistemática"), "systematic review"),
        (study("Este estudo transversal ouviu casais."), "cross-sectional"),
        (study("This qualitative study heard ten women."), "qualitative"),
        (study("Longitudinal work would be better."), ""),
    ],
)
def test_the_design_is_what_the_record_says_and_nothing_else(work: Work, expected: str) -> None:
    found = design(work)[0]
    assert found == expected
    assert found == "" or found in DESIGNS


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("We asked 412 adults.", [(412, "people", "412 adults")]),
        ("A total of 128 heterosexual couples (N = 256) took part.", [(128, "couples", "128 heterosexual couples"), (256, "unknown", "N = 256")]),
        ("Participaram 1.204 mulheres.", [(1204, "people", "1.204 mulheres")]),
        ("148 studies with 308,849 participants were pooled.", [(148, "studies", "148 studies"), (308849, "people", "308,849 participants")]),
        ("Forty rats were used; 40 male rats survived.", [(40, "animals", "40 male rats")]),
        ("In 2010 participants moved.", []),
        ("People aged 65 adults said so; scores rose by 2.5 points.", []),
        ("Entrevistamos 15 casais brasileiros.", [(15, "couples", "15 casais")]),
        ("(n = 12) in one group", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_sample_is_quoted_and_couples_are_not_people(abstract: str, expected: list[tuple[int, str, str]]) -> None:
    assert [(sample.number, sample.unit, sample.quote) for sample in samples(abstract)] == expected


@given(st.text(max_size=300))
def test_a_sample_is_always_in_the_text(text: str) -> None:
    assert all(sample.quote in text for sample in samples(text))


def test_a_study_of_animals_says_so() -> None:
    assert "Studied in animals, not in people" in said(study("Voles were kept.", keywords=("Animals",)))
    assert "Studied in animals, not in people" not in said(study("People.", keywords=("Animals", "Humans")))


def test_an_empty_record_states_nothing_and_denies_nothing() -> None:
    assert said(study()) == [
        "Retractions and corrections: could not be checked",
        "Study design: not stated in the record",
        "Number of participants: not stated in the record",
        "Where it was published: not stated in the record",
        "Funding: not stated in the record",
        "Conflicts of interest: not stated in the record",
        "Free to read or not: not stated in the record",
        "Read for this digest: the abstract only",
    ]


@pytest.mark.parametrize(
    ("statement", "declared"),
    [
        ("The authors declare no conflicts of interest.", False),
        ("Conflicts of Interest: none", False),
        ("Nenhum conflito de interesses declarado.", False),
        ("A.B. is paid by a maker of pillows. The other authors declare no conflicts.", True),
        ("The authors declare no conflicts except shares of A.B.", True),
        ("A.B. wrote a book on the therapy.", True),
    ],
)
def test_a_declared_conflict_is_never_called_none(statement: str, declared: bool) -> None:  # noqa: FBT001 - a table of cases
    lines = said(replace(study(), conflicts=statement))
    assert ("Conflicts of interest: see the authors' statement in the article" in lines) == declared


def test_a_title_that_says_retracted_is_a_retraction_and_a_notice_is_not_retracted() -> None:
    retracted = noticed(study(title="RETRACTED: Bonds"))
    assert retracted.is_retracted
    assert retracted.checked_at is None
    assert not noticed(study(title="Retraction note: Bonds")).is_retracted
    assert not noticed(study(title="Retracted messages in couples")).is_retracted


def test_a_notice_is_logged_once_with_the_moment_it_was_first_seen() -> None:
    correction = Notice(kind="correction", doi="10.5555/c", date="2020", source="crossref")
    unnamed = Notice(kind="correction", doi=None, date="", source="pubmed")
    retraction = Notice(kind="retraction", doi="10.5555/r", date="2026", source="crossref")
    later = AT + timedelta(days=1)

    def looked(before: Work | None, at: datetime, *notices: Notice) -> Work:
        return with_log(replace(study(), notices=notices, notices_checked_at=at), before)

    first = looked(None, AT, unnamed)
    assert first.notices_seen == (SeenNotice(kind="correction", doi=None, at=AT),)
    named = looked(first, later, correction)
    assert named.notices_seen == (SeenNotice(kind="correction", doi="10.5555/c", at=AT),)
    # A source that forgets a notice for a while makes no news when it is back.
    again = looked(looked(named, later), later, correction, unnamed, retraction)
    assert again.notices_seen == (*named.notices_seen, SeenNotice(kind="retraction", doi="10.5555/r", at=later))
    other_words = replace(retraction, doi=None, source="europepmc")
    assert looked(again, later, other_words).notices_seen == again.notices_seen

    assert untold(again, [], AT) == again.notices_seen[1:]
    assert untold(again, [], AT - timedelta(hours=1)) == again.notices_seen
    assert untold(again, [named], AT - timedelta(hours=1)) == again.notices_seen[1:]
    assert untold(again, [again], AT - timedelta(hours=1)) == ()
    # What was stored before there was a log is told to nobody.
    old = replace(study(), notices=(correction,))
    assert untold(looked(old, later, correction), [], AT) == ()


def test_how_old_an_answer_is_says_whether_it_is_fresh() -> None:
    before = Noticed(notices=(), checked_at=AT)
    assert before.is_fresh(AT + timedelta(hours=1), timedelta(hours=2))
    assert not before.is_fresh(AT + timedelta(hours=3), timedelta(hours=2))


@pytest.mark.parametrize(
    ("rights", "printed", "translated", "printed_if_declared"),
    [
        ("cc0", True, True, True),
        ("cc-by", True, True, True),
        ("cc-by-nd", True, False, True),
        ("cc-by-nc", False, False, True),
        ("cc-by-nc-nd", False, False, True),
        ("publisher", False, False, False),
        ("unknown", False, False, False),
    ],
)
def test_a_text_is_printed_or_translated_only_as_its_licence_says(
    rights: TextRights,
    printed: bool,  # noqa: FBT001 - a table of cases
    translated: bool,  # noqa: FBT001 - the same
    printed_if_declared: bool,  # noqa: FBT001 - the same
) -> None:
    assert isinstance(may("print", rights), Allowed) == printed
    assert isinstance(may("translate", rights), Allowed) == translated
    assert isinstance(may("print", rights, non_commercial=True), Allowed) == printed_if_declared
    refused = may("translate", "cc-by-nc-nd", non_commercial=True)
    assert isinstance(refused, Refused)


def test_an_abstract_without_licence_has_that_of_its_article() -> None:
    text = WorkText(language="en", text="A", source="pubmed")
    assert rights_of(text, replace(CROSSREF, licence="cc-by")) == "cc-by"
    assert rights_of(replace(text, rights="publisher"), CROSSREF) == "publisher"
