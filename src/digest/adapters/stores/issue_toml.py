"""`issue.toml`: an issue as a file that its author reads and edits by hand."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import get_args

from digest.adapters.stores.citation_toml import read_citation, written_citation
from digest.adapters.stores.issue_dismissals import read_dismissal, written_dismissal
from digest.adapters.stores.issue_notes import read_notes, written_notes
from digest.adapters.stores.issue_sections import read_section, written_section
from digest.adapters.stores.toml_tables import (
    Table,
    array,
    assignments,
    block,
    encoded,
    inline,
    inline_texts,
    long_array,
    parse,
    quoted,
)
from digest.models.article import Image, Picture, PictureState
from digest.models.issue import Candidate, Issue, Reason, Story, Tier

_PICTURE_STATES: tuple[PictureState, ...] = get_args(PictureState)
_TIERS: tuple[Tier, ...] = get_args(Tier)
_ISSUE_KEYS = frozenset(
    {
        "id", "newsletter", "due", "curated_at", "chosen", "subject", "preheader", "send_untranslated",
        "notes", "stories", "candidates", "dismissed",
    }
)  # fmt: skip
_STORY_KEYS = frozenset(
    {
        "key", "kind", "section", "article", "url", "title", "language", "authors", "published", "categories",
        "journal", "doi", "image", "copyright", "comments", "citations", "titles", "references", "credit", "free_url", "label", "reasons", "sections", "tier",
    }
)  # fmt: skip
_PLACE = re.compile(r"%%|%\((\w+)\)s")
_HEAD = """\
# The stories are printed in this order. To take a candidate in, change its [[candidates]] to [[stories]], move it up,
# and run `digest prepare` again. `says` only explains; `message` and `values` are what counts. `chosen` are the studies
# that were put in for you: leave it, for it tells which ones you took out.

