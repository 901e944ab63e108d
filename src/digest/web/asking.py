"""A request as the desk's pages see it, read with limits, and the answer's shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.requests import Request

LARGEST_BODY = 1_000_000
"""Bytes; a form holds one text, and a far too long one still has to be answered with a reason."""
MOST_FIELDS = 50


class TooLargeError(ValueError):
    """The body is larger than any form of the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked for."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, tuple[str, ...]]
    interface: str
    """Locale of the page."""
    address: str
    """Path and query of the request."""
    by_script: bool
    """Whether the page's own script asks, which puts the answer into the page."""

    def field(self, name: str) -> str:
        """Return one field of the form, or an empty string."""
        return self.form.get(name, ("",))[0]


async def read_form(request: "Request") -> Mapping[str, tuple[str, ...]]:
    """Read `application/x-www-form-urlencoded`. Raises TooLargeError."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLargeError
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"
        )
    except ValueError as error:
        raise TooLargeError from error
    return {name: tuple(values) for name, values in fields.items()}
