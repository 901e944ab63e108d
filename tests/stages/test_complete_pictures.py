"""Pictures of her newest posts are looked at once, within limits, and never stop the rest."""

from dataclasses import replace
from datetime import timedelta

from digest.models.article import Article, ArticleText, Image, Picture
from digest.stages.complete_pictures import look_at
from fakes_sources import BLOG, NOW, FakePageReader, own_article
from fakes_stores import FakeStateStore

FINE = Picture(state="fine", width=1200, height=630, size=48_000)


def post(number: int, **changes: object) -> Article:
    image = Image(url=f"{BLOG}/{number}.png", alt="a hill", credit="")
    text = ArticleText(url=f"{BLOG}/{number}", language="en", title="On ties", image=image)
    return own_article(f"bonds-{number}", text=text, completed=True, published=NOW - timedelta(days=number), **changes)


def seen(article: Article) -> Picture | None:
    return article.text.image.seen if article.text.image else None


def test_a_picture_is_looked_at_once_and_stored() -> None:
    pages, store = FakePageReader({}), FakeStateStore()
    pages.pictures = {f"{BLOG}/1.png": FINE, f"{BLOG}/2.png": Picture(state="gone")}

    articles, report = look_at([post(1), post(2)], store, pages, now=NOW)
    again, _ = look_at(articles, store, pages, now=NOW)

    assert [seen(article) for article in articles] == [FINE, Picture(state="gone")]
    assert again == articles
    assert store.articles("bonds") == articles
    assert pages.looked_at == [f"{BLOG}/1.png", f"{BLOG}/2.png"]
    assert report.made == (
        "bonds-1: its picture has 1200 x 630 pixels, 48 KB",
        "bonds-2: there is no picture at the address of its picture",
    )


def test_other_peoples_pictures_and_those_of_old_posts_are_left_alone() -> None:
    pages = FakePageReader({})
    others = [
        post(1, rights="third-party"),
        replace(post(2), completed=False),
        post(3, first_seen=NOW - timedelta(days=15)),
        own_article("bonds-4", completed=True),
        *(post(number) for number in range(5, 35)),
    ]
    pages.pictures = {f"{BLOG}/{number}.png": FINE for number in range(40)}
    look_at(others, FakeStateStore(), pages, now=NOW)

    assert pages.looked_at == [f"{BLOG}/{number}.png" for number in range(5, 23)]


def test_a_network_that_is_down_is_told_and_not_asked_for_ever() -> None:
    pages = FakePageReader({})
    articles, report = look_at([post(number) for number in range(9)], FakeStateStore(), pages, now=NOW)

    assert [seen(article) for article in articles] == [None] * 9
    assert len(pages.looked_at) == 3
    assert report.problems[0].what == "Its picture can not be looked at: the site answered 500."
