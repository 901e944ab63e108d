"""Feeds of all shapes, and bodies that are none."""

import json
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import http_server as faults
from digest.adapters.http import HttpClient
from digest.adapters.sources import dates, decoding, fragments, isolated
from digest.adapters.sources.feeds import parse
from digest.adapters.sources.parser_pool import ParserPool
from digest.adapters.sources.reader import SiteReader
from digest.models.feed import ParsedEntry, ParsedFeed
from digest.models.inspect import EMPTY_FEED, feed_json
from digest.models.source import FeedCache, Read, Source

FEEDS = Path(__file__).resolve().parent.parent / "feeds"
DEMO = Path(__file__).resolve().parent.parent.parent / "demo" / "site"
BASE = "https://blog.example.org"
URL = f"{BASE}/feed.xml"


def read(body: bytes, content_type: str = "application/xml") -> ParsedFeed:
    return parse(body, url=URL, content_type=content_type)


def corpus(name: str) -> ParsedFeed:
    return read((FEEDS / name).read_bytes())


def rss(item: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{head}<item>{item}</item></channel></rss>'.encode()


def entry_of(item: str, head: str = "") -> ParsedEntry:
    [entry] = read(rss(item, head)).entries
    return entry


def test_the_demo_blog_is_read_whole() -> None:
    feed = read((DEMO / "feed.xml").read_bytes().replace(b"@BASE@", BASE.encode()))

    assert (feed.title, feed.language, feed.link, feed.problems) == ("Bonds", "en", f"{BASE}/", ())
    assert [entry.guid for entry in feed.entries] == ["bonds-41", "bonds-40", "bonds-39"]
    first = feed.entries[0]
    assert first.url == f"{BASE}/posts/close-ties-and-long-lives.html"
    assert first.authors == ("Ana Example",)
    assert first.published == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert first.categories == ("Loneliness", "Health")
    assert first.comments_url.endswith("#comments")
    assert first.text.endswith("whether our ties […]")
    assert first.doi is None


def test_a_pubmed_search_gives_every_author_the_journal_and_the_doi() -> None:
    feed = read((DEMO / "pubmed.xml").read_bytes().replace(b"@BASE@", BASE.encode()))

    first, *_, last = feed.entries
    assert first.guid == "pubmed:25910392"
    assert first.authors == ("J Holt-Lunstad", "TB Smith", "M Baker", "T Harris", "D Stephenson")
    assert (first.doi, first.journal) == ("10.1177/1745691614568352", "Perspectives on Psychological Science")
    assert first.published == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert (last.doi, last.journal) == ("10.1093/ppar/prx030", "Public Policy & Aging Report")


def test_an_atom_feed_in_portuguese_is_read() -> None:
    feed = corpus("atom_pt.xml")

    [entry] = feed.entries
    assert (feed.title, entry.language) == ("Laços & vínculos", "pt-BR")
    assert entry.title == "Apego: o que é?"
    assert entry.authors == ("Ana Exemplo", "Bia Exemplo")
    assert entry.text == "Primeiro parágrafo, com acento.\n\nOs estudos\n\nSegundo parágrafo.\n\num item"
    assert f'href="{BASE}/sobre"' in entry.html
    assert "script" not in entry.html
    assert entry.published == datetime(2026, 11, 19, 11, tzinfo=UTC)


def test_a_publishers_rdf_feed_names_the_doi_and_the_journal() -> None:
    [entry] = corpus("publisher_rdf.xml").entries

    assert entry.doi == "10.1111/famp.99999"
    assert entry.journal == "Family Process"
    assert entry.published == datetime(2026, 11, 2, tzinfo=UTC)


def test_iso_latin_bytes_keep_their_accents() -> None:
    assert corpus("latin1.xml").entries[0].title == "Coração e solidão"


def test_space_before_the_declaration_is_forgiven() -> None:
    feed = read(b"\n\n  " + rss("<title>x</title>"))

    assert [entry.title for entry in feed.entries] == ["x"]
    assert feed.problems == ()


def test_a_truncated_feed_gives_what_is_there_and_says_so() -> None:
    body = rss("<title>one</title>").replace(b"</channel></rss>", b"<item><title>two</tit")

    feed = read(body)

    assert feed.entries[0].title == "one"
    assert "not well-formed" in feed.problems[0]


def test_bare_ampersands_lose_no_entry() -> None:
    feed = read(rss("<title>Me & you &nbsp; us</title></item><item><title>second</title>"))

    assert [entry.title for entry in feed.entries] == ["Me & you us", "second"]


def test_a_web_page_is_named_as_such_with_the_feed_it_offers() -> None:
    page = b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed/"></head></html>'

    [problem] = read(page, "text/html").problems

    assert problem == f"The address answers with a web page, not with a feed. It names this feed: {BASE}/feed/"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b'{"error": "no"}', "not"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "not well-formed"),
        (rss("").replace(b"<item></item>", b""), EMPTY_FEED),
        (rss("<foo/>"), "None of its 1 entries"),
    ],
)
def test_what_is_no_feed_has_no_entries_and_one_reason(body: bytes, words: str) -> None:
    feed = read(body)

    assert feed.entries == ()
    assert words in feed.problems[0]


