"""The pages of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from digest import pipeline
from digest.desk import approving, saving
from digest.desk.refused import RefusedError
from digest.desk.stories import note_text, order_mark, words_on
from digest.desk.studies_to_decide import notices_of, to_decide
from digest.desk.suggestions import suggestions
from digest.desk.units import Unit, read_unit, texts_of
from digest.i18n import choose_locale, language_tag
from digest.models.edition import RenderedEdition
from digest.models.issue import EVERYONE, Story
from digest.models.message import N_
from digest.models.segment import Finding
from digest.pipeline import Desk
from digest.web.asking import Ask
from digest.web.frames import framed, showing
from digest.web.preview_view import preview_view
from digest.web.sitting import Sitting

SOURCE_SIGN = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding with the place where it can be mended."""

    finding: Finding
    locale: str
    """Edition it concerns, or empty for all."""
    key: str
    """Text to edit, or empty."""
    text: str
    """The text it is about, as readers see it."""
    story: str
    """Headline of its story."""


def issue_page(sitting: Sitting, ask: Ask) -> Response:
    """The desk of one issue."""
    issue_id = ask.path["issue"]
    desk = sitting.desk(issue_id)
    newsletter = sitting.room.shop.newsletter
    names = list(dict.fromkeys(edition.locale for edition in desk.outcome.editions))
    approved = approving.approved_locales(desk)
    blocked = {name: _blocks(desk, name) for name in names}
    note_languages = {one.audience: choose_locale(one.language, names) for one in desk.issue.notes}
    return sitting.page(
        "author/desk.html",
        ask,
        filled=partial(sitting.part, ask),
        view=preview_view(desk, newsletter, ask.interface),
        slot=newsletter.schedule.slot(desk.issue.due),
        readers=sitting.readers(),
        told=_all_told(desk),
        locales=names,
        approved=approved,
        ended=approving.ended_editions(desk),
        state=approving.standing(desk),
        blocked=blocked,
        can_approve=any(not blocked[name] and name not in approved for name in names),
        order=order_mark(desk.issue),
        own_words={story.key: words_on(story) for story in desk.issue.stories},
        study_locales={story.key: _own_locale(story, names) for story in desk.issue.stories},
        can_undo=sitting.history.can_undo(issue_id),
        mark=sitting.mark(),
        approvers=newsletter.approvers,
        notes=[
            (
                audience,
                note_text(desk.issue, audience),
                note_languages.get(audience, choose_locale(ask.interface, names)),
            )
            for audience in (EVERYONE, *newsletter.audiences)
        ],
        notices=notices_of(desk.issue, sitting.room.shop.works.works(newsletter.newsletter_id)),
        to_decide=to_decide(desk.issue),
        letters=sitting.letters(),
    )


def mark(sitting: Sitting, _ask: Ask) -> Response:
    """What the page compares to see that a file changed."""
    return PlainTextResponse(sitting.mark())


def texts(sitting: Sitting, ask: Ask) -> Response:
    """(key, text) of all that can be edited by a click into the mail, by edition."""
    desk = sitting.desk(ask.path["issue"])
    return JSONResponse({edition.locale: _shown_texts(desk, edition.locale) for edition in desk.outcome.editions})


def mail(sitting: Sitting, ask: Ask) -> Response:
    """One edition: as a mail in its frame, as text, or as source."""
    name, _, kind = ask.path["name"].rpartition(".")
    desk = sitting.desk(ask.path["issue"])
    edition = next((one for one in desk.outcome.editions if one.name == name), None)
    if edition is None or kind not in {"html", "txt", SOURCE_SIGN}:
        raise RefusedError(N_("This newsletter has no edition in this language."), status=HTTPStatus.NOT_FOUND)
    shown = showing(ask.query)
    headers = {"Content-Security-Policy": shown.policy}
    if kind != "html":
        said = edition.text if kind == "txt" else edition.html
        return HTMLResponse(
            sitting.html("author/plain.html", ask, {"said": said, "locale": edition.locale}), headers=headers
        )
    guard = sitting.html("author/frame_guard.html", ask, {})
    return HTMLResponse(framed(edition.html, guard, shown), headers=headers)


