"""Words in the reader's language: catalogues, plural forms, dates, lists, and which locale a tag gets.

Catalogues are `locales/<locale>/LC_MESSAGES/digest.po`, read once; message ids are English sentences with `%(name)s`
places (GNU gettext, format python). Locales are CLDR identifiers (`pt_BR`), language tags are BCP 47 (`pt-BR`).
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Protocol

from digest.errors import FileFormatError, SettingsError
from digest.resources import resource_dir

FALLBACK = "en"
UNDETERMINED = "und"
"""BCP 47 tag of a language that nobody named."""

_TWO_LETTERS = {"por": "pt", "eng": "en"}
"""ISO 639-2 codes of our languages; RFC 5646 section 2.2.1 wants the shorter one."""
_LONGEST_HEADER = 2_000
_QUALITY = re.compile(r"[01](?:\.\d{0,3})?")
_SUBTAG = re.compile(r"[A-Za-z0-9]{1,8}")
_PLACE = re.compile(r"%(?:\((\w+)\)[sd]|(%))")


class Said(Protocol):
    """A `Reason`, a `Finding`: a message id and the values for its places."""

    @property
    def message(self) -> str:
        """Message id."""
        ...

    @property
    def values(self) -> Iterable[tuple[str, str]]:
        """(name, value) of each place."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one locale."""

    locale: str
    """CLDR identifier, e.g. `pt_BR`."""
    translations: GNUTranslations = field(repr=False)

    @property
    def lang(self) -> str:
        """BCP 47 tag."""
        return language_tag(self.locale)

    def gettext(self, message: str) -> str:
        """Return the message in this language, or the id itself where there is none."""
        return self.translations.gettext(message) if message else ""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form for a number."""
        return self.translations.ngettext(singular, plural, number)

    def say(self, said: Said) -> str:
        """Return a message with its values filled in. Never raises: a place without a value stays as it is."""
        return fill(self.gettext(said.message), dict(said.values))

    def date(self, day: dt.date) -> str:
        """Return a date, CLDR `long`: `20 de novembro de 2026`."""
        # Two times that are the same moment are equal, and may still be of two days.
        return _date(self.locale, day.date() if isinstance(day, dt.datetime) else day)

    def list(self, items: Sequence[str]) -> str:
        """Return a list, CLDR `standard`: `a, b e c`."""
        return _list(self.locale, tuple(items)) if items else ""

    def number(self, number: float) -> str:
        """Return a number with the separators of the locale: `1.204`."""
        return _number(self.locale, number)

    def language_name(self, tag: str) -> str:
        """Return what a language is called in this language: `inglês`; the tag itself where CLDR has no name."""
        return _language_name(self.locale, normal_tag(tag))


def choose_locale(tag: str | None, available: Sequence[str]) -> str:
    """Return the locale for a language tag (DESIGN, "Locale choice").

    The same tag, else the same language (`pt-PT` gets `pt_BR`), else English, else the first. Any string or None may
    be given. Raises SettingsError where no locale is available.
    """
    if not available:
        message = "There is no locale to choose from. Name at least one under `locales` in digest.toml."
        raise SettingsError(message)
    wanted = normal_tag(tag or "")
    by_tag = {language_tag(locale): locale for locale in reversed(available)}
    by_language = {_primary(language_tag(locale)): locale for locale in reversed(available)}
    found = by_tag.get(wanted) or by_language.get(_primary(wanted))
    return found or by_tag.get(FALLBACK) or by_language.get(FALLBACK) or available[0]


def accepted_locale(header: str, available: Sequence[str]) -> str:
    """Return the locale for an `Accept-Language` header (RFC 9110 section 12.5.4): the first wish that can be met.

    Anything else gets what `choose_locale` gives for no tag. Any string may be given. Raises SettingsError as that does.
    """
    languages = {_primary(language_tag(locale)) for locale in available}
    wishes = sorted((_wish(part) for part in header[:_LONGEST_HEADER].split(",")), key=lambda wish: -wish[1])
    met = (tag for tag, quality in wishes if quality > 0 and _primary(normal_tag(tag)) in languages)
    return choose_locale(next(met, None), available)


def _wish(part: str) -> tuple[str, float]:
    """One element of the header, with its weight from 0 to 1."""
    tag, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return tag, 1.0
    quality = _QUALITY.fullmatch(value.strip())
    return tag, float(quality[0]) if quality else 0.0


def language_tag(locale: str) -> str:
    """Return the BCP 47 tag of a CLDR identifier: `pt_BR` gives `pt-BR`."""
    return normal_tag(locale)


@lru_cache(maxsize=256)
def normal_tag(tag: str) -> str:
    """Return a tag with hyphens and the case of RFC 5646 section 2.1.1, or `und` for what is no tag at all."""
    subtags = tag.strip().partition(".")[0].replace("_", "-").split("-")
    if not all(_SUBTAG.fullmatch(subtag) for subtag in subtags) or not re.fullmatch(r"[A-Za-z]{2,8}", subtags[0]):
        return UNDETERMINED
    return "-".join(
        [_TWO_LETTERS.get(subtags[0].lower(), subtags[0].lower()), *(_cased(subtag) for subtag in subtags[1:])]
    )


@lru_cache(maxsize=256)
def direction(tag: str) -> str:
    """Return `rtl` or `ltr`, the writing direction of a language; `ltr` where it is unknown."""
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(_primary(normal_tag(tag))).text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


def fill(message: str, values: Mapping[str, str]) -> str:
    """Fill the `%(name)s` places of a message and turn `%%` into `%`; whatever else it holds stays as it is."""
    return "".join([text for _, text in pieces(message, values)])


def pieces(message: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what `fill` joins: (name of the place, its value), and ("", text) for the words of the message itself."""
    at = 0
    for place in _PLACE.finditer(message):
        yield "", message[at : place.start()]
        is_known = place[1] in values
        yield (place[1], values[place[1]]) if is_known else ("", "%" if place[2] else place[0])
        at = place.end()
    yield "", message[at:]


