"""European Portuguese is named where Brazilian is meant, and Brazilian spelling never is."""

import pytest

from digest.text.findings import words_at
from digest.text.pair_checks import check_pair

BRAZILIAN = (
    "Foi de fato um gênero crônico de infecção: a equipe detectou aspectos econômicos, também no México e no "
    "quilômetro dezesseis, segundo Jiménez e Gómez (2010), e ninguém está a par da recepção."
)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("O facto é conhecido.", "facto"),
        ("A equipa falou.", "equipa"),
        ("É um problema crónico.", "crónico"),
        ("Ela está a dormir.", "está a dormir"),
        ("Uma infeção no autocarro.", "infeção, autocarro"),
        ("Analisámos a acção.", "Analisámos, acção"),
    ],
)
def test_european_words_are_a_warning_that_names_them(target: str, words: str) -> None:
    finding = next(one for one in check_pair("Some words.", target, "en", "pt_BR") if one.check == "variety")
    assert (finding.severity, words_at(target, finding.target_spans)) == ("warning", words)


def test_brazilian_words_are_no_finding() -> None:
    assert "variety" not in {one.check for one in check_pair("Some words.", BRAZILIAN, "en", "pt_BR")}


def test_english_is_not_looked_at() -> None:
    assert "variety" not in {one.check for one in check_pair("O facto é este.", "The actor is here.", "pt", "en")}