def editor(sitting: Sitting, ask: Ask) -> Response:
    """One text with what it rests on and what was said before for the same."""
    locale, key = ask.query.get("locale", ""), ask.query.get("key", "")
    return edit_form(sitting, ask, _unit(sitting, ask.path["issue"], locale, key))


def edit_form(
    sitting: Sitting, ask: Ask, unit: Unit, *, hers: str | None = None, status: int = HTTPStatus.OK
) -> Response:
    """Return the form of one text; with `hers` the files say something else than she saw, and both are shown."""
    issue_id = ask.path["issue"]
    desk = sitting.desk(issue_id)
    story = next((one for one in desk.issue.worded if one.key == unit.key.partition("/")[0]), None)
    article = desk.articles.get(story.article_id) if story else None
    source = pipeline.article_sentences(article) if article else ()
    return sitting.page(
        "author/editor.html" if ask.by_script else "author/editor_page.html",
        ask,
        status=status,
        issue_id=issue_id,
        unit=unit,
        hers=hers,
        story=story,
        made=_made(desk, unit),
        anchored=[source[anchor - 1] for anchor in unit.anchors if 0 < anchor <= len(source)],
        suggestions=_suggestions(sitting, issue_id, unit),
        told=[one for one in _all_told(desk) if _about(one, unit)],
        own_locale=_own_locale(story, [edition.locale for edition in desk.outcome.editions]) if story else "",
    )


def _unit(sitting: Sitting, issue_id: str, locale: str, key: str) -> Unit:
    words = saving.words_of(sitting.room.shop, issue_id)
    return read_unit(words.issue, dict(words.segments).get(locale, ()), locale, key)


def _all_told(desk: Desk) -> list[Told]:
    shown = {edition.locale: dict(_shown_texts(desk, edition.locale)) for edition in desk.outcome.editions}
    stories = {story.key: story for story in desk.issue.worded}
    return [_told(one, shown, stories) for one in desk.review.findings]


def _told(finding: Finding, shown: Mapping[str, Mapping[str, str]], stories: Mapping[str, Story]) -> Told:
    named = dict(finding.values).get("locale", "")
    key = finding.where if "/" in finding.where else ""
    story = stories.get(finding.where.partition("/")[0])
    locale = named if named in shown else _own_locale(story, list(shown)) if story and key else ""
    text = shown.get(locale, {}).get(key, "")
    return Told(finding=finding, locale=locale, key=key, text=text, story=story.title if story else "")


def _about(told: Told, unit: Unit) -> bool:
    return told.key == unit.key and told.locale in {"", unit.locale}


def _blocks(desk: Desk, locale: str) -> int:
    return sum(1 for one in desk.review.blocks if dict(one.values).get("locale", locale) == locale)


def _own_locale(story: Story, locales: list[str]) -> str:
    """The edition that a story is written for; empty where all editions translate it."""
    language = language_tag(story.language).partition("-")[0]
    return next((name for name in locales if language_tag(name).partition("-")[0] == language), "")


def _shown_texts(desk: Desk, locale: str) -> list[tuple[str, str]]:
    """(key, text as readers see it) of everything that is words, in one edition."""
    translated = {(one.key, one.source): one.target for one in desk.segments.get(locale, ())}
    said = [
        (f"{story.key}/{place}", sentence.text) for story in desk.issue.worded for place, sentence in texts_of(story)
    ]
    return [(key, translated.get((key, text)) or text) for key, text in said if text]


def _made(desk: Desk, unit: Unit) -> str:
    """What stands in the mail where she typed no subject or first line."""
    edition: RenderedEdition | None = next((one for one in desk.outcome.editions if one.locale == unit.locale), None)
    if edition is None or unit.kind not in {"subject", "preheader"}:
        return ""
    return edition.subject if unit.kind == "subject" else edition.preheader


def _suggestions(sitting: Sitting, issue_id: str, unit: Unit) -> tuple[object, ...]:
    if unit.kind != "translation":
        return ()
    shop = sitting.room.shop
    newsletter_id = shop.newsletter.newsletter_id
    names = [name for name in shop.issues.issue_ids(newsletter_id) if name != issue_id]
    return suggestions(unit.source, sitting.past(unit.locale, names))
