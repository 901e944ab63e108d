"""Articles, stories and issues for tests of text and of the stages that draft and localise."""

from datetime import UTC, date, datetime
from typing import Any

from digest.models.article import Article, ArticleText, Block
from digest.models.issue import Issue, Section, SectionHeading, Sentence, Story

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def blocks(*texts: str) -> tuple[Block, ...]:
    """`# text` is a heading, `- text` an item, anything else a paragraph."""
    return tuple(_block(text) for text in texts)


def _block(text: str) -> Block:
    if text.startswith("# "):
        return Block(kind="heading", text=text[2:])
    if text.startswith("- "):
        return Block(kind="item", text=text[2:])
    return Block(kind="paragraph", text=text)


def article_text(*texts: str, language: str = "en", **fields: Any) -> ArticleText:
    known: dict[str, Any] = {"url": "https://blog.example.org/ties", "title": "Ties", "language": language}
    return ArticleText(**(known | {"blocks": blocks(*texts)} | fields))


def article(text: ArticleText, **fields: Any) -> Article:
    known: dict[str, Any] = {
        "article_id": "post-1",
        "newsletter_id": "bonds",
        "source_key": "source-0123456789ab",
        "section": "posts",
        "guid": "post-1",
        "authors": ("Ana Example",),
        "published": NOW,
        "first_seen": NOW,
        "rights": "own",
        "text": text,
        "completed": True,
    }
    return Article(**(known | fields))


def section(heading: SectionHeading, *sentences: str) -> Section:
    return Section(heading=heading, sentences=tuple(Sentence(text=text) for text in sentences))


def story(*sections: Section, **fields: Any) -> Story:
    known: dict[str, Any] = {
        "key": "post-1",
        "kind": "post",
        "section": "posts",
        "article_id": "post-1",
        "url": "https://blog.example.org/ties",
        "language": "en",
        "title": "Ties",
        "authors": ("Ana Example",),
        "published": NOW,
        "sections": sections,
    }
    return Story(**(known | fields))


def issue(*stories: Story) -> Issue:
    return Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=stories)
