"""What the site that holds the author's repository says of the request to approve an issue."""

from dataclasses import dataclass
from typing import Literal

RequestState = Literal["open", "merged", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """One pull request for one issue."""

    number: int
    state: RequestState
    title: str
    body: str
    """What it shows, fingerprints included."""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The words of an issue as they lie on its branch."""

    tip: str
    """The commit; empty where there is no such branch."""
    base: str
    """The commit of the author's own branch that the run started from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where previews may be seen without loading them: a site that everybody can open who knows the path."""

    url: str
    path: str
    """A name that nobody can guess; the only thing that keeps it hers."""

    @property
    def link(self) -> str:
        """The address of the preview."""
        return f"{self.url.rstrip('/')}/{self.path}/"
