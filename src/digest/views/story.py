"""One story of an edition: which of its texts are shown, and in which language."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from digest import i18n
from digest.models.article import Citation, Picture
from digest.models.edition_view import CitationView, ImageView, Passage, SectionView, StoryView
from digest.models.issue import Section, Story, Tier
from digest.models.message import N_
from digest.text.issue_checks import HEADING_WORDS
from digest.text.language import same_language
from digest.text.links import doi_link, safe_link
from digest.text.plain import one_line
from digest.views.passages import Tongue, as_written, name, passage, said, told
from digest.works.open_abstract import as_translated

_AUTHORS_NAMED = 3
_OF_THE_TEXT = frozenset({"extractive", ""})
"""Origins of sentences that were taken from the text, or that a person changed since."""


def story_view(story: Story, tier: Tier, spoken: Tongue) -> StoryView:
    """Choose every text of one story."""
    is_post = story.kind == "post"
    title = passage(story, "title", story.title, spoken) if is_post else _study_title(story, spoken)
    original = as_written(story, story.title, spoken)
    sections = sections_of(story, spoken)
    tags = [
        passage(story, f"tag/{number}", category, spoken) for number, category in enumerate(story.categories, start=1)
    ]
    copyright_line = passage(story, "copyright", story.copyright, spoken)
    return StoryView(
        key=story.key,
        tier=tier,
        title=title if title.text else replace(title, text=story.key),
        url=safe_link(story.url) if is_post else doi_link(story.doi) or safe_link(story.url),
        tags=tuple(tag for tag in tags if tag.text),
        byline=_byline(story, spoken) if is_post else "",
        image=_image(story, spoken),
        citations=tuple(_citation(story, one, spoken) for one in story.citations if _is_told(one)) if is_post else (),
        source_line="" if is_post else _source_line(story, spoken),
        original_title=None if is_post or title.text == one_line(story.title) else original,
        reference=_reference(story, spoken),
        free_url=safe_link(story.free_url),
        label=_label(story, spoken),
        excerpt_note=_excerpt_note(story, sections, spoken),
        sections=sections,
        comments_url=safe_link(story.comments_url) if is_post else "",
        copyright=copyright_line if copyright_line.text else None,
    )


def _label(story: Story, spoken: Tongue) -> tuple[tuple[Passage, ...], ...]:
    """Return what is said of a study, and at the end who says so and when they were asked."""
    lines = [told(story, part, spoken) for part in story.label]
    values = [dict(part.values) for part in story.label]
    sources = list(dict.fromkeys(value["source"] for value in values if "source" in value))
    days = sorted({day for value in values if (day := _day(value.get("date", "")))})
    if sources and days:
        listed, asked = spoken.words.list(sources), spoken.words.date(days[-1])
        origin = said(spoken.words, N_("According to %(sources)s, %(date)s"), sources=listed, date=asked)
        lines.append((Passage(text=origin),))
    return tuple(line for line in lines if line)


def _day(text: str) -> date | None:
    """The author may have typed something else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _study_title(story: Story, spoken: Tongue) -> Passage:
    """The title in the reader's language where the study was published with one; a machine translates none."""
    for language, title in story.titles:
        if same_language(language, spoken.lang) and title.strip():
            return Passage(text=one_line(title))
    return as_written(story, story.title, spoken)


def _reference(story: Story, spoken: Tongue) -> Passage | None:
    """A line of the reference list; title and journal, most of it, are in the study's own language."""
    lines = dict(story.references)
    line = one_line(lines.get(spoken.words.locale) or lines.get("en", ""))
    return as_written(story, line.partition(" https://doi.org/")[0], spoken) if line else None


def sections_of(story: Story, spoken: Tongue) -> tuple[SectionView, ...]:
    """Return the headings under which there is something to read."""
    views = (_section(story, section, spoken) for section in story.sections)
    return tuple(view for view in views if view.passages)


