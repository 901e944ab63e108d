"""`look` and `archive` in digest.toml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.look_settings import read_archive, read_look
from digest.models.look import DARK, LIGHT, Logo, Look, Palette
from digest.settings_reader import Table
from digest.text.contrast import contrast, unreadable


def table(**values: object) -> Table:
    return Table(values=values, path="newsletters[0].look", lines={}, mistakes=[], environment={})


def test_an_empty_look_is_the_usual_one() -> None:
    assert read_look(made := table()) == Look()
    assert made.mistakes == []


def test_an_author_changes_single_colours_fonts_and_the_logo() -> None:
    made = table(
        light={"accent": "#7A1F4B"},
        serif="Charter, Georgia, serif",
        logo={"url": "https://blog.example.org/logo.png", "alt": "Bonds", "width": 200, "height": 60},
    )
    look = read_look(made)

    assert made.mistakes == []
    assert (look.light.accent, look.light.ink, look.dark) == ("#7a1f4b", LIGHT.ink, DARK)
    assert look.serif == "Charter, Georgia, serif"
    assert look.logo == Logo(url="https://blog.example.org/logo.png", alt="Bonds", width=200, height=60)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"light": {"accent": "teal"}}, "'teal' is not a colour"),
        ({"light": {"soft": "#bbbbbb"}}, "soft on paper has a contrast of 1.7"),
        ({"dark": {"card": "#777777"}}, "accent on card has a contrast"),
        ({"light": {"acent": "#000000"}}, "unknown setting (did you mean 'accent'?)"),
        ({"sans": "Inter, url(https://fonts.example.org/x)"}, "names of fonts"),
        ({"sans": '"Segoe UI", sans-serif'}, "names of fonts"),
        ({"serif": "Georgia"}, "end in serif or sans-serif"),
        ({"logo": {"url": "http://blog.example.org/logo.png", "alt": "Bonds"}}, "https address of a picture"),
        ({"logo": {"url": "https://blog.example.org/logo.png"}}, "alt: is missing"),
        ({"logo": {"url": "https://blog.example.org/logo.png", "alt": "x", "width": 5}}, "between 16 and 536"),
        ({"logo": "logo.png"}, "has to be a table"),
    ],
)
def test_what_can_not_be_used_is_said(values: dict[str, object], said: str) -> None:
    made = table(**values)
    read_look(made)

    assert said in " ".join(what for _, what in made.mistakes)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_text_colour_can_be_read_on_every_ground(palette: Palette) -> None:
    assert list(unreadable(palette)) == []


def test_contrast_goes_from_1_to_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@given(st.text(max_size=20) | st.integers() | st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3))
def test_anything_in_the_settings_is_a_look_or_a_mistake(value: object) -> None:
    for key in ("light", "sans", "logo", "other"):
        assert isinstance(read_look(table(**{key: value})), Look)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://letters.example.org/{issue}/{locale}.html", True),
        ("http://127.0.0.1:8731/{issue}/{locale}", True),
        ("http://letters.example.org/{issue}/{locale}", False),
        ("https://letters.example.org/{issue}", False),
        ("javascript:{issue}{locale}", False),
    ],
)
def test_the_archive_needs_a_place_for_issue_and_locale(address: str, kept: bool) -> None:  # noqa: FBT001  a table
    made = table(archive=address)

    assert (read_archive(made), bool(made.mistakes)) == (address if kept else "", not kept)
    assert read_archive(table()) == ""
