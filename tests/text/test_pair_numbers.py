"""Numbers: every form that a locale writes them in is the same number, and no other number is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.segment import Finding
from digest.text.checks.numbers import numbers_in
from digest.text.checks.reading import reading_of
from digest.text.findings import words_at
from digest.text.pair_checks import check_pair


def found(english: str, portuguese: str, *, turned: bool = False) -> list[Finding]:
    pair = (portuguese, english, "pt_BR", "en") if turned else (english, portuguese, "en", "pt_BR")
    return [one for one in check_pair(*pair) if one.check in {"numbers", "percent_units"}]


SAME = [
    ("p < .34 in 1,234 people", "p < 0,34 em 1.234 pessoas"),
    ("1,234,567.8 cells", "1.234.567,8 células"),
    ("10,000 people", "10 mil pessoas"),
    ("1.5 million people", "1,5 milhão de pessoas"),
    ("2 to 3 million doses", "2 a 3 milhões de doses"),
    ("a 5.71-7.23 range", "um intervalo de 5,71 a 7,23"),
    ("in the 20th century", "no século XX"),
    ("the 1990s", "os anos 90"),
    ("at 3:30 pm", "às 15h30"),
    ("at 3:00 pm", "às 15h"),
    ("three weeks", "3 semanas"),
    ("twenty-five women", "25 mulheres"),
    ("one hundred and twenty men", "120 homens"),
    ("half of them", "50% deles"),
    ("a quarter of them", "25% deles"),
    ("6 feet apart", "1,8 metro de distância"),
    ("at 101.3 °F", "a 38,5 °C"),
    ("pages 119-20", "páginas 119-120"),
    ("on March 5, 2020", "em 05/03/2020"),
    ("COVID-19 and its causes", "a doença e suas causas"),
    ("a change of −0.4 points", "uma mudança de −0,4 pontos"),
    ("10 000 people", "10.000 pessoas"),
    ("phase 3 trials", "ensaios de fase III"),
    ("US$ 5 a day", "5 dólares por dia"),
    ("20-30% of people", "20% a 30% das pessoas"),
    ("a dozen eggs", "12 ovos"),
    ("20%, 30% and 40% of them", "20, 30 e 40% deles"),
    ("US$ 5 million", "5 milhões de dólares"),
    ("two weeks later", "15 dias depois"),
    ("music of the 90s", "música dos anos 1990"),
    ("half a million people", "500 mil pessoas"),
    ("12 months later", "1 ano depois"),
    ("as ECA2 of people", "como ACE2 de pessoas"),
    ("a 3-fold rise", "uma alta de 3 vezes"),
]


@pytest.mark.parametrize(("english", "portuguese"), SAME)
def test_one_number_in_two_forms_is_no_finding(english: str, portuguese: str) -> None:
    assert found(english, portuguese) == []
    assert found(english, portuguese, turned=True) == []


@pytest.mark.parametrize(
    ("english", "portuguese", "check", "severity"),
    [
        ("281 stores closed", "218 lojas fecharam", "numbers", "error"),
        ("1,234 people", "1,234 pessoas", "numbers", "error"),
        ("6.47 on average", "647 em média", "numbers", "error"),
        ("6.47 on average", "6.47 em média", "numbers", "warning"),
        ("in 26 women", "em mulheres", "numbers", "warning"),
        ("an effect of −0.34", "um efeito de 0,34", "numbers", "warning"),
        ("six sessions", "oito sessões", "numbers", "warning"),
        ("15% of people", "15 pessoas", "percent_units", "error"),
        ("a rise of 5 percentage points", "uma alta de 5%", "percent_units", "error"),
        ("5 mg a day", "5 g por dia", "percent_units", "error"),
        ("20 minutes", "20 horas", "percent_units", "error"),
        ("two weeks later", "dois meses depois", "percent_units", "error"),
        ("for several weeks", "por vários meses", "percent_units", "warning"),
        ("at 5:30 pm", "às 17h37", "numbers", "error"),
        ("at 5:30 pm", "às 16h30", "numbers", "error"),
        ("in the 1980s", "na década de 1880", "numbers", "error"),
        ("SARS-CoV-2 and bats", "SARS-CoV-3 e morcegos", "numbers", "error"),
    ],
)
def test_a_changed_number_is_found(english: str, portuguese: str, check: str, severity: str) -> None:
    assert (check, severity) in {(one.check, one.severity) for one in found(english, portuguese)}


def test_a_changed_number_is_named_on_both_sides() -> None:
    source, target = "They met 12 times in 3 years.", "Eles se encontraram 13 vezes em 3 anos."
    finding = found(source, target)[0]
    assert words_at(source, finding.source_spans) == "12"
    assert words_at(target, finding.target_spans) == "13"
    assert dict(finding.values) == {"source": "12", "target": "13"}


@given(st.integers(0, 10**12), st.integers(0, 9999))
def test_any_number_is_read_the_same_in_both_languages(whole: int, fraction: int) -> None:
    english = f"{whole:,}.{fraction:04d}" if fraction else f"{whole:,}"
    portuguese = english.translate(str.maketrans(",.", ".,"))
    values = [numbers_in(reading_of(text, tag))[0].values[0] for text, tag in ((english, "en"), (portuguese, "pt"))]
    assert values[0] == values[1]


@given(st.integers(100, 10**9), st.integers(0, 8), st.integers(1, 9))
def test_a_flipped_digit_is_always_an_error(number: int, place: int, shift: int) -> None:
    digits = list(str(number))
    at = place % len(digits)
    digits[at] = str((int(digits[at]) + shift) % 10)
    findings = found(f"There were {number} of them.", f"Havia {''.join(digits)} deles.")
    assert [one.severity for one in findings if one.check == "numbers"] == ["error"]
