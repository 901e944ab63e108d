"""New, edited, known, moved: what an entry of a feed is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.models.article import Article, Block, Sighting
from digest.models.feed import ParsedEntry
from digest.models.source import Source
from digest.stages.collect import wording
from digest.works.identity import keys_of
from digest.works.intake import Collected, decide
from fakes_sources import BLOG, NOW, entry, feed, source

OWN = source()
RESEARCH = source("source-2", section="research", url="https://journal.example.org/feed")


def known_after(*entries: ParsedEntry, by: Source = OWN) -> tuple[Article, ...]:
    return decide(feed(*entries), by, (), {}, wording, NOW).new


def again(known: tuple[Article, ...], *entries: ParsedEntry, by: Source = OWN) -> Collected:
    mine = [article for article in known if article.source_key == by.key]
    seen = {
        key: Sighting(article_id=article.article_id, source_key=article.source_key)
        for article in known
        for key in keys_of(article.text.url, article.doi)
    }
    return decide(feed(*entries), by, mine, seen, wording, NOW + timedelta(hours=1))


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


LONG = " ".join(f"word{number} of the post that is told here" for number in range(40))


def test_a_site_that_moves_with_new_guids_and_addresses_brings_nothing_new() -> None:
    old = [entry(f"old-{n}", title=f"Post {n}", text=f"{n} {LONG}") for n in range(3)]
    known = known_after(*old)
    moved = [
        replace(one, guid=f"https://new.example.net/?p={n}", url=f"https://new.example.net/{n}/")
        for n, one in enumerate(old)
    ]

    found = again(known, *reversed(moved))

    assert (found.new, found.updated) == ((), ())
    assert {article.article_id: article.text.url for article in found.moved}["old-1"] == "https://new.example.net/1/"


def test_a_move_that_also_edits_and_dates_anew_is_an_edit() -> None:
    known = known_after(entry("a-1", title="On ties", text=LONG))

    found = again(
        known, entry("b-1", url="https://new.example.net/b", title="On Ties!", text=f"{LONG} And more.", published=NOW)
    )

    assert [article.article_id for article in found.updated] == ["a-1"]
    assert found.new == ()


def test_a_post_that_gets_another_title_and_with_it_another_guid_and_address_is_an_edit() -> None:
    known = known_after(entry("https://a/on-ties", title="On ties", text=LONG, published=NOW - timedelta(days=3)))
    renamed = entry("https://a/what-binds", url=f"{BLOG}/what-binds", title="What binds us", text=LONG)

    same_day = again(known, replace(renamed, published=NOW - timedelta(days=3)))
    another_day = again(known, replace(renamed, published=NOW))
    both_there = again(known, entry("https://a/on-ties", title="On ties", text=LONG), replace(renamed, published=NOW))

    assert [(article.text.title, article.article_id) for article in same_day.updated] == [
        ("What binds us", known[0].article_id)
    ]
    assert same_day.new == ()
    assert len(another_day.new) == len(both_there.new) == 1


def test_a_regular_column_under_one_title_is_new_every_time() -> None:
    known = known_after(entry("a-1", title="Links of the week", text="One. " + LONG))

    other = " ".join(f"thing{number} that is told in another week" for number in range(40))
    new = entry("b-1", url=f"{BLOG}/b", title="Links of the week", text="Two. " + other, published=NOW)

    assert len(again(known, new).new) == 1


def test_a_source_with_a_new_address_in_the_settings_keeps_its_articles() -> None:
    known = known_after(entry("a-1"), entry("a-2"))
    new_key = source("source-9", url="https://new.example.net/feed")

    found = decide(
        feed(entry("a-1"), entry("a-2", text="Edited.")), new_key, known, {}, wording, NOW + timedelta(hours=1)
    )

    assert found.new == ()
    assert [(article.article_id, article.source_key) for article in found.moved] == [("a-1", "source-9")]
    assert [(article.article_id, article.source_key) for article in found.updated] == [("a-2", "source-9")]


def test_a_feed_that_turns_round_and_dates_anew_brings_nothing() -> None:
    some = [entry(f"a-{n}") for n in range(4)]
    known = known_after(*some)

    found = again(known, *(replace(one, published=NOW) for one in reversed(some)))

    assert (found.new, found.updated, found.moved) == ((), (), ())
    assert len(found.unchanged) == 4
