"""What is due, what is new, what changed; and that one broken source stops nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from digest.models.article import Article
from digest.models.inspect import EMPTY_FEED
from digest.models.source import Blocked, Failed, FeedCache, Gone, Source, SourceAnswer, Unchanged
from digest.stages.collect import collect
from digest.stages.curate import curate
from digest.works import visits
from fakes_sources import NOW, FakeSourceReader, entry, feed, read, source
from fakes_stores import FakeStateStore

OWN = source()
RESEARCH = source("source-2", section="research", url="https://journal.example.org/feed")


def cache_of(store: FakeStateStore, key: str = "source-1") -> FeedCache:
    return store.feed_caches([key])[key]


def test_a_source_is_due_when_its_pause_is_over() -> None:
    caches = {"source-1": FeedCache(source_key="source-1", next_at=NOW + timedelta(minutes=5))}

    assert visits.due([OWN], caches, NOW) == ((), ("blog.example.org/feed: not due until 2026-11-24 08:05 UTC",))
    assert visits.due([OWN], caches, NOW + timedelta(minutes=5)) == ((OWN,), ())
    assert visits.due([OWN], caches, NOW, force=True) == ((OWN,), ())


def test_a_pause_of_years_comes_from_a_wrong_clock() -> None:
    caches = {"source-1": FeedCache(source_key="source-1", next_at=NOW + timedelta(days=900))}

    assert visits.due([OWN], caches, NOW)[0] == (OWN,)


def test_articles_and_validators_are_stored_together() -> None:
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": read(feed(entry("a-1")))})

    report = collect([OWN], store, reader, now=NOW)

    assert report.made == ("blog.example.org/feed: new: “About a-1” (a-1)",)
    cache = cache_of(store)
    assert (cache.etag, cache.next_at, cache.errors) == ('"1"', NOW + timedelta(minutes=30), 0)
    assert [article.article_id for article in store.articles("bonds")] == ["a-1"]


def test_a_second_run_at_once_asks_nobody_and_a_later_one_sends_the_validators() -> None:
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": read(feed(entry("a-1")))})
    collect([OWN], store, reader, now=NOW)
    second = collect([OWN], store, reader, now=NOW)
    third = collect([OWN], store, reader, now=NOW + timedelta(hours=1))

    assert "not due until" in second.skipped[0]
    assert [cache.etag for cache in reader.asked] == [None, '"1"']
    assert "0 new, 0 edited, 1 unchanged" in third.skipped[0]


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (Failed(reason="the site can not be reached"), timedelta(minutes=30)),
        (Blocked(reason="fewer requests (429)", retry_after_seconds=7200), timedelta(hours=2)),
        (Blocked(reason="refused (403)", retry_after_seconds=None), timedelta(minutes=30)),
        (Gone(reason="gone for good (410)"), timedelta(days=1)),
        (read(feed(problems=("The answer is empty.",))), timedelta(minutes=30)),
    ],
)
def test_one_broken_source_is_reported_and_stops_nothing(answer: SourceAnswer, pause: timedelta) -> None:
    store = FakeStateStore()
    store.save_collected([FeedCache(source_key="source-1", etag='"old"', body_sha256="0")], ())
    reader = FakeSourceReader({"source-1": answer, "source-2": read(feed(entry("a-1")))})

    report = collect([OWN, RESEARCH], store, reader, now=NOW)

    [problem] = report.problems
    assert problem.where == "blog.example.org/feed"
    assert problem.mend
    assert len(report.made) == 1
    cache = cache_of(store)
    assert (cache.etag, cache.body_sha256, cache.errors, cache.next_at) == ('"old"', "0", 1, NOW + pause)


@pytest.mark.parametrize(("forbidden", "mend"), [(True, "another address"), (False, "Nothing to do")])
def test_to_wait_is_advised_only_where_waiting_helps(forbidden: bool, mend: str) -> None:  # noqa: FBT001  a table of two
    answer = Blocked(reason="this is no public address", retry_after_seconds=None, forbidden=forbidden)
    report = collect([OWN], FakeStateStore(), FakeSourceReader({"source-1": answer}), now=NOW)
    assert mend in report.problems[0].mend


def test_pauses_grow_with_every_failure_up_to_a_day() -> None:
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": Failed(reason="no")})
    now, pauses = NOW, list[timedelta]()
    for _ in range(9):
        collect([OWN], store, reader, now=now)
        next_at = cache_of(store).next_at
        assert next_at is not None
        pauses.append(next_at - now)
        now = next_at

    assert pauses[:3] == [timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)]
    assert pauses[-1] == timedelta(days=1)


def test_a_good_answer_ends_the_pauses_and_keeps_what_the_server_asks_for() -> None:
    store = FakeStateStore()
    store.save_collected([FeedCache(source_key="source-1", errors=5)], ())

    report = collect([OWN], store, FakeSourceReader({"source-1": Unchanged(max_age_seconds=7200)}), now=NOW)

    cache = cache_of(store)
    assert (cache.errors, cache.next_at) == (0, NOW + timedelta(hours=2))
    assert report.skipped == ("blog.example.org/feed: nothing changed",)


def test_what_a_feed_asks_for_outlives_the_visits_at_which_nothing_changed() -> None:
    store = FakeStateStore()
    asking = replace(feed(entry("a-1")), pause_seconds=7_200, quiet="3")
    collect([OWN], store, FakeSourceReader({"source-1": read(asking)}), now=NOW)

    later = NOW + timedelta(hours=2)
    collect([OWN], store, FakeSourceReader({"source-1": Unchanged(max_age_seconds=None)}), now=later)

    cache = cache_of(store)
    assert (cache.next_at, cache.quiet) == (later + timedelta(hours=2), "3")


def test_a_feed_read_in_part_is_stored_but_asked_for_whole_again() -> None:
    broken = feed(entry("a-1"), problems=("The feed is not well-formed; 1 entries could be read.",))
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": read(broken)})

    report = collect([OWN], store, reader, now=NOW)

    assert (len(report.made), len(report.problems)) == (1, 1)
    assert cache_of(store).etag is None


def test_an_empty_feed_is_no_failure() -> None:
    store = FakeStateStore()
    reader = FakeSourceReader({"source-1": read(feed(problems=(EMPTY_FEED,)))})

    report = collect([OWN], store, reader, now=NOW)

    assert report.problems == ()
    assert report.skipped == ("blog.example.org/feed: 0 new, 0 edited, 0 unchanged, 0 skipped",)
    assert cache_of(store).errors == 0


def test_a_secret_in_the_address_of_a_feed_is_in_no_line() -> None:
    private = replace(OWN, url="https://ana:hunter2@blog.example.org/feed?key=hunter3")
    answers: list[SourceAnswer] = [Failed(reason="no"), Unchanged(max_age_seconds=None), read(feed(entry("a-1")))]
    for answer in answers:
        store, reader = FakeStateStore(), FakeSourceReader({"source-1": answer})
        reports = [collect([private], store, reader, now=NOW) for _ in range(2)]
        assert "hunter" not in repr(reports)


def test_two_sources_of_one_run_bring_one_article_once() -> None:
    store, both = FakeStateStore(), entry("pubmed:1", url="https://pubmed.ncbi.nlm.nih.gov/1/")
    second = source("source-3", section="research", url="https://other.example.net/feed")
    reader = FakeSourceReader({"source-2": read(feed(both)), "source-3": read(feed(replace(both, guid="x")))})

    report = collect([RESEARCH, second], store, reader, now=NOW)

    assert len(store.articles("bonds")) == 1
    assert any("another source brought it" in line for line in report.skipped)


def many(count: int) -> tuple[list[Source], FakeSourceReader]:
    sources = [
        source(f"source-{one}", section="research", url=f"https://b{one}.example.org/feed") for one in range(count)
    ]
    posts = {one.key: entry(f"{one.key}-a", url=f"{one.url}/a", title="The same title") for one in sources}
    return sources, FakeSourceReader({key: read(feed(post)) for key, post in posts.items()})


def test_what_many_sources_bring_is_stored_together_under_names_of_its_own() -> None:
    class Counting(FakeStateStore):
        def __init__(self) -> None:
            super().__init__()
            self.lots: list[tuple[int, int]] = []

        def save_collected(self, caches: Sequence[FeedCache], articles: Sequence[Article]) -> None:
            self.lots.append((len(caches), len(articles)))
            super().save_collected(caches, articles)

    store, (sources, reader) = Counting(), many(60)

    collect(sources, store, reader, now=NOW)

    assert store.lots == [(25, 25), (25, 25), (10, 10)]
    assert len({article.article_id for article in store.articles("bonds")}) == 60
    assert all(cache_of(store, one.key).etag for one in sources)


def test_what_was_brought_before_the_reader_broke_is_stored() -> None:
    class Breaking(FakeSourceReader):
        def read_all(self, asked: Sequence[tuple[Source, FeedCache]]) -> Iterable[tuple[Source, SourceAnswer]]:
            yield from super().read_all(asked[:3])
            raise ZeroDivisionError

    store, (sources, reader) = FakeStateStore(), many(4)

    with pytest.raises(ZeroDivisionError):
        collect(sources, store, Breaking(reader.answers), now=NOW)

    assert [bool(cache_of(store, one.key).etag) for one in sources] == [True, True, True, False]
    assert len(store.articles("bonds")) == 3


def test_an_edited_post_is_no_new_one_and_no_issue_takes_it_again() -> None:
    first, edited = entry("a-1"), entry("a-1", text="Quite other words.", updated=NOW)
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": read(feed(first))})
    collect([OWN], store, reader, now=NOW)
    sent, _ = curate(store.articles("bonds"), (OWN,), (), None, newsletter_id="bonds", due=date(2026, 11, 26), now=NOW)
    assert sent is not None
    reader.answers["source-1"] = read(feed(edited), body_sha256="1")
    later = NOW + timedelta(days=7)

    report = collect([OWN], store, reader, now=later)
    again, told = curate(
        store.articles("bonds"), (OWN,), (sent,), None, newsletter_id="bonds", due=date(2026, 12, 3), now=later
    )

    assert report.made == ("blog.example.org/feed: edited: “About a-1” (a-1)",)
    assert [one.text.blocks[0].text for one in store.articles("bonds")] == ["Quite other words."]
    assert again is None
    assert told.skipped == ("no issue: nothing new since the issue of 2026-11-26",)


def test_no_source_is_no_work() -> None:
    assert collect([], FakeStateStore(), FakeSourceReader({}), now=NOW).skipped == ()


def test_a_source_that_is_gone_is_said_at_every_run_and_asked_no_more() -> None:
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": Gone(reason="gone for good (410)")})
    reports = [collect([OWN], store, reader, now=NOW + timedelta(days=day)) for day in range(4)]

    assert [len(report.problems) for report in reports] == [1, 1, 1, 1]
    assert len(reader.asked) == 2
    assert "twice, a day apart" in reports[-1].problems[0].what


def test_a_feed_that_moved_for_good_is_followed_and_its_new_address_proposed() -> None:
    store, moved = FakeStateStore(), "https://new.example.net/feed"
    reader = FakeSourceReader({"source-1": Unchanged(max_age_seconds=None, moved_to=moved)})

    reports = [collect([OWN], store, reader, now=NOW + timedelta(days=day)) for day in (0, 3, 7)]

    assert [len(report.problems) for report in reports] == [0, 0, 1]
    assert "Put https://new.example.net/feed into digest.toml" in reports[-1].problems[0].mend
