"""What an author follows: declared in the settings, and the records of studies she cited."""

from dataclasses import dataclass

from digest.models.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """What decides which studies she is offered, beside her own posts."""

    topics: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "pt")
    """BCP 47 primary subtags of studies she reads."""
    oldest_days: int = 730
    works: tuple[Work, ...] = ()
    """Records of the studies that her posts cite."""
