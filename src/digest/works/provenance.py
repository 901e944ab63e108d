"""Notes for each field of a work which source gave it, and when."""

from dataclasses import fields, replace
from datetime import datetime

from digest.models.work import FieldOrigin, Work, WorkSource

_NOT_NOTED = frozenset({"origins", "notices_checked_at", "notices_seen", "is_preprint", "first_seen"})


def with_origins(work: Work, source: WorkSource, at: datetime) -> Work:
    """Return the work with an origin for every field that has a value."""
    given = (field.name for field in fields(work) if field.name not in _NOT_NOTED and has_value(work, field.name))
    return replace(work, origins=tuple(FieldOrigin(field=name, source=source, at=at) for name in given))


def has_value(work: Work, name: str) -> bool:
    """Whether a field says anything."""
    return getattr(work, name) not in {None, "", (), "unknown"}


def known_only_from_feed(work: Work | None) -> bool:
    """Whether no research source has been asked for a study yet."""
    return work is None or all(origin.source == "feed" for origin in work.origins)
