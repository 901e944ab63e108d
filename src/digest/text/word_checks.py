"""All words of an issue, checked: every translation against its source, every summary against its article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from digest.models.article import Article
from digest.models.glossary import Glossary
from digest.models.issue import Issue, Story
from digest.models.message import N_
from digest.models.segment import Finding, Segment
from digest.text.extract import source_sentences
from digest.text.findings import identified
from digest.text.issue_checks import translatable
from digest.text.language import same_language
from digest.text.pair_checks import check_pair
from digest.text.summary_checks import SummaryRules, check_summary

_QUOTABLE = frozenset({"own", "cc0", "cc-by"})

# An open desk asks again after every edit, and one edit changes one sentence.
_checked = lru_cache(maxsize=4_096)(check_pair)


def translation_word_findings(
    issue: Issue, segments: Iterable[Segment], locale: str, glossary: Glossary
) -> Iterator[Finding]:
    """Yield what the checks find in every translation that this locale shows; spans are those of source and target."""
    by_source = {(segment.key, segment.source): segment.target for segment in segments}
    languages = {story.key: story.language for story in issue.worded}
    said: dict[str, tuple[str, str]] = {}
    for key, source in translatable(issue, locale):
        target = by_source.get((key, source), "")
        if not target.strip():
            continue
        for finding in _checked(source, target, languages[key.partition("/")[0]], locale, glossary):
            yield identified(finding, source, target, where=key, locale=locale)
        first = said.setdefault(source, (key, target))
        if first[1] != target:
            message = N_("The same sentence is translated otherwise at %(other)s: see which is right.")
            other = Finding(check="inconsistent", severity="info", message=message, values=(("other", first[0]),))
            yield identified(other, source, target, where=key, locale=locale)


def summary_word_findings(issue: Issue, articles: Mapping[str, Article]) -> Iterator[Finding]:
    """Yield what the checks find in every summary; target spans are those of the sentence that `where` names."""
    for story in issue.stories:
        article = articles.get(story.article_id)
        if article is None or not article.text.blocks or not same_language(article.text.language, story.language):
            continue
        yield from _summary_findings(story, article)


@lru_cache(maxsize=256)
def _summary_findings(story: Story, article: Article) -> tuple[Finding, ...]:
    return tuple(_findings_of_summary(story, source_sentences(article.text), article))


def _findings_of_summary(story: Story, sentences: Sequence[str], article: Article) -> Iterator[Finding]:
    texts = {
        f"{section.heading}/{number}": sentence
        for section in story.sections
        for number, sentence in enumerate(section.sentences, start=1)
    }
    rules = SummaryRules(may_quote=article.rights in _QUOTABLE)
    for finding in check_summary(sentences, story.sections, story.language, rules):
        # What she says herself about a study rests on no sentence of it.
        if finding.check == "anchored" and finding.where.startswith("words/"):
            continue
        sentence = texts.get(finding.where)
        text = sentence.text if sentence else ""
        anchored = (
            " ".join(sentences[anchor - 1] for anchor in sentence.anchors if 0 < anchor <= len(sentences))
            if sentence
            else ""
        )
        yield replace(identified(finding, anchored, text, where=f"{story.key}/{finding.where}"))
