"""One sitting at the desk, from the command that opens it to its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from digest import i18n
from digest.desk.history import History
from digest.desk.letters import Letter, shown
from digest.desk.refused import RefusedError
from digest.desk.room import Room
from digest.errors import NotApprovedError
from digest.i18n import Words
from digest.models.message import N_
from digest.models.segment import Segment
from digest.web.asking import Ask
from digest.web.environment import author_environment

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.responses import HTMLResponse

    from digest.pipeline import Desk

INTERFACES = ("en", "pt_BR")
READERS_KEPT_SECONDS = 60
PARTS_KEPT = 1024


@dataclass(slots=True, kw_only=True)
class Sitting:
    """What all pages share. Pages are answered one at a time, so that nothing in here is used by two at once."""

    room: Room
    token: str = field(repr=False)
    now: Callable[[], datetime]
    templates: Path
    interface: str = ""
    """Locale of the pages unless she chooses one; empty for what her browser asks for."""
    history: History = field(default_factory=History)
    _desks: dict[str, tuple[str, "Desk"]] = field(default_factory=dict)
    _past: dict[str, tuple[Sequence[str], tuple[tuple[Segment, ...], ...]]] = field(default_factory=dict)
    _environments: dict[str, "Environment"] = field(default_factory=dict)
    _parts: dict[tuple[object, ...], str] = field(default_factory=dict)
    _letters: tuple[datetime, tuple[Letter, ...]] | None = None
    _readers: tuple[datetime, tuple[tuple[str, str, int], ...]] | None = None

    def desk(self, issue_id: str) -> "Desk":
        """Open an issue, again only after its files changed. Raises RefusedError where there is none, FileFormatError."""
        from digest import pipeline

        mark = self.mark()
        known = self._desks.get(issue_id)
        if known is None or known[0] != mark:
            try:
                known = self._desks[issue_id] = (mark, pipeline.open_issue(self.room.shop, issue_id))
            except NotApprovedError:
                raise RefusedError(N_("There is no issue of this day."), status=HTTPStatus.NOT_FOUND) from None
        return known[1]

    def mark(self) -> str:
        """A text that changes with any file of the author's folder."""
        return self.room.watch.fingerprint()

    def readers(self) -> tuple[tuple[str, str, int], ...]:
        """(locale, audience, number): counted at most once a minute."""
        now = self.now()
        if self._readers is None or (now - self._readers[0]).total_seconds() > READERS_KEPT_SECONDS:
            self._readers = (now, self.room.readers())
        return self._readers[1]

    def letters(self) -> tuple[Letter, ...]:
        """What readers wrote: read at most once a minute."""
        now = self.now()
        if self._letters is None or (now - self._letters[0]).total_seconds() > READERS_KEPT_SECONDS:
            self._letters = (now, shown(self.room.letters()))
        return self._letters[1]

    def past(self, locale: str, names: Sequence[str]) -> tuple[tuple[Segment, ...], ...]:
        """The sentences of other issues, read once a sitting."""
        known = self._past.get(locale)
        if known is None or known[0] != names:
            shop = self.room.shop
            read = tuple(shop.issues.read_segments(shop.newsletter.newsletter_id, name, locale) for name in names)
            known = self._past[locale] = (names, read)
        return known[1]

    def words(self, interface: str) -> Words:
        """The words of a page."""
        return i18n.words(interface)

    def page(self, template: str, ask: Ask, *, status: int = 200, **values: object) -> "HTMLResponse":
        """Return a page, or only its middle where the page's own script asks."""
        from starlette.responses import HTMLResponse

        return HTMLResponse(self.html(template, ask, values), status_code=int(status))

    def html(self, template: str, ask: Ask, values: Mapping[str, object]) -> str:
        """Fill a template."""
        environment = self._environments.get(ask.interface)
        if environment is None:
            words = self.words(ask.interface)
            environment = self._environments[ask.interface] = author_environment(self.templates, words)
        newsletter = self.room.newsletter
        return environment.get_template(template).render(
            ask=ask,
            lang=i18n.language_tag(ask.interface),
            interfaces=INTERFACES,
            newsletter=newsletter.title(ask.interface),
            timezone=newsletter.schedule.timezone,
            **{"static": None, **values},
        )

    def part(self, ask: Ask, template: str, **values: object) -> str:
        """Fill the template of a part that a page shows many of; of these an edit changes one or two.

        The values have to be hashable. What they were filled with before is not filled again.
        """
        from markupsafe import Markup

        asked = (template, ask.interface, *values.items())
        known = self._parts.pop(asked, None)
        # At the end, so that the part that was not shown for the longest goes first.
        self._parts[asked] = known = self.html(template, ask, values) if known is None else known
        if len(self._parts) > PARTS_KEPT:
            del self._parts[next(iter(self._parts))]
        return Markup(known)  # noqa: S704 - a template of ours filled it, with everything in it escaped
