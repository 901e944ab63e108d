"""What the author herself chose and dropped among other people's studies. What was chosen for her is neither. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from digest.models.issue import Issue, Story
from digest.models.message import N_
from digest.works.notice_findings import CORRECTIONS

YOUR_PICK = N_("You moved it up.")
TAKEN_OUT = N_("You took it out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Article ids that show her hand in one issue, each once and in one list only."""

    picked: tuple[str, ...]
    """She moved them up, or said something on them in her own words."""
    dropped: tuple[str, ...]
    """They were put in for her, or she had put them in, and she took them out."""
    passed: tuple[str, ...]
    """Listed beside what she moved up, so she saw them and preferred another."""


def hand_in(issue: Issue) -> Hand:
    """Return what an issue shows of her choice; studies that it carries untouched are not in it."""
    studies = [story for story in issue.stories if story.kind == "study" and story.section != CORRECTIONS]
    carried = {story.article_id for story in issue.stories}
    moved_up = [story.article_id for story in studies if _is_moved_up(story)]
    spoken_of = [story.article_id for story in studies if _has_her_words(story)]
    listed = [one for one in issue.candidates if one.article_id not in carried]
    out = [one.article_id for one in listed if any(reason.message == TAKEN_OUT for reason in one.reasons)]
    gone = [name for name in issue.chosen if name not in carried]
    dropped = dict.fromkeys([*out, *gone])
    passed = (one.article_id for one in listed if moved_up and one.article_id not in dropped)
    return Hand(picked=_once([*moved_up, *spoken_of]), dropped=tuple(dropped), passed=_once(passed))


def _is_moved_up(story: Story) -> bool:
    return any(reason.message == YOUR_PICK for reason in story.reasons)


def _has_her_words(story: Story) -> bool:
    return any(section.heading == "words" and section.sentences for section in story.sections)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
