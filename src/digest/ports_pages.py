"""What stage 2 asks of the pages of articles."""

from typing import Protocol

from digest.models.article import PageMark, Picture
from digest.models.feed import ParsedPage
from digest.models.resolution import CouldNotCheck


class PageReader(Protocol):
    """Complete: reads the page of an article, looks whether it changed, and looks at its picture."""

    def read_page(self, url: str) -> ParsedPage:
        """Fetch and read one page; a failure is a `ParsedPage` with problems and no blocks."""
        ...

    def look_again(self, url: str, mark: PageMark) -> PageMark | CouldNotCheck:
        """Ask for a page that was read before, and return its mark now: the same one where nothing changed."""
        ...

    def look_at(self, url: str) -> Picture | CouldNotCheck:
        """Fetch one picture, up to a limit, and say what it is."""
        ...
