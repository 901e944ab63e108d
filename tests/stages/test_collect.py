"""What is due, what is new, what changed; and that one broken source stops nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.article import Article, Block
from digest.models.feed import ParsedEntry
from digest.models.inspect import EMPTY_FEED
from digest.models.source import Blocked, Failed, FeedCache, FetchResult, Gone, Source, Unchanged
from digest.stages.collect import Collected, collect, decide, due
from fakes_sources import BLOG, NOW, FakeSourceReader, entry, feed, fetched, source
from fakes_stores import FakeStateStore

OWN = source()
RESEARCH = source("source-2", section="research", url="https://journal.example.org/feed")


def known_after(*entries: ParsedEntry, by: Source = OWN) -> tuple[Article, ...]:
    return decide(feed(*entries), by, (), NOW).new


def again(known: tuple[Article, ...], *entries: ParsedEntry, by: Source = OWN) -> Collected:
    return decide(feed(*entries), by, known, NOW + timedelta(hours=1))


def test_a_source_is_due_when_its_pause_is_over() -> None:
    caches = {"source-1": FeedCache(source_key="source-1", next_at=NOW + timedelta(minutes=5))}

    assert due([OWN], caches, NOW) == ((), ("blog.example.org/feed: not due until 2026-11-24 08:05 UTC",))
    assert due([OWN], caches, NOW + timedelta(minutes=5)) == ((OWN,), ())
    assert due([OWN], caches, NOW, force=True) == ((OWN,), ())


def test_a_pause_of_years_comes_from_a_wrong_clock() -> None:
    caches = {"source-1": FeedCache(source_key="source-1", next_at=NOW + timedelta(days=900))}

    assert due([OWN], caches, NOW)[0] == (OWN,)


def test_a_new_entry_becomes_an_article_with_a_readable_name() -> None:
    [article] = known_after(entry("bonds-41"))

    assert article.article_id == "bonds-41"
    assert (article.rights, article.section, article.completed) == ("own", "posts", False)
    assert (article.text.title, article.text.language) == ("About bonds-41", "en")
    assert article.first_seen == NOW
    assert article.teaser == "The words of bonds-41."


def test_a_name_is_made_of_the_title_where_the_guid_is_none() -> None:
    [article] = known_after(
        entry("https://blog.example.org/?p=41", title="Apego, solidão e “laços” que nos unem para sempre")
    )

    name, _, digits = article.article_id.rpartition("-")
    assert name == "apego-solidao-e-lacos-que-nos-unem-para"
    assert len(digits) == 6


def test_somebody_elses_article_may_not_be_quoted() -> None:
    [article] = known_after(entry("pubmed:1", doi="10.1/x"), by=RESEARCH)

    assert article.rights == "third-party"


def test_the_same_feed_again_brings_nothing() -> None:
    known = known_after(entry("a-1"), entry("a-2"))

    found = again(known, entry("a-1"), entry("a-2"))

    assert (found.new, found.updated, found.skipped) == ((), (), ())
    assert len(found.unchanged) == 2


def test_an_edited_entry_keeps_its_name_and_first_day() -> None:
    [old] = known_after(entry("a-1"))

    [new] = again((replace(old, completed=True),), entry("a-1", text="Other words.", published=None)).updated

    assert (new.article_id, new.first_seen, new.published) == (old.article_id, old.first_seen, old.published)
    assert (new.teaser, new.completed) == ("Other words.", False)


def test_an_edit_of_the_teaser_does_not_throw_the_full_text_away() -> None:
    [old] = known_after(entry("a-1"))
    full = (Block(kind="paragraph", text="The full text. " * 50),)
    read = replace(old, completed=True, text=replace(old.text, blocks=full))

    [new] = again((read,), entry("a-1", title="A better title")).updated

    assert (new.text.title, new.text.blocks) == ("A better title", full)


@pytest.mark.parametrize(
    "url",
    [
        f"{BLOG}/posts/a-1?utm_source=feed&utm_medium=rss",
        "http://blog.example.org/posts/a-1/",
        "https://BLOG.example.org:443/posts/./a-1#comments",
    ],
)
def test_a_rewritten_guid_is_not_a_new_article(url: str) -> None:
    known = known_after(entry("a-1"))

    found = again(known, entry("something-else", url=url, title="About a-1", text="The words of a-1."))

    assert (found.new, found.updated) == ((), ())
    assert len(found.unchanged) == 1


def test_a_moved_address_with_the_same_guid_is_the_same_article() -> None:
    known = known_after(entry("a-1"))

    found = again(known, entry("a-1", url=f"{BLOG}/new-place/a-1"))

    assert (found.new, len(found.unchanged)) == ((), 1)


def test_a_guid_that_all_entries_share_is_no_identity() -> None:
    shared = [entry("1", url=f"{BLOG}/{name}", title=name, text=name) for name in ("one", "two", "three")]
    known = known_after(*shared)

    assert len({article.article_id for article in known}) == 3
    assert again(known, *shared).new == ()
    newer = entry("1", url=f"{BLOG}/four", title="four", text="four")
    assert [article.text.title for article in again(known, newer, *shared).new] == ["four"]


def test_an_address_that_all_entries_share_is_no_identity() -> None:
    shared = [entry(name, url=BLOG, title=name, text=name) for name in ("e-1", "e-2", "e-3")]
    known = known_after(*shared)

    assert len(known) == 3
    assert again(known, *shared).new == ()
    newer = entry("e-4", url=BLOG, title="e-4", text="e-4")
    assert [article.guid for article in again(known, newer).new] == ["e-4"]


def test_a_feed_of_one_entry_that_always_links_to_the_home_page_brings_each() -> None:
    known = known_after(entry("e-1", url=BLOG, title="One", text="First."))

    [new] = again(known, entry("e-2", url=BLOG, title="Two", text="Second.", published=NOW)).new

    assert new.guid == "e-2"


def test_a_guid_used_for_whatever_is_newest_makes_a_new_article() -> None:
    known = known_after(entry("latest", url=f"{BLOG}/one", title="One", text="First."))

    later = NOW + timedelta(hours=2)
    found = again(known, entry("latest", url=f"{BLOG}/two", title="Two", text="Second.", published=later))

    assert [article.text.url for article in found.new] == [f"{BLOG}/two"]


def test_an_entry_without_guid_and_address_is_known_by_its_words() -> None:
    bare = entry("", url="", title="", text="Only these words are here, and nothing else says what it is at all.")
    known = known_after(bare)

    assert known[0].text.title == "Only these words are here, and nothing else says what …"
    assert again(known, bare).new == ()
    assert len(again(known, replace(bare, text="Other words.")).new) == 1


def test_an_empty_entry_is_skipped_with_its_reason() -> None:
    found = again((), entry("a", url="", title="", text=" "))

    assert found.skipped == ("an entry was skipped: it has no title, no link and no text",)


def test_an_entry_that_stands_twice_in_a_feed_is_one_article() -> None:
    found = again((), entry("", url=f"{BLOG}/x", text="1"), entry("", url=f"{BLOG}/x?utm_source=y", text="2"))

    assert len(found.new) == 1
    assert "twice" in found.skipped[0]


def test_what_another_source_brought_is_not_brought_again() -> None:
    known = known_after(entry("pubmed:1", url="https://pubmed.ncbi.nlm.nih.gov/1/?ff=1", doi="10.1/x"), by=RESEARCH)
    third = source("source-3", section="research", url="https://other.example.net/feed")

    by_url = again(known, entry("x", url="https://pubmed.ncbi.nlm.nih.gov/1/?ff=2&v=3"), by=third)
    by_doi = again(known, entry("y", url="https://other.example.net/y", doi="10.1/x"), by=third)
    own = again(known, entry("z", url=f"{BLOG}/z", doi="10.1/x"))

    assert by_url.new == by_doi.new == ()
    assert "another source" in by_url.skipped[0]
    assert len(own.new) == 1


def test_a_date_ahead_of_now_becomes_the_day_it_was_seen() -> None:
    [ahead] = known_after(entry("a-1", published=NOW + timedelta(days=90)))
    [soon] = known_after(entry("a-2", published=NOW + timedelta(hours=3)))
    [none] = known_after(entry("a-3", published=None))

    assert (ahead.published, soon.published, none.published) == (NOW, NOW + timedelta(hours=3), None)


def test_the_words_decide_on_the_language_where_there_are_enough() -> None:
    words = "O estudo mostra que as pessoas não estão sozinhas, e que os laços entre elas são fortes. " * 4

    assert known_after(entry("a-1", text=words))[0].text.language == "pt"
    assert known_after(entry("a-2", text=words, language="pt-BR"))[0].text.language == "pt-BR"
    assert known_after(entry("a-3", text="Não."))[0].text.language == "en"


def test_the_authors_headings_are_recognised_in_the_text_of_a_feed() -> None:
    [article] = known_after(entry("a-1", text="Hello there.\n\nThe studies\n\nThey say so."))

    assert [block.kind for block in article.text.blocks] == ["paragraph", "heading", "paragraph"]


entries = st.builds(
    entry,
    guid=st.sampled_from(["", "a", "b-1", "c-22"]),
    url=st.sampled_from(["", f"{BLOG}/1", f"{BLOG}/1?utm_source=x", f"{BLOG}/2", "nonsense"]),
    title=st.sampled_from(["", "One", "Two"]),
    text=st.sampled_from(["", "one", "two"]),
)


@given(st.lists(entries, max_size=6))
def test_reading_the_same_feed_twice_never_makes_an_article_twice(some: list[ParsedEntry]) -> None:
    known = known_after(*some)
    found = again(known, *some)

    assert found.new == ()
    assert len({article.article_id for article in known}) == len(known)


def test_articles_and_validators_are_stored_together() -> None:
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": fetched(b"1")}, {b"1": feed(entry("a-1"))})

    report = collect([OWN], store, reader, now=NOW)

    assert report.made == ("blog.example.org/feed: new: “About a-1” (a-1)",)
    cache = store.feed_cache("source-1")
    assert (cache.etag, cache.next_at, cache.errors) == ('"1"', NOW + timedelta(minutes=30), 0)
    assert [article.article_id for article in store.articles("bonds")] == ["a-1"]


def test_a_second_run_at_once_asks_nobody_and_a_later_one_sends_the_validators() -> None:
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": fetched(b"1")}, {b"1": feed(entry("a-1"))})
    collect([OWN], store, reader, now=NOW)
    second = collect([OWN], store, reader, now=NOW)
    third = collect([OWN], store, reader, now=NOW + timedelta(hours=1))

    assert "not due until" in second.skipped[0]
    assert [cache.etag for cache in reader.asked] == [None, '"1"']
    assert third.skipped == ("blog.example.org/feed: the same bytes as last time",)
    assert reader.parsed == 1


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (Failed(reason="the site can not be reached"), timedelta(minutes=30)),
        (Blocked(reason="fewer requests (429)", retry_after_seconds=7200), timedelta(hours=2)),
        (Blocked(reason="refused (403)", retry_after_seconds=None), timedelta(minutes=30)),
        (Gone(reason="gone for good (410)"), timedelta(days=1)),
        (fetched(b"bad"), timedelta(minutes=30)),
    ],
)
def test_one_broken_source_is_reported_and_stops_nothing(answer: FetchResult, pause: timedelta) -> None:
    store = FakeStateStore()
    store.save_collected(FeedCache(source_key="source-1", etag='"old"', body_sha256="0"), ())
    feeds = {b"bad": feed(problems=("The answer is empty.",)), b"1": feed(entry("a-1"))}
    reader = FakeSourceReader({"source-1": answer, "source-2": fetched(b"1")}, feeds)

    report = collect([OWN, RESEARCH], store, reader, now=NOW)

    [problem] = report.problems
    assert problem.where == "blog.example.org/feed"
    assert problem.mend
    assert len(report.made) == 1
    cache = store.feed_cache("source-1")
    assert (cache.etag, cache.body_sha256, cache.errors, cache.next_at) == ('"old"', "0", 1, NOW + pause)


def test_pauses_grow_with_every_failure_up_to_a_day() -> None:
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": Failed(reason="no")})
    now, pauses = NOW, list[timedelta]()
    for _ in range(9):
        collect([OWN], store, reader, now=now)
        next_at = store.feed_cache("source-1").next_at
        assert next_at is not None
        pauses.append(next_at - now)
        now = next_at

    assert pauses[:3] == [timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)]
    assert pauses[-1] == timedelta(days=1)


def test_a_good_answer_ends_the_pauses_and_keeps_what_the_server_asks_for() -> None:
    store = FakeStateStore()
    store.save_collected(FeedCache(source_key="source-1", errors=5), ())

    report = collect([OWN], store, FakeSourceReader({"source-1": Unchanged(max_age_seconds=7200)}), now=NOW)

    cache = store.feed_cache("source-1")
    assert (cache.errors, cache.next_at) == (0, NOW + timedelta(hours=2))
    assert report.skipped == ("blog.example.org/feed: nothing changed",)


def test_a_feed_read_in_part_is_stored_but_asked_for_whole_again() -> None:
    broken = feed(entry("a-1"), problems=("The feed is not well-formed; 1 entries could be read.",))
    store, reader = FakeStateStore(), FakeSourceReader({"source-1": fetched(b"1")}, {b"1": broken})

    report = collect([OWN], store, reader, now=NOW)

    assert (len(report.made), len(report.problems)) == (1, 1)
    assert store.feed_cache("source-1").etag is None


def test_an_empty_feed_is_no_failure() -> None:
    store = FakeStateStore()
    reader = FakeSourceReader({"source-1": fetched(b"1")}, {b"1": feed(problems=(EMPTY_FEED,))})

    report = collect([OWN], store, reader, now=NOW)

    assert report.problems == ()
    assert report.skipped == ("blog.example.org/feed: 0 new, 0 edited, 0 unchanged, 0 skipped",)
    assert store.feed_cache("source-1").errors == 0


def test_a_secret_in_the_address_of_a_feed_is_in_no_line() -> None:
    private = replace(OWN, url="https://ana:hunter2@blog.example.org/feed?key=hunter3")
    answers: list[FetchResult] = [Failed(reason="no"), Unchanged(max_age_seconds=None), fetched(b"1")]
    for answer in answers:
        store, reader = FakeStateStore(), FakeSourceReader({"source-1": answer}, {b"1": feed(entry("a-1"))})
        reports = [collect([private], store, reader, now=NOW) for _ in range(2)]
        assert "hunter" not in repr(reports)


def test_two_sources_of_one_run_bring_one_article_once() -> None:
    store, both = FakeStateStore(), entry("pubmed:1", url="https://pubmed.ncbi.nlm.nih.gov/1/")
    second = source("source-3", section="research", url="https://other.example.net/feed")
    answers = {"source-2": fetched(b"1"), "source-3": fetched(b"2")}
    reader = FakeSourceReader(answers, {b"1": feed(both), b"2": feed(replace(both, guid="x"))})

    report = collect([RESEARCH, second], store, reader, now=NOW)

    assert len(store.articles("bonds")) == 1
    assert any("another source brought it" in line for line in report.skipped)


def test_no_source_is_no_work() -> None:
    assert collect([], FakeStateStore(), FakeSourceReader({}), now=NOW).skipped == ()
