import os
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given, settings

from digest.adapters.rendering import tokens
from digest.adapters.rendering.editions import TemplateEditionWriter
from digest.adapters.rendering.mjml import LARGEST_BYTES, MrmlCompiler
from digest.adapters.rendering.mjml_lint import DEEPEST, numeric_entities
from digest.adapters.rendering.templates import Templates
from digest.errors import FileFormatError
from digest.i18n import words
from digest.models.article import Citation, Image
from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.models.issue import Section, Sentence, Story
from digest.models.look import LIGHT, Look
from digest.resources import resource_dir
from digest.stages.render import render
from fakes_render import BY_LOCALE, ISSUE, NEWSLETTER, POST, SEGMENTS, STUDY, writer
from golden_editions import GOLDEN, LOCALES, as_lines, golden
from hostile_words import HOSTILE, Seen

LONGEST_STYLE = 8_000
CHROME = (
    "The studies", "Implications", "Limitations", "In my words", "Studies cited", "Read the full post", "Comments",
    "New research", "How sure", "Also worth", "minute", "Do you have", "Suggest an", "A program", "To change", "Legal notice", "Unsubscribe", "You get this", "This letter", "Excerpts",
    "Picture", "not translated", "Published", "Read from", "Study design", "Also in", "By Ana",
)  # fmt: skip
PORTUGUESE_CHROME = (
    "Os estudos",
    "Implicações",
    "Limitações",
    "Comentários",
    "Cancelar",
    "Você",
    "Novas pesquisas",
    "Até que",
    "dúvida",
)


@cache
def editions() -> dict[str, RenderedEdition]:
    outcome = golden()
    assert outcome.findings == ()
    return {edition.name: edition for edition in outcome.editions}


@cache
def warm_writer() -> TemplateEditionWriter:
    return writer()


def links_of(edition: RenderedEdition) -> list[str]:
    seen = Seen(edition.html)
    return [*seen.links, *(picture["src"] or "" for picture in seen.pictures)]


def hostile_story(text: str) -> Story:
    sentences = (Sentence(text=text, anchors=(1,)), Sentence(text=text, anchors=(2,)))
    return replace(
        POST,
        title=text,
        authors=(text,),
        categories=(text,),
        copyright=text,
        image=Image(url="https://blog.example.org/x.png", alt=text, credit=text),
        citations=(Citation(text=text, authors=text, title=text, year=1),),
        sections=(Section(heading="studies", sentences=sentences),),
        language="en",
    )


def own_templates(tmp_path: Path, name: str, text: str) -> TemplateEditionWriter:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / name).write_text(text, encoding="utf-8")
    return TemplateEditionWriter([tmp_path, resource_dir("templates")], MrmlCompiler())


def written(editor: TemplateEditionWriter) -> RenderedEdition:
    return render(ISSUE, BY_LOCALE, NEWSLETTER, editor, locales=("en",)).editions[0]


@pytest.mark.parametrize("name", ["pt_BR", "pt_BR.brazil", "en", "en.brazil"])
@pytest.mark.parametrize("kind", ["html", "txt"])
def test_an_edition_is_what_was_looked_at(name: str, kind: str) -> None:
    expected = (GOLDEN / f"digest.{name}.{kind}").read_text(encoding="utf-8")

    assert as_lines(editions()[name], kind) == expected, "look at it, then run tests/golden_editions.py"


@pytest.mark.parametrize("locale", LOCALES)
def test_two_writers_write_the_same_bytes(locale: str) -> None:
    again = {edition.name: edition.fingerprint for edition in golden().editions}

    assert again[locale] == editions()[locale].fingerprint


@pytest.mark.parametrize("locale", LOCALES)
def test_every_address_of_the_html_is_in_the_text(locale: str) -> None:
    edition = editions()[locale]
    links = links_of(edition)

    assert len(links) >= 8
    assert [link for link in links if link not in edition.text.split()] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_personal_link_stands_once_in_each_part(locale: str) -> None:
    edition = editions()[locale]

    assert edition.html.count(PERSONAL_LINK) == edition.text.count(PERSONAL_LINK) == 1


def test_the_brazilian_mail_holds_no_english_interface_word() -> None:
    edition = editions()["pt_BR"]
    visible = " ".join(Seen(edition.html).words) + edition.text

    assert [word for word in CHROME if word in visible] == []
    assert [word for word in PORTUGUESE_CHROME if word not in visible] == []


def test_the_english_mail_holds_no_portuguese_interface_word() -> None:
    edition = editions()["en"]
    visible = " ".join(Seen(edition.html).words) + edition.text

    assert [word for word in PORTUGUESE_CHROME if word in visible] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_text_is_wrapped_and_holds_no_markup(locale: str) -> None:
    text = editions()[locale].text

    assert [line for line in text.splitlines() if len(line) > 72 and not line.startswith("https://")] == []
    assert not re.search(r"</?[a-z]|\{[{%#]|%\(|&[a-z]+;|\n\n\n| \n", text)
    assert '"long"' in editions()["en"].text


