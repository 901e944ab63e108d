"""What the first page of the desk shows, remembered so that it need not open every issue to show it again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontStory:
    """A headline with its language (BCP 47)."""

    language: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontRow:
    """One issue of the list."""

    issue_id: str
    mark: str
    """Changes with every file of the issue, the settings and the templates; what was found holds for it alone."""
    state: str = ""
    """`approved`, `ready` or `blocked`."""
    blocks: int = 0
    """Errors that stand against an approval."""
    approved: tuple[str, ...] = ()
    """Locales all of whose editions are approved."""
    stories: int = 0
    first_stories: tuple[FrontStory, ...] = ()
    broken: str = ""
    """What is wrong with a file that somebody edited by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontReaders:
    """How many readers one edition has."""

    locale: str
    audience: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """All of it."""

    rows: tuple[FrontRow, ...] = ()
    readers: tuple[FrontReaders, ...] = ()
    readers_mark: str = ""
    """Of the list when they were counted; empty where they have to be counted anew."""
