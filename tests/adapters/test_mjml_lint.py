"""The lint before the compiler: every fault with its exact place, in the template the author can edit."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.adapters.rendering.editions import TemplateEditionWriter
from digest.adapters.rendering.mjml import MrmlCompiler
from digest.adapters.rendering.mjml_lint import DEEPEST, IGNORED, lint
from digest.adapters.rendering.mjml_types import expected, schema
from digest.errors import FileFormatError
from digest.resources import resource_dir
from digest.stages.render import render
from golden_issue import GOLDEN_ISSUE, GOLDEN_NEWSLETTER, GOLDEN_SEGMENTS

OPEN, SHUT = "<mjml><mj-body><mj-section><mj-column>", "</mj-column></mj-section></mj-body></mjml>"
WITHIN = {
    "mj-hero": '<mjml><mj-body><mj-hero border-radius="9px"><mj-text>a</mj-text></mj-hero></mj-body></mjml>',
    "mj-style": '<mjml><mj-head><mj-style inline="inline">p { color: red }</mj-style></mj-head><mj-body /></mjml>',
    "mj-column": '<mjml><mj-body><mj-section><mj-column inner-border-radius="9px" /></mj-section></mj-body></mjml>',
    "mj-table": '<mjml><mj-body><mj-section><mj-column><mj-table role="none"><tr></tr></mj-table></mj-column></mj-section></mj-body></mjml>',
}


@pytest.mark.parametrize(
    ("body", "line", "column", "said"),
    [
        ("<mj-text>\n1 < 2</mj-text>", 2, 4, "invalid token"),
        ("<mj-text>a", 1, 51, "mismatched tag"),
        ("<mj-text><![CDATA[a]]></mj-text>", 1, 48, "CDATA"),
        ("<mj-text><?php ?></mj-text>", 1, 48, "processing instructions"),
        ("<mj-text><a href=x>a</a></mj-text>", 1, 56, "invalid token"),
        ("<mj-text>é &eacute;\n&nosuchentity;</mj-text>", 2, 1, "undefined entity"),
        ("<mj-text>\n<!-- a -- b --></mj-text>", 2, 10, "invalid token"),
        ("<mj-text>\x01</mj-text>", 1, 48, "invalid token"),
        ("\n<mj-foo>a</mj-foo>", 2, 1, "no element <mj-foo>"),
        ("<mj-buton>a</mj-buton>", 1, 39, "did you mean mj-button?"),
        (
            "<mj-text>&nbsp;é</mj-text>\n <mj-text colour='#fff'>a</mj-text>",
            2,
            11,
            "no attribute colour; did you mean color?",
        ),
        ('<mj-text\n  font-size="big">a</mj-text>', 2, 3, "font-size is 'big'; it has to be a size in px"),
        ('<mj-text padding="1px 2px 3px 4px 5px">a</mj-text>', 1, 48, "1 to 4 sizes in px or %"),
        ('<mj-text color="reddish">a</mj-text>', 1, 48, "a colour such as #2a5a70"),
        ('<mj-text align="middle">a</mj-text>', 1, 48, "one of: left, right, center, justify"),
        ('<mj-image src="https://a.example/b.png" />', 1, 39, "has no alt"),
        ('<mj-text><p><img src="https://a.example/b.png" /></p></mj-text>', 1, 51, "<img> has no alt"),
        ("<p>a</p>", 1, 39, "<p> can not stand in <mj-column>"),
        ("stray", 1, 39, "text can not stand directly in <mj-column>"),
        ("<mj-text><mj-button>a</mj-button></mj-text>", 1, 48, "<mj-button> can not stand in <mj-text>"),
        ("<mj-section />", 1, 39, "can not stand in <mj-column>; there may be mj-accordion"),
        ('<mj-include path="/etc/hostname" type="html" />', 1, 39, "<mj-include> is not supported"),
        ('<mj-table role="none"><tr></tr></mj-table>', 1, 49, "role has no effect on <mj-table>"),
    ],
)
def test_a_planted_fault_is_found_in_its_exact_place(body: str, line: int, column: int, said: str) -> None:
    found = [(fault.line, fault.column) for fault in lint(f"{OPEN}{body}{SHUT}") if said in fault.what]

    assert found == [(line, column)]


def test_all_faults_are_listed_and_not_only_the_first() -> None:
    faults = lint(f'{OPEN}<mj-foo />\n<mj-text size="1">a</mj-text>\n<mj-text color="x">a</mj-text>\n<p{SHUT}')

    assert [fault.line for fault in faults] == [1, 2, 3, 4]
    with pytest.raises(FileFormatError, match=r"(?s)line 1, column 39: .*line 2, column 10: .*line 3, .*line 4"):
        MrmlCompiler().compile(
            f'{OPEN}<mj-foo />\n<mj-text size="1">a</mj-text>\n<mj-text color="x">a</mj-text>\n<p{SHUT}'
        )


@pytest.mark.parametrize(
    "document", ["", "<html></html>", "<mj-body />", "<!DOCTYPE mjml><mjml />", "<mjml><mj-text /></mjml>"]
)
def test_what_is_no_mjml_document_is_said_to_be_none(document: str) -> None:
    assert lint(document)


def test_a_depth_bomb_is_one_fault() -> None:
    bomb = "<div>" * 20_000 + "</div>" * 20_000

    assert [fault.what for fault in lint(f"{OPEN}<mj-text>{bomb}</mj-text>{SHUT}")] == [
        f"elements are nested more than {DEEPEST} deep"
    ]


def test_defaults_and_classes_may_be_set_for_every_element() -> None:
    head = '<mj-attributes><mj-all padding="0" /><mj-class name="a" color="#fff" /><mj-image width="10px" /></mj-attributes>'

    assert lint(f"<mjml><mj-head>{head}</mj-head><mj-body /></mjml>") == ()


@pytest.mark.parametrize(("element", "document"), WITHIN.items())
def test_what_is_called_ignored_has_no_effect_in_the_compiler(element: str, document: str) -> None:
    from mjml import mjml2html

    (attribute,) = [name for each, name in IGNORED if each == element]
    without = re.sub(rf' {attribute}="[^"]*"', "", document)

    assert without != document
    assert mjml2html(document) == mjml2html(without)


def test_ignored_attributes_are_attributes_of_mjml() -> None:
    known = {(name, attribute) for name, element in schema().elements.items() for attribute in element.attributes}

    assert IGNORED - known == set()


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("unit(px,%){1,4}", ["0", "1px", "1px 2%", "0 0 0 1px"], ["1em", "", "1px;2px"]),
        ("unit(px,auto)", ["auto", "0", "10px"], ["10%"]),
        ("unit(px,%,)", ["1.5", "27px"], ["1em"]),
        ("unitWithNegative(px,em)", ["-1px", "0.1em"], ["1%"]),
        ("boolean", ["true", "FALSE"], ["yes"]),
        ("integer", ["3"], ["3px"]),
        ("color", ["#fff", "#2a5a70", "red", "rgb(1, 2, 3)"], ["#ffff", "reddish"]),
        ("enum(ltr,rtl)", ["ltr"], ["left"]),
        ("string", ["anything", ""], []),
    ],
)
def test_values_are_what_mjml_allows(kind: str, good: list[str], bad: list[str]) -> None:
    assert [value for value in good if expected(kind, value)] == []
    assert [value for value in bad if not expected(kind, value)] == []


@settings(deadline=None, max_examples=80)
@given(st.text(st.sampled_from("<>/=\"'& \n;amjl-textbodyé\x00"), max_size=80))
def test_anything_is_linted_without_an_accident(text: str) -> None:
    for fault in lint(f"{OPEN}{text}{SHUT}"):
        assert fault.line >= 1
        assert fault.column >= 1


def own(tmp_path: Path, *changes: tuple[str, str]) -> TemplateEditionWriter:
    """A writer with the author's own copy of the parts, changed."""
    text = (resource_dir("templates") / "email" / "_parts.mjml").read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "_parts.mjml").write_text(text, encoding="utf-8")
    return TemplateEditionWriter([tmp_path, resource_dir("templates")], MrmlCompiler())


