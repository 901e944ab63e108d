"""The three headings in both languages, and what stands under them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.headings import heading_of, introduction_of, labels_of, sections_of
from fakes_text import blocks


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The studies", "studies"),
        ("Studies:", "studies"),
        ("OS ESTUDOS", "studies"),
        ("Estudos", "studies"),
        ("1. The research", "studies"),
        ("O que as pesquisas mostram", "studies"),
        ("Implications for clients", "implications"),
        ("The implications", "implications"),
        ("Implicações", "implications"),
        ("IMPLICACOES PARA OS CLIENTES", "implications"),
        ("Implicações clínicas:", "implications"),
        ("What this means for couples", "implications"),
        ("O que isso significa", "implications"),
        ("Limitations", "limitations"),
        ("2) Limitações.", "limitations"),
        ("As limitações dos estudos", "limitations"),
        ("Study limitations", "limitations"),
        ("Limitations of the studies", "limitations"),
        ("Limitac\u0327o\u0303es", "limitations"),
        ("Studying hard", None),
        ("Why loneliness matters", None),
        ("References", None),
        ("The studies " + "on everything " * 10, None),
        ("", None),
        (":", None),
    ],
)
def test_a_heading_is_known_in_its_forms(line: str, expected: str | None) -> None:
    assert heading_of(line) == expected


def test_paragraphs_stand_under_the_heading_before_them() -> None:
    article = blocks("Hello.", "# The studies", "One.", "- Two.", "# A detail", "Three.", "# Limitations", "Four.")

    assert sections_of(article) == {"studies": ("One.", "Two.", "Three."), "limitations": ("Four.",)}
    assert introduction_of(article) == ("Hello.",)


def test_an_appendix_ends_the_last_section() -> None:
    article = blocks("# Limitações", "Uma.", "# Referências", "Silva (2010).", "# Sobre a autora", "Ana.")

    assert sections_of(article) == {"limitations": ("Uma.",)}
    assert labels_of(article) == ("heading", "limitations", "heading", "other", "heading", "other")


def test_a_short_paragraph_may_be_a_heading_but_a_sentence_is_none() -> None:
    article = blocks(
        "Implications:", "Be kind.", "Implications are many, and they differ.", "Studies.", "- Limitations"
    )

    assert sections_of(article) == {
        "implications": ("Be kind.", "Implications are many, and they differ.", "Studies.", "Limitations")
    }


def test_a_text_without_her_headings_is_all_introduction() -> None:
    article = blocks("# Why ties matter", "One.", "Two.")

    assert sections_of(article) == {}
    assert introduction_of(article) == ("One.", "Two.")


@given(st.text(max_size=200))
def test_any_line_has_an_answer(line: str) -> None:
    assert heading_of(line) in {"studies", "implications", "limitations", None}
    assert heading_of(line.upper() if line.isascii() else line) == heading_of(line)
