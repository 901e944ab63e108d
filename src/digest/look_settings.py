"""`look` and `archive` of a newsletter in digest.toml: colours, fonts, logo, and where its issues are on the web."""

import re
from dataclasses import fields, replace

from digest.models.look import DARK, LIGHT, Logo, Look, Palette
from digest.settings_reader import Table
from digest.text.contrast import READABLE, unreadable
from digest.text.links import safe_link

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_FONTS = re.compile(r"[A-Za-z0-9 -]+(?:, *[A-Za-z0-9 -]+)*")
_GENERIC = ("sans-serif", "serif", "monospace", "system-ui")
_WIDEST_LOGO = 536


def read_look(table: Table) -> Look:
    """Read `[newsletters.look]`; what is left out stays as it is. Mistakes are noted in the table."""
    look = Look(
        light=_palette(table.table("light", optional=True), LIGHT),
        dark=_palette(table.table("dark", optional=True), DARK),
        sans=_fonts(table, "sans", Look().sans),
        serif=_fonts(table, "serif", Look().serif),
        logo=_logo(table.table("logo")) if "logo" in table.values else None,
    )
    table.finish()
    return look


def read_archive(table: Table) -> str:
    """Read `archive`, the address of an edition on the web with places for issue and locale; empty where there is none."""
    address = table.text("archive", default="")
    example = address.replace("{issue}", "2026-11-26").replace("{locale}", "en")
    if address and ("{issue}" not in address or "{locale}" not in address or not safe_link(example)):
        table.mistake("archive", "has to be an https address such as https://letters.example.org/{issue}/{locale}.html")
        return ""
    return address


def _palette(table: Table, usual: Palette) -> Palette:
    chosen: dict[str, str] = {}
    for name in (field.name for field in fields(Palette)):
        value = table.text(name, default="")
        if value and not _COLOUR.fullmatch(value):
            table.mistake(name, f"{value!r} is not a colour such as #2a5a70")
        elif value:
            chosen[name] = value.lower()
    palette = replace(usual, **chosen)
    for text, ground, ratio in unreadable(palette):
        place = text if text in chosen else ground
        table.mistake(place, f"{text} on {ground} has a contrast of {ratio:.1f}; below {READABLE} it is hard to read")
    table.finish()
    return palette


def _fonts(table: Table, key: str, usual: str) -> str:
    value = table.text(key, default="") or usual
    if not _FONTS.fullmatch(value) or value.rpartition(",")[2].strip() not in _GENERIC:
        table.mistake(key, "has to be names of fonts without quotes that end in serif or sans-serif: Georgia, serif")
        return usual
    return value


def _logo(table: Table) -> Logo:
    logo = Logo(
        url=safe_link(table.text("url")),
        alt=table.text("alt"),
        width=table.integer("width", default=120, low=16, high=_WIDEST_LOGO),
        height=table.integer("height", default=40, low=16, high=_WIDEST_LOGO),
    )
    if not logo.url:
        table.mistake("url", "has to be an https address of a picture")
    table.finish()
    return logo
