"""What pages say of their articles in the odd ways of real ones: pictures and whose they are, authors, translations, links."""

import json

import pytest

from digest.adapters.sources.pages import parse_page
from digest.models.article import Alternate, Image
from digest.models.feed import ParsedPage
from digest.models.inspect import page_json
from digest.text.headings import sections_of

BASE = "https://blog.example.org"
SENTENCES = (
    "The couples in study {} told each other about their day and felt closer over the weeks that followed. "
    "Researchers asked {} people how lonely they felt after a conflict at home, and wrote down what they said."
)


def words(first: int, count: int = 3) -> str:
    return "".join(f"<p>{SENTENCES.format(number, 7 * number)}</p>" for number in range(first, first + count))


def read(inside: str, head: str = "", title: str = "Love at sea") -> ParsedPage:
    page = f"<!doctype html><html lang='en'><head>{head}</head><body><article><h1>{title}</h1>{inside}{words(1)}</article></body></html>"
    return parse_page(page.encode(), url=f"{BASE}/a/post", content_type="text/html; charset=utf-8")


def described(**said: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'BlogPosting', **said})}</script>"


PICTURES = {
    "a line below": "<p><img src='/a.jpg' alt='Two'></p><p><em>Photo by Bo Example</em></p>",
    "a line below a break": "<p><img src='/a.jpg' alt='Two'><br><em>Photo by Bo Example</em></p>",
    "in Portuguese": "<figure><img src='/a.jpg' alt='Two'><figcaption>Crédito da imagem: Bo Example</figcaption></figure>",
    "its own title": "<img src='/a.jpg' alt='Two' title='Foto: Bo Example'>",
    "a box named credit": "<div><img src='/a.jpg' alt='Two'><div class='image-credit'>Photo: Bo Example</div></div>",
    "in a link": "<p><a href='/a.jpg'><img src='/a.jpg' alt='Two'></a></p><p>Image credit: Bo Example.</p>",
}


@pytest.mark.parametrize("markup", PICTURES.values(), ids=PICTURES)
def test_whose_a_picture_is_stands_in_many_places_and_not_in_the_text(markup: str) -> None:
    page = read(markup)

    assert page.text.image == Image(url=f"{BASE}/a.jpg", alt="Two", credit="Bo Example")
    assert all("Bo Example" not in block.text for block in page.text.blocks)


def test_a_line_below_a_picture_that_speaks_of_something_else_is_text() -> None:
    page = read(
        "<p><img src='/a.jpg' alt='Two'></p><p>Photographs of the sea calm those who look at them for a while, says one team.</p>"
    )

    assert page.text.image == Image(url=f"{BASE}/a.jpg", alt="Two", credit="")
    assert any(block.text.startswith("Photographs of the sea") for block in page.text.blocks)


def test_a_picture_outside_the_article_brings_its_credit_too() -> None:
    hero = "<header><figure><img src='/hero.jpg' alt='Sea'><figcaption>Photo: Bo Example</figcaption></figure></header>"
    page = parse_page(
        f"<html><head><meta property='og:image' content='/hero.jpg'></head><body>{hero}<article><h1>T</h1>{words(1)}</article>".encode(),
        url=f"{BASE}/post",
        content_type="text/html",
    )

    assert page.text.image == Image(url=f"{BASE}/hero.jpg", alt="Sea", credit="Bo Example")


@pytest.mark.parametrize(
    "said",
    [
        {"url": "/a.jpg", "creditText": "Bo Example"},
        {"contentUrl": "/a.jpg", "creator": {"@type": "Person", "name": "Bo Example"}},
        [{"url": "/a.jpg", "author": "Bo Example"}],
    ],
)
def test_json_ld_says_whose_the_picture_is(said: object) -> None:
    assert read("", described(image=said)).text.image == Image(url=f"{BASE}/a.jpg", alt="", credit="Bo Example")