@pytest.mark.parametrize("locale", LOCALES)
def test_no_letter_asks_a_third_party_or_counts_readers(locale: str) -> None:
    html = editions()[locale].html

    assert "fonts.googleapis" not in html
    assert "@import" not in html
    assert "<link" not in html
    assert [picture["width"] for picture in Seen(html).pictures] == [str(tokens.IMAGE_WIDTH)]


def test_pictures_have_a_description_and_passages_their_language() -> None:
    (picture,) = Seen(editions()["pt_BR"].html).pictures

    assert picture["alt"] == "Imagem abstrata de três ondas em azul e areia"
    assert '<html lang="pt-BR" dir="ltr"' in editions()["pt_BR"].html
    assert '<span lang="en" dir="ltr">Attachment and Loneliness' in editions()["pt_BR"].html
    assert '<span lang="pt" dir="ltr">Solidão e vínculos' in editions()["en"].html


def test_what_is_not_translated_is_marked_in_both_parts() -> None:
    edition = render(ISSUE, {"pt_BR": SEGMENTS[1:]}, NEWSLETTER, writer(), locales=("pt_BR",)).editions[0]

    assert re.search(
        r'<span lang="en" dir="ltr">Close ties [^<]*</span> <span[^>]*>\(ainda sem tradução\)', edition.html
    )
    assert "(ainda sem tradução)" in " ".join(edition.text.split())


