"""Editions from Jinja templates: `email/digest.mjml` and `email/digest.txt`, the author's own before ours."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digest.i18n import words
from digest.models.edition import RenderedEdition
from digest.models.edition_view import EditionView
from digest.ports import MjmlCompiler
from digest.text.plain import wrapped

if TYPE_CHECKING:
    from digest.adapters.rendering.templates import Templates

MJML_TEMPLATE = "email/digest.mjml"
TEXT_TEMPLATE = "email/digest.txt"
TEXT_WIDTH = 72


class TemplateEditionWriter:
    """Implements `EditionWriter`; reads each template once, and again when its file changes."""

    def __init__(self, folders: Sequence[Path], compiler: MjmlCompiler) -> None:
        """Take the template folders, of which the first that has a template wins, and the compiler."""
        self._folders = tuple(folders)
        self._compiler = compiler
        self._templates: Templates | None = None

    def write(self, view: EditionView) -> RenderedEdition:
        """Return HTML and text. Raises FileFormatError with template and line, SettingsError without a catalogue."""
        templates = self._opened()
        spoken = words(view.locale)
        mjml = templates.render(MJML_TEMPLATE, spoken, {"view": view})
        text = templates.render(TEXT_TEMPLATE, spoken, {"view": view})
        return RenderedEdition(
            locale=view.locale,
            subject=view.subject,
            preheader=view.preheader,
            html=self._compiler.compile(mjml),
            text=wrapped(text, TEXT_WIDTH),
        )

    def _opened(self) -> "Templates":
        if self._templates is None:
            # Jinja takes longer to load than most commands take to run.
            from digest.adapters.rendering.templates import Templates

            self._templates = Templates(self._folders)
        return self._templates
