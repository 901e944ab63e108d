"""Records with something missing, something odd or something that points in a circle are read like any other."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

import work_records as records
from digest.adapters.sources.crossref_work import works_of
from digest.models.article import Citation
from digest.models.interests import Interests
from digest.models.resolution import AskAuthor, Confirmed, NotFound
from digest.models.work import Work
from digest.works.apa import apa_line
from digest.works.candidates import Candidates
from digest.works.citations import citations_in
from digest.works.evidence import label
from digest.works.identity import normalise_doi
from digest.works.merge import merged
from digest.works.notices import noticed
from digest.works.resolve import resolve
from digest.works.study_filters import NO_STUDY, refusal

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TITLE = "Shared worries and sleep in couples: A trial"
CITED = Citation(text="…", authors="Dr. Ann Example", title=TITLE, year=2025)


def work(**changes: Any) -> Work:
    [made] = works_of([records.crossref(**changes)], NOW)
    return made


def test_a_record_without_authors_proves_nothing_and_is_asked_about() -> None:
    nobody = work(author=[])
    assert isinstance(resolve(CITED, Candidates([nobody])), AskAuthor)
    assert apa_line(nobody, "en").startswith(f"{TITLE}. (2025). Journal of Nights")
    assert label(nobody, read_in="record")


def test_a_record_without_year_proves_nothing_and_is_asked_about() -> None:
    undated = work(issued={}, **{"published-online": {}})
    assert isinstance(resolve(CITED, Candidates([undated])), AskAuthor)
    assert "(n.d.)" in apa_line(undated, "en")
    assert "(s.d.)" in apa_line(undated, "pt_BR")


def test_a_date_of_the_future_is_kept_as_it_is_and_a_year_off_is_no_proof() -> None:
    ahead = work(issued={"date-parts": [[2031, 1]]}, **{"published-online": {}})
    assert ahead.years == (2031,)
    assert not isinstance(resolve(CITED, Candidates([ahead])), Confirmed)
    assert refusal(ahead, TITLE, "en", date(2031, 1, 1), Interests(), today=NOW.date()) is None


def test_markup_of_jats_and_mathml_is_read_as_its_words() -> None:
    odd = work(
        title=["Ties of <mml:math><mml:mi>x</mml:mi></mml:math> and <jats:italic>sleep</jats:italic>"],
        subtitle=[],
        abstract="<jats:sec><jats:title>Methods</jats:title><jats:p>We asked <mml:math><mml:mi>n</mml:mi></mml:math> couples.</jats:p></jats:sec>",
    )
    assert odd.title == "Ties of x and sleep"
    assert "<" not in odd.abstracts[0].text
    assert "We asked n couples." in odd.abstracts[0].text


def test_three_hundred_authors_are_one_line() -> None:
    crowd = work(author=[{"given": "A.", "family": f"Name{number}"} for number in range(300)])
    assert len(apa_line(crowd, "en")) < 800
    cited = replace(CITED, authors="Name299 and colleagues")
    assert isinstance(resolve(cited, Candidates([crowd])), Confirmed)


def test_updates_that_point_in_a_circle_retract_nobody_and_end() -> None:
    one = work(DOI="10.5555/one", relation={}, **{"update-to": [{"DOI": "10.5555/two", "type": "retraction"}]})
    two = work(DOI="10.5555/two", relation={}, **{"update-to": [{"DOI": "10.5555/one", "type": "retraction"}]})
    found = merged([one, two])
    assert [noticed(each).is_retracted for each in found] == [False, False]
    told = [refusal(each, TITLE, "en", None, Interests(), today=NOW.date()) for each in found]
    assert [reason.message for reason in told if reason] == [NO_STUDY, NO_STUDY]


def test_versions_that_name_each_other_are_one_work() -> None:
    one = work(DOI="10.5555/one", relation={"has-preprint": [{"id-type": "doi", "id": "10.5555/two"}]})
    two = work(DOI="10.5555/two", relation={"has-preprint": [{"id-type": "doi", "id": "10.5555/one"}]})
    assert len(merged([one, two, one])) == 1


@pytest.mark.parametrize("text", ["10.5555", "10.5/x", "doi:10.5555/", "11.5555/x", "10.5555/)", "https://doi.org/"])
def test_what_is_no_doi_is_none(text: str) -> None:
    assert normalise_doi(text) is None
    assert citations_in([f"More at {text}"]) == ()


def test_a_citation_that_fits_two_works_is_asked_about_with_both() -> None:
    twin = work(DOI="10.5555/twin", relation={})
    found = resolve(CITED, Candidates([work(), twin]))
    assert isinstance(found, AskAuthor)
    assert {one.doi for one in found.works} == {"10.5555/sleep.1", "10.5555/twin"}


def test_the_same_work_twice_in_a_run_is_one() -> None:
    [once] = merged(works_of([records.crossref(), records.crossref(), records.crossref(DOI="10.5555/sleep.1")], NOW))
    assert once.other_dois == ()
    assert isinstance(resolve(replace(CITED, year=1980, authors="Nobody"), Candidates([once, once])), NotFound)
