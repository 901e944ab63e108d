"""Render: an issue and its translations to what readers get, in every locale, with what stands against sending it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from zoneinfo import ZoneInfo

from digest import i18n
from digest.i18n import Words
from digest.models.article import Citation
from digest.models.edition import PERSONAL_LINK, RenderedEdition, RenderOutcome
from digest.models.edition_view import CitationView, EditionView, ImageView, Passage, SectionView, StoryView
from digest.models.issue import Issue, Reason, Section, Story
from digest.models.message import N_
from digest.models.newsletter import Newsletter
from digest.models.segment import Finding, Segment
from digest.ports import EditionWriter
from digest.text.issue_checks import (
    HEADING_WORDS,
    edition_findings,
    empty_headings,
    translation_findings,
    unsafe_links,
)
from digest.text.language import same_language
from digest.text.links import doi_link, safe_link
from digest.text.plain import one_line, shortened

_SUBJECT_LENGTH = 120
_PREHEADER_LENGTH = 100
_AUTHORS_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tongue:
    """One edition's language, and the translations into it."""

    words: Words
    segments: Mapping[tuple[str, str], Segment]
    """(key, source) -> segment: a translation of another sentence is none of this one."""
    newsletter: Newsletter


def render(
    issue: Issue,
    segments: Mapping[str, Sequence[Segment]],
    newsletter: Newsletter,
    editor: EditionWriter,
    *,
    locales: Sequence[str],
) -> RenderOutcome:
    """Return one edition a locale, in the order given, and the findings of all.

    `segments` are by locale. Raises FileFormatError (a template) and SettingsError (no catalogue for a locale).
    """
    editions: list[RenderedEdition] = []
    findings: list[Finding] = [*empty_headings(issue), *unsafe_links(issue, newsletter)]
    for locale in locales:
        translated = segments.get(locale, ())
        edition = editor.write(edition_view(issue, translated, newsletter, i18n.words(locale)))
        editions.append(edition)
        findings += translation_findings(issue, translated, locale)
        findings += edition_findings(edition)
    return RenderOutcome(editions=tuple(editions), findings=tuple(findings))


def edition_view(issue: Issue, segments: Iterable[Segment], newsletter: Newsletter, words: Words) -> EditionView:
    """Choose every text of one edition, purely."""
    tongue = _Tongue(words=words, segments={(one.key, one.source): one for one in segments}, newsletter=newsletter)
    stories = [(story.kind, _story(story, tongue)) for story in issue.stories]
    posts = tuple(view for kind, view in stories if kind == "post")
    studies = tuple(view for kind, view in stories if kind == "study")
    title = one_line(newsletter.title(words.locale))
    date = words.date(issue.due)
    subject = _subject(issue, (*posts, *studies), title, date, words)
    preheader = _preheader((*posts, *studies), title, date, words)
    return EditionView(
        locale=words.locale,
        lang=words.lang,
        dir=i18n.direction(words.lang),
        subject=subject,
        preheader=preheader if preheader != subject else date,
        newsletter=title,
        date=date,
        language_hint=_language_hint(newsletter, words),
        posts=posts,
        studies=studies,
        legal_name=one_line(newsletter.legal.name),
        legal_address=one_line(newsletter.legal.address),
        legal_url=safe_link(newsletter.legal.notice_url),
        why=_said(words, N_("You get this email because you signed up for %(newsletter)s."), newsletter=title),
        unsubscribe_url=PERSONAL_LINK,
    )


def _story(story: Story, tongue: _Tongue) -> StoryView:
    is_post = story.kind == "post"
    title = _passage(story, "title", story.title, tongue) if is_post else _as_written(story, story.title, tongue)
    sections = tuple(view for section in story.sections if (view := _section(story, section, tongue)).passages)
    tags = [
        _passage(story, f"tag/{number}", category, tongue) for number, category in enumerate(story.categories, start=1)
    ]
    copyright_line = _passage(story, "copyright", story.copyright, tongue)
    return StoryView(
        key=story.key,
        title=title if title.text else replace(title, text=story.key),
        url=safe_link(story.url) if is_post else doi_link(story.doi) or safe_link(story.url),
        tags=tuple(tag for tag in tags if tag.text),
        byline=_byline(story, tongue) if is_post else "",
        image=_image(story, tongue),
        citations=tuple(_citation(story, one, tongue) for one in story.citations) if is_post else (),
        source_line="" if is_post else _source_line(story),
        label=tuple(one_line(tongue.words.say(part)) for part in story.label),
        excerpt_note=_excerpt_note(story, sections, tongue),
        sections=sections,
        comments_url=safe_link(story.comments_url) if is_post else "",
        copyright=copyright_line if copyright_line.text else None,
    )


def _passage(story: Story, tail: str, source: str, tongue: _Tongue) -> Passage:
    """The text in the edition's language, or as it was written where there is no translation of just these words."""
    if same_language(story.language, tongue.words.lang):
        return Passage(text=one_line(source))
    segment = tongue.segments.get((f"{story.key}/{tail}", source))
    target = one_line(segment.target) if segment else ""
    return Passage(text=target) if target else replace(_as_written(story, source, tongue), untranslated=True)


