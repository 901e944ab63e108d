"""A file of Crossref works: one JSON object a line, a JSON list, or an answer with `message.items`."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from digest.adapters.sources.crossref_work import works_of
from digest.errors import SettingsError
from digest.models.work import Work
from digest.works.candidates import Candidates

LARGEST_FILE_BYTES = 200_000_000


def read_candidates(path: Path, *, now: datetime) -> Candidates:
    """Read the file; a line that is no work is passed over. Raises SettingsError where there is no work at all."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError):
        message = f"The file {path} can not be read."
        raise SettingsError(message) from None
    if len(data) > LARGEST_FILE_BYTES:
        message = f"The file {path} is larger than {LARGEST_FILE_BYTES // 1_000_000} MB."
        raise SettingsError(message)
    works = tuple(_works(data.decode("utf-8-sig", "replace"), now))
    if data.strip() and not works:
        message = (
            f"The file {path} holds no Crossref works: a JSON list, JSON lines, or an answer of the API is needed."
        )
        raise SettingsError(message)
    return Candidates(works)


def _works(text: str, now: datetime) -> Iterator[Work]:
    try:
        yield from works_of(json.loads(text), now)
    except (ValueError, RecursionError):
        for line in text.splitlines():
            try:
                yield from works_of(json.loads(line), now)
            except (ValueError, RecursionError):
                continue
