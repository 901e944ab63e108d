"""The glossary: read with the line of every mistake, found in any inflection, forbidden words are errors."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import FileFormatError
from digest.models.glossary import Glossary, Term
from digest.text.glossary import glossary_of, merged, read_glossary, terms_in
from digest.text.pair_checks import check_pair

HEADER = "en,pt_BR,forbidden,note,source\n"
SEED = Path(__file__).resolve().parents[2] / "locales" / "glossary.csv"
TERMS = read_glossary(
    "glossary.csv",
    (
        HEADER + "attachment,apego,anexo;annex,,\nattachment theory,teoria do apego,,,\n"
        "caregiver,cuidador,zelador;janitor,,\nEFT,EFT,,,\nmeta-analysis,metanálise;meta-análise,,,\n,,tapping,,\n"
    ).encode(),
)


def findings(source: str, target: str, source_lang: str = "en", target_lang: str = "pt_BR") -> list[tuple[str, str]]:
    found = check_pair(source, target, source_lang, target_lang, TERMS)
    return [(one.severity, dict(one.values).get("preferred", "")) for one in found if one.check == "glossary"]


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("Two attachment theories.", "en", [1]),
        ("Attachments and caregivers", "en", [0, 2]),
        ("A teoria do apego e os apegos", "pt_BR", [1, 0]),
        ("Cuidadoras e cuidadores", "pt", [2, 2]),
        ("EFT, but eft and left", "en", [3]),
        ("Meta-analyses; a meta analysis", "en", [4, 4]),
        ("as metanálises e meta-análises", "pt", [4, 4]),
        ("nothing of the kind", "en", []),
    ],
)
def test_terms_are_found_in_any_number_and_gender_the_longest_first(text: str, language: str, terms: list[int]) -> None:
    assert [hit.term for hit in terms_in(TERMS, text, language)] == terms


def test_a_preferred_term_in_any_form_is_fine() -> None:
    assert findings("The caregivers spoke of attachment.", "As cuidadoras falaram do apego.") == []
    assert findings("Os cuidadores falaram.", "The caregivers spoke.", "pt_BR", "en") == []


def test_a_forbidden_word_is_an_error_in_both_directions() -> None:
    assert ("error", "apego") in findings("Their attachment is secure.", "O anexo deles é seguro.")
    assert ("error", "attachment") in findings("O apego deles é seguro.", "Their annex is secure.", "pt_BR", "en")


def test_a_forbidden_word_for_something_else_is_a_warning() -> None:
    assert findings("See the file for more.", "Veja o anexo para saber mais.") == [("warning", "apego")]


def test_a_word_forbidden_in_every_case_is_an_error() -> None:
    assert findings("It calms.", "O tapping acalma.") == [("error", "-")]


def test_a_missing_preferred_term_is_a_warning() -> None:
    assert findings("The caregivers spoke.", "Os responsáveis falaram.") == [("warning", "cuidador")]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1: the first line"),
        (b"en,pt_BR,color\n", "line 1: the column 'color'"),
        (b"en,en,pt_BR\n", "line 1: the column 'en'"),
        (HEADER.encode() + b"bond,la\xe7o,,,\n", "line 2: the text is not UTF-8"),
        (HEADER.encode() + b"a,b,,,\nbond,,,,\n", "line 3: a term needs both languages"),
        (HEADER.encode() + b"a,b,c,d,e,f\n", "line 2: this row has 6 cells"),
        (HEADER.encode() + b'a,b,,,\nc,"d,,,\n', "line 3: this row can not be read"),
        (HEADER.encode() + b"bond,anexo,anexo,,\n", "line 2: 'anexo' is both"),
        (HEADER.encode() + b"a\0,b,,,\n", "line 2: there is a NUL"),
        (HEADER.encode() + b"x" * 1_000_001, "line 1: the file is larger"),
    ],
)
def test_a_bad_file_is_one_error_with_its_line(data: bytes, told: str) -> None:
    with pytest.raises(FileFormatError, match=r"glossary\.csv") as raised:
        read_glossary("glossary.csv", data)
    assert told in str(raised.value)


def test_what_spreadsheets_write_is_read() -> None:
    data = "\ufeffpt_BR;en\r\nlaço;bond\r\n\r\n"
    assert read_glossary("g", data.encode()).terms == (Term(en=("bond",), pt=("laço",)),)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_glossary("g", HEADER.encode() + data)
    except FileFormatError:
        return


def test_her_own_row_replaces_that_of_the_seed() -> None:
    seed = glossary_of([Term(en=("bond",), pt=("laço",)), Term(en=("care",), pt=("cuidado",))])
    own = glossary_of([Term(en=("Bond",), pt=("vínculo",))])
    assert merged(seed, own).terms == (own.terms[0], seed.terms[1])
    assert merged(seed, Glossary()).terms == seed.terms


def test_the_seed_is_sound_and_quiet_on_its_own_terms() -> None:
    seed = read_glossary("locales/glossary.csv", SEED.read_bytes())
    assert len(seed.terms) >= 30
    for term in seed.terms:
        found = check_pair(f"It is {term.en[0]} here.", f"Aqui {term.pt[0]} existe.", "en", "pt_BR", seed)
        assert [one for one in found if one.check == "glossary"] == []
