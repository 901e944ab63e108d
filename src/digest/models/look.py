"""The look of the mail: one table that feeds styles, dark rules and checks; an author changes it in digest.toml.

Literal hex values and system fonts only: few mail programs know CSS variables or web fonts. The light palette has no pure
black or white and every text stands on its own solid background, so that programs that force a dark inversion (Gmail,
Outlook) still show it well; the dark palette is for those that ask (`prefers-color-scheme`, Outlook's `data-ogsc`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one scheme, `#rrggbb`; WCAG 2.2 contrast of every text colour on every ground is at least 4.5."""

    paper: str
    """Behind the letter."""
    card: str
    """Under the text."""
    box: str
    """Under the author's note and the evidence of a study."""
    line: str
    ink: str
    soft: str
    """Small print."""
    accent: str
    """Links, button, bar: the only colour."""
    on_accent: str


LIGHT = Palette(
    paper="#f3efe8",
    card="#fffdf9",
    box="#f4f0e9",
    line="#ddd5c9",
    ink="#26231f",
    soft="#645d54",
    accent="#2a5a70",
    on_accent="#fdfcfa",
)
DARK = Palette(
    paper="#121214",
    card="#1c1c20",
    box="#27272d",
    line="#3a3a42",
    ink="#e9e6e1",
    soft="#b0aaa1",
    accent="#93c6da",
    on_accent="#12222a",
)

# Without quotes, which CSS does not need here and attributes would have to escape.
SANS = "-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
SERIF = "Georgia, Times New Roman, serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture above the name of the newsletter; it has to be readable on light and dark ground."""

    url: str
    alt: str
    width: int
    """CSS pixels; the file should have twice as many."""
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours, fonts and logo of one newsletter."""

    light: Palette = LIGHT
    dark: Palette = DARK
    sans: str = SANS
    """CSS font families, comma-separated, without quotes."""
    serif: str = SERIF
    logo: Logo | None = None