def _as_written(story: Story, source: str, tongue: _Tongue) -> Passage:
    if same_language(story.language, tongue.words.lang):
        return Passage(text=one_line(source))
    lang = i18n.normal_tag(story.language)
    return Passage(text=one_line(source), lang=lang, dir=i18n.direction(lang))


def _section(story: Story, section: Section, tongue: _Tongue) -> SectionView:
    passages = [
        _passage(story, f"{section.heading}/{number}", sentence.text, tongue)
        for number, sentence in enumerate(section.sentences, start=1)
    ]
    filled = [passage for passage in passages if passage.text]
    runs = [list(run) for _, run in groupby(filled, key=lambda one: (one.lang, one.untranslated))]
    joined = tuple(replace(run[0], text=" ".join(passage.text for passage in run)) for run in runs)
    heading = tongue.words.gettext(HEADING_WORDS[section.heading])
    return SectionView(kind=section.heading, heading=heading, passages=joined)


def _image(story: Story, tongue: _Tongue) -> ImageView | None:
    if story.image is None or not safe_link(story.image.url):
        return None
    credit = _passage(story, "image_credit", story.image.credit, tongue)
    return ImageView(
        url=safe_link(story.image.url),
        alt=_passage(story, "image_alt", story.image.alt, tongue),
        credit=credit if credit.text else None,
    )


def _byline(story: Story, tongue: _Tongue) -> str:
    words = tongue.words
    authors = words.list([one_line(name) for name in story.authors]) or one_line(tongue.newsletter.author)
    if story.published is None:
        return _said(words, N_("By %(author)s"), author=authors)
    # The author's own day: a post of her late evening is not dated tomorrow.
    day = story.published.astimezone(ZoneInfo(tongue.newsletter.schedule.timezone)).date()
    return _said(words, N_("By %(author)s, %(date)s"), author=authors, date=words.date(day))


def _citation(story: Story, citation: Citation, tongue: _Tongue) -> CitationView:
    text = citation.text if citation.text.strip() else _composed(citation)
    return CitationView(text=_as_written(story, text, tongue), url=doi_link(citation.doi))


def _composed(citation: Citation) -> str:
    year = f" ({citation.year})" if citation.year else ""
    return ": ".join(part for part in (citation.authors, citation.title + year) if part)


def _source_line(story: Story) -> str:
    """Authors, journal and year, as bibliographies write them in every language."""
    names = [one_line(name) for name in story.authors]
    authors = ", ".join(names[:_AUTHORS_NAMED]) + (" et al." if len(names) > _AUTHORS_NAMED else "")
    known = story.citations[0].year if story.citations else None
    year = known or (story.published.year if story.published else None)
    journal = ", ".join(part for part in (one_line(story.journal), str(year or "")) if part)
    return " – ".join(part for part in (authors, journal) if part)


def _excerpt_note(story: Story, shown: Iterable[SectionView], tongue: _Tongue) -> str:
    """Only her own post is excerpted, and only sentences that are anchored in it are excerpts."""
    sentences = [one for section in story.sections for one in section.sentences]
    if story.kind != "post" or not sentences or not all(one.anchors for one in sentences):
        return ""
    words, lang = tongue.words, i18n.normal_tag(story.language)
    is_translated = any(not passage.lang for section in shown for passage in section.passages)
    if same_language(lang, words.lang) or lang == i18n.UNDETERMINED or not is_translated:
        return words.gettext(N_("Excerpts from this post"))
    name = words.language_name(lang.partition("-")[0])
    return _said(words, N_("Excerpts from this post, translated from %(language)s"), language=name)


def _language_hint(newsletter: Newsletter, words: Words) -> str:
    others = [words.language_name(locale) for locale in newsletter.locales if locale != words.locale]
    message = N_("This letter also exists in %(languages)s. To change, reply to this email.")
    return _said(words, message, languages=words.list(others)) if others else ""


def _subject(issue: Issue, stories: Sequence[StoryView], title: str, date: str, words: Words) -> str:
    typed = one_line(dict(issue.subject).get(words.locale, ""))
    if typed:
        return typed
    message = N_("%(newsletter)s: %(title)s")
    headline = stories[0].title.text if stories else date
    return shortened(_said(words, message, newsletter=title, title=headline), _SUBJECT_LENGTH)


def _preheader(stories: Sequence[StoryView], title: str, date: str, words: Words) -> str:
    if len(stories) > 1:
        line = _said(words, N_("Also in this issue: %(title)s"), title=stories[1].title.text)
    else:
        texts = [one.text for story in stories for section in story.sections for one in section.passages]
        line = texts[0] if texts else f"{title}, {date}"
    return shortened(line, _PREHEADER_LENGTH)


def _said(words: Words, message: str, **values: str) -> str:
    return words.say(Reason(message=message, values=tuple(values.items())))
