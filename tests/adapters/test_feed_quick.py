"""The quick way through plain feeds gives what feedparser gives, entry for entry and field for field, or nothing."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.adapters.sources import dates, feed_xml
from digest.adapters.sources.decoding import decoded

FEEDS = Path(__file__).resolve().parent.parent / "feeds"
HOME = "https://blog.example.org/feed"
PLAIN = {
    "blogger.xml", "feedburner.xml", "ghost.xml", "latin1.xml", "medium.xml", "shift_jis.xml", "squarespace.xml", "substack.xml",
    "utf16.xml", "wix.xml", "wordpress.xml",
}  # fmt: skip
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "thr": "http://purl.org/syndication/thread/1.0",
}
BOUND = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in SPACES.items())
# What people put into elements: texts, markup escaped and not, addresses, dates, people, faults of encoding.
WORDS = [
    "", " ", "Holding on", " Laços &amp; abraços ", "<![CDATA[<p>A <b>b</b></p><p>Sea &#8211; <a href='/x'>x</a></p>]]>", "&lt;p&gt;1 &lt; 2",
    "SÃ£o Paulo", "\x93cited\x94", "<!-- not said -->said", "a<![CDATA[b]]>c", "&#x1F600; \u200b", "ção\u00a0", "<?pi x?>text",
    "<![CDATA[<img src='/a.png' alt='A'><h2>The studies</h2><ul><li>One</li></ul>]]>", "pt-br", "60", "hourly", "10.5555/AB.1", "doi: 10.5555/ab.2",
]  # fmt: skip
ADDRESSES = [
    "https://blog.example.org/1?a=1&amp;b=2", "https:////blog.example.org/2", "/3", "tag:blog.example.org,2026:4", "mailto:a@example.org", "",
    "https://doi.org/10.5555/ab.3", "https://blog.example.org/a b", "http://[", "655f",
]  # fmt: skip
MOMENTS = ["Thu, 19 Nov 2026 08:00:00 +0100", "2026-11-19T08:00:00Z", "19/11/2026", "yesterday", "1795075200", ""]
PEOPLE = [
    "Ana",
    "ana@example.org (Ana)",
    "ana@example.org",
    "ana@example.online (Ana)",
    "Lima, N., Simon, A.",
    "@ana",
    "",
]
PARTS = [
    "<name>Ana Exemplo</name><uri>/ana</uri>",
    "<email>ana@example.org</email>",
    "<name> A </name><email>a@example.org</email>",
    "",
]
TYPES = ["", ' type="html"', ' type="text"', ' type="HTML"']
FILES = [
    ' url="/p.jpg" type="Image/JPEG"',
    ' url="https://blog.example.org/p.png" width="90" height="80"',
    ' url="/q.jpg" medium="image"',
]
RSS = {
    "title": ([""], WORDS), "link": ([""], ADDRESSES), "description": ([""], WORDS), "content:encoded": ([""], WORDS), "pubDate": ([""], MOMENTS),
    "guid": (["", ' isPermaLink="false"', ' isPermaLink="TRUE"'], ADDRESSES), "dc:date": ([""], MOMENTS), "dc:creator": ([""], PEOPLE),
    "author": ([""], PEOPLE), "category": (["", ' domain="d"'], WORDS), "comments": ([""], ADDRESSES), "dc:identifier": ([""], WORDS),
    "enclosure": ([' url="/z.MP3" type="Audio/MPEG" length="12"', ' url="/z.jpg"'], [""]), "media:content": (FILES, [""]),
    "media:thumbnail": (FILES, [""]), "dc:source": ([""], WORDS), "prism:doi": ([""], WORDS), "prism:publicationName": ([""], WORDS),
    "slash:comments": ([""], WORDS), "feedburner:origLink": ([""], ADDRESSES), "atom:updated": ([""], MOMENTS),
    "atom:link": ([' rel="Self" href="https://blog.example.org/"', ' href="/y"', ' rel="enclosure" href="/z.mp3" length="12"'], [""]),
}  # fmt: skip
ATOM = {
    "title": (TYPES, WORDS), "id": ([""], ADDRESSES), "summary": (TYPES, WORDS), "content": (TYPES, WORDS), "published": ([""], MOMENTS),
    "updated": ([""], MOMENTS), "category": ([' term="attachment"', ' term="a" label="B"', ' term="" scheme="s"'], [""]), "author": ([""], PARTS),
    "link": ([' rel="self" href="/s"', ' href="/y"', ' rel="enclosure" href="/z.mp3"', ' rel="alternate" type="text/plain" href="/t"'], [""]),
    "rights": ([""], WORDS), "dc:creator": ([""], PEOPLE), "media:thumbnail": (FILES, [""]),
}  # fmt: skip
ODD_NAMES = [
    "media:title", "media:credit", "dc:title", "wfw:commentRss", "itunes:summary", "itunes:image", "source", "atom:id", "atom:summary", "dc:language",
    "thr:total", "Title", "body", "image", "ttl", "language", "managingEditor", "foo", "post-id", "contributor", "issued", "subtitle", "icon", *RSS, *ATOM,
]  # fmt: skip
ODD_ATTRIBUTES = [
    "", ' type="xhtml"', ' xml:lang="pt"', ' xml:base="https://other.example.net/"', ' base="/b/"', ' dc:x="y"', ' URL="/q.jpg"', ' lang="pt"', ' rel="x"',
]  # fmt: skip
Shapes = dict[str, tuple[list[str], list[str]]]


@st.composite
def elements(draw: st.DrawFn, shapes: Shapes) -> str:
    """One element as it is usual, or in one of thirty cases as it is not."""
    if draw(st.integers(0, 29)) == 0:
        name, attributes, said = (
            draw(st.sampled_from(ODD_NAMES)),
            ODD_ATTRIBUTES,
            [*WORDS, *ADDRESSES, *PARTS, "<b>bold</b>"],
        )
    else:
        name = draw(st.sampled_from(sorted(shapes)))
        attributes, said = shapes[name]
    inner = draw(st.sampled_from(said))
    if name == "media:content" and draw(st.booleans()):
        inner = f'<media:title type="plain">{inner}</media:title>'
    return f"<{name}{draw(st.sampled_from(attributes))}>{inner}</{name}>"


@st.composite
def feeds(draw: st.DrawFn) -> str:
    rss = draw(st.booleans())
    shapes, entry = (RSS, "item") if rss else (ATOM, "entry")
    some = st.lists(elements(shapes), max_size=7, unique_by=lambda one: one.split(">")[0].split()[0])
    about = st.lists(elements({name: shapes[name] for name in ("title", "link")}), max_size=3)
    entries = "".join(f"<{entry}>{''.join(draw(some))}</{entry}>" for _ in range(draw(st.integers(1, 2))))
    inside = f"{''.join(draw(about))}{entries}"
    if rss:
        version = draw(st.sampled_from(["2.0", "2.0", "2.0.1", "0.92"]))
        return f'<rss version="{version}" {BOUND}><channel>{inside}</channel></rss>'
    language = draw(st.sampled_from(["", ' xml:lang="pt_BR"', ' xml:lang=""']))
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {BOUND}{language}>{inside}</feed>'


@pytest.mark.parametrize("name", sorted(path.name for path in FEEDS.glob("*.xml")))
def test_every_shape_of_feed_is_read_alike_on_both_ways(name: str) -> None:
    text = decoded((FEEDS / name).read_bytes(), "")

    quick = feed_xml.parse_plain(text, HOME)

    assert quick is None or quick == feed_xml.parse_xml(text, HOME)
    assert quick is not None or name not in PLAIN


@given(feeds())
@example(
    f"<rss version='2.0' {BOUND}><channel><item><title>a</title><guid>/1</guid><link>/2</link></item></channel></rss>"
)
def test_any_feed_is_read_alike_on_both_ways(text: str) -> None:
    quick = feed_xml.parse_plain(text, HOME)

    assert quick is None or quick == feed_xml.parse_xml(text, HOME)


ODD = {
    "a document type": "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'><channel><item><title>&a;</title></item></channel></rss>",
    "RSS 1.0 beside 2.0": "<rss version='2.0' xmlns:r='http://purl.org/rss/1.0/'><channel><item><title>a</title></item></channel></rss>",
    "a prefix for something else": "<rss version='2.0' xmlns:dc='http://example.org/'><channel><item><dc:creator>a</dc:creator></item></channel></rss>",
    "a prefix bound twice": (
        "<rss version='2.0'><channel><item><x:a xmlns:x='urn:a'/></item><item><x:a xmlns:x='urn:b'/></item></channel></rss>"
    ),
    "nothing in it": "<rss version='2.0'><channel><title>a</title></channel></rss>",
    "cut off": "<rss version='2.0'><channel><item><title>a</title>",
    "two channels": "<rss version='2.0'><channel><item><title>a</title></item></channel><channel/></rss>",
    "a thousand and one": f"<rss version='2.0'><channel>{'<item><title>a</title></item>' * 1_001}</channel></rss>",
    "hundreds of thousands of tags": f"<rss version='2.0'><channel>{'<a>' * 300_000}",
}


@pytest.mark.parametrize("what", ODD)
def test_what_may_be_read_otherwise_is_left_to_feedparser(what: str) -> None:
    assert feed_xml.parse_plain(ODD[what], HOME) is None


@given(
    st.builds(
        "{}{}{}{} {} {:02}:{:02}:{:02} {}".format,
        st.sampled_from(["Thu, ", "", "Qui, "]),
        st.integers(0, 32),
        st.sampled_from([" Nov ", " Feb ", " Fev "]),
        st.integers(1990, 2030),
        st.just(""),
        st.integers(0, 25),
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from(["GMT", "+0100", "-0330", "+9900", "EST"]),
    )
    | st.builds(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}".format,
        st.integers(1990, 2030),
        st.integers(0, 13),
        st.integers(0, 32),
        st.integers(0, 25),
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from(["", ".5", ".123456789"]),
        st.sampled_from(["Z", "+01:00", "-03:30", "+99:00"]),
    )
)
def test_dates_as_the_standards_write_them_are_read_as_all_others(text: str) -> None:
    quick = dates._as_standards_say(text)

    assert quick is None or quick == dates._as_people_write(text, None)
