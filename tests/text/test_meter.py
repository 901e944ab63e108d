"""What engines were asked is counted by calls and characters; what they did not give costs nothing."""

from collections.abc import Sequence

from digest.models.article import ArticleText
from digest.models.engine import (
    Draft,
    EngineFailure,
    Passage,
    Summarised,
    SummaryRequest,
    SummarySentence,
    Translated,
    TranslationRequest,
)
from digest.models.engine_use import EngineUse
from digest.text.meter import summaries_asked, translations_asked

FAILED = EngineFailure(kind="busy", reason="It is busy.")


def to_translate(*texts: str) -> TranslationRequest:
    passages = tuple(Passage(key=str(number), text=text) for number, text in enumerate(texts))
    return TranslationRequest(where="post-1", passages=passages, source_language="en", locale="pt_BR")


def to_summarise(sentences: Sequence[str]) -> SummaryRequest:
    text = ArticleText(url="https://blog.example.org/1", language="en", title="One")
    return SummaryRequest(
        where="post-1",
        text=text,
        sentences=tuple(sentences),
        headings=("studies",),
        sentences_per_heading=3,
        quotable=True,
    )


def test_translations_are_counted_by_calls_of_the_size_that_engines_take() -> None:
    requests = (to_translate(*("a" * 100,) * 51), to_translate("abc"))
    given = Translated(drafts=(Draft(key="0", text="abcde", origin="x"),))

    assert translations_asked("deepl", requests, (given, FAILED)) == (
        EngineUse(work="translations", engine="deepl", calls=2, sent=5100, received=5),
    )
    assert translations_asked("deepl", requests, (FAILED, FAILED)) == ()
    assert translations_asked("none", requests, (Translated(drafts=()),) * 2) == ()


def test_summaries_are_counted_with_what_came_of_them() -> None:
    sentence = SummarySentence(heading="studies", text="Four", anchors=(1,))
    results = (Summarised(sentences=(sentence, sentence), origin="x"), FAILED)

    assert summaries_asked("anthropic:small", (to_summarise(("One.", "Two.")),) * 2, results) == (
        EngineUse(work="summaries", engine="anthropic:small", calls=1, sent=8, received=8),
    )
    assert summaries_asked("extractive", (to_summarise(("One.",)),), results[:1]) == ()
