"""Jinja, strict: unknown names are errors, everything but `.txt` is escaped, and mistakes name template and line."""

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from digest.errors import FileFormatError
from digest.i18n import Words
from digest.text.links import safe_link
from digest.text.plain import without_controls

_SUFFIXES = (".mjml", ".txt", ".html")


class Templates:
    """The templates of some folders, in every language."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take the folders; the first that has a template wins."""
        self._loader = FileSystemLoader([str(folder) for folder in folders])
        self._compiled = _Compiled()
        self._environments: dict[str, Environment] = {}

    def render(self, name: str, spoken: Words, values: Mapping[str, object]) -> str:
        """Render one template in one language. Raises FileFormatError with the name and line where it went wrong."""
        try:
            return self._environment(spoken).get_template(name).render(values)
        except TemplateSyntaxError as error:
            raise FileFormatError(
                f"The template {error.name or name}, line {error.lineno}, is not valid: {error.message}. Mend that line."
            ) from None
        except TemplateNotFound as error:
            raise FileFormatError(
                f"The template {error.name} is missing. Bring it back, or remove your own {name} that asks for it."
            ) from None
        # A template of the author's may raise anything that Python can; she needs the line, not a traceback.
        except Exception as error:  # noqa: BLE001
            raise FileFormatError(
                f"The template {_place(error, name)} can not be rendered: {error}. Mend that line."
            ) from None

    def _environment(self, spoken: Words) -> Environment:
        found = self._environments.get(spoken.locale)
        if found is None:
            found = self._environments[spoken.locale] = self._new_environment(spoken)
        return found

    def _new_environment(self, spoken: Words) -> Environment:
        environment = Environment(
            loader=self._loader,
            # `select_autoescape` does not know `.mjml`; a template without a name is escaped too.
            autoescape=lambda name: name is None or not name.endswith(".txt"),  # noqa: S701
            undefined=StrictUndefined,
            finalize=_finalized,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            bytecode_cache=self._compiled,
        )
        # The extension adds this method to the environment, where no type checker sees it.
        environment.install_gettext_translations(spoken.translations, newstyle=True)  # type: ignore[attr-defined]
        environment.filters["safe_link"] = safe_link
        return environment


class _Compiled(BytecodeCache):
    """Compiled templates, shared between the languages: compiling takes longer than all the rest."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def _finalized(value: object) -> object:
    """What a template prints: never `None`, never a character that XML or a mail program could stumble over."""
    if value is None:
        return ""
    # Markup is the output of a macro, finalized when the macro printed it.
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _place(error: Exception, name: str) -> str:
    """Template and line of the innermost template frame; Jinja puts them into the traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(_SUFFIXES)]
    if not frames:
        return name
    return f"{name} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"
