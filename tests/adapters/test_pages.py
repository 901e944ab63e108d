"""Pages: the article in, everything around it out; and pages that are none."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import http_server as faults
from digest.adapters.http import HttpClient
from digest.adapters.sources.nesting import flattened, too_deep
from digest.adapters.sources.pages import WebPageReader, parse_page
from digest.models.article import Alternate, Image, PageMark
from digest.models.feed import ParsedPage
from digest.models.inspect import page_json
from digest.models.resolution import CouldNotCheck

DEMO = Path(__file__).resolve().parent.parent.parent / "demo" / "site"
BASE = "https://blog.example.org"
URL = f"{BASE}/post.html"
WORDS = "This sentence is here so that the page has enough text for anybody to call it an article of some length. "


def read(markup: str | bytes, content_type: str = "text/html") -> ParsedPage:
    body = markup if isinstance(markup, bytes) else markup.encode()
    return parse_page(body, url=URL, content_type=content_type)


def demo(path: str) -> ParsedPage:
    body = (DEMO / path).read_bytes().replace(b"@BASE@", BASE.encode())
    return parse_page(body, url=f"{BASE}/{path}", content_type="text/html; charset=utf-8")


def article(inside: str, head: str = "", lang: str = "en") -> str:
    return (
        f"<!doctype html><html lang='{lang}'><head>{head}</head><body><article><h1>A title</h1>{inside}"
        f"<p>{WORDS * 3}</p><p>{WORDS}</p></article></body></html>"
    )


ENGLISH = ("close-ties-and-long-lives", "reaching-for-each-other", "taking-loneliness-seriously")
PAGES = {**{f"posts/{name}.html": "en" for name in ENGLISH}, **{f"pt/{name}-pt.html": "pt-BR" for name in ENGLISH}}
HEADINGS = {
    "en": ["The studies", "Implications", "Limitations"],
    "pt-BR": ["Os estudos", "Implicações", "Limitações"],
}


@pytest.mark.parametrize("path", PAGES)
def test_every_heading_and_paragraph_of_the_demo_is_in_and_the_surroundings_are_out(path: str) -> None:
    source = (DEMO / path).read_text(encoding="utf-8")
    body = source[source.index("</figure>") : source.index('<footer class="post-footer">')]
    expected = [
        piece.split(">", 1)[1].split("</")[0]
        for name in ("<p", "<li", "<h2")
        for piece in body.split(name)[1:]
        if piece[0] in " >"
    ]

    page = demo(path)

    assert sorted(block.text for block in page.text.blocks) == sorted(expected)
    assert [block.text for block in page.text.blocks if block.kind == "heading"] == HEADINGS[PAGES[path]]
    assert [block.kind for block in page.text.blocks].count("item") == 2
    assert page.problems == ()


def test_the_facts_of_a_demo_page_are_found() -> None:
    page = demo("pt/close-ties-and-long-lives-pt.html")

    text = page.text
    assert text.title == "Laços próximos e vidas longas: o que as pesquisas sugerem"
    assert (text.language, text.byline) == ("pt-BR", "Por Ana Example, 19 de novembro de 2026")
    assert text.categories == ("Solidão", "Saúde")
    assert text.copyright == "© 2026 Ana Example"
    assert text.image == Image(
        url=f"{BASE}/img/waves.png",
        alt="Imagem abstrata de três ondas suaves, em azul e verde, que se tocam",
        credit="Ana Example, trabalho próprio",
    )
    assert page.authors == ("Ana Example",)
    assert page.published == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert page.alternates == (
        Alternate(language="en", url=f"{BASE}/posts/close-ties-and-long-lives.html"),
        Alternate(language="pt-BR", url=f"{BASE}/pt/close-ties-and-long-lives-pt.html"),
    )
    assert page.doi is None


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Image: Ana Example, own work", "Ana Example, own work"),
        ("Foto: B. Exemplo", "B. Exemplo"),
        ("Imagem de: C. Exemplo", "C. Exemplo"),
        ("Photo credit: D. Example", "D. Example"),
        ("A quiet hill. Photo by E. Example.", "E. Example"),
        ("Uma colina (Foto: F. Exemplo)", "F. Exemplo"),
        ("Painting by G. Example", "Painting by G. Example"),
        ("", ""),
    ],
)
def test_whoever_made_the_picture_is_named(caption: str, credit: str) -> None:
    figure = f"<figure><img src='/a.png' alt='hill'><figcaption>{caption}</figcaption></figure>"

    assert read(article(figure)).text.image == Image(url=f"{BASE}/a.png", alt="hill", credit=credit)


def test_portraits_and_icons_are_not_the_picture_of_the_article() -> None:
    small = "<img src='/me.png' width='48' height='48'><aside><img src='/ad.png'></aside><img src='data:image/png;base64,x'>"

    assert read(article(small)).text.image is None
    lazy = read(article(small + "<img src='data:x' data-src='/big.png'>")).text.image
    assert lazy is not None
    assert lazy.url == f"{BASE}/big.png"


def test_the_words_outweigh_a_wrong_declaration() -> None:
    words = "O estudo mostra que as pessoas não estão sozinhas, e que os laços entre elas são fortes. " * 4

    page = read(f"<html lang='en'><body><article><h1>Laços</h1><p>{words}</p></article></body></html>")

    assert page.text.language == "pt"
    assert "language is en" in page.problems[0]


def test_a_right_declaration_keeps_its_region() -> None:
    assert read(article("", lang="en-GB")).text.language == "en-GB"


def test_a_canonical_address_of_another_site_is_not_believed() -> None:
    own = read(article("", "<link rel=canonical href='/the-post'>"))
    foreign = read(article("", "<link rel=canonical href='https://example.net/stolen'>"))

    assert own.text.url == f"{BASE}/the-post"
    assert foreign.text.url == URL


def test_titles_lose_the_name_of_the_site() -> None:
    head = "<meta property='og:site_name' content='Bonds'><meta property='og:title' content='On ties | Bonds'>"

    assert read(article("", head)).text.title == "On ties"
    assert read(article("")).text.title == "A title"


def test_json_ld_of_any_shape_is_survived() -> None:
    graph = (
        '{"@graph": [1, {"@type": ["BlogPosting"], "headline": "From the graph", "author": ["Ana", {"name": "Bia"}]}]}'
    )
    page = read(article("", f'<script type="application/ld+json">{graph}</script>'))

    assert (page.text.title, page.authors) == ("From the graph", ("Ana", "Bia"))
    for broken in ("[" * 50_000, "{", "null", '{"@type": "Article", "headline": {"a": 1}, "author": 5}'):
        assert read(article("", f'<script type="application/ld+json">{broken}</script>')).text.title == "A title"


def test_a_declared_doi_is_taken_and_a_cited_one_is_not() -> None:
    assert read(article("", "<meta name='citation_doi' content='doi:10.1111/ABC.1'>")).doi == "10.1111/abc.1"
    assert read(article("<p>As in https://doi.org/10.1111/abc.1 of last year.</p>")).doi is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (article("<p>Coração</p>").encode("latin-1"), "text/html; charset=iso-8859-1"),
        (article("<p>Coração</p>").encode("utf-8"), "text/html"),
        (article("<p>Coração</p>").encode("cp1252"), "text/html"),
        (article("<p>Coração</p>", "<meta charset=windows-1252>").encode("cp1252"), "text/html"),
        (b"\xff\xfe" + article("<p>Coração</p>").encode("utf-16-le"), "text/html"),
        (article("<p>Coração</p>").encode("utf-8"), "text/html; charset=no-such-code"),
        (article("<p>Coração</p>").encode("utf-8"), "text/html; charset=zlib_codec"),
    ],
)
def test_accents_survive_every_way_of_declaring_them(body: bytes, content_type: str) -> None:
    assert "Coração" in [block.text for block in read(body, content_type).text.blocks]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"%PDF-1.7 ...", "a file"),
        (bytes(5_000), "a file"),
        (b"<html></html>", "no text"),
    ],
)
def test_what_is_no_page_says_so(body: bytes, words: str) -> None:
    page = read(body)

    assert page.text.blocks == ()
    assert words in page.problems[0]


HOSTILE = {
    "deep boxes": "<html><body><article>" + "<div>" * 12_000 + f"<p>{WORDS}</p>",
    "deep menus": "<nav>" * 12_000 + f"<p>{WORDS}</p>",
    "deep tables": "<table><tr><td>" * 4_000 + WORDS,
    "open scripts": "<script>" * 12_000 + "alert(1)",
    "open comments": "<!--" * 50_000,
    "brackets": "<" * 100_000,
    "pictures": "<article>" + "<img src=x>" * 12_000,
    "one line": "word " * 40_000,
    "entities": "&amp;" * 40_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_soon(name: str) -> None:
    started = time.monotonic()

    page = read(HOSTILE[name])

    assert page.text.blocks or page.problems
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("name", ["deep boxes", "deep menus", "deep tables"])
def test_depth_hides_no_words(name: str) -> None:
    assert WORDS.strip() in " ".join(block.text for block in read(HOSTILE[name]).text.blocks)


def test_a_page_of_two_megabytes_ends_with_its_time() -> None:
    assert isinstance(read(f"<article><p>{WORDS}</p>" + f"<p>{WORDS}{WORDS}</p>" * 2_000), ParsedPage)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_failing(tail: bytes) -> None:
    for body in (tail, b"<html><body><article><p>" + tail):
        page = read(body)
        assert page.text.blocks or page.problems


@given(st.text(alphabet="<>/divspanx =", max_size=300))
def test_flat_markup_is_never_too_deep(markup: str) -> None:
    assert not too_deep(flattened(markup * 40))


def test_the_reader_fetches_and_says_why_it_could_not() -> None:
    routes = {"/post": faults.page(article("").encode()), "/gone": faults.status("410 Gone")}
    with faults.serving(routes) as server:
        reader = WebPageReader(HttpClient(user_agent="digest/test", allow_private_addresses=True))

        assert reader.read_page(server.url("/post")).text.title == "A title"
        assert "gone for good" in reader.read_page(server.url("/gone")).problems[0]
        assert "404" in reader.read_page(server.url("/missing")).problems[0]


WRAPPED = {
    "a page builder": "<div class='elementor elementor-7'><div class='elementor-widget elementor-widget-text-editor'>{}</div></div>",
    "a form around all": "<form id='aspnetForm'><div>{}</div></form>",
    "a box of the theme": "<div class='widget widget-page'><div class='widget-content'>{}</div></div>",
    "a page for those without scripts": "<noscript>{}</noscript>",
}


@pytest.mark.parametrize("how", WRAPPED)
def test_the_text_is_found_in_whatever_wraps_it(how: str) -> None:
    other = "A second paragraph says something else, since the same words twice would be taken for a slip of the page. "
    text = f"<p>{WORDS * 3}</p><p>{other * 2}</p>"
    around = "<aside class='sidebar'><p>About me, in a few words.</p></aside><div id='comments'><p>Nice!</p></div>"

    page = read(f"<html><body><nav><a href='/'>Home</a></nav>{WRAPPED[how].format(text)}{around}</body></html>")

    said = " ".join(block.text for block in page.text.blocks)
    assert (said.count(WORDS.strip()), said.count(other.strip())) == (3, 2)
    assert "Nice!" not in repr(page.text.blocks)
    assert "About me" not in repr(page.text.blocks)


def test_a_page_is_asked_by_its_validators_and_compared_by_its_words() -> None:
    first = article("").encode()
    routes = {
        "/kept": faults.conditional(first, etag='"1"', last_modified="Thu, 19 Nov 2026 08:00:00 GMT"),
        "/busy": faults.page(first),
        "/edited": faults.page(first),
    }
    with faults.serving(routes) as server:
        reader = WebPageReader(HttpClient(user_agent="digest/test", allow_private_addresses=True))
        before = {path: reader.read_page(server.url(path)).mark for path in routes}
        routes["/busy"] = faults.page(first.replace(b"<body>", b"<body><aside>Visitor 7</aside>"))
        routes["/edited"] = faults.page(
            first.replace(b"</article>", b"<p>A sentence was added to it later on.</p></article>")
        )

        after = {path: reader.look_again(server.url(path), mark) for path, mark in before.items() if mark}
        gone = reader.look_again(server.url("/missing"), PageMark())

    assert after["/kept"] is before["/kept"]
    assert after["/busy"] == before["/busy"]
    assert after["/edited"] != before["/edited"]
    assert isinstance(gone, CouldNotCheck)


def test_inspection_prints_the_fields_of_the_design_first() -> None:
    shown = page_json(demo("posts/close-ties-and-long-lives.html"))

    assert list(shown)[:8] == [
        "title",
        "authors",
        "published",
        "language",
        "alternates",
        "text",
        "html",
        "doi",
    ]
    assert shown["alternates"][1] == {"language": "pt-BR", "url": f"{BASE}/pt/close-ties-and-long-lives-pt.html"}
    assert shown["text"].count("\n\n") == 14