def _section(story: Story, section: Section, spoken: Tongue) -> SectionView:
    passages = [
        passage(story, f"{section.heading}/{number}", sentence.text, spoken)
        for number, sentence in enumerate(section.sentences, start=1)
    ]
    filled = [one for one in passages if one.text]
    runs = [list(run) for _, run in groupby(filled, key=lambda one: (one.lang, one.untranslated))]
    joined = tuple(replace(run[0], text=" ".join(one.text for one in run)) if run[1:] else run[0] for run in runs)
    heading = spoken.words.gettext(HEADING_WORDS[section.heading])
    return SectionView(kind=section.heading, heading=heading, passages=joined)


def _image(story: Story, spoken: Tongue) -> ImageView | None:
    if story.image is None or story.image.is_gone or not safe_link(story.image.url):
        return None
    seen = story.image.seen or Picture(state="unknown")
    credit = passage(story, "image_credit", story.image.credit, spoken)
    return ImageView(
        url=safe_link(story.image.url),
        alt=passage(story, "image_alt", story.image.alt, spoken),
        credit=credit if credit.text else None,
        width=seen.width,
        height=seen.height,
    )


def _byline(story: Story, spoken: Tongue) -> str:
    words = spoken.words
    authors = words.list([name(one, spoken) for one in story.authors]) or name(spoken.newsletter.author, spoken)
    if story.published is None:
        return said(words, N_("By %(author)s"), author=authors)
    # The author's own day: a post of her late evening is not dated tomorrow.
    day = story.published.astimezone(ZoneInfo(spoken.newsletter.schedule.timezone)).date()
    return said(words, N_("By %(author)s, %(date)s"), author=authors, date=words.date(day))


def _is_told(citation: Citation) -> bool:
    """A name and a year alone tell a reader nothing that the post does not say, unless they lead to the study."""
    return bool(citation.title or (citation.doi and citation.text))


def _citation(story: Story, citation: Citation, spoken: Tongue) -> CitationView:
    text = citation.text if citation.text.strip() else _composed(citation)
    for language, translated in citation.translations:
        if same_language(language, spoken.lang) and not same_language(story.language, spoken.lang):
            return CitationView(text=Passage(text=one_line(translated)), url=doi_link(citation.doi))
    return CitationView(text=as_written(story, text, spoken), url=doi_link(citation.doi))


def _composed(citation: Citation) -> str:
    year = f" ({citation.year})" if citation.year else ""
    return ": ".join(part for part in (citation.authors, citation.title + year) if part)


def _source_line(story: Story, spoken: Tongue) -> str:
    """Authors, journal and year, as bibliographies write them in every language."""
    names = [name(one, spoken) for one in story.authors]
    authors = ", ".join(names[:_AUTHORS_NAMED]) + (" et al." if len(names) > _AUTHORS_NAMED else "")
    known = story.citations[0].year if story.citations else None
    year = known or (story.published.year if story.published else None)
    journal = ", ".join(part for part in (name(story.journal, spoken), str(year or "")) if part)
    return " – ".join(part for part in (authors, journal) if part)


def _credit(story: Story, shown: Iterable[SectionView], spoken: Tongue) -> str:
    """Say whose words stand here, and that they were translated, which the licence asks for."""
    quoted = [
        one for section in story.sections if section.origin in _OF_THE_TEXT for one in section.sentences if one.anchors
    ]
    if not quoted:
        return ""
    own = same_language(story.language, spoken.lang) or all(one.lang for section in shown for one in section.passages)
    return " ".join(one_line(spoken.words.say(one if own else as_translated(one))) for one in story.credit)


def _excerpt_note(story: Story, shown: Iterable[SectionView], spoken: Tongue) -> str:
    """Her own post is excerpted, and an abstract with an open licence; only what is anchored there is an excerpt."""
    if story.kind == "study":
        return _credit(story, shown, spoken)
    sentences = [one for section in story.sections for one in section.sentences]
    if story.kind != "post" or not sentences or not all(one.anchors for one in sentences):
        return ""
    words, lang = spoken.words, i18n.normal_tag(story.language)
    is_translated = any(not one.lang for section in shown for one in section.passages)
    if same_language(lang, words.lang) or lang == i18n.UNDETERMINED or not is_translated:
        return words.gettext(N_("Excerpts from this post"))
    language = words.language_name(lang.partition("-")[0])
    return said(words, N_("Excerpts from this post, translated from %(language)s"), language=language)
