"""What must stay letter for letter: links, DOIs, cited names and years, markup; and no hidden characters."""

import pytest

from digest.text.findings import words_at
from digest.text.pair_checks import check_pair


def checks(source: str, target: str, source_lang: str = "en", target_lang: str = "pt_BR") -> set[tuple[str, str]]:
    return {(one.check, one.severity) for one in check_pair(source, target, source_lang, target_lang)}


def test_an_altered_doi_is_an_error_with_both_forms() -> None:
    source, target = "See 10.1371/journal.pmed.1000316.", "Veja 10.1371/journal.pmed.1000361."
    finding = check_pair(source, target, "en", "pt_BR")[0]
    assert (finding.check, finding.severity) == ("urls_dois", "error")
    assert words_at(source, finding.source_spans) == "10.1371/journal.pmed.1000316"
    assert words_at(target, finding.target_spans) == "10.1371/journal.pmed.1000361"


def test_a_doi_with_and_without_its_resolver_is_the_same() -> None:
    found = checks("See https://doi.org/10.1000/ABC(1)2.", "Veja 10.1000/abc(1)2.")
    assert "urls_dois" not in {check for check, _ in found}


@pytest.mark.parametrize("target", ["Escreva para nós.", "Escreva para other@example.org."])
def test_a_lost_or_changed_address_is_an_error(target: str) -> None:
    assert ("urls_dois", "error") in checks("Write to study@example.org now.", target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Example et al. (2010) agree.", "Exemple et al. (2010) concordam."),
        ("Example et al. (2010) agree.", "Example et al. (2011) concordam."),
        ("Example and Sample (1985) agree.", "Example e Simple (1985) concordam."),
        ("It holds (Example & Sample, 2021).", "Isso vale (Example & Sample, 2012)."),
        ("Example and her colleagues agree.", "Exemplo e seus colegas concordam."),
        ("See Example, Sample, and Third (2010).", "Veja Example, Simple e Third (2010)."),
        ("Example, et al., agree.", "Sample, et al., concordam."),
    ],
)
def test_an_altered_citation_is_an_error_in_both_directions(source: str, target: str) -> None:
    assert ("citations", "error") in checks(source, target)
    assert ("citations", "error") in checks(target, source, "pt_BR", "en")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Example et al. (2010) agree.", "Example et al. (2010) concordam."),
        ("The World Health Organization (2020) agrees.", "A Organização Mundial da Saúde (2020) concorda."),
        ("In December 2019 it began.", "Começou em dezembro de 2019."),
        ("In China (2019) it began.", "Na China (2019) começou."),
        ("The Tokyo 2020 games were late.", "Os jogos de Tóquio 2020 atrasaram."),
    ],
)
def test_names_that_are_translated_are_no_findings(source: str, target: str) -> None:
    assert "citations" not in {check for check, _ in checks(source, target)}


@pytest.mark.parametrize("mark", ["<b>", "{{ link }}", "{c1}", "%(name)s", "{% if x %}", "&amp;"])
def test_lost_markup_is_an_error(mark: str) -> None:
    assert ("markup", "error") in checks(f"Read {mark} this text.", "Leia este texto.")
    assert ("markup", "error") not in checks(f"Read {mark} this text.", f"Leia {mark} este texto.")


@pytest.mark.parametrize("hidden", ["\u202e", "\x07", "\u2066"])
def test_a_character_that_turns_words_around_is_an_error(hidden: str) -> None:
    assert ("markup", "error") in checks("Read this text.", f"Leia {hidden} este texto.")
