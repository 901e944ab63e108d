"""Sources and pages without a network, and articles to begin from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from digest.models.article import Article, ArticleText, Block, PageMark, Picture
from digest.models.feed import ParsedEntry, ParsedFeed, ParsedPage
from digest.models.resolution import CouldNotCheck
from digest.models.source import FeedCache, Read, Source, SourceAnswer

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
BLOG = "https://blog.example.org"


def source(key: str = "source-1", *, section: str = "posts", url: str = f"{BLOG}/feed", every: int = 30) -> Source:
    return Source(
        key=key,
        newsletter_id="bonds",
        kind="feed",
        url=url,
        section=section,
        language="en",
        limit=3,
        minimum_interval_minutes=every,
    )


def entry(guid: str = "bonds-41", **changes: object) -> ParsedEntry:
    plain = ParsedEntry(
        guid=guid,
        url=f"{BLOG}/posts/{guid or 'none'}",
        title=f"About {guid or 'nothing'}",
        authors=("Ana Example",),
        published=datetime(2026, 11, 19, 8, tzinfo=UTC),
        updated=None,
        language=None,
        text=f"The words of {guid or 'an entry without a name'}.",
        html="",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def feed(*entries: ParsedEntry, problems: tuple[str, ...] = ()) -> ParsedFeed:
    return ParsedFeed(title="Bonds", language="en", link=BLOG, entries=entries, problems=problems)


def read(parsed: ParsedFeed, **changes: object) -> Read:
    plain = Read(feed=parsed, body_sha256="0", etag='"1"', last_modified="Thu, 19 Nov 2026 08:00:00 GMT")
    return replace(plain, **changes)  # type: ignore[arg-type]


class FakeSourceReader:
    """Answers by source key."""

    def __init__(self, answers: Mapping[str, SourceAnswer]) -> None:
        self.answers = dict(answers)
        self.asked: list[FeedCache] = []

    def read_all(self, asked: Sequence[tuple[Source, FeedCache]]) -> Iterable[tuple[Source, SourceAnswer]]:
        for one, cache in asked:
            self.asked.append(cache)
            yield one, self.answers[one.key]


class FakePageReader:
    """Pages by address; an unknown one fails."""

    def __init__(self, pages: Mapping[str, ParsedPage]) -> None:
        self.pages = dict(pages)
        self.pictures: dict[str, Picture] = {}
        self.read: list[str] = []
        self.looked_at: list[str] = []
        self.marks: dict[str, PageMark | CouldNotCheck] = {}
        self.looked_again: list[str] = []

    def look_again(self, url: str, mark: PageMark) -> PageMark | CouldNotCheck:
        self.looked_again.append(url)
        return self.marks.get(url, mark)

    def read_page(self, url: str) -> ParsedPage:
        self.read.append(url)
        missing = ParsedPage(text=ArticleText(url=url, language="", title=""), problems=("The page is not there.",))
        return self.pages.get(url, missing)

    def look_at(self, url: str) -> Picture | CouldNotCheck:
        self.looked_at.append(url)
        return self.pictures.get(url, CouldNotCheck(reason="the site answered 500"))


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=text) for text in texts)


def own_article(name: str = "bonds-41", **changes: object) -> Article:
    plain = Article(
        article_id=name,
        newsletter_id="bonds",
        source_key="source-1",
        section="posts",
        guid=name,
        authors=("Ana Example",),
        published=datetime(2026, 11, 19, 8, tzinfo=UTC),
        first_seen=NOW,
        rights="own",
        text=ArticleText(
            url=f"{BLOG}/posts/{name}", language="en", title="On ties", blocks=paragraphs("The beginning […]")
        ),
        teaser="The beginning […]",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
