"""What an inbox shows of an edition: its subject, and the first words that many mail programs put beside it."""

from collections.abc import Sequence

from digest.i18n import Words
from digest.models.edition_view import StoryView
from digest.models.issue import Issue
from digest.models.message import N_
from digest.text.inbox_checks import LONGEST_PREHEADER, LONGEST_SUBJECT, SHORTEST_PREHEADER
from digest.text.plain import one_line, shortened
from digest.views.passages import said


def typed_preheader(issue: Issue, locale: str) -> str:
    """Return the first line that she typed for the inbox, else an empty string."""
    return one_line(dict(issue.preheader).get(locale, ""))


def subject(issue: Issue, stories: Sequence[StoryView], *, title: str, date: str, words: Words) -> str:
    """Return the subject she typed, else the name of the newsletter and the first headline. Never empty."""
    typed = one_line(dict(issue.subject).get(words.locale, ""))
    if typed:
        return typed
    message = N_("%(newsletter)s: %(title)s")
    headline = stories[0].title.text if stories else date
    return shortened(said(words, message, newsletter=title, title=headline), LONGEST_SUBJECT)


def preheader(stories: Sequence[StoryView], *, subject: str, title: str, date: str, words: Words) -> str:
    """Return the line beside the subject: the other headlines, else the first sentence. Never empty, never the subject."""
    others = " · ".join(story.title.text for story in stories[1:])
    also = said(words, N_("Also in this issue: %(title)s"), title=others) if others else ""
    first = next((one.text for story in stories for section in story.sections for one in section.passages), "")
    # A short line would be followed by whatever the mail begins with.
    both = " · ".join(line for line in (also, first) if line)
    lines = [shortened(line, LONGEST_PREHEADER) for line in (also, both, f"{title}, {date}", date) if line]
    new = [line for line in lines if line not in subject]
    return next((line for line in new if len(line) >= SHORTEST_PREHEADER), new[0] if new else date)
