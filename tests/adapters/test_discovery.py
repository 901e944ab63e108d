"""A site of which only the address is known: where its articles are read from, and that it is remembered."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import http_server as faults
from digest.adapters.http import HttpClient
from digest.adapters.sources.discovery import feed_addresses
from digest.adapters.sources.feed_platforms import platform_feed
from digest.adapters.sources.listing import parse_listing
from digest.adapters.sources.platforms import PLATFORMS
from digest.adapters.sources.reader import SiteReader
from digest.adapters.sources.sitemap import parse_sitemap, parts_of_index
from digest.models.source import Failed, FeedCache, Read, Source, SourceAnswer, Unchanged

RSS = b"<rss version='2.0'><channel><title>T</title><item><title>From the feed</title><link>/post/a</link></item></channel></rss>"


def html(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html lang='en'><head><title>A blog</title>{head}</head><body>{body}</body></html>".encode()


def page_source(url: str) -> Source:
    return Source(
        key="source-1",
        newsletter_id="bonds",
        kind="page",
        url=url,
        section="posts",
        language=None,
        limit=3,
        minimum_interval_minutes=30,
    )


def visit(server: faults.FaultServer, path: str = "/blog", cache: FeedCache | None = None) -> SourceAnswer:
    reader = SiteReader(HttpClient(user_agent="digest/test", allow_private_addresses=True))
    [(_, answer)] = reader.read_all([(page_source(server.url(path)), cache or FeedCache(source_key="source-1"))])
    return answer


def found(routes: dict[str, faults.Route], path: str = "/blog") -> tuple[str, str, list[str]]:
    """Give (kind, path found, titles or last parts)."""
    with faults.serving(routes) as server:
        answer = visit(server, path)
        assert isinstance(answer, Read), answer
        names = [entry.title or entry.url.rsplit("/", maxsplit=1)[-1] for entry in answer.feed.entries]
        return answer.feed.kind, answer.found_url.removeprefix(server.url("")), names


KEYS = st.sampled_from([
    "link", "title", "rendered", "content", "excerpt", "guid", "_embedded", "author", "name", "date_gmt", "id", "fullUrl", "body", "publishOn", "tags",
    "categories", "displayName", "assetUrl",
])  # fmt: skip
FEED = faults.page(RSS, "application/rss+xml")
HENTRIES = (
    "<article class='hentry'><h2 class='entry-title'><a href='/blog/one' rel='bookmark'>The first post</a></h2>"
    "<time class='entry-date published' datetime='2026-11-19T08:00:00Z'>x</time><div class='entry-content'>Some words.</div></article>"
    "<div class='h-entry'><a class='u-url p-name' href='/blog/two'>The second post</a><span class='p-author'>Ana Example</span></div>"
)
JSON_LD = (
    '<script type=\'application/ld+json\'>{"@type": "Blog", "blogPost": [{"@type": "BlogPosting", "headline": "From JSON", '
    '"url": "/blog/json", "datePublished": "2026-11-19", "author": {"name": "Ana Example"}}]}</script>'
)
SITEMAP = (
    b"<urlset xmlns='x'><url><loc>/blog/old</loc><lastmod>2026-01-01</lastmod></url><url><loc>/blog/new</loc><lastmod>2026-11-19"
    b"</lastmod></url><url><loc>/about</loc></url><url><loc>/blog/tag/love</loc></url></urlset>"
)
LINKS = (
    "<nav><a href='/blog/in-the-menu'>A link of the menu</a></nav><main><a href='/blog/why-we-cling'>Why we cling to others</a>"
    "<a href='/blog/category/love'>All the posts on love</a><a href='/elsewhere'>Another place on here</a><a href='/blog/x'>more</a></main>"
)


def test_the_address_itself_may_be_a_feed() -> None:
    assert found({"/blog": FEED}) == ("rss20", "/blog", ["From the feed"])


def test_a_feed_that_the_page_names_comes_first_and_feeds_of_comments_last() -> None:
    head = (
        "<base href='/sub/'><link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed'>"
        "<LINK TYPE=application/rss+xml REL='alternate home' HREF='the-feed'>"
    )
    routes = {"/blog": faults.page(html(HENTRIES, head)), "/sub/the-feed": FEED, "/comments/feed": FEED}

    assert found(routes) == ("rss20", "/sub/the-feed", ["From the feed"])


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_each_platform_is_asked_at_its_own_place(platform: object) -> None:
    assert platform in PLATFORMS
    row = next(one for one in PLATFORMS if one == platform)

    addresses = feed_addresses(f"<html>{row.signs[0]}</html>", "https://blog.example.org/blog")

    first = {
        "/": "https://blog.example.org",
        "?": "https://blog.example.org/blog",
        ".": "https://blog.example.org/blog",
    }
    assert addresses[0] == first[row.paths[0][0]] + row.paths[0].removeprefix(".")


def test_a_wordpress_whose_feed_is_closed_is_read_from_its_own_interface() -> None:
    posts = (
        b'[{"link": "/blog/a", "title": {"rendered": "From the interface"}, "content": {"rendered": "<p>Words.</p>"}}]'
    )
    routes = {
        "/blog": faults.page(html(LINKS, "<link rel='stylesheet' href='/wp-content/themes/x.css'>")),
        "/wp-json/wp/v2/posts": faults.page(posts, "application/json"),
    }

    kind, path, titles = found(routes)

    assert (kind, path.partition("?")[0], titles) == ("wordpress", "/wp-json/wp/v2/posts", ["From the interface"])


def collection(first: int, count: int, older: str = "") -> faults.Route:
    """A page of a Squarespace collection; `older` is how it names the next one."""
    items = [
        {"id": str(number), "title": f"Post {number}", "fullUrl": f"/blog/{number}"}
        for number in range(first, first + count)
    ]
    pagination = {"nextPage": bool(older), "nextPageUrl": older}
    said = {"website": {}, "collection": {}, "items": items, "pagination": pagination}
    return faults.page(json.dumps(said).encode(), "application/json")


def squarespace(rules: bytes = b"") -> dict[str, faults.Route]:
    """A site without RSS, whose posts go over three pages."""
    pages = {
        "": collection(0, 2, "/blog?offset=20"),
        "offset=20": collection(2, 2, "/blog?offset=10"),
        "offset=10": collection(4, 1),
    }

    def blog(exchange: faults.Exchange) -> None:
        query = exchange.asked.path.partition("?")[2]
        if "format=json" not in query:
            exchange.answer(html(LINKS, "<script src='//static1.squarespace.com/x.js'></script>"))
        else:
            pages[query.replace("format=json", "").strip("&")](exchange)

    return {"/blog": blog, "/robots.txt": faults.page(rules, "text/plain")}


def test_a_first_visit_reads_the_older_pages_of_a_squarespace_collection_and_later_ones_do_not() -> None:
    assert found(squarespace()) == ("squarespace", "/blog?format=json", [f"Post {number}" for number in range(5)])
    with faults.serving(squarespace()) as server:
        known = FeedCache(source_key="source-1", found_url=server.url("/blog?format=json"), body_sha256="of-before")
        answer = visit(server, cache=known)

        assert isinstance(answer, Read)
        assert [entry.title for entry in answer.feed.entries] == ["Post 0", "Post 1"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (b"User-agent: *\nDisallow: /*offset=", ("squarespace", ["Post 0", "Post 1"])),
        (b"User-agent: *\nDisallow: /*?format=json", ("links", ["Why we cling to others"])),
    ],
)
def test_the_rules_of_a_site_count_for_its_collection(rules: bytes, expected: tuple[str, list[str]]) -> None:
    kind, _, titles = found(squarespace(rules))

    assert (kind, titles) == expected


@pytest.mark.parametrize("older", ["/blog?offset=1", "https://elsewhere.example.net/blog?offset=1"])
def test_pages_that_lead_round_or_away_end_soon(older: str) -> None:
    asked = squarespace()
    asked["/blog"] = collection(0, 2, older)
    with faults.serving(asked) as server:
        answer = visit(server)

        assert isinstance(answer, Read)
        assert len(server.asked) < 8


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=8), max_size=3), st.booleans())
def test_any_answer_of_a_platform_is_read_without_failing(posts: list[dict[str, object]], wordpress: bool) -> None:  # noqa: FBT001
    answer = posts if wordpress else {"website": {}, "collection": {}, "items": posts}

    platform_feed(answer, "https://blog.example.org/blog")


def test_a_feed_at_a_usual_place_is_found_and_a_page_there_is_none() -> None:
    routes = {"/blog": faults.page(html("hello")), "/feed/": faults.page(html("not here")), "/rss.xml": FEED}

    assert found(routes) == ("rss20", "/rss.xml", ["From the feed"])


def test_the_sitemap_h_feed_json_ld_and_links_follow_in_that_order() -> None:
    posts = b"<urlset><url><loc>/blog/two</loc><lastmod>2026-11-19</lastmod></url><url><loc>/blog/one</loc><lastmod>2026-11-01</lastmod></url></urlset>"
    both = {"/blog": faults.page(html(HENTRIES + JSON_LD)), "/sitemap.xml": faults.page(posts, "text/xml")}
    assert found(both) == ("sitemap", "/sitemap.xml", ["two", "one"])
    assert found({"/blog": faults.page(html(HENTRIES + JSON_LD))}) == (
        "h-feed",
        "/blog",
        ["The first post", "The second post"],
    )
    assert found({"/blog": faults.page(html(LINKS + JSON_LD))}) == ("json-ld", "/blog", ["From JSON"])
    with_map = {"/blog": faults.page(html(LINKS)), "/sitemap.xml": faults.page(SITEMAP, "text/xml")}
    assert found(with_map) == ("sitemap", "/sitemap.xml", ["new", "old"])
    assert found({"/blog": faults.page(html(LINKS))}) == ("links", "/blog", ["Why we cling to others"])


def test_pages_that_every_site_has_are_no_posts_of_its_home_page() -> None:
    names = (
        "about", "about-me-and-my-work", "about-us", "sobre-mim", "sobre-a-autora", "quem-sou", "quem-somos-nos", "contact-me",
        "fale-comigo", "my-services", "servicos", "privacy-policy", "politica-de-privacidade", "terms-of-use", "termos-de-uso",
        "newsletter", "legal-notice", "category/love",
    )  # fmt: skip
    posts = (
        "about-grief-and-its-stages",
        "sobre-o-luto",
        "services-that-save-lives",
        "contact-after-a-quarrel",
        "faq-is-no-word",
    )
    links = "".join(f"<a href='/{name}'>The page {name} here</a>" for name in (*names, *posts))

    assert found({"/": faults.page(html(links))}, "/") == ("links", "/", [f"The page {name} here" for name in posts])


@pytest.mark.parametrize(
    "posts",
    [
        b"<url><loc>/one</loc><lastmod>2026-11-01</lastmod></url><url><loc>/two</loc><lastmod>2026-11-01</lastmod></url>",
        b"<url><loc>/blog/one</loc></url><url><loc>/blog/two</loc></url>",
        b"<url><loc>/blog/else</loc><lastmod>2026-11-01</lastmod></url>",
        b"<url><loc>/blog/one</loc><lastmod>2026-11-01</lastmod></url>"
        + b"".join(b"<url><loc>/services/%d</loc><lastmod>2026-11-01</lastmod></url>" % number for number in range(9)),
    ],
    ids=["posts beside all other pages", "no days", "other posts", "mostly other pages"],
)
def test_a_sitemap_of_more_than_the_posts_gives_way_to_what_the_page_lists(posts: bytes) -> None:
    page = HENTRIES if b"/blog/" in posts else HENTRIES.replace("/blog/", "/")
    routes = {"/": faults.page(html(page)), "/sitemap.xml": faults.page(b"<urlset>%s</urlset>" % posts, "text/xml")}

    assert found(routes, "/") == ("h-feed", "/", ["The first post", "The second post"])


def test_a_sitemap_in_a_packed_file_under_a_bare_path_is_read() -> None:
    routes = {
        "/robots.txt": faults.page(b"Sitemap: /maps/posts.xml.gz", "text/plain"),
        "/blog": faults.page(html(LINKS)),
        "/maps/posts.xml.gz": faults.page(gzip.compress(SITEMAP), "application/gzip"),
    }

    assert found(routes) == ("sitemap", "/maps/posts.xml.gz", ["new", "old"])


LISTS = {
    "several types": '{"@type": ["Blog", "WebPage"], "blogPost": [{"@type": ["BlogPosting"], "headline": "A", "url": "/a"}]}',
    "a post of several types": '{"@type": ["BlogPosting", "Article"], "headline": "A", "url": "/a"}',
    "inside the main entity": '{"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": '
    '[{"@type": "ListItem", "item": {"name": "A", "@id": "/a"}}]}}',
    "items by their addresses": '{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "name": "A", "item": "/a"}]}',
    "in a graph": '{"@graph": [{"@type": "WebSite"}, {"@type": "BlogPosting", "headline": "A", "url": "/a"}]}',
}


@pytest.mark.parametrize("said", LISTS.values(), ids=LISTS)
def test_json_ld_lists_posts_in_many_shapes(said: str) -> None:
    page = html(f"<script type='application/ld+json'>{said}</script>").decode()

    feed = parse_listing(page, "https://blog.example.org/")

    assert [(feed.kind, entry.title, entry.url) for entry in feed.entries] == [
        ("json-ld", "A", "https://blog.example.org/a")
    ]


@given(
    st.dictionaries(st.sampled_from(["@type", "url", "name", "item", "mainEntity", "itemListElement", "author"]), JSON)
)
def test_any_json_ld_is_read_without_failing(said: dict[str, object]) -> None:
    parse_listing(
        html(f"<script type='application/ld+json'>{json.dumps(said)}</script>").decode(), "https://blog.example.org/"
    )


def test_the_sitemap_that_robots_txt_names_is_read_and_lists_of_sitemaps_one_deep() -> None:
    index = b"<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap><sitemap><loc>/blog-posts-sitemap.xml</loc></sitemap></sitemapindex>"
    with faults.serving({}) as server:
        server.routes |= {
            "/robots.txt": faults.page(f"Sitemap: {server.url('/maps.xml')}".encode(), "text/plain"),
            "/blog": faults.page(html("nothing")),
            "/maps.xml": faults.page(index, "text/xml"),
            "/blog-posts-sitemap.xml": faults.page(SITEMAP, "text/xml"),
        }
        answer = visit(server)

    assert isinstance(answer, Read)
    assert answer.found_url.endswith("/blog-posts-sitemap.xml")


def test_where_nothing_is_the_reason_is_said() -> None:
    with faults.serving({"/blog": faults.page(html("hello"))}) as server:
        answer = visit(server)
        assert isinstance(answer, Failed)
        assert "no feed, no sitemap" in answer.reason
        assert len(server.asked) < 25
    with faults.serving({"/robots.txt": faults.page(b"User-agent: *\nDisallow: /", "text/plain")}) as server:
        answer = visit(server)
        assert isinstance(answer, Failed)
        assert "robots.txt does not allow" in answer.reason


def test_a_sitemap_that_robots_txt_refuses_is_not_asked_for() -> None:
    routes = {
        "/robots.txt": faults.page(b"User-agent: *\nDisallow: /sitemap", "text/plain"),
        "/blog": faults.page(html(LINKS)),
        "/sitemap.xml": faults.page(SITEMAP, "text/xml"),
    }
    with faults.serving(routes) as server:
        answer = visit(server)

        assert isinstance(answer, Read)
        assert answer.feed.kind == "links"
        assert "/sitemap.xml" not in [one.path for one in server.asked]


def test_what_was_found_is_asked_next_time_with_its_validators() -> None:
    routes = {"/feed.xml": faults.conditional(RSS, etag='"1"', last_modified="x"), "/blog": faults.page(html("x"))}
    with faults.serving(routes) as server:
        first = visit(server)
        assert isinstance(first, Read)
        cache = FeedCache(
            source_key="source-1", etag=first.etag, found_url=first.found_url, body_sha256=first.body_sha256
        )
        asked = len(server.asked)

        second = visit(server, cache=cache)

        assert isinstance(second, Unchanged)
        assert [one.path for one in server.asked[asked:]] == ["/feed.xml"]


def test_the_facts_of_a_listed_post_are_read() -> None:
    [first, second] = parse_listing(html(HENTRIES).decode(), "https://blog.example.org/blog").entries

    assert first.published is not None
    assert (first.url, first.text, first.language) == ("https://blog.example.org/blog/one", "Some words.", "en")
    assert (second.title, second.authors) == ("The second post", ("Ana Example",))


@pytest.mark.parametrize(
    "text", ["", "<urlset>", "<urlset><url>" * 3_000, "<sitemapindex><sitemap><loc>javascript:x</loc>", "<loc>" * 9_000]
)
def test_broken_sitemaps_and_pages_are_survived(text: str) -> None:
    assert parse_sitemap(text, "https://a.example.org/", "https://a.example.org/").entries == ()
    assert parts_of_index(text, "https://a.example.org/") == ()
    assert parse_listing(text, "https://a.example.org/").entries == ()
