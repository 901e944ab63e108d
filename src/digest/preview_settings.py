"""The table `[preview]`: whether previews are also put where a browser opens them at once."""

import re

from digest.models.forge import Pages
from digest.settings_reader import Table

_UNGUESSABLE = re.compile(r"[A-Za-z0-9_-]{22,64}")
"""128 bits in base64 have 22 characters."""


def read_pages(root: Table) -> Pages | None:
    """Return where, None where the table is left out."""
    table = root.table("preview", optional=True)
    url, path = table.web_address("pages", default=""), table.text("path", default="")
    if url and not _UNGUESSABLE.fullmatch(path):
        table.mistake(
            "path",
            "has to be 22 letters and digits at least that nobody can guess; `digest init --pages URL` makes them",
        )
    table.finish()
    return Pages(url=url, path=path) if url else None