def words(locale: str) -> Words:
    """Return the words of a locale, read once. Raises SettingsError (no catalogue) or FileFormatError (broken)."""
    return load_words(locale, resource_dir("locales"))


@lru_cache(maxsize=32)
def load_words(locale: str, root: Path) -> Words:
    """Read `<root>/<locale>/LC_MESSAGES/digest.po`; drafts (fuzzy) do not count as translated. Raises as `words`."""
    path = catalogue_path(locale, root)
    try:
        data = path.read_bytes()
    except OSError:
        known = ", ".join(known_locales(root)) or "none"
        message = f"There is no catalogue for the locale {locale!r}. Use one of: {known}."
        raise SettingsError(message) from None
    return Words(locale=locale, translations=_translations(data, locale))


def catalogue_path(locale: str, root: Path) -> Path:
    """Return where the catalogue of a locale is. Raises SettingsError for a name that is no locale."""
    if not re.fullmatch(r"[A-Za-z]{2,8}(?:_[A-Za-z0-9]{2,8})*", locale):
        message = f"{locale!r} is not a locale. Write it as pt_BR or en."
        raise SettingsError(message)
    return root / locale / "LC_MESSAGES" / "digest.po"


def known_locales(root: Path) -> tuple[str, ...]:
    """Return the locales that have a catalogue, sorted."""
    return tuple(sorted(path.parent.parent.name for path in root.glob("*/LC_MESSAGES/digest.po")))


def _translations(data: bytes, locale: str) -> GNUTranslations:
    # Compiled in memory: a .mo file in git would be a second truth.
    from babel.core import Locale, UnknownLocaleError
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        # The locale decides the plural forms, whatever the file's header says.
        catalogue = read_po(BytesIO(data), locale=Locale.parse(locale), abort_invalid=True)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
    except (PoFileError, UnknownLocaleError, ValueError) as error:
        message = f"The catalogue digest.po of {locale} can not be read: {error}. Run `scripts/catalogues check`."
        raise FileFormatError(message) from None
    compiled.seek(0)
    return GNUTranslations(compiled)


# Dates, names and numbers of an issue come again in every edition and after every edit.
@lru_cache(maxsize=256)
def _date(locale: str, day: dt.date) -> str:
    from babel.dates import format_date

    return format_date(day, format="long", locale=locale)


@lru_cache(maxsize=256)
def _list(locale: str, items: tuple[str, ...]) -> str:
    from babel.lists import format_list

    return str(format_list(items, locale=locale))


@lru_cache(maxsize=256, typed=True)
def _number(locale: str, number: float) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(number, locale=locale))


@lru_cache(maxsize=256)
def _language_name(locale: str, tag: str) -> str:
    from babel.core import Locale

    names = Locale.parse(locale).languages
    return names.get(tag.replace("-", "_")) or names.get(_primary(tag)) or tag


def _cased(subtag: str) -> str:
    """Scripts have four letters, regions two (RFC 5646 section 2.1.1)."""
    if re.fullmatch(r"[A-Za-z]{4}", subtag):
        return subtag.title()
    return subtag.upper() if re.fullmatch(r"[A-Za-z]{2}", subtag) else subtag.lower()


def _primary(tag: str) -> str:
    return tag.partition("-")[0]
