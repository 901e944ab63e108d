"""What the author changed in this sitting, so that a step can be taken back."""

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digest.models.issue import Issue, Story
from digest.models.segment import Segment

if TYPE_CHECKING:
    from digest.desk.units import Unit

STEPS_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All words of an issue: what one step back restores."""

    issue: Issue
    segments: tuple[tuple[str, tuple[Segment, ...]], ...]
    """By locale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The files say something else than she saw. Nothing was written; both versions are here."""

    unit: "Unit"
    """As it is now."""
    hers: str


@dataclass(slots=True)
class History:
    """The steps of this sitting, the last at the end; git keeps the rest."""

    steps: deque[tuple[Words, Words]] = field(default_factory=lambda: deque(maxlen=STEPS_KEPT))
    """(before, after)."""

    def can_undo(self, issue_id: str) -> bool:
        """Whether there is a step of this issue."""
        return any(after.issue.issue_id == issue_id for _, after in self.steps)

    def story_of(self, issue_id: str, article_id: str) -> Story | None:
        """The newest version of a story that stood in an issue during this sitting, with the words that she typed."""
        issues = (words.issue for step in reversed(self.steps) for words in reversed(step))
        found = (one for issue in issues if issue.issue_id == issue_id for one in issue.stories)
        return next((one for one in found if one.article_id == article_id), None)
