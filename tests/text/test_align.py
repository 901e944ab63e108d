"""The author's own translation, matched sentence by sentence."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models.article import ArticleText, Image
from digest.text.align import AlignedTarget, Pair, align_sentences, twin_pairs, twin_parts, usable_twin
from digest.text.beads import align_lines, line_of
from digest.text.moved import with_moved
from fakes_text import article, article_text

# Public health facts in the tests' own words, so that a right alignment is known.
GOLD = (
    ("Good company makes a hard week easier.", "Uma boa companhia deixa uma semana difícil mais leve."),
    (
        "The review joined 148 studies with 308,849 participants.",
        "A revisão reuniu 148 estudos com 308.849 participantes.",
    ),
    ("It was published in 2010 and is still read today.", "Ela foi publicada em 2010 e ainda é lida hoje."),
    (
        "People with close friends often sleep better at night.",
        "Pessoas com amigos próximos costumam dormir melhor à noite.",
    ),
    ("Loneliness is not the same as living alone.", "Solidão não é o mesmo que viver sem companhia."),
    ("Attachment theory begins with a child and a mother.", "A teoria do apego começa com uma criança e uma mãe."),
    (
        "Couples in therapy learn to name the negative cycle.",
        "Casais em terapia aprendem a dar nome ao ciclo negativo.",
    ),
    ("A small sample can not speak for every country.", "Uma amostra pequena não pode falar por todos os países."),
    (
        "Bowlby and Ainsworth watched families for many years.",
        "Bowlby e Ainsworth observaram famílias por muitos anos.",
    ),
    ("Nobody can be safe and closed at the same time.", "Ninguém consegue estar seguro e fechado ao mesmo tempo."),
    (
        "Doctors might ask about friends as they ask about smoking.",
        "Médicos poderiam perguntar sobre amigos como perguntam sobre fumo.",
    ),
    (
        "What helps you to feel close again after a quarrel?",
        "O que ajuda você a se sentir perto de novo depois de uma briga?",
    ),
)
ENGLISH, PORTUGUESE = (tuple(column) for column in zip(*GOLD, strict=True))
SENTENCES = st.lists(st.one_of(st.sampled_from(ENGLISH + PORTUGUESE), st.text(min_size=1, max_size=40)), max_size=12)


def one_to_one(pairs: tuple[Pair, ...]) -> list[tuple[int, int]]:
    return [(pair.sources[0], pair.targets[0]) for pair in pairs if len(pair.sources) == len(pair.targets) == 1]


def test_whole_translations_are_matched_one_to_one_with_confidence() -> None:
    pairs = align_sentences(ENGLISH, PORTUGUESE)

    assert one_to_one(pairs) == [(number, number) for number in range(len(GOLD))]
    assert min(pair.confidence for pair in pairs) >= 0.5


def test_the_other_direction_works_alike() -> None:
    pairs = align_sentences(PORTUGUESE, ENGLISH, source_language="pt-BR", target_language="en")

    assert one_to_one(pairs) == [(number, number) for number in range(len(GOLD))]


@pytest.mark.parametrize("missing", range(len(GOLD)))
def test_a_sentence_left_out_shifts_no_other(missing: int) -> None:
    targets = PORTUGUESE[:missing] + PORTUGUESE[missing + 1 :]

    pairs = align_sentences(ENGLISH, targets)

    assert Pair(sources=(missing,), targets=(), confidence=0.0) in pairs
    assert one_to_one(pairs) == [(n, n - (n > missing)) for n in range(len(GOLD)) if n != missing]


@pytest.mark.parametrize("added", range(len(GOLD)))
def test_a_sentence_added_belongs_to_nobody(added: int) -> None:
    sources = ENGLISH[:added] + ENGLISH[added + 1 :]

    assert Pair(sources=(), targets=(added,), confidence=0.0) in align_sentences(sources, PORTUGUESE)


@pytest.mark.parametrize("first", range(len(GOLD) - 1))
def test_one_sentence_made_into_two_keeps_both(first: int) -> None:
    joined = ENGLISH[first].rstrip(".") + ", and " + ENGLISH[first + 1]
    sources = (*ENGLISH[:first], joined, *ENGLISH[first + 2 :])

    pairs = align_sentences(sources, PORTUGUESE)

    assert [pair.targets for pair in pairs if pair.sources == (first,)] == [(first, first + 1)]


@pytest.mark.no_cover
def test_few_of_the_wrong_pairs_are_confident_even_where_much_was_left_out() -> None:
    rng = random.Random(7)
    claimed = wrong = 0
    for _ in range(60):
        kept = sorted(rng.sample(range(len(GOLD)), 10))
        kept_there = sorted(rng.sample(range(len(GOLD)), 10))
        for pair in align_sentences([ENGLISH[n] for n in kept], [PORTUGUESE[n] for n in kept_there]):
            if pair.confidence >= 0.5:
                claimed += 1
                wrong += [kept[n] for n in pair.sources] != [kept_there[n] for n in pair.targets]
    assert claimed > 300
    assert wrong / claimed < 0.05


@settings(deadline=None)
@given(SENTENCES, SENTENCES)
def test_any_two_lists_are_covered_once_and_in_order(sources: list[str], targets: list[str]) -> None:
    pairs = align_sentences(sources, targets)

    assert [number for pair in pairs for number in pair.sources] == list(range(len(sources)))
    assert [number for pair in pairs for number in pair.targets] == list(range(len(targets)))
    assert all(0.0 <= pair.confidence <= 1.0 for pair in pairs)
    assert all(pair.confidence == 0.0 for pair in pairs if not pair.sources or not pair.targets)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(GOLD)), st.integers(min_value=0, max_value=3))
def test_a_number_is_never_confidently_given_to_a_sentence_without_it(start: int, shift: int) -> None:
    pairs = align_sentences(ENGLISH[start:], PORTUGUESE[start + shift :])

    for pair in pairs:
        if pair.confidence >= 0.5 and pair.sources:
            sides = (
                [ENGLISH[start:][n] for n in pair.sources],
                [PORTUGUESE[start + shift :][n] for n in pair.targets],
            )
            assert len({re.sub(r"\D", "", " ".join(side)) for side in sides}) == 1


@pytest.mark.parametrize(("here", "there"), [(601, 601), (5, 150)])
def test_texts_too_long_or_too_unequal_are_not_matched(here: int, there: int) -> None:
    pairs = align_sentences(["One is here."] * here, ["Um está aqui."] * there)

    assert len(pairs) == here + there


def test_under_shared_headings_only_like_is_matched_with_like() -> None:
    source = article_text("# The studies", ENGLISH[0], "# Limitations", ENGLISH[7], "# References", "Example (2010).")
    twin = article_text("# Os estudos", PORTUGUESE[0], PORTUGUESE[7], "# Limitações", PORTUGUESE[4], language="pt-BR")

    pairs = twin_pairs(source, twin)

    assert pairs[ENGLISH[0]] == AlignedTarget(text=PORTUGUESE[0], confident=True)
    assert ENGLISH[7] not in pairs or not pairs[ENGLISH[7]].confident
    assert "Example (2010)." not in pairs


def test_without_shared_headings_the_whole_texts_are_matched() -> None:
    source = article_text(*ENGLISH[:4], "# Limitations", *ENGLISH[4:])
    twin = article_text("# Título", *PORTUGUESE, language="pt-BR")

    assert {s: t.text for s, t in twin_pairs(source, twin).items()} == dict(GOLD)


def test_two_sentences_made_into_one_share_it_and_say_so() -> None:
    source = article_text("The words may sound technical. The idea behind them is familiar.", ENGLISH[1])
    joined = "As palavras podem soar técnicas, mas a ideia por trás delas é familiar."
    twin = article_text(joined, PORTUGUESE[1], language="pt-BR")

    pairs = twin_pairs(source, twin)

    assert pairs["The words may sound technical."].shared_with == ("The idea behind them is familiar.",)
    assert pairs["The idea behind them is familiar."].text == joined
    assert pairs[ENGLISH[1]].shared_with == ()


def test_a_sentence_written_twice_and_translated_differently_is_not_sure() -> None:
    source = article_text("# Studies", ENGLISH[4], "# Implications", ENGLISH[4])
    other = "Solidão não é o mesmo que morar sem companhia."
    twin = article_text("# Estudos", PORTUGUESE[4], "# Implicações", other, language="pt")

    assert twin_pairs(source, twin)[ENGLISH[4]] == AlignedTarget(text=PORTUGUESE[4], confident=False)


def test_the_parts_of_a_post_have_their_counterparts() -> None:
    picture = Image(url="https://blog.example.org/a.png", alt="Two circles", credit="Picture: Ana")
    source = article_text(title="Ties", image=picture, categories=("Ties", "Health"), copyright="All rights reserved")
    there = Image(url="https://blog.example.org/a.png", alt="Dois círculos", credit="Imagem: Ana")
    twin = article_text(
        title="Laços", image=there, categories=("Laços", "Saúde"), copyright="Direitos reservados", language="pt-BR"
    )

    parts = twin_parts(source, twin)

    assert {key: part.text for key, part in parts.items()} == {
        ("title", "Ties"): "Laços",
        ("image_alt", "Two circles"): "Dois círculos",
        ("image_credit", "Picture: Ana"): "Imagem: Ana",
        ("tag", "Ties"): "Laços",
        ("tag", "Health"): "Saúde",
        ("copyright", "All rights reserved"): "Direitos reservados",
    }
    assert all(part.confident for part in parts.values())


def test_another_picture_and_tags_in_alphabetical_order_are_not_sure() -> None:
    source = article_text(
        image=Image(url="https://a.example.org/1", alt="One", credit=""), categories=("Apart", "Love")
    )
    there = Image(url="https://a.example.org/2", alt="Dois", credit="")
    twin = article_text(title="", image=there, categories=("Amor", "Longe"), language="pt")

    parts = twin_parts(source, twin)

    assert set(parts) == {("image_alt", "One"), ("tag", "Apart"), ("tag", "Love")}
    assert not any(part.confident for part in parts.values())


def test_unequal_numbers_of_tags_are_not_matched() -> None:
    source, twin = article_text(categories=("Love",)), article_text(categories=("Amor", "Laços"), title="Laços")

    assert set(twin_parts(source, twin)) == {("title", "Ties")}


def test_only_a_twin_in_the_asked_language_is_of_use() -> None:
    twin = article_text(language="pt-BR")

    assert usable_twin(article(article_text(), twin=twin), "pt_BR") is twin
    assert usable_twin(article(article_text(), twin=twin), "en") is None
    assert usable_twin(article(article_text()), "pt_BR") is None


def body(*sentences: str, language: str = "en") -> ArticleText:
    return article_text(" ".join(sentences), language=language)


def test_a_sentence_that_was_moved_is_found_and_never_taken_for_sure() -> None:
    moved = (*PORTUGUESE[1:8], PORTUGUESE[0], *PORTUGUESE[8:])

    found = twin_pairs(body(*ENGLISH), body(*moved, language="pt"))

    assert (found[ENGLISH[0]].text, found[ENGLISH[0]].confident) == (PORTUGUESE[0], False)
    assert all(found[english].text == portuguese for english, portuguese in GOLD)


def test_two_sentences_that_changed_places_are_told_apart() -> None:
    swapped = (*PORTUGUESE[:4], PORTUGUESE[5], PORTUGUESE[4], *PORTUGUESE[6:])

    found = twin_pairs(body(*ENGLISH), body(*swapped, language="pt"))

    assert [(found[ENGLISH[n]].text, found[ENGLISH[n]].confident) for n in (4, 5)] == [
        (PORTUGUESE[4], False),
        (PORTUGUESE[5], False),
    ]


def test_three_sentences_made_into_one_share_it_and_one_made_into_three_keeps_them() -> None:
    joined = f"{PORTUGUESE[3][:-1]}, {PORTUGUESE[4][:1].lower()}{PORTUGUESE[4][1:-1]}, e {PORTUGUESE[5][:1].lower()}{PORTUGUESE[5][1:]}"
    one = twin_pairs(body(*ENGLISH), body(*PORTUGUESE[:3], joined, *PORTUGUESE[6:], language="pt"))
    three = twin_pairs(body(*PORTUGUESE[:3], joined, *PORTUGUESE[6:], language="pt"), body(*ENGLISH))

    assert len(one[ENGLISH[4]].shared_with) == 2
    assert one[ENGLISH[8]].text == PORTUGUESE[8]
    assert three[joined].text == " ".join(ENGLISH[3:6])


@settings(max_examples=60, deadline=None)
@given(SENTENCES, SENTENCES)
def test_moving_keeps_every_sentence_once(here: list[str], there: list[str]) -> None:
    sources, targets = ([line_of(text, opens=False) for text in texts] for texts in (here, there))
    beads = with_moved(align_lines(sources, targets, growth=1.08), sources, targets, 1.08)

    assert sorted(i for bead in beads for i in range(bead.source, bead.source + bead.sources)) == [*range(len(here))]
    assert sorted(j for bead in beads for j in range(bead.target, bead.target + bead.targets)) == [*range(len(there))]
