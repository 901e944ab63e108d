"""Editions from Jinja templates: `email/digest.mjml` and `email/digest.txt`, the author's own before ours."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from digest.adapters.rendering.tokens import tokens
from digest.i18n import Words, words
from digest.models.edition import RenderedEdition
from digest.models.edition_view import EditionView
from digest.ports import MjmlCompiler
from digest.text.plain import wrapped

MJML_TEMPLATE = "email/digest.mjml"
TEXT_TEMPLATE = "email/digest.txt"
TEXT_WIDTH = 72

_Renderer = Callable[[str, Words, Mapping[str, object]], str]


class TemplateEditionWriter:
    """Implements `EditionWriter`; reads each template once, and again when its file changes."""

    def __init__(self, folders: Sequence[Path], compiler: MjmlCompiler) -> None:
        """Take the template folders, of which the first that has a template wins, and the compiler."""
        self._folders = tuple(folders)
        self._compiler = compiler
        self._renderer: _Renderer | None = None

    def write(self, view: EditionView) -> RenderedEdition:
        """Return HTML and text. Raises FileFormatError with template and line, SettingsError without a catalogue."""
        render = self._opened()
        spoken = words(view.locale)
        values = {"view": view, **tokens(view.look)}
        mjml = render(MJML_TEMPLATE, spoken, values)
        text = render(TEXT_TEMPLATE, spoken, values)
        return RenderedEdition(
            locale=view.locale,
            audience=view.audience,
            subject=view.subject,
            preheader=view.preheader,
            html=self._compiler.compile(mjml),
            text=wrapped(text, TEXT_WIDTH),
        )

    def _opened(self) -> _Renderer:
        if self._renderer is None:
            # Jinja takes longer to load than most commands take to run.
            from digest.adapters.rendering.templates import Templates

            self._renderer = Templates(self._folders).render
        return self._renderer
