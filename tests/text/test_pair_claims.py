"""Claims: what was uncertain, denied or merely associated stays so, in both directions."""

import pytest

from digest.text.pair_checks import check_pair


def checks(source: str, target: str, source_lang: str = "en", target_lang: str = "pt_BR") -> set[tuple[str, str]]:
    return {(one.check, one.severity) for one in check_pair(source, target, source_lang, target_lang)}


@pytest.mark.parametrize(
    ("source", "target", "source_lang"),
    [
        ("The findings may not generalise.", "Os achados não podem ser generalizados.", "en"),
        ("It might not help everyone.", "Isso não pode ajudar a todos.", "en"),
        ("Os achados podem não se aplicar a todos.", "The findings cannot apply to everyone.", "pt_BR"),
        ("Talvez não ajude a todos.", "It can't help everyone.", "pt_BR"),
    ],
)
def test_may_not_told_as_can_not_is_an_error(source: str, target: str, source_lang: str) -> None:
    target_lang = "pt_BR" if source_lang == "en" else "en"
    assert ("modal_negation", "error") in checks(source, target, source_lang, target_lang)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The findings may not generalise.", "Os achados podem não ser generalizáveis."),
        ("It might not help everyone.", "Talvez não ajude a todos."),
        ("The study cannot show causes and may not apply.", "O estudo não pode mostrar causas e pode não se aplicar."),
        ("They may not always agree.", "Eles nem sempre concordam, é possível."),
    ],
)
def test_may_not_told_as_may_not_is_fine(source: str, target: str) -> None:
    assert "modal_negation" not in {check for check, _ in checks(source, target)}
    assert "modal_negation" not in {check for check, _ in checks(target, source, "pt_BR", "en")}


def test_association_told_as_cause_is_an_error_in_both_directions() -> None:
    english, portuguese = "Loneliness is associated with illness.", "A solidão está associada a doenças."
    assert checks(english, portuguese) == set()
    assert ("causal_shift", "error") in checks(english, "A solidão causa doenças.")
    assert ("causal_shift", "error") in checks(english, "A solidão leva a doenças.")
    assert ("causal_shift", "error") in checks(portuguese, "Loneliness causes illness.", "pt_BR", "en")


def test_an_effect_where_the_source_has_an_association_is_a_warning() -> None:
    assert ("causal_shift", "warning") in checks(
        "Loneliness is linked to a higher risk of illness.", "A solidão aumenta o risco de doenças."
    )


def test_a_cause_that_the_source_names_is_fine() -> None:
    assert (
        checks("Smoking, linked to many ills, causes cancer.", "Fumar, ligado a muitos males, causa câncer.") == set()
    )


def test_a_disease_related_death_may_be_caused_by_the_disease() -> None:
    source, target = "There were more flu-related deaths.", "Houve mais mortes causadas pela gripe."
    assert "causal_shift" not in {check for check, _ in checks(source, target)}
    assert "causal_shift" not in {
        check for check, _ in checks("Nos Estados Unidos, em relação a isso.", "It causes.", "pt", "en")
    }


def test_a_perhaps_that_stands_elsewhere_is_a_perhaps() -> None:
    source, target = "Pode ser que isso não ajude.", "It may be that this doesn't help."
    assert "modal_negation" not in {check for check, _ in checks(source, target, "pt_BR", "en")}


def test_a_lost_hedge_is_a_warning_that_names_it() -> None:
    source, target = "Loneliness may raise the risk.", "A solidão aumenta o risco."
    finding = next(one for one in check_pair(source, target, "en", "pt_BR") if one.check == "hedging")
    assert (finding.severity, [source[a:b] for a, b in finding.source_spans]) == ("warning", ["may"])


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Chemicals which can cause harm.", "Produtos que causam danos."),
        ("The study cannot show that loneliness causes illness.", "O estudo não mostra que a solidão causa doenças."),
    ],
)
def test_a_possibility_told_as_a_fact_is_a_warning(source: str, target: str) -> None:
    assert ("hedging", "warning") in checks(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Chemicals which can cause harm.", "Produtos que podem causar danos."),
        ("They meet so that they can talk about the week.", "Eles se encontram para conversar sobre a semana."),
        ("We can see it in the numbers.", "Vemos isso nos números."),
        ("It can be hard for many people.", "Isso talvez seja difícil para muitas pessoas."),
    ],
)
def test_a_can_that_portuguese_says_otherwise_is_no_finding(source: str, target: str) -> None:
    assert ("hedging", "warning") not in checks(source, target)


def test_the_month_of_may_and_more_likely_are_no_hedges() -> None:
    assert checks("In May 2020 they met.", "Eles se encontraram em maio de 2020.") == set()
    assert checks("Women were more likely to answer.", "As mulheres responderam mais.") == set()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("It did not help them at all.", "Isso os ajudou bastante."),
        ("Isso não os ajudou.", "It helped them."),
        ("It helped them.", "Isso não os ajudou."),
    ],
)
def test_a_negation_on_one_side_only_is_a_warning(source: str, target: str) -> None:
    turned = source.startswith("Isso")
    languages = ("pt_BR", "en") if turned else ("en", "pt_BR")
    assert ("negation", "warning") in checks(source, target, *languages)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Nobody said anything.", "Ninguém disse nada."),
        ("They do not trust anyone.", "Eles não confiam em ninguém."),
        ("Neither the one nor the other helped.", "Nem um nem outro ajudou."),
        ("Not only women answered, but also men.", "Responderam mulheres e também homens."),
        ("They were unable to come.", "Eles não puderam vir."),
        ("See no. 5 of the list.", "Veja o número 5 da lista."),
    ],
)
def test_one_denial_in_other_words_is_fine(source: str, target: str) -> None:
    assert "negation" not in {check for check, _ in checks(source, target)}
    assert "negation" not in {check for check, _ in checks(target, source, "pt_BR", "en")}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The intervention failed to reduce symptoms.", "A intervenção reduziu os sintomas."),
        ("Não pare de tomar o remédio sem conversar com seu médico.", "Stop taking it without talking to your doctor."),
        ("O grupo foi incapaz de mudar.", "The group changed."),
    ],
)
def test_a_denial_within_a_word_is_missed_when_it_goes(source: str, target: str) -> None:
    languages = ("en", "pt_BR") if source.startswith("The") else ("pt_BR", "en")
    assert "negation" in {one.check for one in check_pair(source, target, *languages)}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The intervention failed to reduce symptoms.", "A intervenção não conseguiu reduzir os sintomas."),
        ("It is not uncommon for couples to argue.", "É comum que casais discutam."),
        ("The therapist may not always notice it.", "O terapeuta nem sempre percebe isso."),
        ("It is three times more likely in women.", "É três vezes mais provável em mulheres."),
    ],
)
def test_a_denial_said_in_another_way_is_none_that_is_missing(source: str, target: str) -> None:
    assert [one.check for one in check_pair(source, target, "en", "pt_BR")] == []
    assert [one.check for one in check_pair(target, source, "pt_BR", "en")] == []


def test_what_correlates_is_no_cause() -> None:
    found = check_pair("A ansiedade correlacionou-se com o sono.", "Anxiety caused the sleep.", "pt_BR", "en")
    assert ("causal_shift", "error") in {(one.check, one.severity) for one in found}
