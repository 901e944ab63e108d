"""Curation: newest first, within limits, with reasons, and never against the author."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digest.models.article import Article, ArticleText, Block, Citation
from digest.models.issue import Candidate, Issue, Section, Sentence, Story
from digest.models.report import StageReport
from digest.models.source import Source
from digest.stages.curate import curate

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
BLOG = Source(
    key="blog", newsletter_id="bonds", kind="feed", url="https://blog.example.org/feed", section="posts",
    language="en", limit=2, minimum_interval_minutes=30,
)  # fmt: skip
SEARCH = replace(BLOG, key="search", section="research", limit=1)


def article(name: str, days_ago: int = 0, source: Source = BLOG, seen: datetime = NOW) -> Article:
    """One article of a source."""
    return Article(
        article_id=name,
        newsletter_id="bonds",
        source_key=source.key,
        section=source.section,
        guid=name,
        authors=("A. Example",),
        published=NOW - timedelta(days=days_ago),
        first_seen=seen,
        rights="own" if source.is_own else "third-party",
        text=ArticleText(url=f"https://blog.example.org/{name}", language="en", title=name.title()),
        journal="" if source.is_own else "Example Journal",
    )


def curated(
    articles: list[Article], past: tuple[Issue, ...] = (), current: Issue | None = None, now: datetime = NOW
) -> tuple[Issue | None, StageReport]:
    """Curate the issue of 26 November."""
    due = date(2026, 11, 26)
    return curate(articles, (BLOG, SEARCH), past, current, newsletter_id="bonds", due=due, now=now)


def keys(issue: Issue | None) -> list[str]:
    """The stories' keys in order."""
    assert issue is not None
    return [story.key for story in issue.stories]


def test_newest_first_up_to_the_limit_and_the_rest_are_candidates_with_a_reason() -> None:
    issue, report = curated([article("old", 9), article("new", 1), article("mid", 5)])
    assert keys(issue) == ["new", "mid"]
    assert issue is not None
    assert [candidate.article_id for candidate in issue.candidates] == ["old"]
    assert "already carries 2 newer ones" in report.skipped[0]


def test_her_own_posts_come_before_studies() -> None:
    issue, _ = curated([article("study", 0, SEARCH), article("post", 5)])
    assert keys(issue) == ["post", "study"]


def test_a_study_carries_a_label_that_claims_nothing_the_record_does_not_say() -> None:
    issue, _ = curated([article("study", 0, SEARCH)])
    assert issue is not None
    said = [part.message for part in issue.stories[0].label]
    assert said[0] == "Study design: not stated in the record"


def test_what_was_offered_before_is_not_offered_again() -> None:
    first, _ = curated([article("a", 1), article("b", 2), article("c", 3)])
    assert first is not None
    issue, report = curated([article("a", 1), article("b", 2), article("c", 3)], past=(first,))
    assert issue is None
    assert report.skipped == ("no issue: nothing new since the issue of 2026-11-26",)


def test_what_the_author_took_out_stays_out() -> None:
    begun, _ = curated([article("a", 1), article("b", 2)])
    assert begun is not None
    mended = replace(begun, stories=begun.stories[:1])
    issue, _ = curated([article("a", 1), article("b", 2)], current=mended, now=NOW + timedelta(hours=2))
    assert keys(issue) == ["a"]


def test_an_article_that_comes_later_joins_the_issue() -> None:
    begun, _ = curated([article("a", 1)])
    later = article("b", 0, seen=NOW + timedelta(hours=1))
    issue, _ = curated([article("a", 1), later], current=begun, now=NOW + timedelta(hours=2))
    assert keys(issue) == ["a", "b"]


def test_a_candidate_that_she_moves_up_is_completed_from_its_article() -> None:
    begun, _ = curated([article("a", 1), article("b", 2), article("c", 3)])
    assert begun is not None
    moved = Story(
        key="", kind="post", section="posts", article_id="c", url="", language="", title="", authors=(), published=None
    )
    mended = replace(begun, stories=(*begun.stories, moved), candidates=())
    issue, _ = curated([article("a", 1), article("b", 2), article("c", 3)], current=mended)
    assert keys(issue) == ["a", "b", "c"]
    assert issue is not None
    assert issue.stories[2].title == "C"


def test_a_citation_that_could_not_be_looked_up_is_brought_up_to_date() -> None:
    cited = Citation(text="Example: T (2025)", authors="Example", title="T", year=2025)
    begun, _ = curated([replace(article("a", 1), citations=(cited,))])
    known = replace(cited, status="confirmed", doi="10.5555/sleep.1")
    issue, _ = curated([replace(article("a", 1), citations=(known,))], current=begun)
    assert issue is not None
    assert issue.stories[0].citations == (known,)
    decided = replace(cited, status="not_found", by_author=True)
    assert begun is not None
    hers = replace(begun, stories=(replace(begun.stories[0], citations=(decided,)),))
    issue, _ = curated([replace(article("a", 1), citations=(known,))], current=hers)
    assert issue is not None
    assert issue.stories[0].citations == (decided,)


def test_a_study_whose_page_was_read_says_so() -> None:
    blocks = tuple(Block(kind="paragraph", text="word " * 500) for _ in range(4))
    study = article("study", 0, SEARCH)
    issue, _ = curated([replace(study, text=replace(study.text, blocks=blocks))])
    assert issue is not None
    assert issue.stories[0].label[-1].message == "Read for this digest: the full text"


def test_her_edits_of_a_story_are_left_alone() -> None:
    begun, _ = curated([article("a", 1)])
    assert begun is not None
    edited = replace(
        begun.stories[0],
        title="My own title",
        sections=(Section(heading="studies", sentences=(Sentence(text="Hers."),)),),
    )
    issue, _ = curated([article("a", 1)], current=replace(begun, stories=(edited,)))
    assert issue is not None
    assert issue.stories == (edited,)


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=12, unique=True))
def test_limits_hold_nothing_is_lost_and_a_second_run_changes_nothing(ages: list[tuple[int, bool]]) -> None:
    articles = [article(f"a{age}{own}", age, BLOG if own else SEARCH) for age, own in ages]
    issue, _ = curated(articles)
    if issue is None:
        assert not articles
        return
    offered: list[Story | Candidate] = [*issue.stories, *issue.candidates]
    assert len({item.article_id for item in offered}) == len(offered) == min(len(articles), len(issue.stories) + 8)
    assert sum(story.kind == "post" for story in issue.stories) <= BLOG.limit
    assert sum(story.kind == "study" for story in issue.stories) <= SEARCH.limit
    again, _ = curated(articles, current=issue, now=NOW + timedelta(hours=2))
    assert again == issue
