"""Editions from Jinja templates: `email/digest.mjml` and `email/digest.txt`, the author's own before ours."""

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digest.adapters.rendering import tokens
from digest.errors import FileFormatError
from digest.i18n import Words, words
from digest.models.edition import RenderedEdition
from digest.models.edition_view import EditionView
from digest.ports import MjmlCompiler
from digest.text.links import safe_link
from digest.text.plain import without_controls, wrapped

if TYPE_CHECKING:
    from jinja2 import Environment

MJML_TEMPLATE = "email/digest.mjml"
TEXT_TEMPLATE = "email/digest.txt"
TEXT_WIDTH = 72


class TemplateEditionWriter:
    """Implements `EditionWriter`; holds one Jinja environment a locale."""

    def __init__(self, folders: Sequence[Path], compiler: MjmlCompiler) -> None:
        """Take the template folders, the first that has a template wins, and the compiler."""
        self._folders = tuple(folders)
        self._compiler = compiler
        self._environments: dict[str, Environment] = {}

    def write(self, view: EditionView) -> RenderedEdition:
        """Return HTML and text. Raises FileFormatError with template and line, SettingsError without a catalogue."""
        environment = self._environment(view.locale)
        values: dict[str, object] = {"view": view}
        return RenderedEdition(
            locale=view.locale,
            subject=view.subject,
            preheader=view.preheader,
            html=self._compiler.compile(render_template(environment, MJML_TEMPLATE, values)),
            text=wrapped(render_template(environment, TEXT_TEMPLATE, values), TEXT_WIDTH),
        )

    def _environment(self, locale: str) -> "Environment":
        # A new environment takes some 90 ms, a render one: it is kept as long as the writer.
        if locale not in self._environments:
            self._environments[locale] = template_environment(self._folders, words(locale))
        return self._environments[locale]


def template_environment(folders: Sequence[Path], spoken: Words) -> "Environment":
    """Return a strict environment in one language: unknown names are errors, all but `.txt` is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        # `select_autoescape` does not know `.mjml`; a template without a name is escaped too.
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds this method to the environment, where no type checker sees it.
    environment.install_gettext_translations(spoken.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(_look())
    environment.filters["safe_link"] = safe_link
    return environment


def render_template(environment: "Environment", name: str, values: Mapping[str, object]) -> str:
    """Render one template. Raises FileFormatError with the name and line where it went wrong."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    try:
        return environment.get_template(name).render(values)
    except TemplateSyntaxError as error:
        message = f"The template {error.name or name}, line {error.lineno}, is not valid: {error.message}. Mend that line."
        raise FileFormatError(message) from None
    except TemplateNotFound as error:
        message = f"The template {error.name} is missing. Remove your own {name} or bring the file back."
        raise FileFormatError(message) from None
    # A template of the author's may do anything that Python can raise; she needs the line, not a traceback.
    except Exception as error:  # noqa: BLE001
        place = _place(error, name)
        message = f"The template {place} can not be rendered: {error}. Mend that line."
        raise FileFormatError(message) from None


def _look() -> dict[str, object]:
    from markupsafe import Markup

    return {
        "light": tokens.LIGHT,
        "dark": tokens.DARK,
        # Font names carry quotes: ours, and safe inside a double-quoted attribute.
        "sans": Markup(tokens.SANS),
        "serif": Markup(tokens.SERIF),
        "width": tokens.WIDTH,
        "padding": tokens.PADDING,
        "image_width": tokens.IMAGE_WIDTH,
    }


def _finalized(value: object) -> object:
    """What a template prints: never `None`, never a character that XML or a mail program could stumble over."""
    if value is None:
        return ""
    return type(value)(without_controls(value)) if isinstance(value, str) else value


def _place(error: Exception, name: str) -> str:
    """Template and line of the innermost template frame; Jinja puts them into the traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith((".mjml", ".txt"))]
    return f"{name} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else name
