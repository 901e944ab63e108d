"""What the author does at the desk. Every change is written under the folder's lock and answered with what is there now."""

import json
from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from digest import pipeline, studies
from digest.desk import adding, approving, dismissing, saving, stories
from digest.desk.history import Conflict
from digest.desk.refused import RefusedError
from digest.errors import DigestError
from digest.i18n import language_tag
from digest.models.issue import EVERYONE, Issue
from digest.models.message import N_
from digest.web.asking import Ask
from digest.web.desk_pages import edit_form
from digest.web.sitting import Sitting

PRINTS = "X-Desk-Editions"
"""JSON in a header: the fingerprint of each edition by its name."""


def save(sitting: Sitting, ask: Ask) -> Response:
    """Save one text; where somebody else wrote in between, both versions come back and nothing is written."""
    with sitting.room.exclusive():
        answer = saving.save_text(
            sitting.room.shop,
            sitting.history,
            ask.path["issue"],
            locale=ask.field("locale"),
            key=ask.field("key"),
            text=ask.field("text"),
            seen=ask.field("seen"),
        )
    if isinstance(answer, Conflict):
        return edit_form(sitting, ask, answer.unit, hers=answer.hers, status=HTTPStatus.CONFLICT)
    return _done(sitting, ask)


def undo(sitting: Sitting, ask: Ask) -> Response:
    """Take the last step back."""
    with sitting.room.exclusive():
        saving.undo(sitting.room.shop, sitting.history, ask.path["issue"])
    return _done(sitting, ask)


def arrange(sitting: Sitting, ask: Ask) -> Response:
    """Move a story, take it out, or take a candidate in."""
    key, place = ask.field("key"), ask.field("place")
    shop = sitting.room.shop
    changes: dict[str, Callable[[Issue], Issue]] = {
        "up": lambda issue: stories.moved(issue, key, stories.place_of(issue, key) - 1),
        "down": lambda issue: stories.moved(issue, key, stories.place_of(issue, key) + 1),
        "to": lambda issue: stories.moved(issue, key, int(place) if place.isdecimal() else 0),
        "out": lambda issue: stories.taken_out(issue, key),
        "in": lambda issue: stories.taken_in(shop, issue, key, earlier=sitting.history.story_of(issue.issue_id, key)),
    }
    change = changes.get(ask.field("do"), lambda issue: issue)
    return _rearranged(sitting, ask, change, seen=ask.field("seen"))


def own_words(sitting: Sitting, ask: Ask) -> Response:
    """Put her own words on somebody else's study."""
    key, text, was = ask.field("key"), ask.field("text"), ask.field("was")
    return _rearranged(sitting, ask, lambda issue: stories.with_words(issue, key, text, was=was), seen=None)


def note(sitting: Sitting, ask: Ask) -> Response:
    """Write a personal note, for everyone or one audience."""
    audience, language, text, was = (ask.field(name) for name in ("audience", "language", "text", "was"))
    newsletter = sitting.room.shop.newsletter
    if audience not in {EVERYONE, *newsletter.audiences} or language not in newsletter.locales:
        raise RefusedError(N_("There is no such audience."), status=HTTPStatus.NOT_FOUND)
    return _rearranged(
        sitting, ask, lambda issue: stories.with_note(issue, audience, language_tag(language), text, was=was), seen=None
    )


def add(sitting: Sitting, ask: Ask) -> Response:
    """Read an article by its address and offer it among the candidates."""
    article = adding.brought(sitting.room.shop, ask.field("url"), now=sitting.now())
    return _rearranged(sitting, ask, lambda issue: adding.with_candidate(issue, article), seen=None)


def decide(sitting: Sitting, ask: Ask) -> Response:
    """Say which study a citation means, or that it is none of those proposed."""
    number = int(ask.field("number")) if ask.field("number").isdecimal() else 0
    with sitting.room.exclusive():
        shop, issue_id = sitting.room.shop, ask.path["issue"]
        stories.check_citation(pipeline.existing_issue(shop, issue_id), ask.field("key"), number, ask.field("text"))
        studies.decide_citation(shop, issue_id, ask.field("key"), number, ask.field("doi") or None, now=sitting.now())
        pipeline.render_issue(shop, issue_id)
    return _done(sitting, ask)


def dismiss(sitting: Sitting, ask: Ask) -> Response:
    """Let a finding stand for a reason that the issue keeps; without a reason it is open again."""
    with sitting.room.exclusive():
        dismissing.dismiss(sitting.room.shop, ask.path["issue"], ask.field("finding"), ask.field("reason"))
    return _done(sitting, ask)


def approve(sitting: Sitting, ask: Ask) -> Response:
    """Approve the editions whose fingerprints came with the form."""
    seen = {name.removeprefix("seen-"): values[0] for name, values in ask.form.items() if name.startswith("seen-")}
    newsletter = sitting.room.shop.newsletter
    with sitting.room.exclusive():
        approving.approve(
            sitting.room.shop,
            ask.path["issue"],
            seen=seen,
            locales=ask.form.get("locale", ()),
            by=ask.field("by") or newsletter.approvers[0],
            now=sitting.now(),
            unchecked=bool(ask.field("unchecked")),
        )
    return _done(sitting, ask)


def send_test(sitting: Sitting, ask: Ask) -> Response:
    """Send her a marked copy of each edition; it goes to an approver's address and counts nowhere."""
    approvers = sitting.room.shop.newsletter.approvers
    address = ask.field("by") if ask.field("by") in approvers else approvers[0]
    with sitting.room.exclusive():
        pipeline.render_issue(sitting.room.shop, ask.path["issue"])
    sitting.room.send_test(ask.path["issue"], address)
    return _done(sitting, ask)


def withdraw(sitting: Sitting, ask: Ask) -> Response:
    """Take the approval back."""
    with sitting.room.exclusive():
        approving.withdraw(sitting.room.shop, ask.path["issue"])
    return _done(sitting, ask)


def _rearranged(sitting: Sitting, ask: Ask, change: Callable[[Issue], Issue], *, seen: str | None) -> Response:
    with sitting.room.exclusive():
        stories.rearrange(sitting.room.shop, sitting.history, ask.path["issue"], change, seen=seen)
    return _done(sitting, ask)


def _done(sitting: Sitting, ask: Ask) -> Response:
    if ask.by_script:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_prints(sitting, ask.path["issue"]))
    return RedirectResponse(f"/issues/{ask.path['issue']}", status_code=HTTPStatus.SEE_OTHER)


def _prints(sitting: Sitting, issue_id: str) -> dict[str, str]:
    """Tell the page's script which mails are other ones now, so that it shows those first and leaves the rest alone."""
    try:
        editions = sitting.desk(issue_id).outcome.editions
    except DigestError:
        # What was asked for is done; what can not be read now says so on the page itself.
        return {}
    return {PRINTS: json.dumps({edition.name: edition.fingerprint for edition in editions})}
