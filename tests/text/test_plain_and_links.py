import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.links import doi_link, safe_link
from digest.text.plain import lines_without_controls, one_line, shortened, without_controls, wrapped

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    "link",
    [
        "https://blog.example.org/a?b=1&c=2#d",
        "https://xn--exmple-cua.example.org/",
        "mailto:letters@example.org?subject=x",
        "http://127.0.0.1:8731/legal.html",
        "http://localhost/",
        "http://[::1]:80/",
    ],
)
def test_a_safe_link_may_pass(link: str) -> None:
    assert safe_link(f" {link} ") == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "http://blog.example.org/",
        "http://127.0.0.1.example.org/",
        "//blog.example.org/",
        "/relative",
        "https:///no-host",
        "https://user:secret@example.org/",
        'https://example.org/" onclick="x',
        "https://example.org/<b>",
        "https://example.org/a b",
        "https://[broken",
        "mailto:",
        "file:///etc/hostname",
    ],
)
def test_any_other_link_is_dropped(link: str) -> None:
    assert safe_link(link) == ""


@given(ANY_TEXT)
def test_what_passes_holds_nothing_that_could_leave_an_attribute(link: str) -> None:
    assert not set(safe_link(link)) & set('"<>\n\r\t `\x00')


def test_a_doi_becomes_a_link_of_its_resolver() -> None:
    assert doi_link("10.5555/example.2026.7") == "https://doi.org/10.5555/example.2026.7"
    assert doi_link("10.1002/(SICI)1<1::AID>3.0.CO;2-X") == "https://doi.org/10.1002/(SICI)1%3C1::AID%3E3.0.CO;2-X"
    assert safe_link(doi_link('10.5555/a"b')) == "https://doi.org/10.5555/a%22b"


@pytest.mark.parametrize("doi", [None, "", "doi", "10.5/x", "https://doi.org/10.5555/x", "10.5555/"])
def test_what_is_no_doi_gets_no_link(doi: str | None) -> None:
    assert doi_link(doi) == ""


def test_controls_and_direction_overrides_are_dropped() -> None:
    assert one_line("a\x00b\x1bc\u202ed\u2066e\ud800f\ufffeg") == "abcdefg"
    assert one_line(" a\n\tb\u2028c\u00a0 d ") == "a b c d"


def test_marks_and_joiners_of_scripts_stay() -> None:
    text = "שלום\u200f نص\u200cی 👩\u200d⚕️"

    assert without_controls(text) == text


@given(ANY_TEXT)
def test_a_text_of_many_lines_is_cleaned_as_each_of_them(text: str) -> None:
    assert lines_without_controls(text) == without_controls(text)


@given(ANY_TEXT)
def test_one_line_is_one_line_that_can_be_encoded(text: str) -> None:
    line = one_line(text)

    line.encode("utf-8")
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


@given(st.text(), st.integers(min_value=2, max_value=200))
def test_shortened_text_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(shortened(text, limit)) <= limit


def test_text_is_cut_between_words() -> None:
    assert shortened("one two three four", 12) == "one two…"
    assert shortened("one two", 12) == "one two"
    assert shortened("x" * 20, 12) == "x" * 11 + "…"


def test_lines_are_wrapped_with_their_indent_and_links_stay_whole() -> None:
    link = "https://example.org/" + "a-b/" * 20

    text = wrapped(f"- {'word ' * 10}\n\n\n\n  {link}\nend  \n\n", 30)

    assert text == f"- word word word word word\n  word word word word word\n\n  {link}\nend\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])), max_size=6))
def test_wrapping_loses_no_word(lines: list[str]) -> None:
    text = "\n".join(lines)

    assert wrapped(text, 40).split() == text.split()
