"""What an inbox shows of an edition: its subject, and the first words that many mail programs put beside it."""

from collections.abc import Sequence

from digest.i18n import Words
from digest.models.edition_view import StoryView
from digest.models.issue import Issue
from digest.models.message import N_
from digest.text.plain import one_line, shortened
from digest.views.passages import said

LONGEST_SUBJECT = 78
"""Characters: RFC 5322 section 2.1.1 asks for lines of at most 78, and hardly any inbox shows more."""
LONGEST_PREHEADER = 100


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
    first = next((one.text for story in stories for section in story.sections for one in section.passages), "")
    lines = [said(words, N_("Also in this issue: %(title)s"), title=others)] if others else [first]
    lines += [f"{title}, {date}", date]
    shown = (shortened(line, LONGEST_PREHEADER) for line in lines if line)
    return next((line for line in shown if line not in subject), date)
