"""Which stories an issue carries and in which order: every change is one step that can be undone."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from digest import pipeline
from digest.desk.history import History
from digest.desk.refused import RefusedError
from digest.desk.saving import change_issue, words_of
from digest.desk.units import LONGEST
from digest.models.issue import EVERYONE, Candidate, Issue, Note, Reason, Section, Sentence, Story
from digest.models.message import N_
from digest.pipeline import Workshop
from digest.stages import curate
from digest.text.plain import without_controls
from digest.text.sentences import split_sentences
from digest.works.picks import TAKEN_OUT

ORDER_CHANGED = N_(
    "The list of texts changed in the meantime. It is shown as it is now: do it again if you still want to."
)
NOTE_CHANGED = N_("This note changed in the files meanwhile. Keep a copy of your words and load the page again.")
LONGEST_WORDS = 4 * LONGEST


def order_mark(issue: Issue) -> str:
    """What a change of the list has to name: which stories and candidates she saw, in which order."""
    keys = [story.key for story in issue.stories] + ["|"] + [one.article_id for one in issue.candidates]
    return hashlib.sha256("\0".join(keys).encode("utf-8", "replace")).hexdigest()[:16]


def rearrange(
    shop: Workshop, history: History, issue_id: str, change: Callable[[Issue], Issue], *, seen: str | None
) -> None:
    """Change the list and render again. Raises RefusedError where it is not the list she saw."""
    before = words_of(shop, issue_id)
    if seen is not None and seen != order_mark(before.issue):
        raise RefusedError(ORDER_CHANGED)
    if change(before.issue) == before.issue:
        return
    after = change_issue(shop, before, change)
    if _needs_words(after.issue):
        pipeline.draft_issue(shop, issue_id)
        pipeline.localise_issue(shop, issue_id)
        after = words_of(shop, issue_id)
    history.steps.append((before, after))
    pipeline.render_issue(shop, issue_id)


def moved(issue: Issue, key: str, place: int) -> Issue:
    """Put a story at a place, counted from 0; posts stand before studies in the mail whatever the order here."""
    story = _story(issue, key)
    others = [one for one in issue.stories if one.key != key]
    at = max(0, min(place, len(others)))
    return replace(issue, stories=(*others[:at], story, *others[at:]))


def place_of(issue: Issue, key: str) -> int:
    """Return where a story stands, from 0. Raises RefusedError."""
    return issue.stories.index(_story(issue, key))


def taken_out(issue: Issue, key: str) -> Issue:
    """Make a story a candidate again; within the sitting it comes back with its words."""
    story = _story(issue, key)
    candidate = Candidate(
        article_id=story.article_id,
        title=story.title,
        url=story.url,
        section=story.section,
        published=story.published,
        reasons=(Reason(message=TAKEN_OUT),),
    )
    others = tuple(one for one in issue.stories if one.key != key)
    return replace(issue, stories=others, candidates=(candidate, *issue.candidates))


def taken_in(shop: Workshop, issue: Issue, article_id: str, *, earlier: Story | None) -> Issue:
    """Make a candidate a story, with the words it had when she took it out.

    Raises RefusedError where it is none, or its article is not known.
    """
    candidate = next((one for one in issue.candidates if one.article_id == article_id), None)
    article = pipeline.articles_by_id(shop).get(article_id)
    if candidate is None or article is None:
        raise RefusedError(ORDER_CHANGED)
    story = earlier or curate.picked(article, candidate.reasons)
    posts = [one for one in issue.stories if one.kind == "post"]
    studies = [one for one in issue.stories if one.kind != "post"]
    stories = (*posts, story, *studies) if story.kind == "post" else (*issue.stories, story)
    return replace(
        issue, stories=stories, candidates=tuple(one for one in issue.candidates if one.article_id != article_id)
    )


def with_words(issue: Issue, key: str, text: str, *, was: str) -> Issue:
    """Put the author's own words on a study, one sentence each; `was` is what she had before her.

    Raises RefusedError where they are far too many, or somebody else wrote in between.
    """
    if len(text) > LONGEST_WORDS:
        raise _too_long(text)
    story = _story(issue, key)
    if words_on(story) != " ".join(was.split()):
        raise RefusedError(
            N_("Your words on this study changed in the files meanwhile. Load the page again; keep a copy.")
        )
    sentences = tuple(
        Sentence(text=" ".join(one.split()))
        for one in split_sentences(without_controls(text), story.language)
        if one.strip()
    )
    others = tuple(section for section in story.sections if section.heading != "words")
    own = (Section(heading="words", sentences=sentences),) if sentences else ()
    changed = replace(story, sections=(*own, *others))
    return replace(issue, stories=tuple(changed if one.key == key else one for one in issue.stories))


def with_note(issue: Issue, audience: str, language: str, text: str, *, was: str) -> Issue:
    """Put a note before the stories, for everyone or one audience; empty words take it out. Raises as `with_words`."""
    if len(text) > LONGEST_WORDS:
        raise _too_long(text)
    if note_text(issue, audience) != " ".join(was.split()):
        raise RefusedError(NOTE_CHANGED)
    sentences = tuple(
        line for one in split_sentences(without_controls(text), language) if (line := " ".join(one.split()))
    )
    note = Note(audience=audience, language=language, sentences=sentences)
    others = tuple(one for one in issue.notes if one.audience != audience)
    notes = (note, *others) if sentences else others
    return replace(issue, notes=tuple(sorted(notes, key=lambda one: (one.audience != EVERYONE, one.audience))))


def note_text(issue: Issue, audience: str) -> str:
    """Return a note as one text; empty where there is none."""
    return " ".join(one for note in issue.notes if note.audience == audience for one in note.sentences)


def check_citation(issue: Issue, key: str, number: int, text: str) -> None:
    """Raise RefusedError where a citation is not the one that she saw."""
    citations = _story(issue, key).citations
    if not 1 <= number <= len(citations) or citations[number - 1].text != text:
        raise RefusedError(ORDER_CHANGED)


def words_on(story: Story) -> str:
    """Return the author's own words on a study, as one text."""
    return " ".join(one.text for section in story.sections if section.heading == "words" for one in section.sentences)


def _too_long(text: str) -> RefusedError:
    message = N_("This text has %(count)s characters; at most %(limit)s fit. Nothing was saved: shorten it first.")
    return RefusedError(message, status=422, count=len(text), limit=LONGEST_WORDS)


def _needs_words(issue: Issue) -> bool:
    return any(story.kind == "post" and not story.sections for story in issue.stories)


def _story(issue: Issue, key: str) -> Story:
    story = next((one for one in issue.stories if one.key == key), None)
    if story is None:
        raise RefusedError(ORDER_CHANGED)
    return story
