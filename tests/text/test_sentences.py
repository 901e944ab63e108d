"""Sentences: what parts them, what does not, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.sentences import split_sentences

PIECES = st.sampled_from(
    [
        "Dr.",
        "et al.",
        "(2010)",
        "p < 0,001.",
        "Fig. 2",
        "p. ex.",
        "A",
        "solidão",
        "ends.",
        "Why?",
        "…",
        "\n\n",
        '"',
        "J.",
    ]
)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("One is here. Two is there.", "en", ["One is here.", "Two is there."]),
        (
            "Dr. Ana Example and Mrs. Silva met. They spoke.",
            "en",
            ["Dr. Ana Example and Mrs. Silva met.", "They spoke."],
        ),
        ("A Sra. Silva veio. A Dra. Ana também.", "pt", ["A Sra. Silva veio.", "A Dra. Ana também."]),
        ("Silva et al. (2010) found it. It held.", "en", ["Silva et al. (2010) found it.", "It held."]),
        ("It was seen by Silva et al. The next study differs.", "en", None),
        ("O efeito foi p < 0,001. X ficou igual.", "pt", ["O efeito foi p < 0,001.", "X ficou igual."]),
        ("See Fig. 2 and p. 13. Then stop.", "en", ["See Fig. 2 and p. 13.", "Then stop."]),
        ("Some bonds, e.g. friendship, last. i.e. They do.", "en", None),
        ("Alguns laços, p. ex. Amizades, duram. Outros não.", "pt-BR", None),
        ("The mean was 3.5 of 5. It rose.", "en", ["The mean was 3.5 of 5.", "It rose."]),
        ("Silva, J. A. (2010). A title. Nature.", "en", ["Silva, J. A. (2010).", "A title.", "Nature."]),
        ("See no. 5 first. The answer is no. We left.", "en", ["See no. 5 first.", "The answer is no.", "We left."]),
        ('She said "Stop." He left.', "en", ['She said "Stop."', "He left."]),
        ('"Why?" she asked. Nobody knew.', "en", ['"Why?" she asked.', "Nobody knew."]),
        ("Well... maybe. He waited… Then he left.", "en", ["Well... maybe.", "He waited…", "Then he left."]),
        ("Bonds matter.[12] They last.", "en", ["Bonds matter.[12]", "They last."]),
        ("It rose. (See below.) It fell.", "en", ["It rose.", "(See below.)", "It fell."]),
        ("1. The first point. 2. The second.", "en", ["1. The first point.", "2. The second."]),
        ("Plan B. The rest. J. Bowlby wrote.", "en", ["Plan B.", "The rest.", "J. Bowlby wrote."]),
        ("Em 12 de set. 2010 começou. Acabou.", "pt", ["Em 12 de set. 2010 começou.", "Acabou."]),
        (
            "A line\nbroken. Another\n\nno full stop\n\nlast",
            "en",
            ["A line broken.", "Another", "no full stop", "last"],
        ),
        ("Schon 45 z. B. Menschen. 50 kamen.", "de", ["Schon 45 z. B. Menschen.", "50 kamen."]),
        ("   ", "en", []),
        ("", "", []),
    ],
)
def test_sentences_are_parted_where_a_reader_would(text: str, language: str, expected: list[str] | None) -> None:
    found = split_sentences(text, language)

    assert list(found) == (expected if expected is not None else AMBIGUOUS[text])


AMBIGUOUS = {
    "It was seen by Silva et al. The next study differs.": ["It was seen by Silva et al.", "The next study differs."],
    "Some bonds, e.g. friendship, last. i.e. They do.": ["Some bonds, e.g. friendship, last. i.e. They do."],
    "Alguns laços, p. ex. Amizades, duram. Outros não.": ["Alguns laços, p. ex. Amizades, duram.", "Outros não."],
}


@given(
    st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map(" ".join)), st.sampled_from(["en", "pt-BR", "x"])
)
def test_nothing_is_lost_but_white_space(text: str, language: str) -> None:
    found = split_sentences(text, language)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence and sentence == " ".join(sentence.split()) for sentence in found)


@pytest.mark.no_cover
@pytest.mark.parametrize("text", ["." * 200_000, "Dr. " * 50_000, "A. " * 50_000, '."' * 100_000, "a. A" * 50_000])
def test_a_hostile_text_takes_linear_time(text: str) -> None:
    found = split_sentences(text, "en")

    assert sum(len(sentence.replace(" ", "")) for sentence in found) == len(text.replace(" ", ""))
