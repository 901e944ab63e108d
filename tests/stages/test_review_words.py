"""The words of an issue are checked before it can be approved; a finding stands unless its author says why."""

from dataclasses import replace
from datetime import date

import pytest

from digest.errors import NotApprovedError
from digest.models.article import Article, ArticleText, Block
from digest.models.glossary import Term
from digest.models.issue import Issue, Section, Sentence, Story
from digest.models.segment import Finding, Segment
from digest.stages.review import dismissed, review, with_reasons, word_findings
from digest.text.findings import words_at
from digest.text.glossary import glossary_of

SOURCE = "Attachment was measured in 281 couples, and it was associated with trust."
GOOD = "O apego foi medido em 281 casais e esteve associado à confiança."
WRONG = "O anexo foi medido em 218 casais e esteve associado à confiança."
KEY = "bonds-41/studies/1"
GLOSSARY = glossary_of([Term(en=("attachment",), pt=("apego",), forbidden=("anexo",))])
STORY = Story(
    key="bonds-41",
    kind="post",
    section="posts",
    article_id="a-1",
    url="https://blog.example.org/bonds-41",
    language="en",
    authors=(),
    published=None,
    title="Bonds",
    sections=(Section(heading="studies", sentences=(Sentence(text=SOURCE, anchors=(1,)),)),),
)
ISSUE = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=(STORY,))


def article(*sentences: str) -> Article:
    text = ArticleText(
        url=STORY.url, language="en", title="Bonds", blocks=(Block(kind="paragraph", text=" ".join(sentences)),)
    )
    return Article(
        article_id="a-1", newsletter_id="bonds", source_key="s", section="posts", guid="g", authors=(), published=None,
        first_seen=None, rights="own", text=text,  # type: ignore[arg-type]
    )  # fmt: skip


def found(target: str, issue: Issue = ISSUE) -> tuple[Finding, ...]:
    segment = Segment(key=KEY, source=SOURCE, target=target, state="draft", origin="engine")
    findings = word_findings(issue, {"a-1": article(SOURCE)}, {"pt_BR": (segment,), "en": ()}, GLOSSARY)
    return with_reasons(findings, issue.dismissed)


def test_a_good_translation_stands_against_nothing() -> None:
    assert found(GOOD) == ()


def test_errors_of_a_translation_block_and_say_where_they_stand() -> None:
    blocks = review((), (), found(WRONG), None).blocks
    assert {(one.check, one.where, dict(one.values)["locale"]) for one in blocks} == {
        ("numbers", KEY, "pt_BR"),
        ("glossary", KEY, "pt_BR"),
    }
    numbers = next(one for one in blocks if one.check == "numbers")
    assert (words_at(SOURCE, numbers.source_spans), words_at(WRONG, numbers.target_spans)) == ("281", "218")


def test_a_dismissed_error_blocks_no_longer_and_keeps_its_reason() -> None:
    first, second = review((), (), found(WRONG), None).blocks
    issue = dismissed(ISSUE, found(WRONG), first.finding_id, "The\n  source is wrong.")
    reviewed = review((), (), found(WRONG, issue), None)
    assert [one.finding_id for one in reviewed.blocks] == [second.finding_id]
    assert [one.dismissed for one in reviewed.dismissed] == ["The source is wrong."]


def test_a_dismissal_holds_for_the_words_she_saw_only() -> None:
    issue = ISSUE
    for one in review((), (), found(WRONG), None).blocks:
        issue = dismissed(issue, found(WRONG), one.finding_id, "Let it stand.")
    assert review((), (), found(WRONG, issue), None).blocks == ()
    assert len(review((), (), found(WRONG + "!", issue), None).blocks) == 2


def test_an_empty_reason_opens_a_finding_again() -> None:
    one = found(WRONG)[0]
    issue = dismissed(ISSUE, found(WRONG), one.finding_id, "A reason.")
    assert dismissed(issue, found(WRONG, issue), one.finding_id, " ").dismissed == ()


@pytest.mark.parametrize("name", ["", "0123456789ab"])
def test_an_unknown_finding_can_not_be_dismissed(name: str) -> None:
    structural = Finding(check="personal_link", severity="error", message="It has to stand there once.")
    with pytest.raises(NotApprovedError, match="can be dismissed"):
        dismissed(ISSUE, (structural, *found(WRONG)), name, "A reason.")


def test_one_sentence_translated_in_two_ways_is_worth_knowing() -> None:
    twice = replace(STORY, sections=(Section(heading="studies", sentences=(Sentence(text=SOURCE, anchors=(1,)),) * 2),))
    segments = (
        Segment(key=KEY, source=SOURCE, target=GOOD, state="draft", origin="memory"),
        Segment(key="bonds-41/studies/2", source=SOURCE, target=GOOD.replace("medido", "avaliado"), state="draft"),
    )
    findings = word_findings(replace(ISSUE, stories=(twice,)), {}, {"pt_BR": segments}, GLOSSARY)
    assert [(one.check, one.severity, one.where) for one in findings] == [
        ("inconsistent", "info", "bonds-41/studies/2")
    ]


def test_a_summary_that_drops_what_its_article_names_is_an_error() -> None:
    articles = {"a-1": article(SOURCE, "The sample was small and the study can not show causes.")}
    findings = word_findings(ISSUE, articles, {}, GLOSSARY)
    assert [(one.check, one.severity, one.where) for one in findings] == [
        ("limitations_present", "error", "bonds-41/limitations")
    ]