def test_a_body_is_never_taken_for_the_name_of_a_file() -> None:
    assert read(str(FEEDS / "atom_pt.xml").encode()).entries == ()


def test_entities_bring_in_no_local_file() -> None:
    secret = (FEEDS / "latin1.xml").as_uri()
    body = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{secret}">]>'.encode() + rss("<title>a&e;b</title>")[21:]

    assert all("Cora" not in entry.title for entry in read(body).entries)


def test_nothing_active_is_left_in_the_markup() -> None:
    markup = (
        "<![CDATA[<p onclick='x()'>a <a href='javascript:x()'>b</a><script>c</script><iframe src='//e.org'></iframe>"
        "<img src='/p.png' onerror='x()'><style>d</style><svg><script>e</script></svg></p>]]>"
    )

    entry = entry_of(f"<title>t</title><link>{BASE}/post</link><description>{markup}</description>")

    assert entry.text == "a b"
    assert entry.html == f'<p>a <a rel="noopener noreferrer">b</a><img src="{BASE}/p.png"></p>'


def test_formulas_become_words() -> None:
    math = (
        "<![CDATA[<p>so <math alttext='x'><mi>y</mi></math> and <math alttext=\"p &lt; .05\"><mi>p</mi></math></p>]]>"
    )

    assert entry_of(f"<title>t</title><description>{math}</description>").text == "so y and p < .05"


def test_a_title_with_markup_becomes_one_plain_line() -> None:
    assert entry_of("<title>&lt;b&gt;Love&lt;/b&gt; &amp;amp;\n  fear</title>").title == "Love & fear"
    assert (
        entry_of("<title>Love&lt;br&gt;at sea&lt;br /&gt;&lt;i&gt;a&lt;/i&gt;gain</title>").title == "Love at sea again"
    )


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Why a<b and b > c", "Why a<b and b > c"),
        ("<em>Love</em> at sea", "Love at sea"),
        ("Love<br>at sea", "Love at sea"),
        ("Bob&#8217;s love", "Bob’s love"),
        ("AT&T", "AT&T"),
    ],
)
def test_a_title_of_a_json_feed_is_text_unless_it_surely_is_markup(said: str, title: str) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": said}]}

    [entry] = parse(json.dumps(feed).encode(), url=URL, content_type="application/feed+json").entries

    assert entry.title == title


@pytest.mark.parametrize(
    ("item", "doi"),
    [
        ("<guid isPermaLink='false'>doi:10.1111/ABC.1</guid>", "10.1111/abc.1"),
        ("<link>https://doi.org/10.1111/abc.1?utm_source=x</link>", "10.1111/abc.1"),
        ("<guid>pubmed:1</guid><description>DOI: 10.1111/abc.1 | x</description>", "10.1111/abc.1"),
        ("<description>I read https://doi.org/10.1111/abc.1 yesterday</description>", None),
    ],
)
def test_a_doi_is_the_entrys_own_or_none(item: str, doi: str | None) -> None:
    assert entry_of(f"<title>t</title>{item}").doi == doi


