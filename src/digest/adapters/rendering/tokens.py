"""Sizes of the mail in CSS pixels; colours and fonts are in `digest.models.look`."""

from collections.abc import Mapping

from digest.models.look import Look

WIDTH = 600
PADDING = 32
IMAGE_WIDTH = WIDTH - 2 * PADDING


def tokens(look: Look) -> Mapping[str, object]:
    """Return everything about the look that templates name."""
    return {
        "light": look.light,
        "dark": look.dark,
        "sans": look.sans,
        "serif": look.serif,
        "logo": look.logo,
        "width": WIDTH,
        "padding": PADDING,
        "image_width": IMAGE_WIDTH,
    }