def test_faults_name_the_template_line_and_column_that_the_author_can_edit(tmp_path: Path) -> None:
    writer = own(tmp_path, ("<mj-divider css", "<mj-diveder css"), ('padding-top="26px"', 'pading-top="26px"'))
    lines = (tmp_path / "email" / "_parts.mjml").read_text("utf-8").splitlines()
    places = [
        f"line {number}, column {line.index(part) + shift}: "
        for part, shift in (("pading-top=", 1), ("<mj-diveder", 1))
        for number, line in enumerate(lines, start=1)
        if part in line
    ]

    with pytest.raises(FileFormatError) as caught:
        render(GOLDEN_ISSUE, GOLDEN_SEGMENTS, GOLDEN_NEWSLETTER, writer, locales=("en",))

    assert str(caught.value).splitlines()[1:] == [
        f"  templates/email/_parts.mjml, {places[0]}<mj-text> has no attribute pading-top; did you mean padding-top?",
        f"  templates/email/_parts.mjml, {places[1]}there is no element <mj-diveder>; did you mean mj-divider?",
    ]


def test_a_fault_in_a_template_of_ours_says_how_to_change_it(tmp_path: Path) -> None:
    (tmp_path / "ours" / "email").mkdir(parents=True)
    (tmp_path / "ours" / "email" / "digest.mjml").write_text("<mjml><mj-bodi /></mjml>", encoding="utf-8")
    (tmp_path / "ours" / "email" / "digest.txt").write_text("", encoding="utf-8")
    writer = TemplateEditionWriter([tmp_path / "hers", tmp_path / "ours"], MrmlCompiler())

    with pytest.raises(FileFormatError, match=r"digest\.mjml, line 1, column 7 \(a template of digest: put a copy"):
        render(GOLDEN_ISSUE, GOLDEN_SEGMENTS, GOLDEN_NEWSLETTER, writer, locales=("en",))