def test_headings_never_skip_a_level() -> None:
    levels = [int(tag[1]) for tag in Seen(editions()["en"].html).tags if re.fullmatch(r"h\d", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_styles_are_few_and_the_dark_ones_are_there() -> None:
    html = editions()["en"].html
    styles = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)

    assert sum(map(len, styles)) < LONGEST_STYLE
    assert "@media (prefers-color-scheme: dark)" in html
    assert "[data-ogsc] .card" in html
    assert "&" not in "".join(styles)


@settings(deadline=None, max_examples=60)
@given(HOSTILE)
def test_hostile_words_never_break_the_layout_or_become_markup(text: str) -> None:
    hostile, harmless = hostile_story(text), hostile_story(" ".join("word" for _ in text.split()) or text)
    newsletter = replace(NEWSLETTER, author=text)
    tags, attributes = [], []
    for story in (hostile, harmless):
        issue = replace(ISSUE, stories=(story,))
        (edition,) = render(issue, {}, newsletter, warm_writer(), locales=("en",)).editions
        edition.html.encode()
        edition.text.encode()
        assert "\x00" not in edition.html + edition.text
        assert len(edition.subject.splitlines()) <= 1
        tags.append(set(Seen(edition.html).tags))
        attributes.append(Seen(edition.html).attributes)
    assert "script" not in tags[0]
    assert not {name for name in attributes[0] if name.startswith("on")}
    assert tags[0] <= tags[1] | {"p", "h3", "ul", "li", "span", "img", "a", "h2"}


def test_what_a_translator_types_is_text_and_never_markup() -> None:
    typed = '<b onclick="x">Laços</b> &amp; {{ view }} %(author)s 100%'
    segments = (replace(SEGMENTS[0], target=typed), *SEGMENTS[1:])
    (edition,) = render(ISSUE, {"pt_BR": segments}, NEWSLETTER, warm_writer(), locales=("pt_BR",)).editions

    assert typed in " ".join(Seen(edition.html).words)
    assert typed in " ".join(edition.text.split())
    assert "onclick" not in Seen(edition.html).attributes


def test_a_name_of_the_other_direction_leaves_the_date_in_its_place() -> None:
    issue = replace(ISSUE, stories=(replace(POST, authors=("אבי כהן",)),))
    (edition,) = render(issue, {}, NEWSLETTER, warm_writer(), locales=("en",)).editions

    assert "By אבי כהן\u200e, November 20, 2026" in edition.text


def test_everything_but_text_is_escaped(tmp_path: Path) -> None:
    for name in ("a.mjml", "a.html", "a.mjml.j2", "a.unknown", "a"):
        (tmp_path / name).write_text("{{ value }}", encoding="utf-8")
        assert Templates([tmp_path]).render(name, words("en"), {"value": '<&">'}) == "&lt;&amp;&#34;&gt;"
    (tmp_path / "a.txt").write_text("{{ value }}{{ none }}", encoding="utf-8")
    assert Templates([tmp_path]).render("a.txt", words("en"), {"value": '<&">\x00', "none": None}) == '<&">'


def test_words_in_a_message_are_escaped_too(tmp_path: Path) -> None:
    (tmp_path / "a.mjml").write_text('{{ _("By %(author)s", author=name) }}', encoding="utf-8")

    shown = Templates([tmp_path]).render("a.mjml", words("pt_BR"), {"name": "<b> %s"})

    assert shown == "Por &lt;b&gt; %s"


def test_an_author_may_replace_one_template(tmp_path: Path) -> None:
    edition = written(
        own_templates(tmp_path, "digest.txt", "Mine: {{ view.newsletter }}\n{{ view.footer.unsubscribe_url }}")
    )

    assert edition.text == f"Mine: Bonds\n{PERSONAL_LINK}\n"
    assert edition.html == written(writer()).html


def test_a_template_is_read_again_when_it_changes(tmp_path: Path) -> None:
    editor = own_templates(tmp_path, "digest.txt", "one")
    before = written(editor).text
    path = tmp_path / "email" / "digest.txt"
    path.write_text("two", encoding="utf-8")
    os.utime(path, (1, 1))

    assert (before, written(editor).text) == ("one\n", "two\n")


def test_what_was_kept_of_a_story_never_shows_in_another_edition() -> None:
    looks = (Look(), replace(Look(), serif="Palatino, serif", light=replace(LIGHT, ink="#111111", accent="#772222")))
    headline = replace(POST, title="Another headline", tier="lead")
    editor = writer()
    for look, stories in product(looks, ((STUDY, POST), (headline, STUDY))):
        newsletter, issue = replace(NEWSLETTER, look=look), replace(ISSUE, stories=stories)
        warm, cold = (render(issue, BY_LOCALE, newsletter, each, locales=LOCALES) for each in (editor, writer()))

        assert warm.editions == cold.editions


def test_a_story_by_her_own_template_is_made_anew_for_each_edition(tmp_path: Path) -> None:
    parts = (resource_dir("templates") / "email" / "_parts.mjml").read_text("utf-8")
    own = parts.replace("{{ title(story, 30", "<p>{{ view.subject }}</p>{{ title(story, 30")
    editor = own_templates(tmp_path, "_parts.mjml", own)
    subjects = ("First words", "Other words")
    html = [
        render(replace(ISSUE, subject=(("en", subject),)), BY_LOCALE, NEWSLETTER, editor, locales=("en",))
        .editions[0]
        .html
        for subject in subjects
    ]

    assert [f"<p>{subject}</p>" in each for subject, each in zip(subjects, html, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("digest.txt", "a\n{% if %}", r"email/digest\.txt, line 2"),
        ("digest.txt", "a\n\n{{ view.no_such_thing }}", r"email/digest\.txt \(digest\.txt, line 3\)"),
        ("digest.txt", "a\n{{ nothing }}", r"line 2\)"),
        ("digest.txt", "{{ 1 / 0 }}", r"line 1\)"),
        ("digest.txt", '{% include "email/gone.txt" %}', r"email/gone\.txt is missing"),
        ("_parts.mjml", "{% macro divider() %}\n{{ nothing }}{% endmacro %}", r"digest\.mjml \(_parts\.mjml, line 2\)"),
        ("digest.mjml", "<mjml><mj-body>\n<mj-text></mj-body></mjml>", r"templates/email/digest\.mjml, line 2, column"),
        ("digest.txt", "{{ view.newsleter }}", r"line 1\) can not be rendered: .* \(did you mean 'newsletter'\?\)"),
        ("digest.txt", "{{ veiw.date }}", r"there is no 'veiw' \(did you mean 'view'\?\)"),
        ("digest.txt", "{{ view.date | uper }}", r"line 1, .*\(did you mean 'upper'\?\)"),
        ("digest.txt", '{% include "email/digest.tx" %}', r"missing \(did you mean 'email/digest\.txt'\?\)"),
    ],
)
def test_a_mistake_in_a_template_names_its_place(tmp_path: Path, name: str, text: str, place: str) -> None:
    with pytest.raises(FileFormatError, match=place):
        written(own_templates(tmp_path, name, text))


def test_a_template_in_another_encoding_is_named(tmp_path: Path) -> None:
    editor = own_templates(tmp_path, "digest.txt", "")
    (tmp_path / "email" / "digest.txt").write_bytes("Laços".encode("latin-1"))

    with pytest.raises(FileFormatError, match=r"email/digest\.txt can not be rendered: 'utf-8'"):
        written(editor)


def test_a_depth_bomb_never_reaches_the_compiler() -> None:
    bomb = "<div>" * 20_000 + "</div>" * 20_000

    with pytest.raises(FileFormatError, match=f"more than {DEEPEST} deep"):
        MrmlCompiler().compile(f"<mjml><mj-body><mj-text>{bomb}</mj-text></mj-body></mjml>")


def test_an_enormous_document_never_reaches_the_compiler() -> None:
    with pytest.raises(FileFormatError, match="Shorten the issue"):
        MrmlCompiler().compile("x" * (LARGEST_BYTES + 1))


def test_entities_of_a_document_type_are_refused() -> None:
    with pytest.raises(FileFormatError, match="document type"):
        MrmlCompiler().compile('<!DOCTYPE mjml [<!ENTITY a "b">]><mjml><mj-body>&a;</mj-body></mjml>')


def test_what_only_the_compiler_refuses_is_said_too() -> None:
    with pytest.raises(FileFormatError, match="can not be compiled"):
        MrmlCompiler().compile('<?xml version="1.0"?><mjml><mj-body /></mjml>')


def test_named_entities_become_numbers() -> None:
    assert numeric_entities("&nbsp;&eacute;&amp;&nosuch;&#233;") == "&#160;&#233;&amp;&nosuch;&#233;"
    html = MrmlCompiler().compile("<mjml><mj-head><mj-title>a&nbsp;b</mj-title></mj-head><mj-body /></mjml>")
    assert "a&#160;b" in html
