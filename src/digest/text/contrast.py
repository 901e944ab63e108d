"""Contrast of two colours (WCAG 2.2, "contrast ratio"), and whether a palette can be read."""

from collections.abc import Iterator
from functools import lru_cache

from digest.models.look import Palette

READABLE = 4.5
"""WCAG 2.2 success criterion 1.4.3, level AA, for text of the sizes that a mail has."""

_LINEAR_BELOW = 0.04045
"""IEC 61966-2-1: sRGB is linear near black."""
_GROUNDS = ("paper", "card", "box")
_TEXTS = ("ink", "soft", "accent")


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours `#rrggbb`, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def unreadable(palette: Palette) -> Iterator[tuple[str, str, float]]:
    """Yield (text, ground, ratio) of every pair of names in a palette that is hard to read."""
    pairs = [(text, ground) for text in _TEXTS for ground in _GROUNDS]
    for text, ground in (*pairs, ("on_accent", "accent")):
        ratio = contrast(getattr(palette, text), getattr(palette, ground))
        if ratio < READABLE:
            yield text, ground, ratio


@lru_cache(maxsize=256)
def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= _LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
