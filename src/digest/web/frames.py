"""The mail in a frame of its own: exactly the bytes that would be sent, shown as different readers would see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from digest.web.static import FORCED_DARK, guarded, in_scheme

Look = Literal["light", "dark", "forced"]
"""`forced` stands for mail programs that turn a light mail around by themselves; it is an imitation."""

_MARKED = "<style>::highlight(desk){background-color:#ffe39a;color:#1f1a10}</style>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How the author looks at a mail."""

    look: Look = "light"
    images: bool = True

    @property
    def policy(self) -> str:
        """Content-Security-Policy of the frame: no scripts, no forms, nothing but pictures from outside."""
        pictures = "https: http:" if self.images else "'none'"
        return (
            f"default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; form-action 'none'; base-uri 'none'; "
            "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        )


def showing(query: Mapping[str, str]) -> Showing:
    """Read how she wants to see it; what is unknown is light, with images."""
    looks: Mapping[str, Look] = {look: look for look in get_args(Look)}
    return Showing(look=looks.get(query.get("look", ""), "light"), images=query.get("images", "on") != "off")


def framed(html: str, guard: str, shown: Showing) -> str:
    """Return the mail for its frame; `guard` is the top of its head."""
    html = in_scheme(html, "dark" if shown.look == "dark" else "light")
    return guarded(html, guard + _MARKED + (FORCED_DARK if shown.look == "forced" else ""))
