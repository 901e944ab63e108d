"""Jinja, strict: unknown names are errors, everything but `.txt` is escaped, and mistakes name template and line."""

import difflib
import re
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.runtime import Context, Macro
from jinja2.tests import TESTS
from jinja2.utils import missing

from digest.adapters.rendering.template_places import Marking, Place, places
from digest.errors import FileFormatError
from digest.i18n import Words
from digest.template_cache import compiled_templates
from digest.text.links import safe_link
from digest.text.plain import lines_without_controls

_STORIES_KEPT = 256
_SUFFIXES = (".mjml", ".txt", ".html")


class Templates:
    """The templates of some folders, in every language."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take the folders; the first that has a template wins."""
        self._folders = tuple(folders)
        self._loader = FileSystemLoader([str(folder) for folder in folders])
        self._environments: dict[str, Environment] = {}
        self._keeps = not any((folder / "email").is_dir() for folder in self._folders[:-1])

    def render(self, name: str, spoken: Words, values: Mapping[str, object]) -> str:
        """Render one template in one language, without characters that XML or a mail program could stumble over.

        Raises FileFormatError with the name and line where it went wrong.
        """
        try:
            return lines_without_controls(self._environment(spoken).get_template(name).render(values))
        except TemplateSyntaxError as error:
            raise FileFormatError(
                f"The template {error.name or name}, line {error.lineno}, is not valid: "
                f"{_sentence(error.message or '')}{_nearest_filter(error.message or '')}. Mend that line."
            ) from None
        except TemplateNotFound as error:
            raise FileFormatError(
                f"The template {error.name} is missing{_nearest(str(error.name), self._loader.list_templates())}. "
                f"Bring it back, or remove your own {name} that asks for it."
            ) from None
        # A template of the author's may raise anything that Python can; she needs the line, not a traceback.
        except Exception as error:  # noqa: BLE001
            raise FileFormatError(
                f"The template {_place(error, name)} can not be rendered: {_told(error, values)}. Mend that line."
            ) from None

    def places(
        self, name: str, spoken: Words, values: Mapping[str, object], output: str, offsets: list[int]
    ) -> list[Place | None]:
        """Return which place of which template each offset of a rendered output comes from, as far as can be told."""
        marking = self._new_environment(spoken, marking=True)
        return places(lines_without_controls(marking.get_template(name).render(values)), output, offsets)

    def is_ours(self, name: str) -> bool:
        """Whether a template comes from the last folder, the project's own."""
        return not any((folder / name).is_file() for folder in self._folders[:-1])

    def _environment(self, spoken: Words) -> Environment:
        found = self._environments.get(spoken.locale)
        if found is None:
            found = self._environments[spoken.locale] = self._new_environment(spoken)
        return found

    def _new_environment(self, spoken: Words, *, marking: bool = False) -> Environment:
        environment = Environment(
            loader=self._loader,
            # `select_autoescape` does not know `.mjml`; a template without a name is escaped too.
            autoescape=lambda name: name is None or not name.endswith(".txt"),  # noqa: S701
            undefined=_Unknown,
            finalize=_finalized,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", *([Marking] if marking else [])],
            bytecode_cache=None if marking else compiled_templates("mail"),
        )
        # The extension adds this method to the environment, where no type checker sees it.
        environment.install_gettext_translations(spoken.translations, newstyle=True)  # type: ignore[attr-defined]
        environment.filters["safe_link"] = safe_link
        # What a template of the author's reads besides the story is not known.
        environment.globals["kept"] = _Kept() if self._keeps and not marking else _called
        return environment


class _Unknown(StrictUndefined):
    """A name that nothing has; it says so in the author's terms, and which name is near."""

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name), self._undefined_obj
        if owner is missing:
            return f"there is no {name!r}"
        return f"there is no {name!r} here{_nearest(name, [each for each in dir(owner) if not each.startswith('_')])}"


@pass_context
def _called(context: Context, macro: Macro, *given: object) -> object:
    return context.call(macro, *given)


class _Kept:
    """What the stories of one language became: an edit changes one story, and the others are as they were.

    The macros called with it may read what they are given, the look and the direction of writing, and nothing else.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], object] = {}

    @pass_context
    def __call__(self, context: Context, macro: Macro, *given: object) -> object:
        """Return what the macro makes of what it is given."""
        view = context["view"]
        asked = (context.name, macro.name, view.dir, view.look, given)
        made = self._kept.get(asked)
        if made is None:
            while len(self._kept) >= _STORIES_KEPT:
                del self._kept[next(iter(self._kept))]
            made = self._kept[asked] = context.call(macro, *given)
        return made


def _finalized(value: object) -> object:
    """What a template prints: never `None`."""
    return "" if value is None else value


def _told(error: Exception, values: Mapping[str, object]) -> str:
    message = _sentence(str(error))
    unknown = re.fullmatch(r"there is no '(\w+)'", message)
    return message + (_nearest(unknown[1], [*values, *DEFAULT_NAMESPACE, "_", "ngettext"]) if unknown else "")


def _sentence(message: str) -> str:
    return message.strip().rstrip(".")


def _nearest_filter(message: str) -> str:
    unknown = re.search(r"No (filter|test) named '(\w+)'", message)
    return _nearest(unknown[2], [*(FILTERS if unknown[1] == "filter" else TESTS)]) if unknown else ""


def _nearest(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _place(error: Exception, name: str) -> str:
    """Template and line of the innermost template frame; Jinja puts them into the traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(_SUFFIXES)]
    if not frames:
        return name
    return f"{name} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"
