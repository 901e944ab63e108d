"""Checks of an issue and its editions: what is missing, stale, too large or unsafe. The words are in the catalogues."""

from collections.abc import Iterable, Iterator, Mapping

from digest.models.article import HEADINGS
from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.models.issue import EVERYONE, Issue, SectionHeading, Story
from digest.models.message import N_
from digest.models.newsletter import Newsletter
from digest.models.segment import Finding, Segment, Severity
from digest.text.findings import identified
from digest.text.language import same_language
from digest.text.links import safe_link
from digest.text.offers import is_prefilled
from digest.text.plain import one_line

HEADING_WORDS: Mapping[SectionHeading, str] = {
    "studies": N_("The studies"),
    "implications": N_("Implications"),
    "limitations": N_("Limitations"),
    "words": N_("In my words"),
}

MUCH_PICTURE_BYTES = 1_000_000


def translation_findings(issue: Issue, segments: Iterable[Segment], locale: str) -> Iterator[Finding]:
    """What is not, no longer or perhaps not translated; an error only where the author did not choose to send it so."""
    by_source = {(segment.key, segment.source): segment for segment in segments}
    here = (("locale", locale),)
    chosen = locale in issue.send_untranslated
    for key, source in translatable(issue, locale):
        segment = by_source.get((key, source))
        if segment is None or not segment.target.strip():
            yield Finding(
                check="untranslated",
                severity="warning" if chosen else "error",
                message=N_("This sentence has no translation yet."),
                values=here,
                where=key,
            )
        elif is_prefilled(segment):
            message = N_("These words are from a similar sentence of an earlier issue: edit them.")
            yield Finding(check="similar", severity="error", message=message, values=here, where=key)
        elif segment.state == "needs_edit":
            message = N_(
                "The source changed after this was translated: change the translation, or say why it may stay."
            )
            stale = Finding(check="stale", severity="error", message=message)
            yield identified(stale, source, segment.target, where=key, locale=locale)
        elif segment.state != "approved" and any(line.startswith("alignment ") for line in segment.findings):
            message = N_("The author's translation may not match here: check it.")
            yield Finding(check="alignment", severity="warning", message=message, values=here, where=key)


def edition_findings(edition: RenderedEdition) -> Iterator[Finding]:
    """What keeps an edition from being personal: its one link in HTML and in text."""
    for part, content in (("html", edition.html), ("text", edition.text)):
        count = content.count(PERSONAL_LINK)
        if count != 1:
            yield Finding(
                check="personal_link",
                severity="error",
                message=N_(
                    "The reader's own link stands %(count)s times in the %(part)s part; it has to stand there once."
                ),
                values=(("count", str(count)), ("part", part), ("locale", edition.locale)),
                where=edition.name,
            )


def empty_headings(issue: Issue) -> Iterator[Finding]:
    """Which of her three headings a post of hers does not fill; they are left out."""
    for story in issue.stories:
        filled = {section.heading for section in story.sections if any(one.text.strip() for one in section.sentences)}
        for heading in HEADINGS if story.kind == "post" and story.tier != "also" else ():
            if heading not in filled:
                message, values = N_("The heading %(heading)s is empty."), (("heading", HEADING_WORDS[heading]),)
                yield Finding(
                    check="empty_heading", severity="warning", message=message, values=values, where=story.key
                )


def unsafe_links(issue: Issue, newsletter: Newsletter) -> Iterator[Finding]:
    """Links that readers can not be given; without its legal notice no edition may leave."""
    message = N_("This link is not https and was left out: %(link)s")
    if not safe_link(newsletter.legal.notice_url):
        values = (("link", one_line(newsletter.legal.notice_url)),)
        yield Finding(check="unsafe_link", severity="error", message=message, values=values, where="legal")
    for story in issue.stories:
        for link in filter(None, (story.url, story.comments_url, story.image.url if story.image else "")):
            if not safe_link(link):
                values = (("link", one_line(link)),)
                yield Finding(check="unsafe_link", severity="warning", message=message, values=values, where=story.key)


def picture_findings(issue: Issue) -> Iterator[Finding]:
    """What stands against the pictures, as far as they were looked at: rendering asks nobody."""
    for story in issue.stories:
        seen = story.image.seen if story.image else None
        if story.image is None or seen is None or not (seen.state == "gone" or seen.size > MUCH_PICTURE_BYTES):
            continue
        is_too_large = seen.state == "too_large"
        if seen.state == "gone":
            message = N_("There is no picture at %(link)s; the story is shown without it. Give it another one.")
        elif is_too_large:
            message = N_(
                "The picture %(link)s has more than %(size)s MB: too much for a phone. Put a smaller one there."
            )
        else:
            message = N_("The picture %(link)s has %(size)s MB; below 1 MB it is there at once. Make it smaller.")
        values = (("link", one_line(story.image.url)), ("size", f"{seen.size / 1e6:.0f}"))
        severity: Severity = "error" if is_too_large else "warning"
        yield Finding(check="picture", severity=severity, message=message, values=values, where=story.key)


def unknown_audiences(issue: Issue, newsletter: Newsletter) -> Iterator[Finding]:
    """Notes that nobody would get, because digest.toml names no such audience."""
    known = (EVERYONE, *newsletter.audiences)
    for note in issue.notes:
        if note.audience not in known:
            yield Finding(
                check="unknown_audience",
                severity="error",
                message=N_("No reader would get this note: digest.toml names no audience %(audience)s."),
                values=(("audience", one_line(note.audience)),),
                where=note.key,
            )


def translatable(issue: Issue, locale: str) -> Iterator[tuple[str, str]]:
    """(key, source) of every text of the issue that has to exist in a locale and was written in another."""
    for story in issue.worded:
        if not same_language(story.language, locale):
            yield from ((key, source) for key, source in _texts(story) if source.strip())


def _texts(story: Story) -> Iterator[tuple[str, str]]:
    """A study keeps its title; everything else of a story that is words has a key."""
    if story.kind == "post":
        yield f"{story.key}/title", story.title
    if story.image and not story.image.is_gone:
        yield f"{story.key}/image_alt", story.image.alt
        yield f"{story.key}/image_credit", story.image.credit
    for number, category in enumerate(story.categories, start=1):
        yield f"{story.key}/tag/{number}", category
    for section in story.sections:
        for number, sentence in enumerate(section.sentences, start=1):
            yield f"{story.key}/{section.heading}/{number}", sentence.text
    yield f"{story.key}/copyright", story.copyright
