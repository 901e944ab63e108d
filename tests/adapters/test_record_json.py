from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.adapters.stores.record_json import decode_record, encode_record
from digest.errors import FileFormatError
from digest.models.article import Alternate, Article, ArticleText, Block, Citation, Image

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ARTICLE = Article(
    article_id="a1",
    newsletter_id="bonds",
    source_key="s1",
    section="posts",
    guid="",
    authors=(),
    published=None,
    first_seen=NOW,
    rights="own",
    text=ArticleText(url="https://blog.example.org/1", language="en", title="One"),
)


WORDS = st.text(alphabet=st.characters(exclude_categories=[]), max_size=20)
# On the first and the last day of the calendar a moment of some zones has no UTC. Naive, as `datetimes` wants it.
FIRST, LAST = datetime(1, 1, 3), datetime(9999, 12, 29)  # noqa: DTZ001
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.timezones() | st.just(UTC)).map(lambda moment: moment.astimezone(UTC))
TEXTS = st.builds(
    ArticleText,
    url=WORDS,
    language=WORDS,
    title=WORDS,
    categories=st.lists(WORDS, max_size=2).map(tuple),
    blocks=st.lists(st.builds(Block, kind=st.sampled_from(["heading", "paragraph", "item"]), text=WORDS)).map(tuple),
    image=st.none() | st.builds(Image, url=WORDS, alt=WORDS, credit=WORDS),
)
ARTICLES = st.builds(
    Article,
    article_id=WORDS,
    newsletter_id=WORDS,
    source_key=WORDS,
    section=WORDS,
    guid=WORDS,
    authors=st.lists(WORDS, max_size=2).map(tuple),
    published=st.none() | MOMENTS,
    first_seen=MOMENTS,
    rights=st.sampled_from(["own", "cc0", "cc-by", "third-party"]),
    text=TEXTS,
    twin=st.none() | TEXTS,
    alternates=st.lists(st.builds(Alternate, language=WORDS, url=WORDS), max_size=2).map(tuple),
    citations=st.lists(
        st.builds(Citation, text=WORDS, authors=WORDS, title=WORDS, year=st.none() | st.integers(), doi=WORDS),
        max_size=2,
    ).map(tuple),
    completed=st.booleans(),
)


@given(article=ARTICLES)
def test_any_article_comes_back_from_json_as_it_was(article: Article) -> None:
    body = encode_record(article)
    assert body.isascii()
    assert decode_record(Article, body) == article


@given(body=st.text() | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(str))
def test_any_other_text_is_refused_as_a_format_error(body: str) -> None:
    with pytest.raises(FileFormatError):
        decode_record(Article, body)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"completed":false', '"completed":0', "Article.completed"),
        ('"authors":[]', '"authors":"A"', "Article.authors"),
        ('"authors":[]', '"authors":[1]', r"Article.authors\[0\]"),
        ('"rights":"own"', '"rights":"mine"', "Article.rights"),
        ('"published":null', '"published":"2026-11-26"', "Article.published"),
        ('"published":null', '"published":7', "Article.published"),
        ('"first_seen":"2026', '"first_seen":"x', "Article.first_seen"),
        ('"language":"en"', '"language":null', "Article.text.language"),
        ('"twin":null', '"twin":{}', "Article.twin"),
    ],
)
def test_a_misfit_is_named_with_its_place(old: str, new: str, place: str) -> None:
    body = encode_record(ARTICLE)
    assert old in body
    with pytest.raises(FileFormatError, match=place):
        decode_record(Article, body.replace(old, new))
