"""What the preview shows of an issue: each sentence beside what it rests on and beside its translations."""

from collections.abc import Iterator, Mapping, Sequence

from digest.desk.ease import eases_of
from digest.models.article import Article
from digest.models.issue import Section, Sentence, Story
from digest.models.newsletter import Newsletter
from digest.models.segment import Segment
from digest.pipeline import Desk, article_sentences
from digest.web.static import (
    PreviewSection,
    PreviewSentence,
    PreviewStory,
    PreviewTranslation,
    PreviewView,
)


def preview_view(desk: Desk, newsletter: Newsletter, locale: str) -> PreviewView:
    """Put an issue together for its author; `locale` is that of the page around the mail."""
    translations = _translations(desk.segments)
    return PreviewView(
        newsletter=newsletter.title(locale),
        issue_id=desk.issue.issue_id,
        due=desk.issue.due,
        state=desk.review.state,
        editions=desk.outcome.editions,
        stories=tuple(_story(story, desk, translations) for story in desk.issue.stories),
        candidates=desk.issue.candidates,
        blocks=desk.review.blocks,
        warnings=desk.review.warnings,
        approval=desk.approval,
    )


def _story(story: Story, desk: Desk, translations: Mapping[str, tuple[PreviewTranslation, ...]]) -> PreviewStory:
    article = desk.articles.get(story.article_id)
    return PreviewStory(
        key=story.key,
        kind=story.kind,
        title=story.title,
        url=story.url,
        language=story.language,
        sections=tuple(_section(story, section, article, translations) for section in story.sections),
        others=tuple(_others(story, translations)),
        label=story.label,
        reasons=story.reasons,
        findings=tuple(finding for finding in desk.review.findings if finding.where.partition("/")[0] == story.key),
        eases=eases_of(story, article, desk.segments),
        for_author_only=article.teaser if article and article.rights == "third-party" else "",
    )


def _section(
    story: Story,
    section: Section,
    article: Article | None,
    translations: Mapping[str, tuple[PreviewTranslation, ...]],
) -> PreviewSection:
    sources = article_sentences(article) if article else ()
    sentences = []
    for number, sentence in enumerate(section.sentences, start=1):
        key = f"{story.key}/{section.heading}/{number}"
        sentences.append(
            PreviewSentence(
                key=key,
                text=sentence.text,
                sources=_anchored(sentence, sources),
                translations=translations.get(key, ()),
            )
        )
    return PreviewSection(heading=section.heading, sentences=tuple(sentences))


def _anchored(sentence: Sentence, sources: Sequence[str]) -> tuple[str, ...]:
    """An anchor that leads nowhere (the post was edited, or the file) is left out."""
    return tuple(sources[anchor - 1] for anchor in sentence.anchors if 0 < anchor <= len(sources))


def _others(story: Story, translations: Mapping[str, tuple[PreviewTranslation, ...]]) -> Iterator[PreviewSentence]:
    texts = {"title": story.title, "copyright": story.copyright}
    if story.image:
        texts |= {"image_alt": story.image.alt, "image_credit": story.image.credit}
    texts |= {f"tag/{number}": tag for number, tag in enumerate(story.categories, start=1)}
    for tail, text in texts.items():
        key = f"{story.key}/{tail}"
        if key in translations:
            yield PreviewSentence(key=key, text=text, translations=translations[key])


def _translations(segments: Mapping[str, Sequence[Segment]]) -> dict[str, tuple[PreviewTranslation, ...]]:
    found: dict[str, tuple[PreviewTranslation, ...]] = {}
    for locale, entries in segments.items():
        for entry in entries:
            translation = PreviewTranslation(
                locale=locale,
                text=entry.target,
                state=entry.state,
                origin=entry.origin,
                previous_source=entry.previous_source,
                findings=entry.findings,
            )
            found[entry.key] = (*found.get(entry.key, ()), translation)
    return found
