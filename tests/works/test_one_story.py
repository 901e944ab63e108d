"""A study is one story, in whatever versions it comes and whoever tells of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import work_records as records
from digest.adapters.sources import crossref_work, scielo_work
from digest.models.article import Article, ArticleText, Citation
from digest.models.interests import Interests
from digest.models.issue import Issue, Reason, Section, Sentence, Story
from digest.models.source import Source
from digest.stages.curate import curate, explain
from digest.works.one_story import VERSION, WRITTEN, told_once
from digest.works.picks import YOUR_PICK

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
[PUBLISHED] = crossref_work.works_of([records.crossref()], NOW)
[PREPRINT] = crossref_work.works_of(
    [records.crossref(DOI="10.5555/preprint.7", type="posted-content", relation={}, abstract="")], NOW
)
PORTUGUESE = scielo_work.work_of(records.scielo(), NOW)
ENGLISH = crossref_work.works_of([records.crossref(DOI="10.5555/sleep.en", relation={})], NOW)[0]
BLOG = Source(
    key="blog", newsletter_id="bonds", kind="feed", url="https://blog.example.org/feed", section="posts",
    language="en", limit=2, minimum_interval_minutes=30,
)  # fmt: skip
SEARCH = replace(BLOG, key="search", section="research", limit=3)


def article(name: str, **changes: Any) -> Article:
    made = Article(
        article_id=name,
        newsletter_id="bonds",
        source_key="search",
        section="research",
        guid=name,
        authors=("Ann B. Example",),
        published=NOW,
        first_seen=NOW,
        rights="third-party",
        text=ArticleText(url=f"https://journal.example.org/{name}", language="en", title=f"Title of {name}"),
        completed=True,
    )
    return replace(made, **changes)


def post(doi: str, **changes: Any) -> Article:
    cited = Citation(text="…", authors="A", title="T", year=2025, doi=doi, status="confirmed")
    return article("post", rights="own", source_key="blog", section="posts", citations=(replace(cited, **changes),))


OLD = article("preprint", doi=PREPRINT.doi, work=PREPRINT)
NEW = article("published", doi=PUBLISHED.doi, work=PUBLISHED)


def told(*studies: Article, articles: tuple[Article, ...] = (), issues: tuple[Issue, ...] = ()) -> dict[str, str]:
    found = told_once(studies, (*studies, *articles), issues, ())
    return {one.article_id: "" for one in found.studies} | {name: reason.message for name, reason in found.elsewhere}


def curated(*articles: Article, past: tuple[Issue, ...] = (), current: Issue | None = None) -> Issue:
    issue, _ = curate(articles, (BLOG, SEARCH), past, current, newsletter_id="bonds", due=date(2026, 11, 26), now=NOW)
    assert issue is not None
    return issue


def test_a_preprint_and_its_published_version_are_one_story_with_what_both_say() -> None:
    assert told(OLD, NEW) == {"published": "", "preprint": VERSION}
    [kept] = told_once((OLD, NEW), (OLD, NEW), (), ()).studies
    assert kept.work is not None
    assert kept.work.other_dois == ("10.5555/preprint.7",)
    assert not kept.work.is_preprint


def test_the_two_dois_of_scielos_language_editions_are_one_story() -> None:
    english = article("en", doi="10.5555/sleep.en", work=ENGLISH)
    portuguese = article("pt", doi="10.5555/sleep.pt", work=PORTUGUESE)
    [kept] = told_once((portuguese, english), (portuguese, english), (), ()).studies
    assert kept.work is not None
    assert {title.language for title in kept.work.titles} == {"en", "pt"}


def test_her_post_about_a_study_is_its_story_whichever_version_she_cites() -> None:
    for doi in ("10.5555/sleep.1", "10.5555/preprint.7"):
        assert told(NEW, articles=(post(doi),)) == {"published": WRITTEN}
    assert told(NEW, articles=(post("10.5555/sleep.1", status="ask"),)) == {"published": ""}
    assert [story.key for story in curated(NEW, OLD, post("10.5555/sleep.1")).stories] == ["post"]


def test_what_an_issue_carried_is_not_told_again_in_another_version() -> None:
    first = curated(OLD)
    assert told(NEW, articles=(OLD,), issues=(first,)) == {"published": VERSION}
    # The article itself may be gone by then.
    assert told(NEW, issues=(first,)) == {"published": VERSION}


def test_a_study_gives_way_to_the_post_that_comes_later_unless_she_touched_it() -> None:
    begun = curated(NEW)
    later = replace(post("10.5555/sleep.1"), first_seen=datetime(2026, 11, 25, tzinfo=UTC))
    assert [story.key for story in curated(NEW, later, current=begun).stories] == ["post"]

    [story] = begun.stories
    words = Section(heading="words", sentences=(Sentence(text="Mine."),))
    for touched in (replace(story, sections=(words,)), replace(story, reasons=(Reason(message=YOUR_PICK),))):
        kept = curated(NEW, later, current=replace(begun, stories=(touched,)))
        assert [one.key for one in kept.stories] == ["post", "published"]


def test_why_a_version_is_not_offered_is_told() -> None:
    lines = explain("10.5555/preprint.7", (OLD, NEW), (), Interests(), today=date(2026, 11, 25))
    assert lines[-1] == "It is not offered: It is another version of “Title of published”."


def test_what_has_no_name_is_never_folded() -> None:
    assert told(article("a"), article("b")) == {"a": "", "b": ""}
    story = Story(
        key="x",
        kind="study",
        section="research",
        article_id="x",
        url="",
        language="en",
        title="T",
        authors=(),
        published=None,
    )
    issue = Issue(issue_id="2026-11-19", newsletter_id="bonds", due=date(2026, 11, 19), stories=(story,))
    assert told(article("a"), issues=(issue,)) == {"a": ""}
