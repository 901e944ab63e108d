"""What makes a machine's draft unusable, and what does not."""

from pathlib import Path

import pytest

from digest.models.engine import SummarySentence
from digest.text.draft_faults import restored_translation, summary_fault
from digest.text.placeholders import protect

GOOD = [line.split("\t") for line in (Path(__file__).parent / "good_pairs.tsv").read_text("utf-8").splitlines() if line]


@pytest.mark.parametrize("into", ["pt_BR", "en"])
def test_no_good_translation_is_thrown_away(into: str) -> None:
    for english, portuguese in GOOD:
        source, target = (english, portuguese) if into == "pt_BR" else (portuguese, english)
        asked = protect(source)
        answer = protect(target).text
        text, fault = restored_translation(
            answer, asked, source_language="en" if into == "pt_BR" else "pt-BR", locale=into
        )
        assert text or "exactly once" in fault, (fault, source, target)


def test_a_long_sentence_may_be_parted_where_it_has_a_seam() -> None:
    asked = protect("Loneliness hurts many people; close ties help most of them to sleep.")
    parted = "A solidão fere muitas pessoas. Laços próximos ajudam a maioria delas a dormir."
    assert restored_translation(parted, asked, source_language="en", locale="pt_BR") == (parted, "")


@pytest.mark.parametrize(
    ("language", "text", "source", "is_advice"),
    [
        ("en", "You should talk to your partner every night.", "Partners who talked slept better.", True),
        ("pt", "Procure um terapeuta se dormir mal.", "Quem conversou dormiu melhor.", True),
        ("pt", "Os casais devem conversar todas as noites.", "Quem conversou dormiu melhor.", True),
        ("en", "Couples should talk, say the authors.", "Couples should be encouraged to talk.", False),
        ("en", "Talking every night went with better sleep.", "Partners who talked slept better.", False),
        ("pt", "Conversar toda noite esteve ligado a um sono melhor.", "Quem conversou dormiu melhor.", False),
        ("en", "The therapists saw a patient each week.", "Therapists met a patient weekly.", False),
    ],
)
def test_a_summary_gives_no_advice_that_its_source_does_not_give(
    language: str, text: str, source: str, *, is_advice: bool
) -> None:
    drafted = SummarySentence(heading="studies", text=text, anchors=(1,))
    assert ("advice" in summary_fault(drafted, [source], language=language, quotable=True)) == is_advice
