"""What a post's page adds to what its feed said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from digest.models.article import Alternate, Article, ArticleText, Block, Citation, Image, PageMark
from digest.models.feed import ParsedPage
from digest.models.resolution import CouldNotCheck
from digest.stages.complete import complete, from_record, is_teaser, joined, translation
from fakes_sources import BLOG, NOW, FakePageReader, own_article, paragraphs
from fakes_stores import FakeStateStore

URL = f"{BLOG}/posts/bonds-41"
TWIN_URL = f"{BLOG}/pt/bonds-41"
CITED = "Dr. Ana Example and her colleagues: On the ties between people (2010)"
LONG = "A sentence of the page. " * 60
BOTH = (Alternate(language="en", url=URL), Alternate(language="pt-BR", url=TWIN_URL))


def page(url: str = URL, language: str = "en", alternates: tuple[Alternate, ...] = ()) -> ParsedPage:
    text = ArticleText(
        url=url,
        language=language,
        title="On ties (page)",
        categories=("Ties",),
        byline="By Ana Example",
        blocks=(Block(kind="heading", text="The studies"), *paragraphs(LONG, CITED)),
        image=Image(url=f"{BLOG}/a.png", alt="a hill", credit="Ana Example"),
        copyright="© 2026 Ana Example",
    )
    return ParsedPage(text=text, authors=("Ana Example",), alternates=alternates)


def run(articles: list[Article], pages: FakePageReader) -> tuple[tuple[Article, ...], FakeStateStore, str]:
    store = FakeStateStore()
    result, report = complete(articles, store, pages, now=NOW)
    return result, store, repr(report)


def test_an_own_post_gets_its_text_picture_studies_and_translation() -> None:
    pages = FakePageReader({URL: page(alternates=BOTH), TWIN_URL: page(TWIN_URL, "pt-BR", BOTH)})

    [article], store, report = run([own_article(comments_url=f"{URL}#comments")], pages)

    assert article.completed
    assert article.text.blocks[1].text == LONG
    assert (article.text.title, article.text.url) == ("On ties", URL)
    assert article.text.image is not None
    assert (article.text.copyright, article.text.byline) == ("© 2026 Ana Example", "By Ana Example")
    assert article.twin is not None
    assert (article.twin.language, article.twin.url) == ("pt-BR", TWIN_URL)
    assert [citation.title for citation in article.citations] == ["On the ties between people"]
    assert article.comments_url == f"{URL}#comments"
    assert store.articles("bonds") == (article,)
    assert "her own translation (pt-BR)" in report


def test_a_page_that_fails_leaves_the_feeds_text_and_is_tried_again() -> None:
    pages = FakePageReader({})
    before = own_article()

    [after], store, report = run([before], pages)
    assert after == before
    assert store.articles("bonds") == ()
    assert "The page is not there." in report
    assert "tried again" in report

    pages.pages[URL] = page()
    [completed], _, _ = run([after], pages)
    assert completed.completed


def test_after_two_weeks_the_feeds_own_text_is_enough() -> None:
    old = own_article(first_seen=NOW - timedelta(days=15), text=replace(own_article().text, blocks=paragraphs(CITED)))

    [after], _, _ = run([old], FakePageReader({}))

    assert after.completed
    assert len(after.citations) == 1


def test_a_translation_that_fails_is_tried_again_but_the_text_is_used() -> None:
    pages = FakePageReader({URL: page(alternates=BOTH)})

    [article], _, report = run([own_article()], pages)

    assert not article.completed
    assert article.text.blocks[1].text == LONG
    assert "The translation at blog.example.org/pt/bonds-41 has no text" in report
    [later], _, _ = run([replace(article, first_seen=NOW - timedelta(days=15))], pages)
    assert later.completed


def test_a_post_without_an_address_is_complete_with_its_feed() -> None:
    article = own_article(text=replace(own_article().text, url=""))
    pages = FakePageReader({})

    [after], _, report = run([article], pages)

    assert after.completed
    assert pages.read == []
    assert "no address" in report


def test_somebody_elses_page_is_not_read() -> None:
    study = own_article(
        "a-study",
        rights="third-party",
        guid="pubmed:1",
        section="research",
        authors=("A Example", "B Example"),
        doi="10.1/x",
        journal="Family Process",
        teaser="Family Process. 2016;55(3):390-407. doi: 10.1/x.\n\nABSTRACT",
    )
    pages = FakePageReader({})

    [after], _, _ = run([study], pages)

    assert pages.read == []
    assert after.completed
    assert after.citations == (
        Citation(
            text="", authors="A Example; B Example", title="On ties", year=2016, doi="10.1/x", journal="Family Process"
        ),
    )


def test_the_day_a_search_found_a_study_is_not_its_year() -> None:
    study = own_article(rights="third-party", guid="pubmed:1", teaser="Nothing of a citation line.")

    assert from_record(study).citations[0].year is None
    assert from_record(replace(study, guid="other:1")).citations[0].year == 2026


def test_what_is_complete_is_left_alone_and_the_order_stays() -> None:
    done, new = own_article("a", completed=True, page=PageMark(seen_at=NOW)), own_article("bonds-41")
    pages = FakePageReader({URL: page()})

    result, store, _ = run([new, done], pages)

    assert [article.article_id for article in result] == ["bonds-41", "a"]
    assert pages.read == [URL]
    assert len(store.articles("bonds")) == 1


BEFORE = PageMark(text_sha256="a", characters=1_000, seen_at=NOW - timedelta(days=1))


def seen_before(**changes: Any) -> Article:
    return own_article(completed=True, page=BEFORE, text=replace(own_article().text, url=URL), **changes)


def test_a_post_whose_page_was_edited_is_read_again() -> None:
    pages = FakePageReader({URL: page()})
    pages.marks[URL] = PageMark(text_sha256="b", characters=1_100)

    [article], _, report = run([seen_before(teaser="A teaser [...]")], pages)

    assert pages.read == [URL]
    assert article.completed
    assert article.text.blocks[1].text == LONG
    assert "its page was edited and is read again" in report


def test_a_page_that_is_the_same_is_asked_once_a_day_and_not_read() -> None:
    pages = FakePageReader({URL: page()})

    [article], store, _ = run([seen_before()], pages)
    assert article.page == replace(BEFORE, seen_at=NOW)
    assert store.articles("bonds") == (article,)
    run([article], pages)

    assert (pages.looked_again, pages.read) == ([URL], [])


@pytest.mark.parametrize(
    "mark", [PageMark(text_sha256="b", characters=100), CouldNotCheck(reason="the site answered 500")]
)
def test_a_page_that_shows_something_else_for_now_takes_nothing_away(mark: PageMark | CouldNotCheck) -> None:
    pages = FakePageReader({URL: page()})
    pages.marks[URL] = mark
    before = seen_before()

    [article], _, report = run([before], pages)

    assert (article.text, article.completed, pages.read) == (before.text, True, [])
    assert "kept" in report or "500" in report


def test_old_posts_and_those_of_others_are_not_looked_at_again() -> None:
    old = seen_before(published=NOW - timedelta(days=15))
    others = seen_before(article_id="b", rights="third-party")
    pages = FakePageReader({})

    run([old, others], pages)

    assert pages.looked_again == []


def test_what_is_known_of_a_page_comes_from_its_first_reading() -> None:
    mark = PageMark(etag='"1"', text_sha256="a", characters=1_000)

    [article], _, _ = run([own_article()], FakePageReader({URL: replace(page(), mark=mark)}))

    assert article.page == replace(mark, seen_at=NOW)


def test_a_first_run_reads_the_newest_posts_and_leaves_the_rest_for_the_next() -> None:
    posts = [own_article(f"post-{number}", published=NOW - timedelta(days=number)) for number in range(45)]
    pages = FakePageReader({f"{BLOG}/posts/post-{number}": page() for number in range(45)})

    result, _, report = run(posts, pages)

    assert len(pages.read) == 40
    assert [article.article_id for article in result if not article.completed] == [f"post-{n}" for n in range(40, 45)]
    assert "left for the next run" in report


def test_a_shorter_page_does_not_replace_a_whole_feed_text() -> None:
    whole = "A long text of the feed. " * 100
    article = own_article(teaser=whole, text=replace(own_article().text, blocks=paragraphs(whole)))

    assert joined(article, page(), None).text.blocks == paragraphs(whole)


def test_a_title_made_of_first_words_gives_way_to_the_pages() -> None:
    article = own_article(
        teaser="The beginning of it all […]", text=replace(own_article().text, title="The beginning of …")
    )

    assert joined(article, page(), None).text.title == "On ties (page)"


def test_an_edited_post_keeps_its_translation_until_a_new_one_is_read() -> None:
    twin = page(TWIN_URL, "pt-BR").text

    assert joined(own_article(twin=twin), page(), None).twin == twin


@pytest.mark.parametrize(
    ("alternates", "url"),
    [
        (BOTH, TWIN_URL),
        ((Alternate(language="de", url=f"{BLOG}/de"),), None),
        ((Alternate(language="en-GB", url=f"{BLOG}/gb"),), None),
        ((Alternate(language="pt-BR", url=f"{URL}/?utm_source=x"),), None),
        ((), None),
    ],
)
def test_her_translation_is_in_the_other_language_at_another_address(
    alternates: tuple[Alternate, ...], url: str | None
) -> None:
    found = translation(own_article(), page(alternates=alternates))

    assert (found.url if found else None) == url


def test_a_post_in_a_third_language_has_no_twin() -> None:
    assert translation(own_article(), page(language="de", alternates=BOTH)) is None


@pytest.mark.parametrize(
    ("text", "teaser"),
    [
        ("short", True),
        ("x " * 400, False),
        ("x " * 400 + "[…]", True),
        ("x " * 400 + "Read more", True),
        ("x " * 400 + "Leia mais →", True),
        ("x " * 400 + "Continue lendo", True),
    ],
)
def test_teasers_are_told_from_whole_texts(text: str, *, teaser: bool) -> None:
    assert is_teaser(text) is teaser


def test_an_article_of_which_only_the_address_is_known_gets_its_words_from_its_page() -> None:
    bare = own_article(
        rights="third-party",
        section="others",
        guid="",
        published=None,
        teaser="",
        text=replace(own_article().text, title="bonds-41", blocks=()),
    )

    [after], _, _ = run([bare], FakePageReader({URL: page()}))

    assert after.completed
    assert after.text.title == "On ties (page)"
    assert after.text.blocks[1].text == LONG


def test_texts_that_are_nearly_one_are_proposed_and_both_kept() -> None:
    words = " ".join(f"word{number} of what both of them say in turn" for number in range(60))
    here = own_article(
        "here", rights="third-party", teaser=words, text=replace(own_article().text, blocks=paragraphs(words))
    )
    there = replace(
        here,
        article_id="there",
        source_key="source-2",
        text=replace(
            here.text, url="https://other.example.net/x", blocks=paragraphs(f"Also at our place. {words[:1500]}")
        ),
    )

    result, _, report = run([here, there], FakePageReader({}))

    assert len(result) == 2
    assert "reads like" in report
    assert "nothing was merged" in report
