"""Each gate: the sound mail passes, and each planted fault is named."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.models.newsletter import Legal
from digest.text.gates.edition import gate_findings
from digest.text.gates.page import read_page
from digest.text.gates.weight import largest_stories
from fakes_mails import HTML, LEGAL, SOUND, TEXT, filled, found, more_html, said, with_html

ERROR, WARNING = "error", "warning"


def test_a_sound_mail_passes_every_gate() -> None:
    assert said(SOUND) == []


@pytest.mark.parametrize(
    ("edition", "severity", "words"),
    [
        (with_html('<html lang="en" dir="ltr">', '<html lang="en">'), ERROR, "needs `lang` and `dir`"),
        (with_html('<div role="article" lang="en" dir="ltr">', '<div role="article">'), ERROR, "no wrapper"),
        (with_html("<title>Bonds</title>", "<title> </title>"), ERROR, "no title"),
        (with_html('<table role="presentation">', "<table>"), ERROR, "that do not say what they are: 1"),
        (with_html("<h2>Close ties</h2>", "<h1>Close ties</h1>"), ERROR, "first level: 2"),
        (with_html("<h2>Close ties</h2>", "<h3>Close ties</h3>"), ERROR, "“Close ties” skips"),
        (more_html("<h2> </h2>"), ERROR, "heading is empty"),
        (with_html(' alt="Waves"', ""), ERROR, "a.png has no description"),
        (more_html('<img src="https://a.example.org/b.png" alt="b.PNG" width="90">'), WARNING, "described by a file"),
        (more_html('<a href="https://a.example.org/">Click here!</a>'), WARNING, "“Click here!” does not say"),
        (more_html('<a href="https://a.example.org/">Clique aqui</a>'), WARNING, "“Clique aqui” does not say"),
        (more_html('<a href="https://a.example.org/"></a>'), ERROR, "no words: https://a.example.org/"),
        (more_html('<p style="font-size:9px">Words</p>'), ERROR, "“Words” is set in 9 pixels"),
        (more_html('<p style="color:#999">Words</p>'), ERROR, "“Words” is too faint: its contrast is 2.8"),
        (more_html('<table role="none"><tr><td bgcolor="#222222">Words</td></tr></table>'), ERROR, "contrast is 1.3"),
        (more_html('<p lang="portuguese_br">Words</p>'), ERROR, "“portuguese_br” is not a language"),
        (
            with_html("<style>", '<meta name="viewport" content="width=device-width, user-scalable=no"><style>'),
            ERROR,
            "forbids its readers to enlarge",
        ),
    ],
)  # fmt: skip
def test_what_shuts_readers_out_is_named(edition: RenderedEdition, severity: str, words: str) -> None:
    findings = [one for one in gate_findings(edition, LEGAL) if one.check == "accessibility"]

    assert [(one.severity, words in filled(one)) for one in findings] == [(severity, True)]


def test_a_picture_in_a_link_names_it_and_a_table_with_headings_is_a_table() -> None:
    extra = '<a href="https://a.example.org/"><img src="https://a.example.org/b.png" alt="Waves" width="90"></a>'

    assert found(more_html(extra)) == []
    assert found(more_html("<table><tr><th>Words</th></tr></table>")) == []


def test_large_text_may_be_fainter_and_the_nearest_ground_counts() -> None:
    assert found(more_html('<p style="color:#888888;font-size:26px">Words</p>')) == []
    assert found(more_html('<div style="background:#111"><p style="color:#fff">Words</p></div>')) == []


def test_what_is_hidden_or_only_for_outlook_is_not_read() -> None:
    hidden = '<div style="display:none;font-size:1px">Close ties</div><!--[if mso]><table><tr><td>x</td></tr></table><![endif]-->'

    assert found(more_html(hidden)) == []


@pytest.mark.parametrize(
    ("extra", "check", "severity"),
    [
        ('<a href="/relative">Words</a>', "links", ERROR),
        ('<a href="http://blog.example.org/">Words</a>', "links", ERROR),
        ('<a href="javascript:alert(1)">Words</a>', "links", ERROR),
        ('<a href="https://user:secret@blog.example.org/">Words</a>', "links", ERROR),
        ('<a href="https://blog.example.org/?utm_source=letter">Words</a>', "tracking", WARNING),
        ('<a href="https://blog.example.org/?a=1&amp;fbclid=2">Words</a>', "tracking", WARNING),
        ('<a href="https://example.us1.list-manage.com/track/click">Words</a>', "tracking", WARNING),
        ('<img src="https://blog.example.org/o.gif" alt="" width="1" height="1">', "tracking", ERROR),
        ('<img src="https://blog.example.org/o.gif" alt="" style="width:0px">', "tracking", ERROR),
        ('<p style="background:url(https://blog.example.org/o.gif)">Words</p>', "tracking", ERROR),
    ],
)
def test_a_link_or_picture_that_no_reader_should_get_is_named(extra: str, check: str, severity: str) -> None:
    assert (check, severity) in found(more_html(extra))


@pytest.mark.parametrize(
    "style",
    [
        "@import url(https://fonts.example.org/a.css);",
        "@font-face{font-family:a;src:url(https://fonts.example.org/a.woff2)}",
    ],
)
def test_a_font_from_a_server_is_named(style: str) -> None:
    assert ("tracking", ERROR) in found(with_html("<style>", f"<style>{style}"))
    assert ("tracking", ERROR) in found(
        with_html("<style>", '<link rel="stylesheet" href="https://a.example.org/"><style>')
    )


def test_ordinary_links_are_left_alone() -> None:
    links = (
        "https://doi.org/10.5555/1", "https://blog.example.org/?a=1&amp;b=2#c", "mailto:ana@example.org?subject=Hi",
        "http://127.0.0.1:8731/legal.html",
    )  # fmt: skip

    assert found(more_html("".join(f'<a href="{link}">Words</a>' for link in links))) == []


@pytest.mark.parametrize(("kilobytes", "severity"), [(79, None), (81, WARNING), (94, WARNING), (96, ERROR)])
def test_a_large_edition_is_a_warning_and_a_clipped_one_an_error(kilobytes: int, severity: str | None) -> None:
    edition = replace(SOUND, html=HTML + "<!--" + "é" * (kilobytes * 512) + "-->")

    assert found(edition) == ([("size", severity)] if severity else [])


def test_a_large_edition_says_what_to_leave_to_the_web() -> None:
    stories = "".join(
        f'<h2><a href="https://blog.example.org/{size}">Story &amp; {size}</a></h2><p>{"word " * size}</p>'
        for size in (200, 9000, 800, 9500, 400)
    )
    (finding, *_) = gate_findings(more_html(stories), LEGAL)

    assert dict(finding.values)["stories"] == "Story & 9500 (46.5 KB); Story & 9000 (44.0 KB); Story & 800 (4.0 KB)"
    assert largest_stories("<h2>none</h2>") == ()


@pytest.mark.parametrize(("bytes_more", "severity"), [(8000, None), (8200, WARNING), (16400, ERROR)])
def test_more_styles_than_gmail_reads_are_named(bytes_more: int, severity: str | None) -> None:
    edition = with_html("<style>", "<style>" + ".b{color:#111}".ljust(bytes_more))

    assert found(edition) == ([("style_size", severity)] if severity else [])


def test_a_rule_in_a_rule_is_named_because_gmail_drops_the_sheet() -> None:
    nested = "@media screen{@supports (color:red){.a{color:#111}}}"

    assert ("styles", ERROR) in found(with_html("<style>", f"<style>{nested}"))


def test_words_of_one_part_alone_are_named() -> None:
    edition = replace(SOUND, text=TEXT.replace("Words of the letter", "Other"))
    longer = replace(SOUND, text=TEXT + "one two three four five six seven eight nine ten")

    assert said(edition) == ["The TXT part lacks words of the HTML part: words, of, the, letter"]
    assert found(longer) == [("same_words", WARNING)]


def law(legal: Legal, locale: str = "pt_BR", name: str = "") -> list[str]:
    shown = name or legal.identity(locale)
    edition = replace(SOUND, locale=locale, html=HTML.replace(LEGAL.name, shown), text=TEXT.replace(LEGAL.name, shown))
    return [filled(one) for one in gate_findings(edition, legal) if one.check == "law_footer"]


@pytest.mark.parametrize("country", ["FR", "LU", "DE"])
def test_a_footer_with_name_address_notice_and_a_way_out_is_enough_in_europe(country: str) -> None:
    assert law(replace(LEGAL, country=country)) == []


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (LEGAL.name, "does not show the name"),
        (LEGAL.address, "does not show the address"),
        (LEGAL.notice_url, "does not lead to the legal notice"),
        (PERSONAL_LINK, "no link to unsubscribe"),
    ],
)
def test_what_the_footer_owes_is_named_in_each_part(old: str, words: str) -> None:
    lacking = [said(replace(SOUND, html=HTML.replace(old, "x"))), said(replace(SOUND, text=TEXT.replace(old, "x")))]

    assert [
        [f"The {part} part" in one for one in lines if words in one]
        for part, lines in zip(("HTML", "TXT"), lacking, strict=True)
    ] == [[True], [True]]


def test_an_address_may_be_wrapped() -> None:
    assert found(replace(SOUND, text=TEXT.replace("Street, L-1000", "Street,\n  L-1000"))) == []


BRAZIL = replace(LEGAL, country="BR", professions=(("en", "Psychologist"), ("pt_BR", "Psicóloga")), crp="CRP 06/123456")


def test_a_psychologist_in_brazil_shows_title_and_crp() -> None:
    assert law(BRAZIL) == []
    assert law(BRAZIL, "en") == []
    assert law(replace(BRAZIL, crp="")) == ["In Brazil the footer shows the CRP number: set `crp` in `legal`."]
    assert "In Brazil the footer says psicóloga or psicólogo: set `profession` in `legal`." in law(
        replace(BRAZIL, professions=(("pt_BR", "Terapeuta"),))
    )
    assert law(BRAZIL, name="Ana Example, Psicóloga") == [
        f"The {part} part does not show the CRP number “CRP 06/123456”." for part in ("HTML", "TXT")
    ]


def test_a_regulated_profession_names_its_register_in_luxembourg_and_germany() -> None:
    for country in ("LU", "DE"):
        legal = replace(LEGAL, country=country, professions=(("pt_BR", "Psicoterapeuta"),))
        assert law(legal) == ["A regulated profession names its register: set `register` in `legal`."]
        assert law(replace(legal, register="Ministry of Health 123")) == []


@settings(deadline=None, max_examples=40)
@given(
    st.text(max_size=80),
    st.sampled_from(["{}", "<style>{}</style>", '<p style="{}">a', '<a href="{}">', "<!--{}", "<table>{}"]),
)
def test_no_page_is_too_broken_to_be_read(text: str, around: str) -> None:
    edition = replace(SOUND, html=around.replace("{}", text), text=text)

    assert list(gate_findings(edition, LEGAL))


def test_a_very_deep_page_is_read() -> None:
    assert read_page("<div>" * 5000 + "word").words in {"", "word"}
