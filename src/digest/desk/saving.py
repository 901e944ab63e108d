"""Saving what the author changed: into the issue's own files, and never over words she has not seen."""

from collections.abc import Callable

from digest import pipeline
from digest.desk.history import Conflict, History, Words
from digest.desk.refused import RefusedError
from digest.desk.units import Unit, cleaned, issue_with, read_unit, segments_with
from digest.models.issue import Issue
from digest.models.message import N_
from digest.pipeline import Workshop
from digest.stages import localise


def words_of(shop: Workshop, issue_id: str) -> Words:
    """Read all words of an issue. Raises FileFormatError and NotApprovedError as `pipeline.existing_issue`."""
    newsletter_id = shop.newsletter.newsletter_id
    issue = pipeline.existing_issue(shop, issue_id)
    read = [(locale, shop.issues.read_segments(newsletter_id, issue_id, locale)) for locale in shop.newsletter.locales]
    return Words(issue=issue, segments=tuple(read))


def save_text(
    shop: Workshop, history: History, issue_id: str, *, locale: str, key: str, text: str, seen: str
) -> Unit | Conflict:
    """Write one text and render again; `seen` is the mark of what the author had before her.

    Raises RefusedError, and StorageError where the disk is full: the files then are as they were.
    """
    line = cleaned(text)
    before = words_of(shop, issue_id)
    segments = dict(before.segments)
    if locale not in segments:
        raise RefusedError(N_("This newsletter has no edition in this language."), status=404)
    unit = read_unit(before.issue, segments[locale], locale, key)
    if line == unit.text and unit.state != "needs_edit":
        return unit
    if unit.mark != seen:
        return Conflict(unit=unit, hers=line)
    if unit.kind == "translation":
        written = {**segments, locale: segments_with(segments[locale], unit, line)}
        after = Words(issue=before.issue, segments=tuple(written.items()))
        write(shop, before, after)
    else:
        after = change_issue(shop, before, lambda issue: issue_with(issue, unit, line))
    history.steps.append((before, after))
    pipeline.render_issue(shop, issue_id)
    return unit


def change_issue(shop: Workshop, before: Words, change: Callable[[Issue], Issue]) -> Words:
    """Write another `issue.toml`, and bring the translations of what changed or moved in it up to date."""
    issue = change(before.issue)
    articles = pipeline.articles_by_id(shop)
    memory = localise.remembered(())
    segments = tuple(
        (locale, localise.localise(issue, articles, existing, memory, locale)[0])
        for locale, existing in before.segments
    )
    after = Words(issue=issue, segments=segments)
    write(shop, before, after)
    return after


def write(shop: Workshop, before: Words, after: Words) -> None:
    """Write the files that differ. After a crash in between, `digest prepare` brings the translations up to date."""
    if after.issue != before.issue:
        shop.issues.write_issue(after.issue)
    old = dict(before.segments)
    for locale, segments in after.segments:
        if segments != old.get(locale):
            shop.issues.write_segments(after.issue.newsletter_id, after.issue.issue_id, locale, segments)


def undo(shop: Workshop, history: History, issue_id: str) -> None:
    """Take the last step of this issue back. Raises RefusedError where there is none, or the files changed after it."""
    step = next((step for step in reversed(history.steps) if step[1].issue.issue_id == issue_id), None)
    if step is None:
        raise RefusedError(N_("There is nothing to undo since the desk was opened."))
    before, after = step
    if not _same(words_of(shop, issue_id), after):
        raise RefusedError(
            N_("The files changed after your last step, so it can not be undone here. Edit the text instead.")
        )
    write(shop, after, before)
    history.steps.remove(step)
    pipeline.render_issue(shop, issue_id)


def _same(now: Words, then: Words) -> bool:
    """Findings and origins are notes of the machine: the words decide."""
    return now.issue == then.issue and _said(now) == _said(then)


def _said(words: Words) -> list[tuple[str, str, str, str]]:
    return [
        (locale, one.key, one.source, one.target)
        for locale, segments in words.segments
        for one in segments
        if one.source
    ]