"""


def read_issue(file: str, data: bytes, *, newsletter_id: str, issue_id: str) -> Issue:
    """Read an issue; `file` is how errors call it. Raises FileFormatError with file and line.

    What the author leaves out has a default. A story without key and language is a candidate that was moved up.
    """
    table = parse(file, data)
    table.check_keys(_ISSUE_KEYS)
    for key, expected in (("id", issue_id), ("newsletter", newsletter_id)):
        if (said := table.text(key, expected)) != expected:
            raise table.wrong(key, f"{key!r} is {said!r}, but this folder belongs to {expected!r}")
    stories = tuple(_story(item) for item in table.tables("stories"))
    _check_once(table, "stories", [story.key for story in stories if story.key])
    return Issue(
        issue_id=issue_id,
        newsletter_id=newsletter_id,
        due=table.day("due", issue_id),
        stories=stories,
        candidates=tuple(_candidate(item) for item in table.tables("candidates")),
        notes=read_notes(table),
        subject=table.pairs("subject"),
        preheader=table.pairs("preheader"),
        send_untranslated=table.texts("send_untranslated"),
        curated_at=table.moment("curated_at"),
        chosen=table.texts("chosen"),
        dismissed=tuple(read_dismissal(item) for item in table.tables("dismissed")),
    )


def issue_bytes(issue: Issue) -> bytes:
    """Return the file of an issue; the same issue gives the same bytes."""
    head = {
        "id": quoted(issue.issue_id),
        "newsletter": quoted(issue.newsletter_id),
        "due": quoted(issue.due.isoformat()),
        "curated_at": _written_moment(issue.curated_at),
        "chosen": _written_texts(issue.chosen),
        "subject": inline_texts(issue.subject) if issue.subject else "",
        "preheader": inline_texts(issue.preheader) if issue.preheader else "",
        "send_untranslated": _written_texts(issue.send_untranslated),
    }
    tables = [written_notes(issue.notes)]
    tables += [_written_story(story) for story in issue.stories]
    tables += [_written_candidate(candidate) for candidate in issue.candidates]
    tables += [written_dismissal(dismissal) for dismissal in issue.dismissed]
    return encoded(_HEAD + assignments(head) + "".join(tables))


def _story(table: Table) -> Story:
    table.check_keys(_STORY_KEYS)
    section = table.text("section", "posts")
    sections = tuple(read_section(item) for item in table.tables("sections"))
    _check_once(table, "sections", [item.heading for item in sections])
    return Story(
        key=table.text("key"),
        kind=table.choice("kind", ("post", "study"), "post" if section == "posts" else "study"),
        section=section,
        article_id=table.text("article") or table.required("key"),
        url=table.text("url"),
        language=table.text("language"),
        title=table.text("title"),
        authors=table.texts("authors"),
        published=table.moment("published"),
        categories=table.texts("categories"),
        journal=table.text("journal"),
        doi=table.optional("doi"),
        image=_image(table.table("image")),
        copyright=table.text("copyright"),
        comments_url=table.text("comments"),
        citations=tuple(read_citation(item) for item in table.tables("citations")),
        titles=table.pairs("titles"),
        references=table.pairs("references"),
        credit=_reasons(table, "credit"),
        free_url=table.text("free_url"),
        label=_reasons(table, "label"),
        reasons=_reasons(table, "reasons"),
        sections=sections,
        tier=table.choice("tier", _TIERS, _TIERS[0]) if "tier" in table.values else None,
    )


def _candidate(table: Table) -> Candidate:
    # A story that the author moves down brings keys that candidates do not need.
    table.check_keys(_STORY_KEYS)
    return Candidate(
        article_id=table.text("article") or table.required("key"),
        title=table.text("title"),
        url=table.text("url"),
        section=table.text("section", "posts"),
        published=table.moment("published"),
        reasons=_reasons(table, "reasons"),
    )


def _image(table: Table | None) -> Image | None:
    if table is None:
        return None
    table.check_keys({"url", "alt", "credit", "state", "width", "height", "bytes"})
    seen = None
    if "state" in table.values:
        width, height, size = (max(0, table.number(key) or 0) for key in ("width", "height", "bytes"))
        state = table.choice("state", _PICTURE_STATES, "unknown")
        seen = Picture(state=state, width=width, height=height, size=size)
    return Image(url=table.required("url"), alt=table.text("alt"), credit=table.text("credit"), seen=seen)


def _written_image(image: Image) -> str:
    values = {"url": quoted(image.url), "alt": quoted(image.alt), "credit": quoted(image.credit)}
    if image.seen:
        numbers = (("width", image.seen.width), ("height", image.seen.height), ("bytes", image.seen.size))
        values |= {"state": quoted(image.seen.state)} | {key: str(number) for key, number in numbers if number}
    return inline(values)


def _reasons(table: Table, key: str) -> tuple[Reason, ...]:
    return tuple(_reason(item, table, key) for item in table.mixed(key))


def _reason(item: str | Table, table: Table, key: str) -> Reason:
    if isinstance(item, str):
        return Reason(message=item.replace("%", "%%"))
    item.check_keys({"says", "message", "values"})
    reason = Reason(message=item.required("message"), values=item.pairs("values"))
    if _says(reason) is None:
        raise table.wrong(key, f"the places %(name)s of {reason.message!r} do not fit its values")
    return reason


def _check_once(table: Table, key: str, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise table.wrong(key, f"{name!r} stands twice in {key!r}; every one has to be there once")


def _says(reason: Reason) -> str | None:
    """Return the English sentence, or None where the values do not fit the message."""
    values = dict(reason.values)
    # A sign by itself would not fail but swallow the next letter: "100 % sure" becomes "100 {}ure".
    fits = "%" not in _PLACE.sub("", reason.message) and values.keys() >= set(_PLACE.findall(reason.message)) - {""}
    return reason.message % values if fits else None


def _written_story(story: Story) -> str:
    return "\n[[stories]]\n" + assignments(_story_values(story)) + "".join(map(written_section, story.sections))


def _story_values(story: Story) -> dict[str, str]:
    return {
        "key": quoted(story.key),
        "kind": quoted(story.kind),
        "section": quoted(story.section),
        "tier": _optional(story.tier),
        "article": quoted(story.article_id),
        "url": quoted(story.url),
        "title": quoted(story.title),
        "language": quoted(story.language),
        "authors": _written_texts(story.authors),
        "published": _written_moment(story.published),
        "categories": _written_texts(story.categories),
        "journal": _given(story.journal),
        "doi": _optional(story.doi),
        "image": _written_image(story.image) if story.image else "",
        "copyright": block(story.copyright) if story.copyright else "",
        "comments": _given(story.comments_url),
        "citations": _long([written_citation(citation) for citation in story.citations]),
        "titles": inline_texts(story.titles) if story.titles else "",
        "references": inline_texts(story.references) if story.references else "",
        "credit": _written_reasons(story.credit),
        "free_url": _given(story.free_url),
        "label": _written_reasons(story.label),
        "reasons": _written_reasons(story.reasons),
    }


def _written_candidate(candidate: Candidate) -> str:
    values = {
        "article": quoted(candidate.article_id),
        "title": quoted(candidate.title),
        "url": quoted(candidate.url),
        "section": quoted(candidate.section),
        "published": _written_moment(candidate.published),
        "reasons": _written_reasons(candidate.reasons),
    }
    return "\n[[candidates]]\n" + assignments(values)


def _written_reasons(reasons: Iterable[Reason]) -> str:
    return _long([_written_reason(reason) for reason in reasons])


def _written_reason(reason: Reason) -> str:
    if not reason.values:
        return inline({"message": quoted(reason.message)})
    return inline(
        {"says": _optional(_says(reason)), "message": quoted(reason.message), "values": inline_texts(reason.values)}
    )


def _written_texts(texts: Sequence[str]) -> str:
    return array([quoted(text) for text in texts]) if texts else ""


def _written_moment(moment: datetime | None) -> str:
    return quoted(moment.astimezone(UTC).isoformat()) if moment else ""


def _long(items: Sequence[str]) -> str:
    return long_array(items) if items else ""


def _given(text: str) -> str:
    return quoted(text) if text else ""


def _optional(text: str | None) -> str:
    return "" if text is None else quoted(text)