def test_what_json_ld_only_refers_to_is_looked_up_in_the_page() -> None:
    graph = {
        "@graph": [
            {
                "@type": "Article",
                "headline": "H",
                "author": [{"@id": "#ana"}, {"@id": "#nobody"}],
                "image": {"@id": "#i"},
            },
            {"@type": "Person", "@id": "#ana", "name": "Ana Example"},
            {"@type": "ImageObject", "@id": "#i", "url": "/a.jpg"},
        ]
    }

    page = read("", f"<script type='application/ld+json'>{json.dumps(graph)}</script>")

    assert page.authors == ("Ana Example",)
    assert page.text.image is not None
    assert page.text.image.url == f"{BASE}/a.jpg"


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ana Example and Bo Example", ("Ana Example", "Bo Example")),
        ("By Ana Example, Bo Example and Lia Example", ("Ana Example", "Bo Example", "Lia Example")),
        ("Por Ana Example e Bo Example", ("Ana Example", "Bo Example")),
        ("Por Ana Costa e Silva", ("Ana Costa e Silva",)),
        ("Written by Ana Example & Bo Example on 19 November 2026", ("Ana Example", "Bo Example")),
        ("By Ana Example, November 19, 2026", ("Ana Example",)),
    ],
)
def test_a_byline_names_all_authors(line: str, authors: tuple[str, ...]) -> None:
    assert read(f"<p class='byline'>{line}</p>").authors == authors


@pytest.mark.parametrize(
    "link",
    [
        "<link rel='alternate' hreflang='pt_BR' href='/pt/post'>",
        "<LINK HREF='/pt/post' HREFLANG='pt-BR' REL='Alternate'>",
        "<a rel='alternate' hreflang='pt-BR' href='/pt/post'>Português</a>",
    ],
)
def test_a_translation_is_named_in_several_ways(link: str) -> None:
    page = read("", link) if link[1] != "a" else read(link)

    assert page.alternates == (Alternate(language="pt-BR", url=f"{BASE}/pt/post"),)


def test_links_and_pictures_are_relative_to_the_base_of_the_page() -> None:
    inside = f"{words(5)}<p>We wrote about it at length when the survey came out, in <a href='../notes'>our notes</a> of that year.</p>"

    page = read(f"<img src='i.png'>{inside}", "<base href='/dir/sub/'>")

    assert "https://blog.example.org/dir/notes" in page.html
    assert page.text.image is not None
    assert page.text.image.url == f"{BASE}/dir/sub/i.png"


def test_a_title_over_two_lines_keeps_its_words_apart() -> None:
    assert read("", title="Love<br>at <em>sea</em><br/>again").text.title == "Love at sea again"


@pytest.mark.parametrize(
    "names", [("The studies", "Implications for clients", "Limitations"), ("Os estudos", "Implicações", "Limitações")]
)
@pytest.mark.parametrize(
    "form", ["<h2>{}</h2>", "<h4><span>{}</span></h4>", "<p><strong>{}</strong></p>", "<p><b>{}:</b><br></p>"]
)
def test_her_headings_are_found_again_however_they_are_set(names: tuple[str, ...], form: str) -> None:
    inside = "".join(form.format(name) + words(10 * place) for place, name in enumerate(names, start=1))

    page = read(inside)

    assert [one.rstrip(":") for one in page_json(page)["headings"]] == list(names)
    assert list(sections_of(page.text.blocks)) == ["studies", "implications", "limitations"]


def test_inspection_says_of_every_field_where_it_came_from() -> None:
    head = (
        "<link rel='canonical' href='/a/post'><link rel='alternate' hreflang='pt' href='/pt'><meta name='citation_doi' content='10.5555/1'>"
        "<meta property='article:modified_time' content='2026-11-20'><meta property='article:tag' content='love'>"
    )
    shown = page_json(
        read(
            "<p class='byline'>By Ana Example</p><time datetime='2026-11-19'>x</time><img src='/a.jpg'><p>© 2026 Ana Example</p>",
            head,
        )
    )

    filled = {name for name, value in shown.items() if value and name not in {"from", "problems", "headings"}}
    assert filled == set(shown["from"])
    assert shown["from"]["updated"] == "article:modified_time"
    assert shown["from"]["doi"] == "citation_doi"
