"""Editions from Jinja templates: `email/digest.mjml` and `email/digest.txt`, the author's own before ours."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digest.adapters.rendering.mjml import FAULTS_SHOWN, MjmlError
from digest.adapters.rendering.mjml_lint import Fault
from digest.adapters.rendering.tokens import tokens
from digest.errors import FileFormatError
from digest.i18n import Words, load_words, words
from digest.models.edition import RenderedEdition
from digest.models.edition_view import EditionView
from digest.ports import MjmlCompiler
from digest.text.plain import wrapped

if TYPE_CHECKING:
    from digest.adapters.rendering.template_places import Place
    from digest.adapters.rendering.templates import Templates

MJML_TEMPLATE = "email/digest.mjml"
TEXT_TEMPLATE = "email/digest.txt"
TEXT_WIDTH = 72
_EDITIONS_KEPT = 16


class TemplateEditionWriter:
    """Implements `EditionWriter`; reads each template once, and again when its file changes."""

    def __init__(self, folders: Sequence[Path], compiler: MjmlCompiler, locales: Path | None = None) -> None:
        """Take the template folders, of which the first that has a template wins, and the compiler.

        `locales` is the folder of the catalogues where they are not the installed ones.
        """
        self._locales = locales
        self._folders = tuple(folders)
        self._compiler = compiler
        self._templates: Templates | None = None
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._written: dict[tuple[EditionView, tuple[tuple[str, int, int], ...]], RenderedEdition] = {}

    def write(self, view: EditionView) -> RenderedEdition:
        """Return HTML and text. Raises FileFormatError with template and line, SettingsError without a catalogue.

        An open desk asks for all editions after every edit, and twice: what is as it was is not rendered again.
        """
        touched = self._touched()
        if touched != self._seen:
            self._seen = touched
            self._templates = None
        asked = (view, touched)
        edition = self._written.get(asked)
        if edition is None:
            edition = self._rendered(view)
            while len(self._written) >= _EDITIONS_KEPT:
                del self._written[next(iter(self._written))]
            self._written[asked] = edition
        return edition

    def _rendered(self, view: EditionView) -> RenderedEdition:
        templates = self._opened()
        render = templates.render
        spoken = load_words(view.locale, self._locales) if self._locales else words(view.locale)
        values = {"view": view, **tokens(view.look)}
        mjml = render(MJML_TEMPLATE, spoken, values)
        text = render(TEXT_TEMPLATE, spoken, values)
        return RenderedEdition(
            locale=view.locale,
            audience=view.audience,
            subject=view.subject,
            preheader=view.preheader,
            html=self._compiled(templates, mjml, spoken, values),
            text=wrapped(text, TEXT_WIDTH),
        )

    def _touched(self) -> tuple[tuple[str, int, int], ...]:
        """Names, sizes and times of all templates."""
        files = [path for folder in self._folders for path in sorted((folder / "email").glob("**/*")) if path.is_file()]
        looked = [(path, path.stat()) for path in files]
        return tuple((str(path), found.st_size, found.st_mtime_ns) for path, found in looked)

    def _compiled(self, templates: "Templates", mjml: str, spoken: Words, values: Mapping[str, object]) -> str:
        try:
            return self._compiler.compile(mjml)
        except MjmlError as error:
            offsets = [fault.offset for fault in error.faults]
            found = templates.places(MJML_TEMPLATE, spoken, values, mjml, offsets)
            lines = [_line(templates, fault, place) for fault, place in zip(error.faults, found, strict=True)]
            # One mistake in a loop is one mistake.
            listed = "\n".join(list(dict.fromkeys(lines))[:FAULTS_SHOWN])
            raise FileFormatError(
                f"The mail can not be laid out. Mend these places of its templates:\n{listed}"
            ) from None

    def _opened(self) -> "Templates":
        if self._templates is None:
            # Jinja takes longer to load than most commands take to run.
            from digest.adapters.rendering.templates import Templates

            self._templates = Templates(self._folders)
        return self._templates


def _line(templates: "Templates", fault: Fault, place: "Place | None") -> str:
    if place is None:
        return f"  {MJML_TEMPLATE} (line {fault.line}, column {fault.column} of its output): {fault.what}"
    whose = (
        " (a template of digest: put a copy into your folder to change it)" if templates.is_ours(place.template) else ""
    )
    return f"  templates/{place.template}, line {place.line}, column {place.column}{whose}: {fault.what}"