def test_an_address_of_mail_is_nobodys_name() -> None:
    entry = entry_of("<title>t</title><author>ana@example.org (Ana Example)</author>")

    assert entry.authors in {("Ana Example",), ()}
    assert "@" not in repr(entry.authors)


def test_what_an_entry_lacks_is_empty_and_not_invented() -> None:
    entry = entry_of("<description>only words</description>")

    assert (entry.guid, entry.url, entry.title, entry.authors, entry.published) == ("", "", "", (), None)


def test_a_very_long_feed_is_read_in_part_and_in_time() -> None:
    body = rss("<title>x</title></item>" + "<item><title>more</title></item>" * 20_000 + "<item>")
    started = time.monotonic()

    feed = read(body)

    assert len(feed.entries) == 1_000
    assert any("only its first 1000" in problem for problem in feed.problems)
    assert time.monotonic() - started < 15


HOSTILE = {
    "deep elements": b"<rss><channel>" + b"<a>" * 20_000,
    "deep markup": rss("<title>t</title><description>" + "&lt;div&gt;" * 20_000 + "hello</description>"),
    "open comments": rss("<title>t</title><description>" + "&lt;!--" * 30_000 + "</description>"),
    "open formulas": rss("<title>t</title><description>" + "&lt;math " * 20_000 + "</description>"),
    "angle brackets": b"<rss>" + b"<" * 100_000,
    "open sections": b"<rss><channel><item><title>" + b"<![CDATA[" * 20_000,
    "amplification": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
    + rss("<title>&j;</title>")[21:],
    "every byte": bytes(range(256)) * 200,
    "odd encoding": b'<?xml version="1.0" encoding="zlib_codec"?>' + rss("<title>t</title>")[21:],
    "page links": b"<html>" + b"<link type" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_ends_soon_with_a_feed_or_a_reason(name: str) -> None:
    started = time.monotonic()

    feed = read(HOSTILE[name])

    assert feed.entries or feed.problems
    assert time.monotonic() - started < 15


def test_deep_markup_keeps_its_words() -> None:
    assert read(HOSTILE["deep markup"]).entries[0].text == "hello"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "text/xml; charset=utf-16", "text/xml; charset=nonsense"]))
def test_any_bytes_are_read_without_failing(tail: bytes, content_type: str) -> None:
    for body in (tail, rss("<title>t</title>")[:60] + tail):
        feed = read(body, content_type)
        assert feed.entries or feed.problems


