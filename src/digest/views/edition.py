"""An issue in one locale: which stories are shown how large, and every text around them. Pure: values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from urllib.parse import quote

from digest import i18n
from digest.i18n import Words
from digest.models.edition import PERSONAL_LINK
from digest.models.edition_view import EditionView, FooterView, LinkView, NoteView, Passage, StoryView
from digest.models.issue import EVERYONE, Issue, Story, Tier
from digest.models.message import N_
from digest.models.newsletter import Newsletter
from digest.models.segment import Segment
from digest.text.links import safe_link
from digest.text.mailbox import parse_mailbox
from digest.text.plain import one_line
from digest.text.reading_time import reading_minutes
from digest.views.inbox import preheader, subject, typed_preheader
from digest.views.passages import Tongue, name, said, tongue
from digest.views.story import sections_of, story_view
from digest.views.wishes import choices, languages

_HUMAN = frozenset({"", "human", "parallel"})
"""Origins of a translation that a person wrote; `memory` may hold what a machine once drafted."""


def edition_view(
    issue: Issue, segments: Iterable[Segment], newsletter: Newsletter, words: Words, *, audience: str = ""
) -> EditionView:
    """Choose every text of one edition; without an audience, that of all readers whose audience has no note."""
    spoken = tongue(segments, newsletter, words)
    tiers = story_tiers(issue.stories)
    shown = [(story, story_view(story, tiers[story.key], spoken)) for story in issue.stories]
    stories = [view for _, view in shown]
    notes = _notes(issue, audience, spoken)
    date = words.date(issue.due)
    title = one_line(newsletter.title(words.locale))
    headlines = sorted(stories, key=lambda story: story.tier != "lead")
    line = subject(issue, headlines, title=title, date=date, words=words)
    languages = _languages(issue, newsletter, words)
    return EditionView(
        locale=words.locale,
        audience=audience,
        lang=words.lang,
        dir=spoken.dir,
        subject=line,
        preheader=typed_preheader(issue, words.locale)
        or preheader(headlines, subject=line, title=title, date=date, words=words),
        newsletter=title,
        date=date,
        contents=_contents(issue, notes, stories, words),
        languages=languages,
        archive_url=_archive_url(issue, newsletter, words.locale),
        language_hint="" if languages else _language_hint(newsletter, words),
        notes=notes,
        note_heading=said(words, N_("A note from %(author)s"), author=name(newsletter.author, spoken)),
        posts=tuple(view for story, view in shown if story.kind == "post" and view.tier != "also"),
        studies=tuple(view for story, view in shown if story.kind == "study" and view.tier != "also"),
        also=tuple(view for view in stories if view.tier == "also"),
        disclosure=_disclosure(issue, spoken),
        suggest_url=_write_to(newsletter, words.gettext(N_("Article suggestion"))),
        footer=_footer(newsletter, title, words),
        look=newsletter.look,
    )


def story_tiers(stories: Sequence[Story]) -> Mapping[str, Tier]:
    """Return how large each story is shown, by its key: as the author says, else by its place and its words.

    The first post leads. A further post without a summary has one line. A study without words of hers still has
    its evidence to show.
    """
    tiers: dict[str, Tier] = {}
    leads = any(story.tier == "lead" for story in stories)
    for story in stories:
        if story.tier is not None:
            tiers[story.key] = story.tier
        elif story.kind == "post" and not leads:
            tiers[story.key], leads = "lead", True
        else:
            tiers[story.key] = "also" if story.kind == "post" and not story.sections else "standard"
    return tiers


def own_audiences(issue: Issue, newsletter: Newsletter) -> tuple[str, ...]:
    """Return the audiences that get an edition of their own: those that a note is written for."""
    addressed = {note.audience for note in issue.notes if note.sentences}
    return tuple(audience for audience in newsletter.audiences if audience in addressed)


def _notes(issue: Issue, audience: str, spoken: Tongue) -> tuple[NoteView, ...]:
    by_audience = {note.audience: note for note in issue.notes}
    views = []
    for addressed in dict.fromkeys((EVERYONE, audience)):
        note = by_audience.get(addressed)
        sections = sections_of(note.story(), spoken) if note else ()
        views += [NoteView(key=f"note.{addressed}", passages=section.passages) for section in sections]
    return tuple(views)


def _contents(issue: Issue, notes: Sequence[NoteView], stories: Sequence[StoryView], words: Words) -> str:
    posts = sum(story.kind == "post" for story in issue.stories)
    studies = len(issue.stories) - posts
    counted = [
        words.ngettext("%(count)s post", "%(count)s posts", posts) % {"count": words.number(posts)},
        words.ngettext("%(count)s study", "%(count)s studies", studies) % {"count": words.number(studies)},
    ]
    kinds = words.list([line for line, number in zip(counted, (posts, studies), strict=True) if number])
    if not kinds:
        return ""
    texts = chain(
        (passage.text for note in notes for passage in note.passages), chain.from_iterable(map(_texts, stories))
    )
    minutes = reading_minutes(sum(len(text.split()) for text in texts))
    time = words.ngettext("%(minutes)s minute to read", "%(minutes)s minutes to read", minutes)
    return f"{kinds} · {time % {'minutes': words.number(minutes)}}"


def _texts(story: StoryView) -> Iterable[str]:
    yield story.title.text
    yield from (passage.text for section in story.sections for passage in section.passages)
    yield from (citation.text.text for citation in story.citations)
    yield from ("".join(piece.text for piece in line) for line in story.label)


def _languages(issue: Issue, newsletter: Newsletter, words: Words) -> tuple[LinkView, ...]:
    """Links to the same issue in the other languages, each said in the language it leads to."""
    links = []
    for locale in newsletter.locales:
        url = _archive_url(issue, newsletter, locale)
        if locale == words.locale or not url:
            continue
        other = i18n.words(locale)
        text = said(other, N_("Read in %(language)s"), language=other.language_name(locale))
        links.append(
            LinkView(text=Passage(text=text, lang=other.lang, dir=i18n.direction(other.lang)), url=url),
        )
    return tuple(links)


def _archive_url(issue: Issue, newsletter: Newsletter, locale: str) -> str:
    address = newsletter.archive.replace("{issue}", issue.issue_id).replace("{locale}", locale)
    return safe_link(address) if address else ""


def _language_hint(newsletter: Newsletter, words: Words) -> str:
    others = languages(words, newsletter.locales)
    message = N_("This letter also exists in %(languages)s. To change, reply with the name of the language.")
    return said(words, message, languages=words.list(others)) if others else ""


def _disclosure(issue: Issue, spoken: Tongue) -> str:
    sentences = (one for story in issue.stories for section in story.sections for one in section.sentences)
    drafted = any(one.anchors for one in sentences)
    translated = any(segment.origin not in _HUMAN for segment in spoken.segments.values())
    if not (drafted or translated):
        return ""
    message = N_("A program helped to draft or translate parts of this letter. %(author)s read and approved all of it.")
    return said(spoken.words, message, author=name(spoken.newsletter.author, spoken))


def _write_to(newsletter: Newsletter, topic: str) -> str:
    """Return a `mailto` link (RFC 6068) to the author, or an empty string where no address can be written to."""
    mailbox = parse_mailbox(newsletter.reply_to or newsletter.sender)
    return f"mailto:{quote(mailbox.address, safe='@+')}?subject={quote(topic)}" if mailbox else ""


def _how_to_change(newsletter: Newsletter, words: Words) -> str:
    message = N_("To change language or frequency, reply to this email with just: %(choices)s")
    return said(words, message, choices="\u00a0· ".join(choices(words, newsletter.locales)))


def _footer(newsletter: Newsletter, title: str, words: Words) -> FooterView:
    return FooterView(
        why=said(words, N_("You get this email because you signed up for %(newsletter)s."), newsletter=title),
        unsubscribe_url=PERSONAL_LINK,
        change=_how_to_change(newsletter, words),
        legal_name=one_line(newsletter.legal.identity(words.locale)),
        legal_address=one_line(newsletter.legal.address),
        legal_url=safe_link(newsletter.legal.notice_url),
    )