@given(st.text(max_size=200))
def test_any_date_is_read_without_failing_and_never_before_feeds(text: str) -> None:
    moment = dates.from_text(text)

    assert moment is None or (moment.year >= 1995 and moment.tzinfo is UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 19 Nov 2026 08:00:00 GMT", datetime(2026, 11, 19, 8, tzinfo=UTC)),
        ("2026-11-19T08:00:00-03:00", datetime(2026, 11, 19, 11, tzinfo=UTC)),
        ("2026-11-19", datetime(2026, 11, 19, tzinfo=UTC)),
        ("qui, 19 nov 2026 08:00:00 BRT", datetime(2026, 11, 19, 11, tzinfo=UTC)),
        ("Thu, 19 Nov 2026 08:00:00 BRST", datetime(2026, 11, 19, 10, tzinfo=UTC)),
        ("19 de novembro de 2026", datetime(2026, 11, 19, tzinfo=UTC)),
        ("19 de fevereiro de 2026, 10:30", datetime(2026, 2, 19, 10, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0000-00-00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_feeds_and_pages(text: str, moment: datetime | None) -> None:
    assert dates.from_text(text) == moment


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/pdivbscript=\"' &;#x1onh", max_size=300))
def test_no_markup_comes_through_active(markup: str) -> None:
    safe = fragments.sanitised(markup, BASE)

    assert "<script" not in safe
    assert " on" not in "".join(part.split(">")[0] for part in safe.split("<")[1:])
    assert isinstance(fragments.blocks_of(safe), tuple)


def test_what_takes_too_long_is_ended() -> None:
    endless = partial(re.fullmatch, rb"(?:a|a)*b")

    with pytest.raises(isolated.ParserFailedError, match=r"within 0\.1 seconds"):
        isolated.run_isolated(endless, b"a" * 300_000, seconds=0.1)


def test_a_body_that_hangs_a_kept_process_costs_only_itself() -> None:
    endless = partial(re.fullmatch, rb"(?:a|a)*b")
    # Long enough for a busy machine to start a process.
    with ParserPool(1, seconds=3.0) as pool:
        first = pool.submit(len, b"abc")
        hung = pool.submit(endless, b"a" * 300_000)
        after = pool.submit(len, b"abcd")

        assert first.result() == 3
        with pytest.raises(isolated.ParserFailedError, match=r"within 3 seconds"):
            hung.result()
        assert after.result() == 4


def test_what_breaks_in_its_own_process_breaks_only_there() -> None:
    body = bytes(300_000)

    with pytest.raises(isolated.ParserFailedError, match="gave up"):
        isolated.run_isolated(decoding.decoded, body)
    assert isolated.run_isolated(decoding.decoded, body, "") == "\0" * 300_000


def source(key: str, url: str) -> Source:
    return Source(
        key=key,
        newsletter_id="bonds",
        kind="feed",
        url=url,
        section="posts",
        language=None,
        limit=3,
        minimum_interval_minutes=30,
    )


def test_the_reader_answers_for_every_source_even_with_one_address_twice() -> None:
    with faults.serving({"/feed": faults.page(rss("<title>x</title>"), "text/xml")}) as server:
        reader = SiteReader(HttpClient(user_agent="digest/test", allow_private_addresses=True))
        asked: Sequence[tuple[Source, FeedCache]] = [
            (source(key, server.url(path)), FeedCache(source_key=key, etag='"1"'))
            for key, path in (("a", "/feed"), ("b", "/feed"), ("c", "/missing"))
        ]

        answers = {one.key: answer for one, answer in reader.read_all(asked)}

        assert set(answers) == {"a", "b", "c"}
        assert isinstance(answers["a"], Read)
        assert answers["a"].feed.entries[0].title == "x"
        assert server.asked[0].headers["if-none-match"] == '"1"'


def test_inspection_prints_the_fields_of_the_design_first() -> None:
    shown = feed_json(corpus("atom_pt.xml"))

    assert list(shown) == ["feed", "entries", "problems"]
    assert list(shown["feed"])[:3] == ["title", "language", "link"]
    fields = ["id", "url", "title", "authors", "published", "updated", "language", "text", "doi"]
    assert list(shown["entries"][0])[:9] == fields
    assert shown["entries"][0]["published"] == "2026-11-19T11:00:00Z"
    assert shown["entries"][0]["from"]["published"] == "published"


@pytest.mark.parametrize("odd", ["", "<foo:bar xmlns:foo='urn:x'/>"])
def test_hours_and_days_that_a_feed_skips_are_read_on_both_ways(odd: str) -> None:
    skipped = "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    entry = "<item><title>t</title><description>&lt;skipHours>&lt;hour>5&lt;/hour>&lt;/skipHours></description></item>"

    feed = read(f"<rss version='2.0'><channel>{skipped}{odd}{entry}</channel></rss>".encode())

    assert feed.quiet == "0 23 sunday"


@pytest.mark.parametrize(
    "link", ["", "#a", "?q", "./", ".", "..", "x", "../x", "/x", "//z.example.net/", "&#63;q", "\\", "https:y"]
)
def test_links_of_one_folder_lead_to_where_they_lead_from_each_of_its_pages(link: str) -> None:
    """The expected ones are those of the page's address itself, which a fragment makes one that is looked at whole."""
    for page in ("https://blog.example.org/posts/41", "https://blog.example.org/41"):
        markup = f'<p><a href="{link}">there</a></p>'
        assert fragments.sanitised(markup, page) == fragments.sanitised(markup, f"{page}#whole")
